"""The broken pieces that suppliers have: of which part and ticket, since when, and when they are due to be back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import TICKET_KINDS
from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.suppliers import BACK, rma_clock
from servicebook.typed import TYPE_CHECKING, NamedTuple
from servicebook.workflow.stock import in_turn

if TYPE_CHECKING:
    from servicebook.reports.board import Desk


class SentBack(NamedTuple):
    """A broken piece that was sent back: number of the return, serial, to which supplier, when.

    supplier: "" where nobody can tell. ticket: the one it came from, "" where the movements name none. back_at: when
    one came back for it, None while it is out. clock: None where the supplier promised nothing.
    """

    part: Facts
    rma: str
    serial: str
    supplier: str
    sent_at: datetime
    ticket: str
    back_at: datetime | None
    clock: ClockStatus | None

    @property
    def due_at(self) -> datetime | None:
        """When it is due to be back, None where nobody promised."""
        return self.clock.due_at if self.clock else None


def returns_of(part: Facts, desk: Desk, now: datetime) -> list[SentBack]:
    """Return every broken piece of a part that was ever sent back, in turn; `scrapped` ends a return without a clock.

    Movements later than `now` are not known yet.
    """
    found: list[SentBack] = []
    came_from: dict[str, str] = {}
    for _, movement in in_turn(part.get("movements", default=())):
        serial, at = str(movement.get("serial") or ""), parse_instant(movement.get("at"))
        if at is None or at > now:
            continue
        rma = str(movement.get("rma") or serial)
        if movement.get("ticket"):
            came_from[serial] = str(movement["ticket"])
        kind = movement.get("type")
        if kind == "shipped" and movement.get("condition") == "broken":
            supplier = _supplier(part, desk, str(movement.get("to") or ""))
            found.append(SentBack(part, rma, serial, supplier, at, came_from.get(serial, ""), None, None))
        elif kind in (BACK, "scrapped"):
            place = next((n for n, one in enumerate(found) if one.rma == rma and one.back_at is None), None)
            if place is not None and kind == BACK:
                found[place] = found[place]._replace(back_at=at)
            elif place is not None:
                del found[place]
    return [one._replace(clock=_clock(one, desk, now)) for one in found]


def _supplier(part: Facts, desk: Desk, to: str) -> str:
    """Return to which supplier a piece went: the one that the movement names, else the part's own."""
    return to if to and desk.get("supplier", to) else str(part.get("supplier", default=""))


def _clock(one: SentBack, desk: Desk, now: datetime) -> ClockStatus | None:
    supplier = desk.get("supplier", one.supplier)
    name = f"rma {one.rma}".strip()
    return rma_clock(name, supplier, desk, one.sent_at, now, one.back_at) if supplier else None


def returns_by_ticket(desk: Desk, now: datetime) -> dict[str, list[SentBack]]:
    """Return every piece that was sent back, by the id of its ticket; those of no ticket by that of their part."""
    found: dict[str, list[SentBack]] = {}
    for part in desk.of_kind("part"):
        if '"shipped"' in part.raw:  # most parts were never sent back, and their rows need not be read
            for one in returns_of(part, desk, now):
                found.setdefault(one.ticket or part.id, []).append(one)
    return found


def whose_returns(desk: Desk, now: datetime) -> Iterator[tuple[Facts, SentBack]]:
    """Yield every piece that was sent back, with its ticket, or its part where no ticket is known."""
    for returns in returns_by_ticket(desk, now).values():
        for one in returns:
            ticket = next((found for kind in TICKET_KINDS if (found := desk.get(kind, one.ticket))), None)
            yield ticket or one.part, one


def returns_of_ticket(ticket: Facts, desk: Desk, now: datetime) -> list[SentBack]:
    """Return the broken pieces of a ticket, or of a part, that were sent back, those that came back too."""
    if ticket.kind == "part":
        return returns_of(ticket, desk, now)
    parts = (part for part in desk.of_kind("part") if ticket.id in part.raw)
    return [back for part in parts for back in returns_of(part, desk, now) if back.ticket == ticket.id]


def clocks_with_returns(ticket: Facts, desk: Desk, now: datetime) -> list[ClockStatus]:
    """Return every clock of a ticket: what its agreements promise, then the pieces that suppliers owe back."""
    back = (one.clock for one in returns_of_ticket(ticket, desk, now))
    return [*clocks_of(ticket, desk, now), *(clock for clock in back if clock)]
