"""Which tickets wait for a supplier, since when and until when it promised; and what of theirs it has to repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.agenda import Task
from servicebook.reports.board import Desk, is_overdue, may_run
from servicebook.reports.returns import whose_returns
from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.waiting import supplier_of, waits_by
from servicebook.typed import NamedTuple


class Waiting(NamedTuple):
    """A ticket that waits now: for which supplier ("" where nobody can tell), since when, and by when it owes.

    due_at: by the supplier's own clock, else as agreed in the pause, None where neither says. clock: the one that is
    due first, None where no agreement of the supplier has any.
    """

    ticket: Facts
    supplier: str
    since: datetime
    due_at: datetime | None
    clock: ClockStatus | None


def waiting_of(ticket: Facts, desk: Desk, now: datetime) -> Waiting | None:
    """Return the wait of a ticket for a supplier that lasts at `now`, None where it waits for none."""
    if ticket.status != "on_hold":
        return None
    paused = next((entry for entry in reversed(ticket.timeline) if entry.get("event") == "paused"), None)
    since = parse_instant(paused.get("at")) if paused else None
    if paused is None or since is None or since > now or not waits_by(paused):
        return None
    supplier = supplier_of(paused, ticket.data, desk)
    clocks = [clock for clock in clocks_of(ticket, desk, now) if supplier and clock.target.supplier == supplier]
    live = [(clock.due_at, clock) for clock in clocks if clock.stopped_at is None and clock.due_at]
    due_at, clock = min(live, key=lambda one: one[0], default=(parse_instant(paused.get("until")), None))
    return Waiting(ticket, supplier, since, due_at, clock)


def waiting_tasks(
    desk: Desk, now: datetime, whom: Callable[[Facts], bool], is_mine: Callable[[str], bool] = lambda _: True
) -> Iterator[Task]:
    """Yield the waits for suppliers: of who has the ticket, and of who looks after the supplier (account_manager)."""
    for ticket in desk.live(TICKET_KINDS):
        one = waiting_of(ticket, desk, now)
        if one is None:
            continue
        supplier = desk.get("supplier", one.supplier)
        if whom(ticket) or (supplier is not None and is_mine(str(supplier.get("account_manager", default="")))):
            late = one.clock is not None and one.due_at is not None and one.due_at <= now
            what = "supplier_late" if late else "waits"
            yield Task(what, ticket, one.due_at, detail=one.supplier, since=one.since)
    for record, back in whose_returns(desk, now):
        if back.clock and back.back_at is None and record is not back.part and may_run(record) and whom(record):
            what = "supplier_late" if is_overdue(back.clock) else "waits"
            yield Task(what, record, back.due_at, detail=back.supplier, since=back.sent_at)
