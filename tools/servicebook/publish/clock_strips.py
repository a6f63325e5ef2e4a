"""The clocks of one ticket drawn as strips on one time axis.

A strip shows nothing that moves by itself: what still runs is drawn thin up to where it is due, and the script
fills it to now. So a page need not be made anew as time passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from servicebook.sla.instants import SECOND, from_micros, micros_of, to_micros
from servicebook.sla.segments import Segments, Span
from servicebook.sla.status import ClockStatus

WIDTH = 960
"""The width of a strip in units of its drawing; it is stretched to the room there is."""
TICKS = 4
MOST = 80
"""From so many stretches on (a clock of weeks), opening hours are not drawn one by one."""
STEPS = tuple(timedelta(minutes=n) for n in (5, 10, 15, 30, 60, 120, 180, 240, 360, 720)) + tuple(
    timedelta(days=n) for n in (1, 2, 4, 7, 14, 28, 91, 182, 365, 3650)
)
"""How far two ticks may lie apart."""
_REACHES = tuple((step, TICKS * step, TICKS * micros_of(step)) for step in STEPS)
_CHANGE = micros_of(timedelta(hours=3))  # no zone's offset changes by more


class Axis:
    """The time that all strips of a page share: TICKS steps on from `start`. `zero`, `end`: both in microseconds."""

    def __init__(self, start: datetime, step: timedelta, zero: int, end: int) -> None:
        self.start = start
        self.step = step
        self.times = f'data-from="{zero // SECOND}" data-to="{end // SECOND}"'
        self._zero = zero
        self._length = TICKS * micros_of(step)

    def x(self, at: int) -> int:
        """Return where an instant (in microseconds) lies on a strip."""
        share = (at - self._zero) / self._length
        return round(WIDTH * min(max(share, 0), 1))

    def ticks_html(self) -> str:
        """Return the times at the ticks; the strips tell nothing that the text beside them does not."""
        times = [(self.start + number * self.step).isoformat(timespec="seconds") for number in range(TICKS)]
        spans = "".join(
            [f'<span><time class="tick" datetime="{at}">{at[5:10]} {at[11:16]}</time></span>' for at in times]
        )
        return f'<p class="axis" aria-hidden="true">{spans}</p>\n'


def axis_of(clocks: Sequence[ClockStatus], zone: ZoneInfo) -> Axis | None:
    """Return the axis that holds all clocks, its ticks at round times; None where none has started."""
    courses = [course for clock in clocks if (course := clock.course)]
    if not courses:
        return None
    begin = min([course.start for course in courses])
    last = max([at for course in courses for at in (course.due, course.stopped) if at is not None], default=begin)
    first = from_micros(begin, zone)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    since, least = first - midnight, last - begin - _CHANGE
    for step, reach, length in _REACHES:
        if length < least:
            continue  # sooner told than tried
        start = midnight + since // step * step
        if (end := to_micros(start + reach)) >= last:
            return Axis(start, step, to_micros(start), end)
    return None


def strip(clock: ClockStatus, axis: Axis) -> str:
    """Return the strip of one clock that has started, as SVG."""
    stretches, due = _stretches(clock), clock.course.due if clock.course else None
    live = len(stretches) - 1 if is_live(clock) else None
    marks = [
        _going_on(clock, span, axis, due) if place == live else _over(clock.state, span, axis)
        for place, span in enumerate(stretches)
    ]
    if due is not None:
        x = min(max(axis.x(due), 1), WIDTH - 1)
        marks.append(f'<path class="due" d="M{x} 3V27"/>')
    return (
        f'<svg class="seg" viewBox="0 0 {WIDTH} 30" preserveAspectRatio="none" aria-hidden="true" {axis.times}>'
        f'<path class="nowl" d=""/>{"".join(marks)}</svg>\n'
    )


def face_of_strip(clock: ClockStatus) -> tuple[str, str]:
    """Return what of a strip changes as time passes: its last stretch, another one once hours open or close."""
    last = _stretches(clock)[-1:] if is_live(clock) else ()
    return (last[0].kind, str(last[0].start)) if last else ("", "")


def is_live(clock: ClockStatus) -> bool:
    """Whether a clock's last stretch still goes on."""
    course = clock.course
    return (course is None or course.stopped is None) and clock.state in ("running", "paused", "missed")


def _stretches(clock: ClockStatus) -> Sequence[Span]:
    segments, course = clock.segments, clock.course
    if not isinstance(segments, Segments):  # a window of days, of which no hours are counted
        return (Span("running", course.start, course.end),) if course and course.end > course.start else ()
    full = segments.spans_in_full()
    return full if len(full) <= MOST else segments.spans()


def _going_on(clock: ClockStatus, span: Span, axis: Axis, due: int | None) -> str:
    """Return the last stretch of a clock that still goes on."""
    start = axis.x(span.start)
    until = axis.x(due) if due is not None and clock.state == "running" else WIDTH
    todo = f'<rect class="todo" x="{start}" y="12" width="{max(until - start, 0)}" height="6"/>'
    if span.kind == "outside-hours":
        return todo
    look = "pau" if clock.state == "paused" else "miss" if clock.state == "missed" else "run"
    return f'{todo}<rect class="{look} live" x="{start}" y="8" width="0" height="14"/>'


def _over(state: str, span: Span, axis: Axis) -> str:
    """Return a stretch that is over, of a clock that stands as `state` says."""
    start = axis.x(span.start)
    width = max(axis.x(span.end) - start, 3)
    if span.kind in ("paused", "resolved", "elsewhere"):
        return f'<rect class="pau" x="{start}" y="10" width="{width}" height="10"/>'
    if span.kind == "outside-hours":
        return f'<path class="out" d="M{start} 15H{start + width}"/>'
    look = {"met": "met", "missed": "miss"}.get(state, "run")
    return f'<rect class="{look}" x="{start}" y="8" width="{width}" height="14"/>'
