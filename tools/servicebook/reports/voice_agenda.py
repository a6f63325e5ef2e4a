"""What customers wait for, and what was promised in meetings and reports, as tasks of `servicebook next`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from servicebook.records.facts import Facts
from servicebook.reports.agenda import Task
from servicebook.reports.board import Desk
from servicebook.reports.callings import unanswered_voices, visits_due
from servicebook.reports.promises_made import open_promises
from servicebook.settings import Settings

PROMISE_AHEAD = timedelta(days=3)


def voice_tasks(
    desk: Desk,
    now: datetime,
    whom: Callable[[Facts], bool],
    settings: Settings,
    is_mine: Callable[[str], bool] = lambda _: True,
) -> Iterator[Task]:
    """Yield the customers to call on, who waits for word, and what was promised; is_mine: of a person or team named."""
    for row in visits_due(desk, now.date(), timedelta(seconds=settings.return_visit_after)):
        if whom(row.customer):
            yield Task("call_on", row.customer, _midnight(row.due_on, now))
    for survey, day in unanswered_voices(desk, settings.low_score):
        if whom(survey):
            yield Task("follow_up", survey, _midnight(day, now) if day else None)
    for promise in open_promises(desk):
        soon = promise.due_on and promise.due_on <= now.date() + PROMISE_AHEAD
        if soon and promise.due_on and is_mine(promise.owner):
            number = str(promise.number or "")
            yield Task("promise", promise.record, _midnight(promise.due_on, now), detail=number)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)
