"""Which other changes stand in a change's way: windows that overlap on the same assets, or on what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.store.snapshot import Snapshot

_PENDING = ("submitted", "approved", "in_implementation")


class Conflict(NamedTuple):
    """Another change whose window overlaps, and the assets that both touch or that hang together."""

    change: Facts
    assets: tuple[str, ...]


def conflicts_of(desk: Snapshot, change: Facts) -> Iterator[Conflict]:
    """Yield the pending changes that overlap with a change, the soonest first."""
    window = _window(change)
    if window is None:
        return
    mine = _reach(desk, change)
    for other in sorted(desk.of_kind("change"), key=lambda one: str(one.get("planned_start_at", default=""))):
        theirs = _window(other) if other.id != change.id and other.status in _PENDING else None
        if theirs and theirs[0] < window[1] and window[0] < theirs[1]:
            shared = mine & _reach(desk, other)
            if shared:
                yield Conflict(other, tuple(sorted(shared)))


def _window(change: Facts) -> tuple[datetime, datetime] | None:
    start, end = (parse_instant(change.get(name)) for name in ("planned_start_at", "planned_end_at"))
    return (start, end) if start and end and start < end else None


def _reach(desk: Snapshot, change: Facts) -> set[str]:
    """Return the assets a change touches, and those that these are related to."""
    found = set(change.get("assets", default=()))
    for slug in tuple(found):
        asset = desk.get("asset", slug)
        for relation in asset.get("relations", default=()) if asset else ():
            if isinstance(relation, dict) and isinstance(relation.get("target"), str):
                found.add(relation["target"])
    return found
