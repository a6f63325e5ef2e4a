"""What was done in a time: tickets opened, resolved and reopened, promises kept and broken, hours of outage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.reports.board import Desk
from servicebook.sla.status import clocks_of
from servicebook.typed import NamedTuple

WORKED_ON = ("incident", "service_request")
"""Kinds of tickets that count as work for a customer."""


class Span(NamedTuple):
    """A time, the end not included."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether an instant lies in it; none lies nowhere."""
        return at is not None and self.start <= at < self.end


class Work(NamedTuple):
    """What became of some tickets in a time. met, missed: contractual clocks, counted when they stopped or ran out."""

    opened: int
    resolved: int
    reopened: int
    met: int
    missed: int

    @property
    def attainment(self) -> float | None:
        """Clocks met of all that ended, in percent to one decimal; None where none did."""
        ended = self.met + self.missed
        return round(100 * self.met / ended, 1) if ended else None

    @property
    def reopen_rate(self) -> float | None:
        """Tickets reopened of those resolved, in percent to one decimal; None where none was."""
        return round(100 * self.reopened / self.resolved, 1) if self.resolved else None


def span_of(first: date, last: date, zone: tzinfo | None) -> Span:
    """Return the time of some days, the last one included, by the clock of a zone."""
    return Span(datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone))


def work_in(desk: Desk, tickets: Iterable[Facts], span: Span, now: datetime) -> Work:
    """Return what became of tickets in a time. A clock that broke its promise counts when it ran out."""
    opened = resolved = reopened = met = missed = 0
    for ticket in tickets:
        opened += span.holds(parse_instant(ticket.get("reported_at")))
        resolved += _happened(ticket, "resolved", span)
        reopened += _happened(ticket, "reopened", span)
        for state in _ends_of_clocks(desk, ticket, span, now):
            met += state == "met"
            missed += state == "missed"
    return Work(opened, resolved, reopened, met, missed)


def _happened(ticket: Facts, name: str, span: Span) -> bool:
    """Whether an event stands on the timeline in a time: a ticket counts once, however often it happened."""
    return any(event == name and span.holds(at) for event, at in zip(ticket.events, ticket.instants, strict=True))


def _ends_of_clocks(desk: Desk, ticket: Facts, span: Span, now: datetime) -> Iterator[str]:
    last = ticket.instants[-1] if ticket.instants else None
    opened = parse_instant(ticket.get("reported_at"))
    if (opened and opened >= span.end) or (last and last < span.start - _LONGEST and ticket.status == "closed"):
        return  # nothing of it can have ended in the time
    for clock in clocks_of(ticket, desk, now):
        for cycle in (*clock.cycles, clock) if clock.promise == "contract" else ():
            if span.holds(cycle.due_at if cycle.state == "missed" else cycle.stopped_at):
                yield cycle.state


_LONGEST = timedelta(days=60)
"""Longer than any clock still runs behind the last event of a closed ticket."""


def outage_in(incidents: Iterable[Facts], span: Span) -> timedelta:
    """Return how long at least one of some incidents had its service down, within a time."""
    outages = []
    for incident in incidents:
        start = parse_instant(incident.get("resolution", "outage_start_at"))
        end = parse_instant(incident.get("resolution", "outage_end_at"))
        if start and end and start < span.end and end > span.start:
            outages.append((max(start, span.start), min(end, span.end)))
    total, until = timedelta(), span.start
    for start, end in sorted(outages):
        if end > until:
            total += end - max(start, until)
            until = end
    return total
