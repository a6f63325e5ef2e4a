"""When a change is not wanted: the freezes of its board, and the protected broadcasts of customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.overlap import Window


class QuietTime(NamedTuple):
    """A stretch of time in which nothing should be changed.

    name: what a waiver or a note calls it by. reason: why, for people. whose: the board's or customer's id.
    """

    name: str
    reason: str
    whose: str
    start: datetime
    end: datetime

    def meets(self, window: Window) -> bool:
        """Whether some of the window lies in it."""
        return self.start < window.end and window.start < self.end


def freezes_for(change: Facts, board: Facts | None) -> Iterator[QuietTime]:
    """Yield the freezes of a board that hold for the change's service or assets, whenever they are."""
    for entry in board.get("freeze_windows", default=()) if board else ():
        scope = {*entry.get("services", ()), *entry.get("assets", ())}
        if board and (not scope or scope & {change.get("service"), *change.get("assets", default=())}):
            yield from _quiet_time(board, entry, "name", "reason")


def broadcasts_of(customer: Facts | None) -> Iterator[QuietTime]:
    """Yield the protected broadcasts and other quiet times of a customer."""
    for entry in customer.get("vip_periods", default=()) if customer else ():
        if customer:
            yield from _quiet_time(customer, entry, "title", "title")


def _quiet_time(facts: Facts, entry: dict[str, Any], name: str, reason: str) -> Iterator[QuietTime]:
    start, end = (parse_instant(entry.get(field)) for field in ("start_at", "end_at"))
    if start and end and start < end:
        yield QuietTime(str(entry.get(name, "")), str(entry.get(reason, "")), facts.id, start, end)


def is_known(change: Facts, quiet: QuietTime) -> bool:
    """Whether somebody wrote down that the change meets a quiet time: an event `conflict_found` whose note names it."""
    noted = (event.get("note") for event in change.timeline if event.get("event") == "conflict_found")
    return any(quiet.name in str(note) for note in noted)
