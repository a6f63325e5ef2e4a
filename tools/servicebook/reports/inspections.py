"""Which inspections come, are late or were missed, and what was found over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.records.readings import NotReadError, read_duration
from servicebook.reports.board import Desk
from servicebook.sla.recurrence import RecurrenceError, days_of
from servicebook.typed import Any, NamedTuple

AHEAD = timedelta(days=14)
BEHIND = timedelta(days=90)
"""How far `servicebook plan` looks, unless it is told."""


class Coming(NamedTuple):
    """One day of a plan. state: `due` (no record yet), `planned`, `late`, `missed`, `done` or `cancelled`."""

    plan: Facts
    due_on: date
    inspection: Facts | None
    state: str


class Reading(NamedTuple):
    """What one inspection found of one item; `item` is the entry of the plan's checklist, empty when it has none."""

    inspection: Facts
    due_on: str
    key: str
    value: Any
    ok: bool | None
    note: str
    item: dict[str, Any]


def calendar_of(
    desk: Desk,
    now: datetime,
    plans: Iterable[Facts] | None = None,
    behind: timedelta = BEHIND,
    ahead: timedelta = AHEAD,
) -> list[Coming]:
    """Return the days of active plans from `behind` before today to `ahead` after it, the soonest first."""
    first, last = now.date() - behind, now.date() + ahead
    made = {(facts.get("plan"), facts.get("due_on")): facts for facts in _by_standing(desk)}
    days: list[Coming] = []
    for plan in plans if plans is not None else desk.of_kind("inspection_plan"):
        if plan.status == "retired":
            continue
        for due_on in _days(plan, first, last):
            inspection = made.get((plan.id, due_on.isoformat()))
            days.append(Coming(plan, due_on, inspection, _state(plan, due_on, inspection, now.date())))
    return sorted(days, key=lambda one: (one.due_on, one.plan.id))


def _by_standing(desk: Desk) -> list[Facts]:
    """Return the inspections, cancelled ones first: of one day, one that was not cancelled counts."""
    return sorted(desk.of_kind("inspection"), key=lambda facts: facts.status != "cancelled")


def _days(plan: Facts, first: date, last: date) -> list[date]:
    starts, recurrence, ends = plan.get("starts_on"), plan.get("recurrence"), plan.get("ends_on")
    if not starts or not recurrence:
        return []
    try:
        days = days_of(recurrence, date.fromisoformat(starts), first, last)
    except RecurrenceError:
        return []  # REC291 tells where it stands
    return [day for day in days if not ends or day <= date.fromisoformat(ends)]


def _state(plan: Facts, due_on: date, inspection: Facts | None, today: date) -> str:
    if inspection and inspection.status in ("done", "cancelled"):
        return inspection.status
    if due_on >= today:
        return "planned" if inspection else "due"
    return "missed" if due_on + grace_of(plan) < today else "late"


def grace_of(plan: Facts) -> timedelta:
    """Return how late an inspection may be before it counts as missed: whole days, none unless the plan says."""
    try:
        return timedelta(days=read_duration(plan.get("grace")).days) if plan.get("grace") else timedelta()
    except NotReadError:
        return timedelta()


def readings_of(desk: Desk, record: Facts, key: str = "") -> list[Reading]:
    """Return what was found over time, the oldest first: of an inspection plan, or of an asset through all plans."""
    found = []
    for inspection in desk.of_kind("inspection"):
        plan = desk.get("inspection_plan", inspection.get("plan", default=""))
        ours = record.id in inspection.get("assets", default=()) or (plan is not None and plan.id == record.id)
        if ours and inspection.status != "cancelled":
            found += list(_readings(inspection, plan))
    return sorted(
        (reading for reading in found if not key or reading.key == key),
        key=lambda reading: (reading.key, reading.due_on, reading.inspection.id),
    )


def _readings(inspection: Facts, plan: Facts | None) -> Iterator[Reading]:
    items = {item.get("key"): item for item in plan.get("checklist", default=())} if plan else {}
    for result in inspection.get("results", default=()):
        key = str(result.get("key", ""))
        yield Reading(
            inspection, str(inspection.get("due_on", default="")), key, result.get("value"), result.get("ok"),
            str(result.get("note") or ""), items.get(key, {}),
        )  # fmt: skip


class Visited(NamedTuple):
    """How much a customer is due a proactive visit: the last one, and what happened since."""

    customer: Facts
    last_on: date | None
    incidents: int
    failed: int

    @property
    def weight(self) -> int:
        """Incidents and failed items since the last visit, failed items counting double."""
        return self.incidents + 2 * self.failed


def due_for_visit(desk: Desk, now: datetime, passes: Callable[[Facts], bool] = lambda _: True) -> list[Visited]:
    """Return the customers by how much they are due a proactive visit (clause 1.2.3), the most pressing first.

    That follows from the use and service record of their systems: what failed there since somebody last came.
    Customers with a visit ahead are left out.
    """
    rows = []
    visits = list(desk.of_kind("visit"))
    for customer in desk.of_kind("customer"):
        mine = [visit for visit in visits if visit.get("customer") == customer.id and visit.status != "cancelled"]
        if not passes(customer) or customer.status == "retired" or any(_is_ahead(visit) for visit in mine):
            continue
        days = [str(visit.get("planned_start_at", default=""))[:10] for visit in mine if visit.status == "closed"]
        last_on = date.fromisoformat(max(days)) if any(days) else None
        since = last_on.isoformat() if last_on else ""
        incidents = [facts for facts in desk.of_kind("incident") if facts.get("customer") == customer.id]
        reported = sum(str(facts.get("reported_at", default=""))[:10] > since for facts in incidents)
        rows.append(Visited(customer, last_on, reported, _failed_since(desk, customer.id, since)))
    return sorted(rows, key=lambda row: (-row.weight, row.last_on or date.min, row.customer.id))


def _is_ahead(visit: Facts) -> bool:
    return visit.status in ("planned", "departed", "on_site")


def _failed_since(desk: Desk, customer: str, since: str) -> int:
    inspections = (facts for facts in desk.of_kind("inspection") if facts.get("customer") == customer)
    return sum(
        result.get("ok") is False
        for facts in inspections
        if str(facts.get("due_on", default="")) > since
        for result in facts.get("results", default=())
    )
