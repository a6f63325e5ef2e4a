"""The first figures of a periodic report, counted from the records, each with the formula that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.reports.board import Desk
from servicebook.reports.satisfaction import summed, voices_of
from servicebook.reports.work_figures import WORKED_ON, Span, outage_in, work_in
from servicebook.typed import Any, NamedTuple


class Figure(NamedTuple):
    """One figure. name, formula: keys of the catalogue's area `cli`; params: what both of them name.

    value: None where nothing could be counted.
    """

    name: str
    value: float | None
    formula: str
    unit: str = ""
    params: tuple[tuple[str, Any], ...] = ()


class Scope(NamedTuple):
    """What a report tells of; an empty customer or service is every one."""

    customer: str
    service: str
    span: Span

    def holds(self, facts: Facts) -> bool:
        """Whether a record is of the report's customer and service."""
        return (not self.customer or facts.get("customer") == self.customer) and (
            not self.service or facts.get("service") == self.service
        )


def figures_of(desk: Desk, report_type: str, scope: Scope, now: datetime, low: int, fewest: int) -> list[Figure]:
    """Return the figures of a type of report. low, fewest: the desk's settings on satisfaction.

    `availability` counts outages and `capacity` measured figures only; every other type counts the work done.
    """
    if report_type == "availability":
        return [one for service in _services(desk, scope) for one in _availability(desk, service, scope)]
    if report_type == "capacity":
        return list(_capacity(desk, scope))
    return [*_work(desk, scope, now), *_field_work(desk, scope), *_satisfaction(desk, scope, low, fewest)]


def _work(desk: Desk, scope: Scope, now: datetime) -> Iterator[Figure]:
    work = work_in(desk, filter(scope.holds, desk.of_kind(*WORKED_ON)), scope.span, now)
    yield Figure("tickets opened", work.opened, "incidents and requests with reported_at in the period")
    yield Figure("tickets resolved", work.resolved, "those and older ones with a `resolved` event in the period")
    yield Figure("tickets reopened", work.reopened, "those with a `reopened` event in the period")
    yield Figure("clocks met", work.met, "contractual clocks that stopped in time in the period")
    yield Figure("clocks breached", work.missed, "contractual clocks that ran out in the period")
    yield Figure("attainment", work.attainment, "clocks met / (clocks met + clocks breached)", "%")


def _field_work(desk: Desk, scope: Scope) -> Iterator[Figure]:
    arrived = [one for one in desk.of_kind("visit") if scope.holds(one) and _moment(one, "arrived", scope.span)]
    yield Figure("visits", len(arrived), "visits with an `arrived` event in the period")
    signed = list(_inspections(desk, scope))
    yield Figure("inspections", len(signed), "inspections with a `signed_off` event in the period")
    failed = sum(result.get("ok") is False for one in signed for result in one.get("results", default=()))
    yield Figure("failed items", failed, "items of those inspections that are not in order")


def _satisfaction(desk: Desk, scope: Scope, low: int, fewest: int) -> Iterator[Figure]:
    if scope.service:  # surveys are about a ticket, a project or a year, not about a service
        return
    last = (scope.span.end - timedelta(days=1)).date()
    row = summed("", voices_of(desk, scope.customer, start=scope.span.start.date(), end=last), low, fewest)
    formula = "share of scores of 4 or 5; {n} surveys were answered in the period, shown from {fewest} on"
    yield Figure("CSAT", row.csat, formula, "%", (("n", row.answered), ("fewest", fewest)))


def _services(desk: Desk, scope: Scope) -> list[Facts]:
    return [
        one
        for one in desk.of_kind("service")
        if one.status == "active"
        and scope.service in ("", one.id)
        and (not scope.customer or scope.customer in one.get("customers", default=()))
    ]


def _availability(desk: Desk, service: Facts, scope: Scope) -> Iterator[Figure]:
    of_service = Scope(scope.customer, service.id, scope.span)
    down = outage_in(filter(of_service.holds, desk.of_kind("incident")), scope.span)
    share = round(100 * (1 - down / (scope.span.end - scope.span.start)), 3)
    said = (("service", service.id),)
    formula = "1 - outage / length of the period"
    yield Figure("availability of {service}", share, formula, "%", said)
    formula = "union of outage_start_at to outage_end_at of the incidents of {service}, cut to the period"
    yield Figure("outage of {service}", round(down.total_seconds() / 60, 1), formula, "min", said)


def _capacity(desk: Desk, scope: Scope) -> Iterator[Figure]:
    """Yield the highest (or, where a least is due, the lowest) figure that inspections measured against a bound."""
    measured: dict[tuple[str, str], list[float]] = {}
    bounds: dict[tuple[str, str], dict[str, Any]] = {}
    for inspection in _inspections(desk, scope):
        plan = desk.get("inspection_plan", str(inspection.get("plan", default="")))
        items = {item.get("key"): item for item in plan.get("checklist", default=())} if plan else {}
        for result in inspection.get("results", default=()):
            key, value = result.get("key"), result.get("value")
            bounded = key in items and ("max" in items[key] or "min" in items[key])
            if plan and bounded and isinstance(value, int | float) and not isinstance(value, bool):
                measured.setdefault((plan.id, key), []).append(value)
                bounds[plan.id, key] = items[key]
    for (plan_id, key), values in sorted(measured.items()):
        item = bounds[plan_id, key]
        said = (("plan", plan_id), ("item", key), ("n", len(values)), ("bound", item.get("max", item.get("min"))))
        unit = str(item.get("unit") or "")
        if "max" in item:
            yield Figure("{item} by {plan}", max(values), "highest of {n} measured; at most {bound}", unit, said)
        else:
            yield Figure("{item} by {plan}", min(values), "lowest of {n} measured; at least {bound}", unit, said)


def _inspections(desk: Desk, scope: Scope) -> Iterator[Facts]:
    for one in desk.of_kind("inspection"):
        if scope.holds(one) and _moment(one, "signed_off", scope.span):
            yield one


def _moment(ticket: Facts, name: str, span: Span) -> bool:
    moments = [entry.get("at") for entry in ticket.timeline if entry.get("event") == name]
    return any(span.holds(parse_instant(at)) for at in moments)
