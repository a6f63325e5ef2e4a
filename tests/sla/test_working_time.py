"""Working time where it is easy to be wrong: boundaries, precedence, changes of offset, long spans, no hours."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sla_desk import WORKDAYS, office

from servicebook.sla.hours_form import HoursError, parse_pattern
from servicebook.sla.versions import compile_hours
from servicebook.sla.working_time import (
    add_working_days,
    add_working_time,
    subtract_working_time,
    working_time_between,
)

at = datetime.fromisoformat
H = timedelta(hours=1)
OFFICE = compile_hours(office())
HALF_HOURS = st.integers(0, 47)


@st.composite
def plain_hours(draw: st.DrawFn) -> dict[str, Any]:
    """Hours of one range a day, some of them over night, in a zone that may change its offset."""
    days = draw(st.lists(st.sampled_from([*WORKDAYS, "sat", "sun"]), min_size=1, unique=True))
    week = {}
    for day in days:
        start, length = draw(HALF_HOURS), draw(st.integers(1, 47))
        end = (start + length) % 48
        week[day] = [[f"{start // 2:02}:{start % 2 * 30:02}", f"{end // 2:02}:{end % 2 * 30:02}"]]
    zone = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]))
    return {"timezone": zone, "week": week, "holidays": draw(st.sampled_from([[], ["2026-03-30"], ["2026-10-26"]]))}


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
AMOUNTS = st.timedeltas(timedelta(seconds=1), timedelta(hours=200))


def pauses_around(start: datetime) -> st.SearchStrategy[list[tuple[datetime, datetime]]]:
    """Return pauses that may overlap and lie anywhere."""
    offset = st.integers(-100_000, 600_000)
    length = st.integers(0, 200_000)
    pause = st.tuples(offset, length).map(
        lambda p: (start + timedelta(seconds=p[0]), start + timedelta(seconds=p[0] + p[1]))
    )
    return st.lists(pause, max_size=4)


@given(plain_hours(), INSTANTS, AMOUNTS, st.data())
@settings(max_examples=300, deadline=None)
def test_what_was_added_lies_between(plain: dict[str, Any], start: datetime, amount: timedelta, data: Any) -> None:
    hours = compile_hours(plain)
    pauses = data.draw(pauses_around(start))
    due = add_working_time(hours, start, amount, pauses)
    assert due is not None
    assert working_time_between(hours, start, due, pauses) == amount
    assert working_time_between(hours, start, due - timedelta(microseconds=1), pauses) < amount


@given(plain_hours(), INSTANTS, AMOUNTS, st.data())
@settings(max_examples=200, deadline=None)
def test_counting_back_is_the_mirror(plain: dict[str, Any], end: datetime, amount: timedelta, data: Any) -> None:
    hours = compile_hours(plain)
    pauses = data.draw(pauses_around(end))
    start = subtract_working_time(hours, end, amount, pauses)
    assert start is not None
    assert working_time_between(hours, start, end, pauses) == amount
    assert working_time_between(hours, start + timedelta(microseconds=1), end, pauses) < amount


@given(plain_hours(), INSTANTS, AMOUNTS, AMOUNTS, st.data())
@settings(max_examples=200, deadline=None)
def test_a_longer_target_or_another_pause_never_makes_it_due_earlier(
    plain: dict[str, Any], start: datetime, amount: timedelta, more: timedelta, data: Any
) -> None:
    hours = compile_hours(plain)
    pauses = data.draw(pauses_around(start))
    due = add_working_time(hours, start, amount, pauses)
    longer = add_working_time(hours, start, amount + more, pauses)
    paused = add_working_time(hours, start, amount, [*pauses, *data.draw(pauses_around(start))])
    assert due is not None and longer is not None and paused is not None
    assert due < longer and due <= paused


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-03-12T09:00:00", 9 * H, "2026-03-12T18:00:00"),  # an exact fit ends at closing time
        ("2026-03-12T18:00:00", timedelta(), "2026-03-13T09:00:00"),  # half-open: closing is outside
        ("2026-03-12T17:59:59", timedelta(seconds=1), "2026-03-12T18:00:00"),  # seconds are kept
        ("2026-03-12T17:59:59", timedelta(seconds=2), "2026-03-13T09:00:01"),
        ("2026-03-13T17:00:00", 2 * H, "2026-03-16T10:00:00"),  # over a weekend
        ("2026-03-14T12:00:00", timedelta(), "2026-03-16T09:00:00"),
        ("2026-03-16T09:00:00", -1 * H, "2026-03-13T17:00:00"),
        ("2026-03-16T18:00:00", -9 * H, "2026-03-16T09:00:00"),  # backwards an exact fit is the opening
    ],
)
def test_boundaries(start: str, amount: timedelta, due: str) -> None:
    assert add_working_time(OFFICE, at(start + "+08:00"), amount) == at(due + "+08:00")


def test_overnight_ranges_belong_to_the_day_they_start() -> None:
    night = {"fri": [["22:00", "06:00"]]}
    hours = compile_hours({"timezone": "Asia/Shanghai", "week": night, "holidays": ["2026-03-21"]})
    assert add_working_time(hours, at("2026-03-13T00:00:00+08:00"), 8 * H) == at("2026-03-14T06:00:00+08:00")
    # The holiday is Saturday; the Friday night that runs into it is worked all the same.
    assert add_working_time(hours, at("2026-03-20T00:00:00+08:00"), 8 * H) == at("2026-03-21T06:00:00+08:00")


def test_a_range_to_midnight_and_one_from_midnight_are_one() -> None:
    hours = compile_hours({"timezone": "UTC", "week": {"mon": [["20:00", "24:00"]], "tue": [["00:00", "04:00"]]}})
    assert add_working_time(hours, at("2026-03-09T20:00:00Z"), 8 * H) == at("2026-03-10T04:00:00Z")


def test_a_special_date_beats_make_up_day_beats_holiday_beats_week() -> None:
    day = ["2026-03-14"]
    for more, length in (
        ({}, 0 * H),
        ({"working_days": day}, 9 * H),
        ({"working_days": day, "holidays": day}, 9 * H),
        ({"working_days": day, "holidays": day, "dates": {day[0]: [["09:00", "12:00"]]}}, 3 * H),
        ({"working_days": day, "dates": {day[0]: []}}, 0 * H),
    ):
        hours = compile_hours(office(**more))
        start = at("2026-03-14T00:00:00+08:00")
        assert working_time_between(hours, start, start + timedelta(days=1)) == length, more


@pytest.mark.parametrize(
    ("start", "count", "due", "counting", "expected"),
    [
        ("2026-03-12T10:00", 2, "closing", "from-event-date", "2026-03-16T18:00"),
        ("2026-03-12T10:00", 2, "same-time", "from-event-date", "2026-03-16T10:00"),
        ("2026-03-12T20:00", 2, "same-time", "from-event-date", "2026-03-17T09:00"),  # 20:00 is outside hours
        ("2026-03-14T10:00", 2, "closing", "from-event-date", "2026-03-17T18:00"),  # Saturday: Monday is day 1
        ("2026-03-14T10:00", 2, "closing", "from-next-opening", "2026-03-18T18:00"),
        ("2026-03-12T20:00", 1, "closing", "from-next-opening", "2026-03-16T18:00"),
        ("2026-03-12T10:00", 0, "closing", "from-event-date", "2026-03-12T18:00"),
        ("2026-03-12T19:00", 0, "closing", "from-event-date", "2026-03-13T18:00"),
        ("2026-03-14T10:00", 0, "closing", "from-event-date", "2026-03-16T18:00"),
        ("2026-03-16T10:00", -1, "closing", "from-event-date", "2026-03-13T18:00"),
        ("2026-03-16T10:00", -2, "same-time", "from-event-date", "2026-03-12T10:00"),
        ("2026-03-14T10:00", -1, "closing", "from-event-date", "2026-03-13T18:00"),
    ],
)
def test_working_days(start: str, count: int, due: Any, counting: Any, expected: str) -> None:
    found = add_working_days(OFFICE, at(start + "+08:00"), count, due, counting)
    assert found == at(expected + "+08:00")


def test_a_pause_shifts_working_days_by_its_own_working_time() -> None:
    start = at("2026-03-12T10:00:00+08:00")
    overnight = (at("2026-03-12T17:00:00+08:00"), at("2026-03-13T10:00:00+08:00"))
    # One hour on Thursday and one on Friday: two hours after Monday's closing is Tuesday 11:00.
    assert add_working_days(OFFICE, start, 2, pauses=[overnight]) == at("2026-03-17T11:00:00+08:00")
    assert add_working_days(OFFICE, start, 2, pauses=[(start, None)]) is None


def test_a_pause_that_lasts_leaves_no_due_time_but_one_already_passed() -> None:
    start = at("2026-03-12T10:00:00+08:00")
    assert add_working_time(OFFICE, start, 8 * H, [(at("2026-03-12T11:00:00+08:00"), None)]) is None
    assert add_working_time(OFFICE, start, 1 * H, [(at("2026-03-12T11:00:00+08:00"), None)]) == start + H


def test_hours_that_end_leave_no_due_time() -> None:
    once = compile_hours({"timezone": "UTC", "week": {}, "dates": {"2026-03-12": [["09:00", "12:00"]]}})
    assert add_working_time(once, at("2026-01-01T00:00:00Z"), 3 * H) == at("2026-03-12T12:00:00Z")
    assert add_working_time(once, at("2026-01-01T00:00:00Z"), 4 * H) is None
    assert add_working_days(once, at("2026-03-12T10:00:00Z"), 1) is None


@pytest.mark.parametrize(
    ("plain", "fault"),
    [
        ({"timezone": "Mars/Olympus", "week": {"mon": [["09:00", "17:00"]]}}, "unknown-zone"),
        ({"timezone": "UTC", "week": {}}, "no-hours"),
        ({"timezone": "UTC", "week": {"mon": [["09:00", "09:00"]]}}, "start-is-end"),
        ({"timezone": "UTC", "week": {"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}}, "ranges-overlap"),
        ({"timezone": "UTC", "week": {"mon": [["9am", "17:00"]]}}, "unread"),
        ({"timezone": "UTC", "week": {"monday": [["09:00", "17:00"]]}}, "unread"),
        ({"timezone": "UTC", "week": {"mon": [["09:00", "17:00"]]}, "holidays": ["2026-02-30"]}, "unread"),
        ({"timezone": "UTC", "week": {"mon": [["09:00", "25:00"]]}}, "unread"),
        ({"timezone": "UTC", "week": {"mon": [["09:00", "24:30"]]}}, "unread"),
    ],
)
def test_hours_that_cannot_be_computed_with_are_refused(plain: dict[str, Any], fault: str) -> None:
    assert fault in [found.name for found in parse_pattern(plain)[1]]
    with pytest.raises(HoursError):
        compile_hours(plain)


TWELVE_ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
    "Australia/Sydney", "Australia/Lord_Howe", "Asia/Tehran", "Africa/Casablanca", "Pacific/Auckland",
    "America/St_Johns", "Asia/Shanghai",
)  # fmt: skip


@pytest.mark.parametrize("name", TWELVE_ZONES)
def test_every_change_of_offset_from_2000_to_2037(name: str) -> None:
    """Around the clock every day is as long as it is; office hours stay at their place on the wall."""
    zone = ZoneInfo(name)
    week = (*WORKDAYS, "sat", "sun")
    # The special date keeps these hours from being taken for plain absolute time.
    round_the_clock = {d: [["00:00", "24:00"]] for d in week}
    whole = compile_hours({"timezone": name, "week": round_the_clock, "dates": {"1999-01-01": []}})
    shop = compile_hours({"timezone": name, "week": {d: [["08:00", "20:00"]] for d in week}})
    day = datetime(2000, 1, 1, tzinfo=zone)
    changes = 0
    while day.year < 2038:
        after = day + timedelta(days=1)  # on the wall clock
        if day.utcoffset() != after.utcoffset():
            changes += 1
            real = after.astimezone(UTC) - day.astimezone(UTC)
            assert working_time_between(whole, day, after) == real, day
            assert working_time_between(shop, day, after) == 12 * H, day
            opening = day.replace(hour=8).astimezone(UTC)
            assert add_working_time(shop, day, timedelta()) == opening, day
        day = after
    assert changes or name == "Asia/Shanghai"


def test_a_due_time_ten_years_off_costs_little_more_than_one_of_tomorrow() -> None:
    hours = compile_hours(office(holidays=["2026-10-01"]))
    start = at("2026-03-12T10:00:00+08:00")
    spans = {"day": 9 * H, "ten years": 9 * H * 261 * 10}
    taken = {}
    for name, amount in spans.items():
        add_working_time(hours, start, amount)  # the years are compiled once
        began = time.perf_counter()
        for _ in range(300):
            add_working_time(hours, start, amount)
        taken[name] = time.perf_counter() - began
    assert taken["ten years"] < 6 * taken["day"]


def test_the_samoan_day_that_never_was_is_not_worked() -> None:
    """Apia went from Thursday 29 to Saturday 31 December 2011: there was no Friday."""
    week = {"fri": [["09:00", "17:00"]], "sat": [["09:00", "10:00"]]}
    hours = compile_hours({"timezone": "Pacific/Apia", "week": week})
    start = at("2011-12-29T12:00:00-10:00")
    assert add_working_time(hours, start, H) == at("2011-12-31T10:00:00+14:00")
