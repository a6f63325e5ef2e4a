"""When a ticket waited for a supplier: from each pause that names it until the ticket was taken up again."""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.records.facts import Facts
from servicebook.sla.clock import ENDS_PAUSE, Event
from servicebook.sla.targets import Lookup
from servicebook.sla.waiting import supplier_of, waits_by
from servicebook.typed import NamedTuple


class Wait(NamedTuple):
    """One wait for a supplier: from when to when in microseconds (None while it lasts), and until when was agreed.

    end: the time that was agreed for the customer's clocks does not end it: the supplier still owes what it owed.
    """

    supplier: str
    start: int
    end: int | None
    until: int | None


def waits_of(ticket: Facts, events: Sequence[Event], desk: Lookup, now: int) -> list[Wait]:
    """Return the waits for suppliers that had begun at `now`, in order; supplier is "" where nobody can tell which."""
    found: list[Wait] = []
    for event in events:
        if event.at > now:
            break
        if found and found[-1].end is None and (event.name in ENDS_PAUSE or event.name == "paused"):
            found[-1] = found[-1]._replace(end=event.at)
        if waits_by(event.entry):
            found.append(Wait(supplier_of(event.entry, ticket.data, desk), event.at, None, event.until))
    return found


def events_in(wait: Wait, events: Sequence[Event]) -> list[Event]:
    """Return what a supplier's clock sees of one wait: its events, the last of which ends it by `resumed`."""
    end = wait.end
    seen = [event for event in events if wait.start < event.at and (end is None or event.at <= end)]
    return seen if end is None else [*seen, Event(end, "resumed", "", None, {})]
