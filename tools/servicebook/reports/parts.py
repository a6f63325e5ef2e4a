"""What is in the stores: each part with its numbers, what is below its minimum, what a supplier owes back."""

from __future__ import annotations

from datetime import datetime

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.reports.returns import SentBack, returns_of
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.stock import Ledger, in_turn, ledger_of


class PartRow(NamedTuple):
    """One part: its ledger, how many must be there, what is at the supplier."""

    part: Facts
    ledger: Ledger
    minimum: int
    sent_back: tuple[SentBack, ...]

    @property
    def is_low(self) -> bool:
        """Whether fewer are free than must be there."""
        return self.part.status == "active" and self.ledger.count("free") < self.minimum


class Line(NamedTuple):
    """One movement in its turn: its position in the record, what it says, how many were on hand afterwards."""

    position: int
    movement: dict[str, Any]
    on_hand: int
    fault: str


def part_row(part: Facts, desk: Desk, now: datetime) -> PartRow:
    """Return what a part's record comes to."""
    out = tuple(one for one in returns_of(part, desk, now) if one.back_at is None)
    return PartRow(part, ledger_of(part.data), int(part.get("minimum_stock", default=0)), out)


def part_rows(desk: Desk, now: datetime) -> list[PartRow]:
    """Return every part that is in use, those below their minimum first."""
    rows = [part_row(part, desk, now) for part in desk.of_kind("part") if part.status != "retired"]
    return sorted(rows, key=lambda row: (not row.is_low, row.part.id))


def ledger_lines(part: Facts) -> list[Line]:
    """Return the movements in the order in which they happened, each with the balance after it."""
    found = []
    so_far: list[dict[str, Any]] = []
    faults = {fault.position: fault.what for fault in ledger_of(part.data).faults}
    for position, movement in in_turn(part.get("movements", default=())):
        so_far.append(dict(movement))
        on_hand = ledger_of({**part.data, "movements": so_far}).on_hand
        found.append(Line(position, dict(movement), on_hand, faults.get(position, "")))
    return found


def row_data(row: PartRow) -> dict[str, Any]:
    """Return a row in JSON values."""
    ledger = row.ledger
    return {
        "id": row.part.id,
        "title": row.part.title,
        "store": row.part.get("store"),
        "on_hand": ledger.on_hand,
        "free": ledger.count("free"),
        "reserved": ledger.count("reserved"),
        "in_transit": ledger.count("transit"),
        "broken": ledger.count("broken"),
        "minimum": row.minimum,
        "low": row.is_low,
        "stores": {store: ledger.count("free", "reserved", place=store) for store in ledger.stores},
        "sent_back": [
            {"rma": one.rma, "serial": one.serial, "sent_at": one.sent_at.isoformat(),
             "due_at": one.due_at.isoformat() if one.due_at else None}
            for one in row.sent_back
        ],
    }  # fmt: skip
