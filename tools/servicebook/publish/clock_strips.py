"""The clocks of one ticket drawn as strips on one time axis.

A strip shows nothing that moves by itself: what still runs is drawn thin up to where it is due, and the script
fills it to now. So a page need not be made anew as time passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from servicebook.sla.segments import Segment, Segments
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


class Axis(NamedTuple):
    """The time that all strips of a page share: from `start`, TICKS steps on."""

    start: datetime
    step: timedelta

    @property
    def end(self) -> datetime:
        """Where the axis ends."""
        return self.start + TICKS * self.step

    def x(self, at: datetime) -> int:
        """Return where an instant lies on a strip."""
        share = (at - self.start) / (self.end - self.start)
        return round(WIDTH * min(max(share, 0), 1))

    def ticks_html(self) -> str:
        """Return the times at the ticks; the strips tell nothing that the text beside them does not."""
        times = [(self.start + number * self.step).isoformat(timespec="seconds") for number in range(TICKS)]
        spans = "".join(
            f'<span><time class="tick" datetime="{at}">{at[5:10]} {at[11:16]}</time></span>' for at in times
        )
        return f'<p class="axis" aria-hidden="true">{spans}</p>\n'


def axis_of(clocks: Sequence[ClockStatus], zone: tzinfo) -> Axis | None:
    """Return the axis that holds all clocks, its ticks at round times; None where none has started."""
    starts = [clock.started_at for clock in clocks if clock.started_at]
    if not starts:
        return None
    first = min(starts).astimezone(zone)
    last = max([at for clock in clocks for at in (clock.due_at, clock.stopped_at) if at], default=first)
    for step in STEPS:
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        start = midnight + (first - midnight) // step * step
        if start + TICKS * step >= last:
            return Axis(start, step)
    return None


def strip(clock: ClockStatus, axis: Axis) -> str:
    """Return one clock's strip as SVG."""
    marks = [_stretch(clock, segment, axis, place) for place, segment in enumerate(_stretches(clock))]
    if clock.due_at:
        x = min(max(axis.x(clock.due_at), 1), WIDTH - 1)
        marks.append(f'<path class="due" d="M{x} 3V27"/>')
    times = f'data-from="{int(axis.start.timestamp())}" data-to="{int(axis.end.timestamp())}"'
    return (
        f'<svg class="seg" viewBox="0 0 {WIDTH} 30" preserveAspectRatio="none" aria-hidden="true" {times}>'
        f'<path class="nowl" d=""/>{"".join(marks)}</svg>\n'
    )


def face_of_strip(clock: ClockStatus) -> tuple[str, str]:
    """Return what of a strip changes as time passes: its last stretch, another one once hours open or close."""
    last = _stretches(clock)[-1:] if is_live(clock) else ()
    return (last[0].kind, str(last[0].start)) if last else ("", "")


def is_live(clock: ClockStatus) -> bool:
    """Whether a clock's last stretch still goes on."""
    return clock.stopped_at is None and clock.state in ("running", "paused", "missed")


def _stretches(clock: ClockStatus) -> Sequence[Segment]:
    segments = clock.segments
    if not isinstance(segments, Segments):
        return segments
    full = segments.in_full()
    return full if len(full) <= MOST else segments


def _stretch(clock: ClockStatus, segment: Segment, axis: Axis, place: int) -> str:
    start = axis.x(segment.start)
    if is_live(clock) and place == len(_stretches(clock)) - 1:
        until = axis.x(clock.due_at) if clock.due_at and clock.state == "running" else WIDTH
        todo = f'<rect class="todo" x="{start}" y="12" width="{max(until - start, 0)}" height="6"/>'
        if segment.kind == "outside-hours":
            return todo
        look = "pau" if clock.state == "paused" else "miss" if clock.state == "missed" else "run"
        return f'{todo}<rect class="{look} live" x="{start}" y="8" width="0" height="14"/>'
    width = max(axis.x(segment.end) - start, 3)
    if segment.kind in ("paused", "resolved", "elsewhere"):
        return f'<rect class="pau" x="{start}" y="10" width="{width}" height="10"/>'
    if segment.kind == "outside-hours":
        return f'<path class="out" d="M{start} 15H{start + width}"/>'
    look = {"met": "met", "missed": "miss"}.get(clock.state, "run")
    return f'<rect class="{look}" x="{start}" y="8" width="{width}" height="14"/>'
