"""What a change's window runs into: freezes that its rules declare, and other changes on what hangs together with it.

What was pending is read from the same commit as the votes. Where a record of another change is not here (a bundle
can leave it out), nobody can say that it does not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from servicebook.evidence.estate import Estate, row_of
from servicebook.evidence.ledger import CHANGES, Ledger
from servicebook.evidence.verification import Freezing, Overlapping
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import BY_NAME, is_id_of
from servicebook.text.front_matter import FrontMatter
from servicebook.workflow.landscape import SERVICE
from servicebook.workflow.overlap import PENDING
from servicebook.workflow.policy import Freeze, Policy

Window = tuple[datetime, datetime]


def window_of(data: Mapping[str, Any]) -> Window | None:
    """Return when a change is planned to begin and to end; None where its fields do not say so."""
    begins, ends = parse_instant(data.get("planned_start_at")), parse_instant(data.get("planned_end_at"))
    return (begins, ends) if begins and ends and begins < ends else None


def freezes_of(data: Mapping[str, Any], policy: Policy, waives: frozenset[str]) -> tuple[Freezing, ...]:
    """Return the freezes of some rules that a change's window touches."""
    window = window_of(data)
    return tuple(
        Freezing(freeze.name, freeze.reason, f"freeze:{freeze.name}" in waives)
        for freeze in (policy.freezes if window else ())
        if window and _meet(window, (freeze.start_at, freeze.end_at)) and _concerns(freeze, data)
    )


def _meet(one: Window, other: Window) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _concerns(freeze: Freeze, data: Mapping[str, Any]) -> bool:
    if not freeze.services and not freeze.assets:
        return True
    return data.get("service") in freeze.services or bool(_assets(data) & set(freeze.assets))


def _assets(data: Mapping[str, Any]) -> set[str]:
    named = data.get("assets")
    return {asset for asset in named if isinstance(asset, str)} if isinstance(named, list) else set()


class Slot(NamedTuple):
    """What a state of a change's record takes up; window None: nothing that is pending. is_here: it can be read."""

    window: Window | None
    assets: frozenset[str]
    is_here: bool = True
    row: Facts | None = None


class Calendar:
    """When changes were planned, at every position of a ledger that has all of them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._slots: dict[str, Slot] = {}
        self._by_day: dict[date, set[str]] = {}
        self._long: set[str] = set()
        self._absent: set[str] = set()
        self._estate: Estate | None = None
        paths = {path for path in ledger.paths(CHANGES) if _id_of(path)}
        ledger.read_ahead((state.blob for path in paths for state in ledger.states(path)), may_lack=True)
        for path in sorted(paths):
            for state in ledger.states(path):
                slot = self._read(path, state.blob)
                if not slot.is_here:
                    self._absent.add(path)
                if slot.window:
                    self._note(path, slot.window)

    def _note(self, path: str, window: Window) -> None:
        """Note on which days a change is planned: changes of other days need not be looked at."""
        days = _days(window)
        if days is None:
            self._long.add(path)
        for day in days or ():
            self._by_day.setdefault(day, set()).add(path)

    def _read(self, path: str, blob: str) -> Slot:
        if blob not in self._slots:
            self._slots[blob] = self._slot(blob, self.ledger.front(path, blob))
        return self._slots[blob]

    def _slot(self, blob: str, front: FrontMatter | None) -> Slot:
        if front is None:
            return Slot(None, frozenset(), not blob)
        window = window_of(front.data) if front.data.get("status") in PENDING else None
        row = row_of(front.data, kind="change") if window else None
        return Slot(window, frozenset(_assets(front.data)), row=row)

    def overlaps(
        self, id: str, data: Mapping[str, Any], position: int, waives: frozenset[str]
    ) -> Iterator[Overlapping]:
        """Yield the changes that were pending before a position, in the same hours, on assets that hang together.

        These are the same assets, what the work on the one takes away from the other, and what keeps going only while
        one of the two works, as relations of assets and services stood then.
        """
        window, assets = window_of(data), _assets(data)
        own = row_of(dict(data), kind="change")
        for path in sorted(self._near(window) | self._absent):
            other = _id_of(path)
            blob = self.ledger.blob(path, position)
            if other == id or not blob:
                continue
            slot = self._read(path, blob)
            meets = bool(window and slot.window and _meet(window, slot.window))
            shared = (assets & slot.assets) if meets else frozenset()
            if meets and own and slot.row:
                shared |= self._hanging(own, slot.row, position)
            if not slot.is_here or shared:
                yield Overlapping(other, tuple(sorted(shared)), f"overlap:{other}" in waives, slot.is_here)

    def _near(self, window: Window | None) -> set[str]:
        days = _days(window) if window else ()
        if days is None:
            return self._long.union(*self._by_day.values())
        return self._long.union(*(self._by_day.get(day, ()) for day in days)) if window else set()

    def _hanging(self, one: Facts, other: Facts, position: int) -> frozenset[str]:
        """Return the assets and services on which two changes get in each other's way."""
        self._estate = self._estate or Estate(self.ledger)
        overlap = self._estate.reach(self.ledger.base(position)).overlap(one, other)
        return frozenset(name.removeprefix(SERVICE) for name in overlap.assets) if overlap else frozenset()


_LONGEST = 40  # days of a window that is noted day by day


def _days(window: Window) -> list[date] | None:
    """Return the days (in UTC) that a window touches; None for one of more than a month."""
    first, last = (moment.astimezone(UTC).date() for moment in window)
    count = (last - first).days + 1
    return [first + timedelta(days=number) for number in range(count)] if count <= _LONGEST else None


def _id_of(path: str) -> str:
    name = path.rpartition("/")[2].removesuffix(".md")
    return name if path.endswith(".md") and is_id_of(BY_NAME["change"], name) else ""
