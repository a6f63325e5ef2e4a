"""How many promises were kept in a month, clock by clock: met, missed, and the share of those that ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from servicebook.records.facts import Facts
from servicebook.sla.cover import day_written
from servicebook.sla.status import ClockStatus
from servicebook.typed import NamedTuple

ENDED = ("met", "missed")


class Attainment(NamedTuple):
    """A clock's record: how often it was met, and how often missed."""

    clock: str
    met: int
    missed: int

    @property
    def share(self) -> float:
        """Met of those that ended, in percent."""
        return 100 * self.met / (self.met + self.missed)


def attainment_of(
    tickets: Iterable[Facts], month: str, clocks_of: Callable[[Facts], Sequence[ClockStatus]]
) -> list[Attainment]:
    """Return each clock's record over the tickets that were reported in `month` (YYYY-MM), by name.

    What a ticket wrote down when it closed counts; of others, the clocks that have ended or are over already.
    """
    counts: dict[str, dict[str, int]] = {}
    for ticket in tickets:
        first = ticket.timeline[0].get("at") if ticket.timeline else None
        day = day_written(ticket.get("reported_at") or ticket.get("detected_at") or first)
        if ticket.status == "cancelled" or day is None or day.isoformat()[:7] != month:
            continue
        for name, outcome in _outcomes(ticket, clocks_of):
            if outcome in ENDED:
                one = counts.setdefault(name, dict.fromkeys(ENDED, 0))
                one[outcome] += 1
    return [Attainment(name, one["met"], one["missed"]) for name, one in sorted(counts.items())]


def _outcomes(ticket: Facts, clocks_of: Callable[[Facts], Sequence[ClockStatus]]) -> list[tuple[str, str]]:
    written = ticket.get("sla", default={})
    if written:
        return [(name, str(outcome.get("outcome", ""))) for name, outcome in written.items()]
    return [(clock.name, clock.state) for clock in clocks_of(ticket)]
