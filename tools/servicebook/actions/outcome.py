"""How a ticket's clocks ended, as the `sla:` block that is written once when it closes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from servicebook.sla.status import ClockStatus

ENDED = ("met", "missed", "cancelled")


def outcome_of(clocks: Iterable[ClockStatus]) -> dict[str, Any]:
    """Return the closing block: clock name to due_at, stopped_at, outcome, agreement, hours.

    Clocks that never started leave no trace; instants keep seconds and offset.
    """
    block: dict[str, Any] = {}
    for clock in clocks:
        if clock.state not in ENDED:
            continue
        fields = {
            "due_at": clock.due_at and clock.due_at.isoformat(timespec="seconds"),
            "stopped_at": clock.stopped_at and clock.stopped_at.isoformat(timespec="seconds"),
            "outcome": clock.state,
            "agreement": clock.agreement,
            "hours": clock.hours,
        }
        block[clock.name] = {key: value for key, value in fields.items() if value}
    return block
