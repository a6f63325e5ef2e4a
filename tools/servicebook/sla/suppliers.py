"""How a supplier's promise to send a broken piece back stands: a clock in the supplier's own hours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from servicebook.records.facts import Facts
from servicebook.sla.clock import Event, run_clock
from servicebook.sla.entitlement import hours_book
from servicebook.sla.hours_form import HoursError
from servicebook.sla.instants import to_micros
from servicebook.sla.standing import ClockStatus, Reckoning
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import AgreedStep, Lookup, Target
from servicebook.sla.versions import compile_hours
from servicebook.sla.within import parse_length, parse_within
from servicebook.typed import Any

BACK = "received"
"""The movement of a part that ends the clock."""

_DAY = parse_length("24h") or 0
_ALWAYS = [["00:00", "24:00"]]
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def rma_clock(
    name: str, supplier: Facts, desk: Lookup, sent_at: datetime, now: datetime, back_at: datetime | None = None
) -> ClockStatus | None:
    """Return the clock of one piece sent back, by `rma_target` in the supplier's `support_hours`.

    It starts when the piece was shipped and stops when one came back. Late, it tells who looks after the supplier, then
    day by day whom the supplier's record names next. Clock time such as `72h` without hours is time on the wall.
    None where the supplier promised nothing, or names no hours that working days could be counted in.
    """
    within = parse_within(supplier.get("rma_target"))
    if within is None or within.travel or within.by_class:
        return None
    hours = _hours(supplier, desk, now, to_micros(sent_at), in_days=within.days is not None)
    if hours is None:
        return None
    target = _target(name, supplier)._replace(within=within)
    start = to_micros(sent_at)
    events = [] if back_at is None else [Event(to_micros(back_at), BACK, "", None, {})]
    course = run_clock(target, within, hours, start, events, to_micros(now), ends=False, ties=False, plain=True)
    return ClockStatus(target, Reckoning(course, hours.zone, hours, within, events, to_micros(now), start))


def _target(name: str, supplier: Facts) -> Target:
    manager, later = supplier.get("account_manager"), supplier.get("escalation", default=())
    step = AgreedStep("100%", (str(manager),), tuple(map(str, later)), _DAY, 1)
    return Target(
        name=name, clause="", promise="internal", applies_when=(), start="shipped", stop=frozenset({BACK}),
        cancel=frozenset(), within=None, due="closing", counting="from-event-date",
        hours=str(supplier.get("support_hours") or ""), calendar=str(supplier.get("support_hours") or ""),
        pauses_on=frozenset(), counted=False, steps=(step,) if manager else (), agreement="", anchor="shipped",
        mark=None, supplier=supplier.id,
    )  # fmt: skip


def _hours(supplier: Facts, desk: Lookup, now: datetime, at: int, *, in_days: bool) -> SupportHours | None:
    facts = desk.get("support_hours", str(supplier.get("support_hours") or ""))
    try:
        found = hours_book(facts).at(at) if facts else None
    except HoursError:
        return None
    if found is not None or in_days:
        return found
    zone = now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else "UTC"
    always: dict[str, Any] = {"timezone": zone, "week": dict.fromkeys(_WEEK, _ALWAYS)}
    return compile_hours(always)
