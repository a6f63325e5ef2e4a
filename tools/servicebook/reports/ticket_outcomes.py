"""What one ticket adds to the figures of its month: its clocks, how soon it was taken up and put right, what became."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from functools import lru_cache

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.reports.attainment import ENDED
from servicebook.sla.status import ClockStatus
from servicebook.typed import NamedTuple

COUNTED = ("incident", "service_request", "change")
"""Kinds of tickets that figures are counted from."""
_FAILED = ("backed_out", "unsuccessful")
_DATED = re.compile(r"/(\d{4})/(\d{2})$")


class Ending(NamedTuple):
    """How a clock ended: met or missed. due_at, stopped_at: ISO 8601; stopped_at is empty while it is over and runs."""

    clock: str
    outcome: str
    due_at: str
    stopped_at: str


class Outcome(NamedTuple):
    """What a ticket adds.

    month: YYYY-MM, of its id. endings: of its clocks. acknowledged: minutes from notice to the first
    acknowledgement. restored: hours from notice to the last resolution, of incidents. slot: hour of the week at
    which an incident was noticed, 0 for Monday 00:00. held: of changes that were carried out, whether they stayed.
    """

    id: str
    kind: str
    month: str
    endings: tuple[Ending, ...]
    acknowledged: float | None
    restored: float | None
    slot: int | None
    resolved: bool
    reopened: bool
    held: bool | None
    cause: str


def month_of(path: str) -> str:
    """Return the month (YYYY-MM) that a ticket's file lies in, which is that of its id; "" for other files."""
    return _month_of_folder(path.rpartition("/")[0])


@lru_cache(maxsize=4096)  # thousands of tickets lie in each
def _month_of_folder(folder: str) -> str:
    found = _DATED.search(folder)
    return f"{found[1]}-{found[2]}" if found else ""


def outcome_of(ticket: Facts, clocks: Iterable[ClockStatus], zone: tzinfo) -> Outcome:
    """Return what a ticket adds. clocks: as they stand, of a ticket that did not write them down by closing."""
    opened = parse_instant(ticket.get("reported_at"))
    events, incident = ticket.events, ticket.kind == "incident"
    noticed = opened.astimezone(zone) if opened and incident else None
    return Outcome(
        ticket.id,
        ticket.kind,
        month_of(ticket.path),
        tuple(_written(ticket) if ticket.get("sla") else _standing(clocks)),
        _since(opened, ticket, "acknowledged", 0, 60),
        _since(opened, ticket, "resolved", -1, 3600) if incident else None,
        noticed.weekday() * 24 + noticed.hour if noticed else None,
        "resolved" in events,
        "reopened" in events,
        _held(ticket, events) if ticket.kind == "change" else None,
        str(ticket.get("resolution", "cause_code", default="")),
    )


def _written(ticket: Facts) -> Iterator[Ending]:
    for name, block in ticket.get("sla").items():
        for cycle in (*block.get("cycles", ()), block):
            if cycle.get("outcome") in ENDED:
                yield Ending(name, cycle["outcome"], str(cycle.get("due_at", "")), str(cycle.get("stopped_at", "")))


def _standing(clocks: Iterable[ClockStatus]) -> Iterator[Ending]:
    for clock in clocks:
        for cycle in (*clock.cycles, clock):
            if cycle.state in ENDED:
                yield Ending(clock.name, cycle.state, _iso(cycle.due_at), _iso(cycle.stopped_at))


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _since(opened: datetime | None, ticket: Facts, event: str, which: int, unit: int) -> float | None:
    """Return the time from notice to the first (0) or last (-1) event of a name, in units of seconds."""
    told = (one.get("at") for one in ticket.timeline if one.get("event") == event)
    found = [at for text in told if (at := parse_instant(text))]
    if opened is None or not found or found[which] < opened:
        return None
    return round((found[which] - opened).total_seconds() / unit, 2)


def _held(change: Facts, events: list[str]) -> bool | None:
    """Whether a change stayed; None where it was not carried out."""
    if "backed_out" in events or change.get("review", "closure_code") in _FAILED:
        return False
    return True if "implemented" in events else None
