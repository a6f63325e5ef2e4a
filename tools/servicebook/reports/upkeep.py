"""What was done to an asset, a site, a service or for a customer: repairs, parts, changes, visits, inspections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from servicebook.records.facts import Facts, Ref
from servicebook.typed import NamedTuple, Protocol

SHOWN_BY = {
    "incident": ("resolved", "part_replaced"),
    "service_request": ("resolved",),
    "change": ("implemented",),
    "visit": ("arrived",),
    "inspection": ("signed_off",),
}
"""Kind of ticket to the events that show work done."""


class Desk(Protocol):
    """What is asked of a snapshot here."""

    def referrers(self, kind: str, id: str, kinds: Sequence[str] = (), most: int = -1) -> Iterator[tuple[Facts, Ref]]:
        """Yield who names a record, and where: of these kinds, and about so many of the newest, where that is said."""


class Work(NamedTuple):
    """One piece of work: when it was last done, the ticket, and the parts that went in, by name or serial number."""

    at: datetime
    record: Facts
    parts: tuple[str, ...]


def upkeep_of(desk: Desk, kind: str, id: str, most: int = -1) -> list[Work]:
    """Return the work done on a record, the last first (service plan, 1.2.2: parts replaced, last service).

    most: from how many of the newest tickets of each kind it is gathered, -1 for all: tens of thousands can name a
    site, and to read them all takes seconds.
    """
    named = (desk.referrers(kind, id, (one,), most) for one in SHOWN_BY)
    tickets = {facts.path: facts for pairs in named for facts, ref in pairs if ref.field[0] in _FIELDS}
    found = []
    for facts in tickets.values():
        wanted = SHOWN_BY.get(facts.kind, ())
        done = [at for event, at in zip(facts.events, facts.instants, strict=True) if event in wanted and at]
        if done:
            found.append(Work(max(done), facts, _parts_of(facts)))
    return sorted(found, key=lambda work: (work.at, work.record.id), reverse=True)


_FIELDS = ("assets", "asset", "site", "service", "customer", "timeline")
"""Where a ticket names what it was done to."""


def _parts_of(facts: Facts) -> tuple[str, ...]:
    replaced = facts.get("resolution", "parts_replaced", default=())
    names = [str(part.get("part") or part.get("new_serial")) for part in replaced]
    told = [e for e in facts.timeline if e.get("event") == "part_replaced"]
    return tuple(names or (str(e.get("part") or e.get("serial_number") or e.get("asset") or "?") for e in told))
