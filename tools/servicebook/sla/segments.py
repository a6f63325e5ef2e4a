"""The stretches of a clock, each with its wall-clock and working time, that add up to what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from servicebook.sla.clock import Course
from servicebook.sla.instants import instant_in, length_of, to_micros
from servicebook.sla.support_hours import SupportHours
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import overload

WORKED = ("running", "extended")
"""The kinds of stretch whose working time counts."""


class Segment(NamedTuple):
    """A stretch of a clock: running, extended, paused (with its reason), resolved (uncounted) or outside-hours.

    worked: the working time that counts, zero but while running or extended; the rest of a running stretch that is not
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


class Segments(Sequence[Segment]):
    """The segments of one clock, made when somebody looks: boards show thousands of clocks and no segment."""

    __slots__ = ("_course", "_found", "_hours")

    def __init__(self, course: Course, hours: SupportHours) -> None:
        self._course = course
        self._hours = hours
        self._found: tuple[Segment, ...] | None = None

    def in_full(self) -> list[Segment]:
        """Return the segments with every running stretch split where the hours open and close."""
        return split_by_hours(self._all(), self._hours)

    def _all(self) -> tuple[Segment, ...]:
        if self._found is None:
            self._found = segments_of(self._course, self._hours)
        return self._found

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, place: int) -> Segment: ...

        @overload
        def __getitem__(self, place: slice) -> tuple[Segment, ...]: ...

    def __getitem__(self, place: int | slice) -> Segment | tuple[Segment, ...]:
        return self._all()[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


def segments_of(course: Course, hours: SupportHours) -> tuple[Segment, ...]:
    """Return the stretches of a clock from its start to its stop or now, in order, without gaps."""
    found: list[Segment] = []
    place = course.start
    for cut in course.cuts:
        begin, end = max(cut.start, place), course.end if cut.end is None else min(cut.end, course.end)
        if begin >= end:
            continue
        found += _running(course, place, begin, hours)
        found.append(_segment(cut.kind, begin, end, hours, cut.reason))
        place = end
    found += _running(course, place, course.end, hours)
    return tuple(found)


def _running(course: Course, start: int, end: int, hours: SupportHours) -> list[Segment]:
    """Return a running stretch; what lies behind the first due time of an extended target is told apart."""
    turn = end if course.original is None else min(max(course.original, start), end)
    parts = (("running", start, turn), ("extended", turn, end))
    return [_segment(kind, low, high, hours) for kind, low, high in parts if low < high]


def _segment(kind: str, start: int, end: int, hours: SupportHours, reason: str = "") -> Segment:
    time = hours.between(start, end) if kind in WORKED else 0
    return Segment(kind, instant_in(start, hours.zone), instant_in(end, hours.zone), length_of(time), reason)


def split_by_hours(segments: tuple[Segment, ...], hours: SupportHours) -> list[Segment]:
    """Return segments with every running stretch split where the hours open and close."""
    found: list[Segment] = []
    for segment in segments:
        if segment.kind not in WORKED or segment.worked == segment.elapsed:
            found.append(segment)
            continue
        place, end = to_micros(segment.start), to_micros(segment.end)
        for opens, closes in hours.openings(place, end):
            if opens > place:
                found.append(_segment("outside-hours", place, opens, hours))
            found.append(_segment(segment.kind, opens, closes, hours))
            place = closes
        if place < end:
            found.append(_segment("outside-hours", place, end, hours))
    return found
