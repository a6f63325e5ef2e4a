"""Which open clocks a new agreement, correction or holiday list moved, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from servicebook.records.facts import Facts
from servicebook.records.kinds import TICKET_KINDS
from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.targets import Lookup
from servicebook.store.snapshot import Snapshot


class MovedClock(NamedTuple):
    """One clock of an open ticket, as it stood and as it stands; `before` is None for one that is new."""

    ticket: Facts
    before: ClockStatus | None
    after: ClockStatus


class Instead:
    """A desk with some records in place of its own, for computing what a change would do."""

    def __init__(self, desk: Snapshot, records: Iterable[Facts]) -> None:
        self._desk = desk
        self._records = {(facts.kind, facts.id): facts for facts in records}
        self.settings = desk.settings

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of a kind, the one put in its place first."""
        return self._records.get((kind, id)) or self._desk.get(kind, id)


def moved_clocks(desk: Snapshot, before: Lookup, after: Lookup, now: datetime) -> Iterator[MovedClock]:
    """Yield the clocks of the desk's open tickets whose due time or state differs between two lookups at `now`."""
    for ticket in desk.live(TICKET_KINDS):
        old = {status.name: status for status in clocks_of(ticket, before, now)}
        for status in clocks_of(ticket, after, now):
            was = old.get(status.name)
            if was is None or (was.due_at, was.state) != (status.due_at, status.state):
                yield MovedClock(ticket, was, status)
