"""What a page shows of the records that name its record, as one sum, so that a moved record is taken out and put in.

A customer is named by thousands of tickets: to read them all for a digest takes longer than all else that one edited
ticket asks for. The sum does not tell in which order they were added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from servicebook.publish.view import View
from servicebook.records.facts import Facts

MANY = 20
"""Sums of so many referrers are kept from one build to the next; fewer are added up when asked."""
_WIDTH = 8
_WHOLE = 1 << 8 * _WIDTH


class ReferrerSums:
    """The sums of one build. face: what other pages show of a record; whole: kinds whose pages show all its fields."""

    def __init__(self, view: View, face: Callable[[Facts], str], whole: Iterable[str]) -> None:
        self._view = view
        self._face = face
        self._whole_kinds = frozenset(whole)
        self._seeds: dict[str, tuple[int, int]] = {}
        self.kept: dict[str, int] = {}
        """The sums that the next build should know, by path."""

    def of(self, facts: Facts) -> int:
        """Return a record's sum."""
        found = self.kept.get(facts.path)
        if found is None:
            fields: dict[str, list[tuple[str | int, ...]]] = {}
            whole, seeds = facts.kind in self._whole_kinds, self._seeds
            for one, ref in self._view.referrers(facts):
                path = one.path
                if path in fields:
                    fields[path].append(ref.field)
                    continue
                fields[path] = [ref.field]
                if path not in seeds:  # most records name a dozen others, of both kinds
                    seeds[path] = self._seeds_of(one)
            found = sum([_share(seeds[path][whole], some) for path, some in fields.items()]) % _WHOLE
            if len(fields) >= MANY:
                self.kept[facts.path] = found
        return found

    def recall(self, before: Mapping[str, int], former: Mapping[str, Facts | None], moved: Mapping[str, Facts]) -> None:
        """Take over the sums of the last build, with what has moved since.

        former, moved: the records that moved, by path, as they were and as they are. Where one came, went or is called
        otherwise while others name it, their references may mean another record now: then nothing is taken over.
        """
        self.kept.clear()
        for path in former.keys() | moved.keys():
            was, now = former.get(path), moved.get(path)
            if was and now and called(was) == called(now):
                continue
            if any(self._view.desk.naming(one) != [] for one in (was, now) if one):
                return
        kept = {path: total for path, total in before.items() if path in self._view.records}
        for records, sign in ((former, -1), (moved, 1)):
            for one in records.values():
                for path, share in self._shares(one) if one else ():
                    if path in kept:
                        kept[path] = (kept[path] + sign * share) % _WHOLE
        self.kept.update(kept)

    def _shares(self, one: Facts) -> Iterator[tuple[str, int]]:
        """Yield what a record adds to the sums of those that it names, by their paths."""
        targets: dict[str, Facts] = {}
        fields: dict[str, list[tuple[str | int, ...]]] = {}
        for ref in one.refs:
            if (target := self._view.target(ref)) is not None:
                targets[target.path] = target
                fields.setdefault(target.path, []).append(ref.field)
        for path, target in targets.items():
            yield path, _share(self._seeds_of(one)[target.kind in self._whole_kinds], fields[path])

    def _seeds_of(self, one: Facts) -> tuple[int, int]:
        """Return numbers for what is shown of a record on pages that it names: its face, and all its fields."""
        face = f"{one.path}\n{self._face(one)}\n"
        return _number_of(face), _number_of(face + one.raw)


def _share(seed: int, fields: list[tuple[str | int, ...]]) -> int:
    """Return what a record of this seed adds to the sum of one that it names in these fields."""
    return seed * _factor(tuple(fields))


@lru_cache(maxsize=4096)  # records name each other in the same fields again and again
def _factor(fields: tuple[tuple[str | int, ...], ...]) -> int:
    return _number_of(repr(fields)) | 1  # odd: then no two seeds give the same


def _number_of(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_WIDTH).digest(), "big")


def called(facts: Facts) -> tuple[object, ...]:
    """Return the names by which others may mean a record."""
    return facts.kind, facts.id, facts.aliases
