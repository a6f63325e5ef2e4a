"""Holiday lists: China's of twenty years and three other countries' come out as published, from three sources."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from servicebook.errors import CannotDecideError, UsageError
from servicebook.exchange.holiday_lists import HolidayList, list_of_country, parse_ics_list, parse_json_list

pytest.importorskip("holidays")
pytest.importorskip("icalendar")

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not (DATA / "holidays-cn").is_dir(), reason="the published lists are not here")
YEARS = range(2007, 2027)


def official(year: int) -> HolidayList:
    return parse_json_list((DATA / "holidays-cn" / f"{year}.json").read_text("utf-8"), year, f"{year}.json")


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


@needs_data
def test_json_has_every_official_day() -> None:
    lists = [official(year) for year in YEARS]
    assert sum(len(found.days) for found in lists) == 545
    assert sum(len(found.working_days) for found in lists) == 133
    assert date(2018, 12, 29) in official(2019).working_days
    assert official(2026).source.startswith("https://www.gov.cn/")


@needs_data
def test_library_agrees_with_every_official_make_up_day() -> None:
    made_up = {day for year in YEARS for day in official(year).working_days if day.year >= 2007}
    library = {day for year in YEARS for day in list_of_country("CN", year).working_days}
    # The one it does not name is a Monday: the Spring Festival of 2020 was made longer, to Sunday 2 February, and
    # the notice says that work goes on the day after. A plain working day for every week that works on Mondays.
    assert made_up - library == {date(2020, 2, 3)}
    assert date(2020, 2, 3) not in list_of_country("CN", 2020).days
    assert library <= made_up


@needs_data
@pytest.mark.parametrize("year", YEARS)
def test_library_agrees_on_every_day_of_a_monday_to_friday_week(year: int) -> None:
    published = [official(y) for y in (year, year + 1) if y < 2027]
    off = {day for found in published for day in found.days}
    worked = {day for found in published for day in found.working_days}
    found = list_of_country("CN", year)
    judged = 0
    for day in days_of(year):
        due = day in worked or (day.weekday() < 5 and day not in off)
        assert (day in found.working_days or (day.weekday() < 5 and day not in found.days)) == due, day
        judged += 1
    assert judged >= 365


@pytest.mark.skipif(not (DATA / "holidays-other").is_dir(), reason="the lists are not beside this repository")
@pytest.mark.parametrize("country", ["GB", "NL", "US"])
def test_other_countries(country: str) -> None:
    table = json.loads((DATA / "holidays-other" / f"{country}.json").read_text("utf-8"))
    due = {date.fromisoformat(text) for text in table}
    found = {day for year in range(2010, 2028) for day in list_of_country(country, year).days}
    assert found == due


def test_year_that_nobody_has_published() -> None:
    with pytest.raises(CannotDecideError, match="2027"):
        list_of_country("CN", 2027)  # the library guesses from the law; the State Council has not spoken
    with pytest.raises(CannotDecideError):
        parse_json_list('{"year": 2027, "papers": [], "days": []}', 2027, "2027.json")
    assert list_of_country("NL", 2027).days  # fixed by law, years ahead


def test_days_at_the_end_of_the_year_before_come_with_the_notice() -> None:
    # The notice for 2019 named 29 December 2018 a working day: a desk whose list of 2018 lacks it gets it now.
    listed = [date(2018, 10, 1)]
    assert date(2018, 12, 29) in list_of_country("CN", 2019, listed).working_days
    assert date(2018, 12, 29) not in list_of_country("CN", 2019, [date(2018, 12, 29)]).working_days
    assert date(2018, 12, 29) not in list_of_country("CN", 2019).working_days


@pytest.mark.parametrize("country", ["XX", "GB-QQ", ""])
def test_unknown_country(country: str) -> None:
    with pytest.raises(UsageError):
        list_of_country(country, 2026)


ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//holidays//EN
X-WR-CALNAME:Holidays in
  China
BEGIN:VEVENT
UID:1
SUMMARY:国庆节（休）
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261008
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:国庆节（班）
DTSTART;VALUE=DATE:20261010
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Mid-Autumn
X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY
DTSTART;VALUE=DATE:20260920
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:New Year
DTSTART;VALUE=DATE:20270101
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_ics() -> None:
    found = parse_ics_list(ICS.encode(), 2026, "cn.ics")
    assert found.days == tuple(date(2026, 10, day) for day in range(1, 8))
    assert found.working_days == (date(2026, 9, 20), date(2026, 10, 10))
    assert found.source == "cn.ics: Holidays in China"
    with pytest.raises(CannotDecideError):
        parse_ics_list(ICS.encode(), 2025, "cn.ics")


@pytest.mark.parametrize(
    "line",
    ["DTSTART:20261001T090000Z", "DTSTART;VALUE=DATE:20261001\r\nRRULE:FREQ=YEARLY", "SUMMARY:no start",
     "DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20271001"],
)  # fmt: skip
def test_ics_that_is_no_list(line: str) -> None:
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n{line}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    with pytest.raises(UsageError):
        parse_ics_list(text.encode(), 2026, "bad.ics")


@pytest.mark.parametrize("text", ["", "not a calendar", "\x00\x01", "BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:X"])
def test_ics_that_is_none(text: str) -> None:
    with pytest.raises((UsageError, CannotDecideError)):
        parse_ics_list(text.encode(), 2026, "bad.ics")


@pytest.mark.parametrize(
    "text",
    ["", "[1]", "{}", '{"days": 3}', '{"year": 2025, "days": []}', '[{"date": "2026-13-01", "isOffDay": true}]',
     '[{"date": "2026-10-01", "isOffDay": "yes"}]', '[{"date": 20261001, "isOffDay": true}]'],
)  # fmt: skip
def test_json_that_is_no_list(text: str) -> None:
    with pytest.raises(UsageError):
        parse_json_list(text, 2026, "bad.json")
