"""Clocks drawn as strips: one that is a window of days, of which no hours are counted, is drawn as well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from servicebook.publish.clock_strips import Axis, strip
from servicebook.sla.instants import micros_of, to_micros

DAY = timedelta(days=1)
START = datetime(2026, 11, 7, tzinfo=UTC)


def test_a_window_of_days_is_drawn_from_its_beginning_to_its_stop() -> None:
    zero = to_micros(START)
    course = SimpleNamespace(start=zero, end=zero + micros_of(DAY), due=zero + micros_of(3 * DAY), stopped=zero)
    clock: Any = SimpleNamespace(segments=(), course=course, state="met")
    drawn = strip(clock, Axis(START, DAY, zero, zero + micros_of(4 * DAY)))
    assert '<rect class="met" x="0" y="8" width="240" height="14"/>' in drawn and 'd="M720 3V27"' in drawn
    course.end = zero  # stopped before it was open
    assert "<rect" not in strip(clock, Axis(START, DAY, zero, zero + micros_of(4 * DAY)))
