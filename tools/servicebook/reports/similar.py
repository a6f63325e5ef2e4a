"""Which past incidents and known errors look like this ticket, the nearest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from servicebook.kept_json import dumps
from servicebook.records.facts import Facts
from servicebook.reports.board import Desk

WEIGHTS = {"error_codes": 5, "assets": 4, "service": 2, "category": 1, "site": 1}
"""What it counts that two incidents share a value; an error code says most, a category little."""

OPEN = ("new", "in_progress", "on_hold")

ENOUGH = 4
"""Below this two incidents only happen to lie side by side."""

WORDS_COUNT = 3
"""So much at most counts what two titles share."""

_WORD = re.compile(r"[A-Za-z0-9_.-]{3,}|[\u4e00-\u9fff]{2,}")


class Records(Protocol):
    """Where like records are looked for."""

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of kinds, by path."""


class Likeness(NamedTuple):
    """A record that looks alike: how much, and in which fields."""

    record: Facts
    score: int
    shared: tuple[str, ...]


def similar_records(desk: Records, ticket: Facts, most: int = 3) -> list[Likeness]:
    """Return the records most alike, known errors that still apply before incidents of equal score."""
    may_be = _hoped_for(ticket)
    others = (other for other in desk.of_kind("known_error", "incident") if other.id != ticket.id and may_be(other))
    found = [_likeness(ticket, other) for other in others]
    near = [like for like in found if like.score >= ENOUGH and like.record.status not in ("retired", "cancelled")]
    return sorted(near, key=_order)[:most]


def _hoped_for(ticket: Facts) -> Callable[[Facts], bool]:
    """Return a test that every record which is alike enough passes, and that reads no more than the text of a row.

    A large desk has a hundred thousand; to read what each says takes seconds.
    """
    marks = [(weight, [dumps(value) for value in _values(ticket, field)]) for field, weight in WEIGHTS.items()]
    words = _words(ticket.title)

    def test(other: Facts) -> bool:
        raw, title = other.raw, other.title.lower()
        score = min(WORDS_COUNT, sum(word in title for word in words))
        for weight, values in marks:
            for value in values:
                if value in raw:
                    score += weight
                    break
        return score >= ENOUGH

    return test


def likely_duplicates(desk: Desk, ticket: Facts, most: int = 3) -> list[Likeness]:
    """Return the customer's open incidents that tell the same: one asset or error code, or one place and category.

    Those that are duplicates themselves are left out, for the work is on the first one.
    """
    found = []
    for other in desk.live(("incident",)):
        if other.id == ticket.id or other.status not in OPEN or other.get("customer") != ticket.get("customer"):
            continue
        like = _likeness(ticket, other)
        near = {"assets", "error_codes"} & set(like.shared) or {"site", "category"} <= set(like.shared)
        if near and not other.get("links", "duplicate_of"):
            found.append(like)
    return sorted(found, key=_order)[:most]


def _order(like: Likeness) -> tuple[int, bool, str]:
    # Newer ids sort later, so they are taken from the end: what broke last week is asked for first.
    return (-like.score, like.record.kind != "known_error", _reversed(like.record.id))


def _reversed(id: str) -> str:
    return "".join(chr(0x10FFFF - ord(character)) for character in id)


def _likeness(ticket: Facts, other: Facts) -> Likeness:
    shared = []
    score = 0
    for field, weight in WEIGHTS.items():
        common = _values(ticket, field) & _values(other, field)
        if common:
            shared.append(field)
            score += weight
    words = _words(ticket.title) & _words(other.title)
    if words:
        shared.append("title")
        score += min(WORDS_COUNT, len(words))
    return Likeness(other, score, tuple(shared))


def _values(facts: Facts, field: str) -> set[str]:
    value = facts.get(field)
    if value is None and field == "service":
        value = facts.get("services")
    items: Iterable[object] = value if isinstance(value, list) else [value]
    return {item for item in items if isinstance(item, str)}


def _words(title: str) -> set[str]:
    found: set[str] = set()
    for word in _WORD.findall(title.lower()):
        # Han text has no blanks: two characters side by side stand for a word.
        found |= {word[i : i + 2] for i in range(len(word) - 1)} if word[0] > "\u3000" else {word}
    return found
