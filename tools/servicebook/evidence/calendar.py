"""What a change's window runs into: freezes that its rules declare, and other changes on the same assets.

What was pending is read from the same commit as the votes. Where a record of another change is not here (a bundle
can leave it out), nobody can say that it does not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from servicebook.evidence.ledger import CHANGES, Ledger
from servicebook.evidence.verification import Freezing, Overlapping
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import BY_NAME, is_id_of
from servicebook.text.front_matter import FrontMatter
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


class Calendar:
    """When changes were planned, at every position of a ledger that has all of them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._slots: dict[str, Slot] = {}
        self._by_asset: dict[str, set[str]] = {}
        self._absent: set[str] = set()
        paths = {path for path in ledger.paths(CHANGES) if _id_of(path)}
        ledger.read_ahead(state.blob for path in paths for state in ledger.states(path))
        for path in sorted(paths):
            for state in ledger.states(path):
                slot = self._read(path, state.blob)
                if not slot.is_here:
                    self._absent.add(path)
                for asset in slot.assets if slot.window else ():
                    self._by_asset.setdefault(asset, set()).add(path)

    def _read(self, path: str, blob: str) -> Slot:
        if blob not in self._slots:
            self._slots[blob] = self._slot(blob, self.ledger.front(path, blob))
        return self._slots[blob]

    def _slot(self, blob: str, front: FrontMatter | None) -> Slot:
        if front is None:
            return Slot(None, frozenset(), not blob)
        window = window_of(front.data) if front.data.get("status") in PENDING else None
        return Slot(window, frozenset(_assets(front.data)))

    def overlaps(
        self, id: str, data: Mapping[str, Any], position: int, waives: frozenset[str]
    ) -> Iterator[Overlapping]:
        """Yield the changes that were pending before a position, in the same hours and on the same assets."""
        window, assets = window_of(data), _assets(data)
        paths = {path for asset in assets for path in self._by_asset.get(asset, ())} | self._absent
        for path in sorted(paths):
            other = _id_of(path)
            blob = self.ledger.blob(path, position)
            if other == id or not blob:
                continue
            slot = self._read(path, blob)
            shared = assets & slot.assets
            if not slot.is_here or (window and slot.window and shared and _meet(window, slot.window)):
                yield Overlapping(other, tuple(sorted(shared)), f"overlap:{other}" in waives, slot.is_here)


def _id_of(path: str) -> str:
    name = path.rpartition("/")[2].removesuffix(".md")
    return name if path.endswith(".md") and is_id_of(BY_NAME["change"], name) else ""
