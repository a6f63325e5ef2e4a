"""Which periodic reports are due: what a communication plan promises, held against the reports that are there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.sla.cover import end_of_term
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.promised_reports import (
    Period,
    customers_of,
    due_on,
    is_of_period,
    is_promised,
    periods_until,
)

STATES = {
    "missing": "nobody has written it yet",
    "written": "waits to be reviewed",
    "reviewed": "waits to be submitted",
    "submitted": "submitted",
}
"""How far a report has come, in words."""


class DueReport(NamedTuple):
    """One report that a line of a plan promises to a customer: of which period, by when, and how far it has come.

    promised: the line. state: one of STATES. late: it is past its day, or was submitted after it.
    """

    plan: Facts
    promised: dict[str, Any]
    customer: str
    period: Period
    due_on: date
    report: Facts | None
    state: str
    late: bool

    @property
    def next_by(self) -> str:
        """Who has to do something about it now."""
        return str(self.promised.get("reviewed_by" if self.state == "written" else "prepared_by", ""))


def due_reports(desk: Desk, today: date) -> list[DueReport]:
    """Return the reports of all periods that are over, the soonest due first (clause 1.5.5-1)."""
    found = [one for plan in plans_in_use(desk) for one in _of_plan(desk, plan, today)]
    return sorted(found, key=lambda one: (one.due_on, one.customer, str(one.promised.get("report_type"))))


def plans_in_use(desk: Desk) -> Iterator[Facts]:
    """Yield the communication plans that hold."""
    return (plan for plan in desk.of_kind("communication_plan") if plan.status != "retired")


def customers_told(desk: Desk, plan: Facts) -> list[str]:
    """Return the customers that a plan is for."""
    contract = desk.get("contract", str(plan.get("contract", default="")))
    return customers_of(plan, contract, desk.of_kind("customer"))


def review_due(plan: Facts) -> date | None:
    """Return the day on which a plan is to be looked at again; None where it names no rhythm or no last review."""
    last = plan.get("reviewed_on")
    end = end_of_term(date.fromisoformat(last), plan.get("review_every")) if last else None
    return end + timedelta(days=1) if end else None


def _of_plan(desk: Desk, plan: Facts, today: date) -> Iterator[DueReport]:
    reports = list(desk.of_kind("report"))
    for promised in plan.get("reports", default=()):
        for customer in customers_told(desk, plan):
            ours = [one for one in reports if is_promised(one, promised, (customer,))]
            for period in periods_until(promised, today):
                report = next((one for one in ours if is_of_period(one, period)), None)
                yield _row(plan, promised, customer, period, report, today)


def _row(
    plan: Facts, promised: dict[str, Any], customer: str, period: Period, report: Facts | None, today: date
) -> DueReport:
    last_day = due_on(promised, period)
    submitted = str(report.get("submitted_at") or "")[:10] if report else ""
    state = "missing"
    if report is not None:
        state = "submitted" if submitted else "reviewed" if is_reviewed(report) else "written"
    late = (submitted or today.isoformat()) > last_day.isoformat()
    return DueReport(plan, promised, customer, period, last_day, report, state, late)


def is_reviewed(report: Facts) -> bool:
    """Whether somebody has said when they reviewed a report."""
    return bool(report.get("reviewed_by") and report.get("reviewed_at"))


def due_data(row: DueReport) -> dict[str, Any]:
    """Return a row in JSON values."""
    return {
        "report_type": row.promised.get("report_type"),
        "customer": row.customer,
        "service": row.promised.get("service"),
        "period_start": row.period.start.isoformat(),
        "period_end": row.period.end.isoformat(),
        "due_on": row.due_on.isoformat(),
        "prepared_by": row.promised.get("prepared_by"),
        "reviewed_by": row.promised.get("reviewed_by"),
        "submitted_to": row.promised.get("submitted_to"),
        "report": row.report.id if row.report else None,
        "state": row.state,
        "late": row.late,
    }
