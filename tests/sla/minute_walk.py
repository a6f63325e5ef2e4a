"""An independent reckoning of working time: look at the wall clock of every single minute. Slow, and obvious."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def ranges_of(hours: dict[str, Any], day: date) -> list[tuple[int, int]]:
    """Return the day's ranges in minutes since midnight, straight from the rule of precedence."""
    text = day.isoformat()
    known = hours.setdefault("seen", {})
    if text in known:
        return known[text]
    week = hours["week"]
    if text in hours.get("dates", {}):
        ranges = hours["dates"][text]
    elif text in hours.get("working_days", ()):
        full = [name for name in NAMES if week.get(name)]
        ranges = week.get(NAMES[day.weekday()]) or week.get("mon") or (week[full[0]] if full else [])
    elif text in hours.get("holidays", ()):
        ranges = []
    else:
        ranges = week.get(NAMES[day.weekday()]) or []
    found = []
    for start, end in ranges:
        low, high = (int(t[:2]) * 60 + int(t[3:]) for t in (start, end))
        found.append((low, high if high > low else high + 1440))
    known[text] = found
    return found


def is_open(hours: dict[str, Any], minute: datetime) -> bool:
    """Whether the wall clock of the zone shows working time in the minute that starts at a UTC instant."""
    wall = minute.astimezone(ZoneInfo(hours["timezone"]))
    today = wall.date()
    at = wall.hour * 60 + wall.minute
    if any(low <= at < high for low, high in ranges_of(hours, today)):
        return True
    return any(low <= at + 1440 < high for low, high in ranges_of(hours, today - DAY))


def counts(hours: dict[str, Any], minute: datetime, pauses: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether a minute is worked and not paused."""
    return is_open(hours, minute) and not any(start <= minute < end for start, end in pauses)


def walk(start: datetime, step: int = 1) -> Iterator[datetime]:
    """Yield the minutes from `start` on (or back from the one before it) in UTC."""
    at = start.astimezone(UTC)
    if step < 0:
        at -= MINUTE
    while True:
        yield at
        at += MINUTE * step


def walk_due(
    hours: dict[str, Any], start: datetime, minutes: int, pauses: list[tuple[datetime, datetime]], limit: int
) -> datetime | None:
    """Return when `minutes` (any sign) of working time are over, looking at no more than `limit` minutes."""
    left = abs(minutes)
    for seen, minute in enumerate(walk(start, -1 if minutes < 0 else 1)):
        if seen > limit:
            return None
        if counts(hours, minute, pauses):
            if minutes == 0:
                return minute
            left -= 1
            if left == 0:
                return minute + MINUTE if minutes > 0 else minute
    return None


def walk_between(
    hours: dict[str, Any], start: datetime, end: datetime, pauses: list[tuple[datetime, datetime]]
) -> int:
    """Return the minutes worked from `start` to `end`."""
    total = 0
    for minute in walk(start):
        if minute >= end:
            return total
        total += counts(hours, minute, pauses)
    return total
