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


class Span(NamedTuple):
    """A segment in microseconds, before anybody asks for its working time: drawings need no more."""

    kind: str
    start: int
    end: int
    reason: str = ""


class Segments(Sequence[Segment]):
    """The segments of one clock, made when somebody looks: boards show thousands of clocks and no segment."""

    __slots__ = ("_course", "_found", "_hours")

    def __init__(self, course: Course, hours: SupportHours) -> None:
        self._course = course
        self._hours = hours
        self._found: tuple[Segment, ...] | None = None

    def spans(self) -> list[Span]:
        """Return the segments in microseconds."""
        return spans_of(self._course)

    def spans_in_full(self) -> list[Span]:
        """Return the same with every running stretch split where the hours open and close."""
        return _split(spans_of(self._course), self._hours)

    def in_full(self) -> list[Segment]:
        """Return the segments with every running stretch split where the hours open and close."""
        return [_segment(span, self._hours) for span in self.spans_in_full()]

    def _all(self) -> tuple[Segment, ...]:
        if self._found is None:
            self._found = tuple(_segment(span, self._hours) for span in spans_of(self._course))
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


def spans_of(course: Course) -> list[Span]:
    """Return the stretches of a clock from its start to its stop or now, in order, without gaps."""
    if not course.cuts and course.original is None:
        return [Span("running", course.start, course.end)] if course.start < course.end else []
    found: list[Span] = []
    place = course.start
    for cut in course.cuts:
        begin, end = max(cut.start, place), course.end if cut.end is None else min(cut.end, course.end)
        if begin >= end:
            continue
        found += _running(course, place, begin)
        found.append(Span(cut.kind, begin, end, cut.reason))
        place = end
    return found + _running(course, place, course.end)


def _running(course: Course, start: int, end: int) -> list[Span]:
    """Return a running stretch; what lies behind the first due time of an extended target is told apart."""
    turn = end if course.original is None else min(max(course.original, start), end)
    parts = (("running", start, turn), ("extended", turn, end))
    return [Span(kind, low, high) for kind, low, high in parts if low < high]


def _segment(span: Span, hours: SupportHours) -> Segment:
    kind, start, end, reason = span
    time = hours.between(start, end) if kind in WORKED else 0
    return Segment(kind, instant_in(start, hours.zone), instant_in(end, hours.zone), length_of(time), reason)


def split_by_hours(segments: tuple[Segment, ...], hours: SupportHours) -> list[Segment]:
    """Return segments with every running stretch split where the hours open and close."""
    spans = [Span(one.kind, to_micros(one.start), to_micros(one.end), one.reason) for one in segments]
    return [_segment(span, hours) for span in _split(spans, hours)]


def _split(spans: list[Span], hours: SupportHours) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        kind, place, end, _ = span
        if kind not in WORKED or hours.between(place, end) == end - place:
            found.append(span)
            continue
        for opens, closes in hours.openings(place, end):
            if opens > place:
                found.append(Span("outside-hours", place, opens))
            found.append(Span(kind, opens, closes))
            place = closes
        if place < end:
            found.append(Span("outside-hours", place, end))
    return found
