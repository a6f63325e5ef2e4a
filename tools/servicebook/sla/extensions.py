"""An evidenced extension of a target: traffic or access gives more time, and the first due time stays in sight."""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.sla.clock import Course, Event
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import Target

ON_THE_WAY = "arrived"
"""Where an extension names no clock, it is for those that stop with the arrival."""


def extended(
    course: Course, target: Target, hours: SupportHours, events: Sequence[Event], now: int
) -> tuple[Course, str]:
    """Return the course with the extensions known at `now`, and `extension-without-evidence` or "".

    An `extended` event gives the new due time as `until`, the clock as `step`, and its `evidence`; without
    evidence it gives nothing. It is no pause, and one granted after the due time undoes no breach.
    Source: sla.md, point 1.
    """
    trouble = ""
    for event in events:
        if event.name != "extended" or event.at > now or course.due is None or not _is_for(event, target):
            continue
        if not event.entry.get("evidence"):
            trouble = "extension-without-evidence"
            continue
        if event.until is not None and event.until > course.due and event.at <= course.due:
            course = _moved(course, event.until, hours)
    return course, trouble


def _is_for(event: Event, target: Target) -> bool:
    named = str(event.entry.get("step") or "").split()
    return named[0] == target.name if named else ON_THE_WAY in target.stop


def _moved(course: Course, due: int, hours: SupportHours) -> Course:
    """Return the course with a later due time."""
    before = course.due if course.due is not None else due
    state = course.state
    if state == "missed" and course.end <= due:
        live = "running" if course.left is not None else "cancelled"
        state = "met" if course.stopped is not None else live
    left = None if course.left is None else course.left + hours.between(before, due)
    original = before if course.original is None else course.original
    return course._replace(due=due, state=state, left=left, original=original)
