"""Until when a supplier owes what it promised: a broken piece back, counted in the supplier's own hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from servicebook.sla.entitlement import hours_book
from servicebook.sla.hours_form import HoursError
from servicebook.sla.instants import from_micros, instant_in, to_micros
from servicebook.sla.targets import Lookup
from servicebook.sla.within import parse_within
from servicebook.sla.working_time import due_after, due_in_days
from servicebook.typed import Any


def rma_due(supplier: Mapping[str, Any], desk: Lookup, sent_at: datetime) -> datetime | None:
    """Return when a piece sent back is due, by `rma_target` in the supplier's `support_hours`.

    None where the supplier promised nothing, or names no hours that working days could be counted in. Clock time
    such as `72h` without hours is time on the wall.
    """
    within = parse_within(supplier.get("rma_target"))
    if within is None or within.travel or within.by_class:
        return None
    facts = desk.get("support_hours", str(supplier.get("support_hours") or ""))
    start = to_micros(sent_at)
    try:
        hours = hours_book(facts).at(start) if facts else None
    except HoursError:
        return None
    if hours is None:
        return from_micros(start + within.time, sent_at.tzinfo) if within.days is None and sent_at.tzinfo else None
    if within.days is None:
        due = due_after(hours, start, within.time)
    else:
        due = due_in_days(hours, start, within.days, "closing", "from-event-date")
    return None if due is None else instant_in(due, hours.zone)
