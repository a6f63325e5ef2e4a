"""Which clocks run now, the soonest first: the rows behind `sla`, `next` and the site's dashboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.listing import is_open
from servicebook.reports.returns import whose_returns
from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.typed import Any, NamedTuple, Protocol

LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
FAR_AHEAD = datetime(9999, 12, 30, tzinfo=UTC)


class Desk(Protocol):
    """What is asked of a snapshot here."""

    def get(self, kind: str, id: str) -> Facts | None:
        """Return one record."""

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of kinds, by path."""

    def live(self, kinds: Sequence[str]) -> Iterator[Facts]:
        """Yield the records of kinds but for tickets at the end of their life: of a large desk, the few."""


class BoardRow(NamedTuple):
    """One clock of one ticket."""

    ticket: Facts
    clock: ClockStatus


def clock_rows(
    desk: Desk, now: datetime, passes: Callable[[Facts], bool] = lambda _: True, every: bool = False
) -> list[BoardRow]:
    """Return the clocks that wait for somebody (running, paused, overdue and not stopped), soonest first.

    `every` gives the ended and the not started ones too, of closed tickets as well.
    """
    rows = []
    for ticket in desk.of_kind(*TICKET_KINDS) if every else filter(may_run, desk.live(TICKET_KINDS)):
        if not passes(ticket):
            continue
        rows += [BoardRow(ticket, clock) for clock in clocks_of(ticket, desk, now) if every or is_waiting(clock)]
    # A piece is often away for longer than its ticket is open.
    for record, back in whose_returns(desk, now):
        if back.clock and passes(record) and (every or is_waiting(back.clock)):
            rows.append(BoardRow(record, back.clock))
    return sorted(rows, key=row_order)


def may_run(ticket: Facts) -> bool:
    """Whether a clock of the ticket can still wait for somebody: a resolved one still owes its report."""
    return is_open(ticket) or ticket.status in ("resolved", "fulfilled")


def is_waiting(clock: ClockStatus) -> bool:
    """Whether the clock waits for somebody: it runs, is paused, or is overdue and nobody has stopped it."""
    return clock.state in ("running", "paused") or is_overdue(clock)


def is_overdue(clock: ClockStatus) -> bool:
    """Whether the promise is broken and the work is still due."""
    return clock.state == "missed" and clock.stopped_at is None


def row_order(row: BoardRow) -> tuple[datetime, timedelta, str, str]:
    """Sort by due time; paused clocks have none and come last, the one with least time left first."""
    due_at = row.clock.due_at or FAR_AHEAD
    return (due_at, row.clock.remaining or timedelta.max, row.ticket.id, row.clock.name)


def clock_data(row: BoardRow) -> dict[str, Any]:
    """Return a row in JSON values: durations in seconds, instants ISO 8601."""
    clock, ticket = row.clock, row.ticket
    return {
        "id": ticket.id,
        "title": ticket.title,
        "status": ticket.status,
        "customer": ticket.get("customer"),
        "service": ticket.get("service"),
        "assigned_to": ticket.get("assigned_to"),
        "clock": clock.name,
        "state": clock.state,
        "promise": clock.promise,
        "clause": clock.clause,
        "started_at": _instant(clock.started_at),
        "due_at": _instant(clock.due_at),
        "stopped_at": _instant(clock.stopped_at),
        "remaining_seconds": _seconds(clock.remaining),
        "elapsed_seconds": _seconds(clock.elapsed),
        "worked_seconds": _seconds(clock.worked),
        "agreement": clock.agreement,
        "hours": clock.hours,
    }


def count_states(rows: Iterable[BoardRow]) -> dict[str, int]:
    """Return how many clocks are in each state."""
    counts: dict[str, int] = {}
    for row in rows:
        state = "overdue" if is_overdue(row.clock) else row.clock.state
        counts[state] = counts.get(state, 0) + 1
    return counts


def _instant(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def _seconds(value: timedelta | None) -> int | None:
    return None if value is None else int(value.total_seconds())
