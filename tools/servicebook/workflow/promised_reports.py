"""Which periodic reports a communication plan promises: their periods, the day each is due, and which record is it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from servicebook.records.facts import Facts
from servicebook.typed import Any, NamedTuple

OWN_PERIODS = {"weekly": "week", "annual": "year"}
"""Type of report to the period that it tells of; every other one tells of a month."""

Promised = Mapping[str, Any]


class Period(NamedTuple):
    """From the first to the last day, both included."""

    start: date
    end: date


def every_of(promised: Promised) -> str:
    """Return `week`, `month` or `year`: what the plan says, else what the type means."""
    return str(promised.get("every") or OWN_PERIODS.get(str(promised.get("report_type")), "month"))


def period_around(every: str, day: date) -> Period:
    """Return the week (Monday to Sunday, ISO 8601), month or year that a day lies in."""
    if every == "week":
        start = day - timedelta(days=day.weekday())
        return Period(start, start + timedelta(days=6))
    if every == "year":
        return Period(date(day.year, 1, 1), date(day.year, 12, 31))
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return Period(day.replace(day=1), after - timedelta(days=1))


def periods_until(promised: Promised, until: date) -> Iterator[Period]:
    """Yield the periods of a promised report that are over before a day, the first one cut where the promise begins."""
    first, last = _day(promised.get("starts_on")), _day(promised.get("ends_on")) or date.max
    if first is None:
        return
    period = period_around(every_of(promised), first)
    period = Period(first, period.end)
    while period.end < until and period.start <= last:
        yield period
        period = period_around(every_of(promised), period.end + timedelta(days=1))


def due_on(promised: Promised, period: Period) -> date:
    """Return the last day on which the report of a period is submitted in time."""
    days, _, _ = str(promised.get("within", "0 days")).partition(" ")
    return period.end + timedelta(days=int(days) if days.isdigit() else 0)


def is_promised(report: Facts, promised: Promised, customers: Iterable[str]) -> bool:
    """Whether a report is one of those that a line of a plan promises, of whichever period."""
    return (
        report.status != "retired"
        and report.get("report_type") == promised.get("report_type")
        and report.get("service") == promised.get("service")
        and str(report.get("customer", default="")) in customers
    )


def is_of_period(report: Facts, period: Period) -> bool:
    """Whether a report tells of a period: it begins in it."""
    start = _day(report.get("period_start"))
    return start is not None and period.start <= start <= period.end


def customers_of(plan: Facts, contract: Facts | None, customers: Iterable[Facts]) -> list[str]:
    """Return whom a plan is for: the customer of its contract, and those whose file names it."""
    named = [contract.get("customer")] if contract else []
    named += [one.id for one in customers if one.get("communication_plan") == plan.id]
    return list(dict.fromkeys(str(name) for name in named if name))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
