"""The stretches of a clock, each with its wall-clock and working time, that add up to what it shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from servicebook.sla.clock import Course
from servicebook.sla.instants import instant_in, length_of, to_micros
from servicebook.sla.support_hours import SupportHours


class Segment(NamedTuple):
    """A stretch of a clock: running, paused (with its reason), resolved (uncounted) or outside-hours.

    worked: the working time that counts, zero but while running; the rest of a running stretch that is not
    split further lies outside hours.
    """

    kind: str
    start: datetime
    end: datetime
    worked: timedelta
    reason: str = ""

    @property
    def elapsed(self) -> timedelta:
        """The wall-clock length."""
        return length_of(to_micros(self.end) - to_micros(self.start))


def segments_of(course: Course, hours: SupportHours) -> tuple[Segment, ...]:
    """Return the stretches of a clock from its start to its stop or now, in order, without gaps."""
    found: list[Segment] = []
    place = course.start
    for cut in course.cuts:
        begin, end = max(cut.start, place), course.end if cut.end is None else min(cut.end, course.end)
        if begin >= end:
            continue
        if begin > place:
            found.append(_segment("running", place, begin, hours))
        found.append(_segment(cut.kind, begin, end, hours, cut.reason))
        place = end
    if place < course.end:
        found.append(_segment("running", place, course.end, hours))
    return tuple(found)


def _segment(kind: str, start: int, end: int, hours: SupportHours, reason: str = "") -> Segment:
    time = hours.between(start, end) if kind == "running" else 0
    return Segment(kind, instant_in(start, hours.zone), instant_in(end, hours.zone), length_of(time), reason)


def split_by_hours(segments: tuple[Segment, ...], hours: SupportHours) -> list[Segment]:
    """Return segments with every running stretch split where the hours open and close."""
    found: list[Segment] = []
    for segment in segments:
        if segment.kind != "running" or segment.worked == segment.elapsed:
            found.append(segment)
            continue
        place, end = to_micros(segment.start), to_micros(segment.end)
        for opens, closes in hours.openings(place, end):
            if opens > place:
                found.append(_segment("outside-hours", place, opens, hours))
            found.append(_segment("running", opens, closes, hours))
            place = closes
        if place < end:
            found.append(_segment("outside-hours", place, end, hours))
    return found
