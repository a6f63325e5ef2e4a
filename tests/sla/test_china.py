"""China's holidays and make-up working days: every published day of 2007 to 2026 comes out as the State Council says.

Source of the excerpt and of the full lists: NateScarlet/holiday-cn (MIT), from the notices of the State Council.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sla_desk import office

from servicebook.sla.versions import compile_hours
from servicebook.sla.working_time import add_working_days, working_time_between

LISTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "holidays-cn"

# National Day and Mid-Autumn of 2026, gov.cn notice of November 2025.
OCTOBER_2026 = {
    "year": 2026,
    "source": "State Council",
    "days": [f"2026-10-{day:02}" for day in range(1, 8)] + ["2026-09-25"],
    "working_days": ["2026-09-20", "2026-10-10"],
}


def hours_of(published: dict[str, Any]) -> Any:
    return compile_hours({"versions": [{**office(), "effective_from": "2000-01-01", "holidays": [published]}]})


def day_length(hours: Any, day: date) -> timedelta:
    start = datetime.fromisoformat(f"{day.isoformat()}T00:00:00+08:00")
    return working_time_between(hours, start, start + timedelta(days=1))


def test_two_working_days_over_the_national_holiday() -> None:
    hours = hours_of(OCTOBER_2026)
    start = datetime.fromisoformat("2026-09-30T17:00:00+08:00")
    # Day 1 is Thursday the 8th, day 2 Friday the 9th; the make-up Saturday is day 3.
    assert add_working_days(hours, start, 2) == datetime.fromisoformat("2026-10-09T18:00:00+08:00")
    assert add_working_days(hours, start, 3) == datetime.fromisoformat("2026-10-10T18:00:00+08:00")


def test_a_make_up_sunday_is_worked() -> None:
    hours = hours_of(OCTOBER_2026)
    assert day_length(hours, date(2026, 9, 20)) == timedelta(hours=9)
    assert day_length(hours, date(2026, 9, 25)) == timedelta()


@pytest.mark.skipif(not LISTS.is_dir(), reason="the published lists are not beside this repository")
def test_every_published_day_of_twenty_years() -> None:
    judged = 0
    for year in range(2007, 2027):
        published = json.loads((LISTS / f"{year}.json").read_text("utf-8"))["days"]
        hours = hours_of(
            {
                "year": year,
                "source": "State Council",
                "days": [day["date"] for day in published if day["isOffDay"]],
                "working_days": [day["date"] for day in published if not day["isOffDay"]],
            }
        )
        off = {day["date"]: day["isOffDay"] for day in published}
        day = date(year, 1, 1)
        while day.year == year:
            works = not off[day.isoformat()] if day.isoformat() in off else day.weekday() < 5
            assert day_length(hours, day) == (timedelta(hours=9) if works else timedelta()), day
            judged += 1
            day += timedelta(days=1)
    assert judged == 7305


def test_a_year_nobody_has_published_is_told() -> None:
    hours = hours_of(OCTOBER_2026)
    start = int(datetime.fromisoformat("2026-12-30T09:00:00+08:00").timestamp()) * 1_000_000
    assert hours.unlisted_years(start, start) == ()
    assert hours.unlisted_years(start, start + 5 * 86_400_000_000) == (2027,)
