"""What customers wait for, and what was promised in meetings and reports, as tasks of `servicebook next`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from servicebook.records.facts import Facts
from servicebook.reports.agenda import Task
from servicebook.reports.board import Desk
from servicebook.reports.callings import unanswered_voices, visits_due
from servicebook.settings import Settings


def voice_tasks(desk: Desk, now: datetime, whom: Callable[[Facts], bool], settings: Settings) -> Iterator[Task]:
    """Yield the customers to call on, and those who said something and wait for word."""
    for row in visits_due(desk, now.date(), timedelta(seconds=settings.return_visit_after)):
        if whom(row.customer):
            yield Task("call_on", row.customer, _midnight(row.due_on, now))
    for survey, day in unanswered_voices(desk, settings.low_score):
        if whom(survey):
            yield Task("follow_up", survey, _midnight(day, now) if day else None)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)
