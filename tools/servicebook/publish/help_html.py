"""What may help whoever works on an open incident: workarounds of known errors it names, past incidents like it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from weakref import WeakKeyDictionary

from servicebook.publish.bodies import Bodies
from servicebook.publish.elements import Column
from servicebook.publish.labels import written
from servicebook.publish.links_html import newest
from servicebook.publish.record_lists import known_error_html
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.reports.similar import Likeness, similar_records

LONGEST = 120
"""Characters of what helped that a row shows."""

SHARED = ("asset", "known_error")
"""Kinds of record that make those alike which name the same one."""

NEAR = 40
"""Of so many records that share an asset or a known error, the newest, the most alike are picked; a page must not
cost more than others because its asset fails often."""


def workarounds_html(view: View, bodies: Bodies, address: str, ticket: Facts) -> str:
    """Return the known errors that an open incident names, workaround first."""
    if ticket.kind != "incident" or not view.is_open(ticket):
        return ""
    named = {one.path: one for ref in ticket.refs if (one := view.target(ref)) and one.kind == "known_error"}
    named |= {one.path: one for one in view.naming(ticket, "known_error")}
    active = [one for one in named.values() if one.status == "active"]
    return "".join(known_error_html(view, bodies, address, one) for one in active)


def similar_html(view: View, address: str, ticket: Facts) -> str:
    """Return past incidents and known errors like an open incident: what they share, what helped."""
    rows = [
        (
            view.link(address, like.record), view.state_of(like.record),
            " · ".join(view.labels.field(field) for field in like.shared), _what_helped(like.record),
        )
        for like in similar_to(view, ticket)
    ]  # fmt: skip
    heads = ("Record", "State", Column("In common", named=True), Column("What helped", named=True))
    return view.table(heads, rows) if rows else ""


def similar_to(view: View, ticket: Facts) -> list[Likeness]:
    """Return the records most like an open incident, of those with the same asset, error code or known error."""
    if ticket.kind != "incident" or not view.is_open(ticket):
        return []
    return similar_records(_Near(view, ticket), ticket)


class _Near:
    """A desk of the records near a ticket, for the ranking of `servicebook show`."""

    def __init__(self, view: View, ticket: Facts) -> None:
        named = [target for ref in ticket.refs if (target := view.target(ref))]
        shared = [one for one in named if one.kind in SHARED]
        groups = [_few(view, target) for target in shared]
        groups.append([one for one in shared if one.kind == "known_error"])
        if codes := ticket.get("error_codes", default=()):
            by_code = _by_code(view)
            groups += [by_code.get(str(code), []) for code in codes]
        self._found = list({one.path: one for group in groups for one in group}.values())

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the near records of these kinds."""
        return (one for one in self._found if one.kind in kinds)


class _Kept(NamedTuple):
    """What was worked out for a view: the newest records that name a target, by its path; records by error code."""

    few: dict[str, list[Facts]]
    codes: dict[str, list[Facts]]


_KEPT: WeakKeyDictionary[View, _Kept] = WeakKeyDictionary()


def _few(view: View, target: Facts) -> list[Facts]:
    kept = _KEPT.setdefault(view, _Kept({}, {})).few
    if target.path not in kept:
        # From the newest on: an asset is named by thousands, and what each of them names is not read for forty.
        found = (one for one in newest(view.may_name(target, "incident", "known_error")) if view.names(one, target))
        kept[target.path] = list(islice(found, NEAR))
    return kept[target.path]


def _by_code(view: View) -> dict[str, list[Facts]]:
    """Return the newest records that hold each error code; most hold none, and then their rows need not be parsed."""
    codes = _KEPT.setdefault(view, _Kept({}, {})).codes
    if not codes:
        found: dict[str, list[Facts]] = {}
        for one in view.of_kind("incident", "known_error"):
            if '"error_codes"' in one.raw:
                for code in one.get("error_codes", default=()):
                    found.setdefault(str(code), []).append(one)
        codes.update((code, newest(members)[:NEAR]) for code, members in found.items())
    return codes


def _what_helped(record: Facts) -> str:
    text = str(record.get("workaround") or record.get("resolution", "method") or "").strip().split("\n")[0]
    return written(text if len(text) <= LONGEST else text[:LONGEST] + "…") if text else ""
