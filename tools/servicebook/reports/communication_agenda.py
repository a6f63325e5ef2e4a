"""What the communication plan asks of people, as tasks of `servicebook next`: reports, reviews, contacts to report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.agenda import Task
from servicebook.reports.board import Desk
from servicebook.reports.listing import is_open
from servicebook.reports.periodic import DueReport, due_reports, plans_in_use, review_due
from servicebook.settings import Settings
from servicebook.workflow.coordination import contacts_of, late_words

TASK_OF = {"missing": "report_write", "written": "report_review", "reviewed": "report_submit"}
"""How far a periodic report has come to what is to be done about it."""

REVIEW_AHEAD = timedelta(days=7)


def communication_tasks(
    desk: Desk, now: datetime, settings: Settings, is_mine: Callable[[str], bool] = lambda _: True
) -> Iterator[Task]:
    """Yield what is due of whom is_mine names; a report that nobody has written is a task of its plan."""
    for row in due_reports(desk, now.date()) if next(plans_in_use(desk), None) else ():
        if row.state != "submitted" and is_mine(row.next_by):
            yield Task(TASK_OF[row.state], row.report or row.plan, _midnight(row.due_on, now), detail=_detail(row))
    for plan in plans_in_use(desk):
        day = review_due(plan)
        if day and day <= now.date() + REVIEW_AHEAD and is_mine(str(plan.get("coordinator", default=""))):
            yield Task("plan_review", plan, _midnight(day, now))
    for ticket in filter(is_open, desk.live(TICKET_KINDS)):
        for contact in contacts_of(ticket):
            if not contact.is_reported and is_mine(contact.by):
                yield Task("contact_report", ticket, contact.at)
        if "recorded_at" in ticket.raw:
            for word in late_words(ticket, timedelta(seconds=settings.recorded_within)):
                if is_mine(str(word.entry.get("by", ""))):
                    entry_id = str(word.entry.get("id"))
                    yield Task("late_word", ticket, ticket.instants[word.position], detail=entry_id)


def _detail(row: DueReport) -> str:
    """Return the words behind `servicebook report new` that make the report; nothing for one that is there."""
    if row.report:
        return ""
    service = f" --service {row.promised['service']}" if row.promised.get("service") else ""
    kind = row.promised.get("report_type")
    return f"--type {kind} --customer {row.customer}{service} --from {row.period.start}"


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)
