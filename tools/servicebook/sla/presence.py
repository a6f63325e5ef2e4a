"""When a team has to be there: the days of a roster and the support hours of a team as stretches of time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.sla.hours_form import HoursError
from servicebook.sla.instants import from_micros, read_zone, to_micros
from servicebook.sla.versions import compile_hours

Span = tuple[datetime, datetime]
"""From an instant to another, the second not included."""


def days_of(zone_name: str, first: str, last: str) -> Span | None:
    """Return the days from one to another (YYYY-MM-DD), the last included, by a zone's clock; None for no days."""
    zone = read_zone(zone_name)
    if not first or not last or zone is None or first > last:
        return None
    midnights = (date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
    start, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in midnights)
    return start, end


def spans_of(hours: Facts | None, start: datetime, end: datetime) -> list[Span]:
    """Return the support hours between two instants; all of the time where there are none that can be computed."""
    if start >= end:
        return []
    if hours is None:
        return [(start, end)]
    try:
        compiled = compile_hours(hours.data)
    except HoursError:
        return [(start, end)]
    zone = start.tzinfo or compiled.zone
    found = compiled.openings(to_micros(start), to_micros(end))
    return [(from_micros(low, zone), from_micros(high, zone)) for low, high in found]
