"""Calendars to subscribe to: entries written as iCalendar (RFC 5545, names of the calendar by RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # the package takes longer to load than most calendars to keep
    from icalendar import Calendar, Event, Timezone

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
REFRESH = timedelta(hours=1)
"""How often a program that subscribed should ask again."""

_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
"""Control characters, which RFC 5545 (3.1) does not admit in texts."""


class CalendarEntry(NamedTuple):
    """One event of a calendar.

    uid: never changes for one thing. start, end: instants with a zone, or days (the last one not included).
    standing: `confirmed`, `tentative` or `cancelled`. changed_at: when what is said here last changed; later is
    newer for every program that subscribed.
    """

    uid: str
    title: str
    start: datetime | date
    end: datetime | date
    standing: str
    changed_at: datetime
    text: str = ""
    place: str = ""
    url: str = ""
    busy: bool = True


def calendar_bytes(name: str, entries: Iterable[CalendarEntry], url: str = "") -> bytes:
    """Return a calendar of this name with its entries and the time zones that they need."""
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Servicebook//Service desk//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for label in ("name", "x-wr-calname"):
        calendar.add(label, vText(_clean(name)))  # it does not escape what RFC 5545 does not know
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if url:
        calendar.add("url", url)
    days = []
    for entry in entries:
        calendar.add_component(_event(entry))
        days += [_day_of(entry.start), _day_of(entry.end)]
    if days:
        _add_zones(calendar, min(days).year, max(days).year)
    return bytes(calendar.to_ical())


def _add_zones(calendar: Calendar, first: int, last: int) -> None:
    """Add the time zones that entries name, for the years from `first` to `last`."""
    for place, name in enumerate(sorted(calendar.get_missing_tzids())):
        calendar.subcomponents.insert(place, _zone(name, first, last))  # before the events that name it


@cache
def _zone(name: str, first: int, last: int) -> Timezone:
    """Return a time zone as calendars send it along; working one out takes longer than a hundred entries."""
    from icalendar import Timezone

    return Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 1))


def sequence_of(changed_at: datetime) -> int:
    """Return the SEQUENCE of an entry: whole minutes from 2020 to its last change, so that it only grows."""
    return max(0, int((changed_at - EPOCH).total_seconds() // 60))


def _event(entry: CalendarEntry) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", sequence_of(entry.changed_at))
    for label in ("dtstamp", "last-modified"):
        event.add(label, entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("status", entry.standing.upper())
    event.add("transp", "OPAQUE" if entry.busy and entry.standing != "cancelled" else "TRANSPARENT")
    for label, text in (("summary", entry.title), ("description", entry.text), ("location", entry.place)):
        if text:
            event.add(label, _clean(text))
    if entry.url:
        event.add("url", entry.url)
    return event


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_FORBIDDEN)


def _day_of(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
