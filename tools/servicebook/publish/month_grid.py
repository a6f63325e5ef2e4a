"""Months as a wall calendar has them: weeks from Monday to Sunday, and which days an entry of the schedule touches."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from servicebook.reports.schedule import Planned

MONTHS = (
    "January {year}", "February {year}", "March {year}", "April {year}", "May {year}", "June {year}", "July {year}",
    "August {year}", "September {year}", "October {year}", "November {year}", "December {year}",
)  # fmt: skip
"""What a month is called, as English labels."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""The heads of its columns, as English labels (ISO 8601: a week begins on Monday)."""

_INSTANT = timedelta(microseconds=1)


def weeks_of(first: date) -> list[list[date]]:
    """Return the weeks that a month touches, seven days each; those at its edges reach into its neighbours."""
    return Calendar().monthdatescalendar(first.year, first.month)


def month_after(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def days_of(one: Planned, zone: tzinfo) -> tuple[date, date]:
    """Return the first and the last day that an entry touches in a zone; midnight belongs to the day that it ends."""
    first, last = local_day(one.start, zone), one.end
    if isinstance(last, datetime):
        return first, max(first, local_day(last - _INSTANT, zone))
    return first, max(first, last - timedelta(days=1))


def local_day(moment: datetime | date, zone: tzinfo) -> date:
    """Return the day that an instant falls on in a zone; a day as it is."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def by_day(entries: Iterable[Planned], days: Iterable[date], zone: tzinfo) -> dict[date, list[Planned]]:
    """Return what touches each of these days, in the order of the entries."""
    found: dict[date, list[Planned]] = {day: [] for day in days}
    edges = (min(found, default=date.max), max(found, default=date.min))
    for one in entries:
        first, last = days_of(one, zone)
        at, last = max(first, edges[0]), min(last, edges[1])
        while at <= last:
            if at in found:
                found[at].append(one)
            at += timedelta(days=1)
    return found
