"""When the steps of escalation of one clock fall, and which boundary comes next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from servicebook.sla.clock import Course
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.within import Within, parse_length
from servicebook.sla.working_time import due_after, merged_cuts, worked


class StepMark(NamedTuple):
    """A step of escalation: its text in the agreement, when it falls (None while paused), whom it tells."""

    at: int | None
    step: str
    tell: tuple[str, ...]


_SHARE = re.compile(r"(\d+)%")


def step_marks(
    steps: Sequence[tuple[str, tuple[str, ...]]], course: Course, amount: Within, hours: SupportHours
) -> tuple[StepMark, ...]:
    """Return when each step falls: a share of the target in working time, or an offset from the due time.

    A step counts the same cuts as the target, so a pause moves it too. Source: sla.md, point 13.
    """
    cuts = merged_cuts((cut.start, cut.end) for cut in course.cuts)
    marks = []
    for text, tell in steps:
        share = _SHARE.fullmatch(text)
        offset = None if share else parse_length(text)
        at = None
        if share and int(share[1]) == 100:
            at = course.due
        elif share:
            whole = _whole(course, amount, hours)
            at = None if whole is None else due_after(hours, course.start, whole * int(share[1]) // 100, cuts)
        elif offset is not None and course.due is not None:
            at = due_after(hours, course.due, offset, cuts) if offset else course.due
        marks.append(StepMark(at, text, tell))
    return tuple(marks)


def _whole(course: Course, amount: Within, hours: SupportHours) -> int | None:
    """Return the working time a target allows in all; for working days, up to the due time."""
    if amount.days is None:
        return amount.time
    if course.due is None:
        return None
    return worked(hours, course.start, course.due, merged_cuts((cut.start, cut.end) for cut in course.cuts))


def next_boundary(now: int, course: Course, marks: Iterable[StepMark]) -> int | None:
    """Return the next instant at which this clock's standing changes by itself, or None."""
    instants = [course.due, *(mark.at for mark in marks), *(cut.end for cut in course.cuts)]
    return min((at for at in instants if at is not None and at > now), default=None)
