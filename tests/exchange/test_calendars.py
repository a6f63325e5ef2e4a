"""Calendars: what a strict parser reads out of them is what was put in, whatever the texts hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from servicebook.exchange.calendars import CalendarEntry, calendar_bytes, sequence_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 28, 2, 0, tzinfo=SHANGHAI)


def entry(**given: object) -> CalendarEntry:
    told = {
        "uid": "u1", "title": "核心交换机升级", "start": START, "end": START + timedelta(hours=2),
        "standing": "confirmed", "changed_at": datetime(2026, 11, 20, 1, tzinfo=UTC), **given,
    }  # fmt: skip
    return CalendarEntry(**told)  # type: ignore[arg-type]


def test_what_a_strict_parser_reads_is_what_was_written() -> None:
    data = calendar_bytes("海港 / Harbour", [entry(place="East Quay", text="one\ntwo; three, four", url="https://x/y")])
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    (event,) = calendar.events
    assert (event.uid, event.summary, event.location) == ("u1", "核心交换机升级", "East Quay")
    assert event.description == "one\ntwo; three, four"
    assert event.dtstart == START
    assert event.sequence == sequence_of(datetime(2026, 11, 20, 1, tzinfo=UTC))
    assert [zone.tz_id for zone in calendar.timezones] == ["Asia/Shanghai"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2026, 3, 29), date(2026, 7, 15), date(2026, 10, 25)])
def test_the_time_zone_that_is_sent_along_says_the_same_as_ours(zone: str, day: date) -> None:
    start = datetime(day.year, day.month, day.day, 12, 30, tzinfo=ZoneInfo(zone))
    text = calendar_bytes("x", [entry(start=start, end=start + timedelta(hours=1))]).decode()
    told = text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")]
    own = tzical(StringIO(told)).get(zone)  # dateutil knows of the zone only what the file says
    assert start.replace(tzinfo=own).utcoffset() == start.utcoffset()


def test_whole_days_stay_days() -> None:
    (event,) = IcsCalendarStream.calendar_from_ics(
        calendar_bytes("x", [entry(start=date(2026, 12, 1), end=date(2026, 12, 2))]).decode()
    ).events
    assert (event.dtstart, event.dtend) == (date(2026, 12, 1), date(2026, 12, 2))


def test_a_cancelled_entry_is_kept_and_no_longer_takes_time() -> None:
    text = calendar_bytes("x", [entry(standing="cancelled")]).decode()
    assert "STATUS:CANCELLED" in text
    assert "TRANSP:TRANSPARENT" in text


def test_a_later_change_has_a_higher_sequence() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 1, tzinfo=UTC)
    assert sequence_of(early) < sequence_of(late) < 2**31
    assert sequence_of(datetime(1999, 1, 1, tzinfo=UTC)) == 0


def test_an_empty_calendar_can_be_subscribed() -> None:
    assert IcsCalendarStream.calendar_from_ics(calendar_bytes("x", []).decode()).events == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=90))
def test_no_text_breaks_out_of_its_line(title: str, text: str) -> None:
    hostile = title + "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:stolen"
    data = calendar_bytes(title, [entry(title=hostile, text=text, place=text)])
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert "stolen" in str(event["SUMMARY"])
