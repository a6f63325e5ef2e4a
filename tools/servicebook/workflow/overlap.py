"""Which other changes stand in a change's way: at the same time, on the same assets or on what hangs together.

The one place that answers this: for the rules, for those who vote, for pages and commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.typed import NamedTuple
from servicebook.workflow.dependence import DEGRADED, OUTCOMES, failing
from servicebook.workflow.landscape import Landscape

PLANNED = ("draft", "submitted", "approved", "in_implementation")
"""States of a change whose window is still to come, or runs."""

PENDING = PLANNED[1:]
"""States in which others must reckon with a change."""


class Window(NamedTuple):
    """From when to when a change is planned."""

    start: datetime
    end: datetime


class Overlap(NamedTuple):
    """Two changes whose windows meet, and what of the one is in the other's way, as ids.

    same: assets that both touch. hanging: assets that one touches and the other's work takes away, degrades or leaves
    without its backup. undone: assets and services that keep going while one of the two works, but not while both do.
    """

    window: Window
    same: tuple[str, ...]
    hanging: tuple[str, ...]
    undone: tuple[str, ...]

    @property
    def assets(self) -> tuple[str, ...]:
        """Everything that is in the way, each once."""
        return tuple(dict.fromkeys((*self.same, *self.hanging, *self.undone)))


class Conflict(NamedTuple):
    """Another change that overlaps, and how."""

    change: Facts
    overlap: Overlap


def window_of(change: Facts) -> Window | None:
    """Return when a change is planned; None where that is not said, or no stretch of time."""
    start, end = (parse_instant(change.get(name)) for name in ("planned_start_at", "planned_end_at"))
    return Window(start, end) if start and end and start < end else None


def has_no_outage(change: Facts) -> bool:
    """Whether a change says that nothing stops for it: `expected_outage: 0m`, as for work in passing."""
    said = change.get("expected_outage")
    return isinstance(said, str) and not said.strip("0dhms")


class Reach:
    """What each change takes away while it works, walked once: work on an asset counts as its failure.

    A change whose `expected_outage` is nothing takes nothing away: its asset keeps going while somebody works on it.
    """

    def __init__(self, land: Landscape) -> None:
        self._land = land
        self._known: dict[tuple[str, ...], dict[str, int]] = {}

    def of(self, assets: Iterable[str]) -> dict[str, int]:
        """Return the level of each record that is hit while these assets are worked on."""
        key = tuple(sorted(dict.fromkeys(assets)))
        if key not in self._known:
            hits = failing(self._land, key).items()
            self._known[key] = {name: OUTCOMES.index(hit.outcome) for name, hit in hits}
        return self._known[key]

    def _keys(self, names: Iterable[str]) -> set[str]:
        return {self._land.key(name) or name for name in names}

    def overlap(self, one: Facts, two: Facts) -> Overlap | None:
        """Return how two changes are in each other's way; None where they are not, or never at the same time."""
        mine, theirs = window_of(one), window_of(two)
        if not mine or not theirs or mine.start >= theirs.end or theirs.start >= mine.end:
            return None
        first, second = (tuple(change.get("assets", default=())) for change in (one, two))
        own, others = self._keys(first), self._keys(second)
        down_first, down_second = (
            () if has_no_outage(change) else assets for change, assets in ((one, first), (two, second))
        )
        by_first, by_second = self.of(down_first), self.of(down_second)
        same = own & others
        hanging = (others & by_first.keys()) | (own & by_second.keys())
        both = self.of((*down_first, *down_second)) if down_first and down_second else {}
        undone = {
            name
            for name, level in both.items()
            if level >= DEGRADED and level > max(by_first.get(name, 0), by_second.get(name, 0))
        }
        found = (same, hanging - same, undone - same - hanging)
        window = Window(max(mine.start, theirs.start), min(mine.end, theirs.end))
        return Overlap(window, *(tuple(sorted(names)) for names in found)) if any(found) else None


def conflicts_of(land: Landscape, change: Facts, others: Iterable[Facts]) -> Iterator[Conflict]:
    """Yield the pending ones of `others` that a change overlaps with, the soonest first."""
    reach = Reach(land)
    pending = (other for other in others if other.id != change.id and other.status in PENDING)
    for other in sorted(pending, key=lambda one: str(one.get("planned_start_at", default=""))):
        if overlap := reach.overlap(change, other):
            yield Conflict(other, overlap)


def is_settled(one: Facts, two: Facts) -> bool:
    """Whether a `conflict_found` on either timeline names the other change."""
    return any(
        event.get("event") == "conflict_found" and other.id in (event.get("ticket"), *str(event.get("note")).split())
        for facts, other in ((one, two), (two, one))
        for event in facts.timeline
    )
