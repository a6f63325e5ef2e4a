"""Working time against a walk through every minute: random hours, zones, holidays, pauses, changes of offset."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from minute_walk import NAMES, walk_between, walk_due

from servicebook.sla.versions import compile_hours
from servicebook.sla.working_time import add_working_time, working_time_between

ZONES = (
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu",
    "America/St_Johns", "Pacific/Chatham", "America/Sao_Paulo", "Africa/Casablanca", "UTC", "Pacific/Apia",
)  # fmt: skip

CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),
    "Pacific/Chatham": (date(2026, 4, 5), date(2026, 9, 27)),
    "Africa/Casablanca": (date(2026, 2, 15), date(2026, 3, 22)),
    "Pacific/Apia": (date(2011, 12, 30), date(2011, 9, 24)),
}


def some_ranges(dice: random.Random) -> list[list[str]]:
    """Return up to three ranges of a day that do not overlap; the last may run into the next day."""
    cuts = sorted(dice.sample(range(96), 2 * dice.randint(0, 3)))
    times = [f"{cut // 4:02}:{cut % 4 * 15:02}" for cut in cuts]
    ranges = [times[place : place + 2] for place in range(0, len(times), 2)]
    if ranges and dice.random() < 0.25:
        ranges[-1][1] = dice.choice(["24:00", "00:00", "02:30", "06:00"])
        if ranges[-1][1] != "24:00" and ranges[-1][1] >= ranges[-1][0]:
            ranges[-1][1] = "24:00"
    return ranges


def some_hours(dice: random.Random, around: date, zone: str) -> dict[str, Any]:
    """Return random hours with holidays, make-up days and special dates near a date."""
    days = [(around + timedelta(days=n)).isoformat() for n in range(-6, 9)]
    week = {name: some_ranges(dice) for name in NAMES if dice.random() < 0.75}
    if not any(week.values()):
        week["mon"] = [["09:00", "17:30"]]
    return {
        "timezone": zone,
        "week": week,
        "holidays": dice.sample(days, dice.randint(0, 3)),
        "working_days": dice.sample(days, dice.randint(0, 2)),
        "dates": {day: some_ranges(dice) for day in dice.sample(days, dice.randint(0, 2))},
    }


def some_case(dice: random.Random) -> tuple[dict[str, Any], datetime, list[tuple[datetime, datetime]]]:
    """Return hours, a start on a full minute, and pauses that may overlap; often near a change of offset."""
    zone = dice.choice(ZONES)
    if zone in CHANGES and dice.random() < 0.7:
        around = dice.choice(CHANGES[zone])
    else:
        around = date(dice.choice([2000, 2016, 2025, 2026, 2037]), 1, 1) + timedelta(days=dice.randint(-3, 363))
    start = datetime(around.year, around.month, around.day, tzinfo=UTC) + timedelta(minutes=dice.randint(-2880, 1440))
    pauses = []
    for _ in range(dice.choice([0, 0, 1, 2, 4])):
        begin = start + timedelta(minutes=dice.randint(-600, 4000))
        pauses.append((begin, begin + timedelta(minutes=dice.choice([0, 1, 45, 300, 2000]))))
    return some_hours(dice, around, zone), start, pauses


def judge(seed: int) -> None:
    """Compare one random case with the walk: due times forwards, backwards and at zero, and time between."""
    dice = random.Random(seed)
    plain, start, pauses = some_case(dice)
    hours = compile_hours(plain)
    limit = 6 * 1440
    amount = dice.choice([0, 1, 60, dice.randint(1, 900), -1, -dice.randint(1, 600)])
    due = add_working_time(hours, start, timedelta(minutes=amount), pauses)
    walked = walk_due(plain, start, amount, pauses, limit)
    if walked is None:
        assert due is None or abs(due - start) >= timedelta(minutes=limit), (seed, due)
    else:
        assert due == walked, (seed, due, walked)
    end = start + timedelta(minutes=dice.randint(0, 2000))
    assert working_time_between(hours, start, end, pauses) == timedelta(
        minutes=walk_between(plain, start, end, pauses)
    ), seed


@pytest.mark.slow
def test_a_thousand_cases_agree_with_the_walk() -> None:
    for seed in range(1_000):
        judge(seed)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_twenty_thousand_cases_agree_with_the_walk() -> None:
    for seed in range(10_000, 30_000):
        judge(seed)


CHANGING = {
    "Europe/Berlin": 76, "Europe/London": 76, "America/New_York": 76, "America/Los_Angeles": 76,
    "Africa/Casablanca": 60, "America/Sao_Paulo": 38, "Australia/Sydney": 76, "Australia/Lord_Howe": 76,
    "Asia/Tehran": 40, "Pacific/Auckland": 76, "America/St_Johns": 76, "Pacific/Apia": 20,
}  # fmt: skip
"""Twelve zones, and how many changes of offset they have at least from 2000 to 2037."""

SHAPES: tuple[dict[str, list[list[str]]], ...] = (
    {name: [["22:00", "06:00"]] for name in NAMES},
    {name: [["00:15", "01:45"], ["02:15", "02:45"], ["03:30", "24:00"]] for name in NAMES},
)
"""Hours that lie across the places where clocks are put forward and back."""


@pytest.mark.slow
@pytest.mark.parametrize("zone", CHANGING)
def test_every_change_of_offset_from_2000_to_2037_agrees_with_the_walk(zone: str) -> None:
    """Minute by minute through the day of each change: time between, and due times forwards and back."""
    known = ZoneInfo(zone)
    plain = [{"timezone": zone, "week": week} for week in SHAPES]
    compiled = [compile_hours(hours) for hours in plain]
    changes = 0
    day = datetime(2000, 1, 1, tzinfo=UTC)
    while day.year < 2038:
        after = day + timedelta(days=1)
        if day.astimezone(known).utcoffset() != after.astimezone(known).utcoffset():
            changes += 1
            walked, hours = plain[changes % 2], compiled[changes % 2]
            walked["seen"] = {}
            start, end = day - timedelta(hours=3), after + timedelta(hours=3)
            minutes = walk_between(walked, start, end, [])
            assert working_time_between(hours, start, end) == timedelta(minutes=minutes), day
            amount = minutes * 2 // 3
            due = walk_due(walked, start, amount, [], 1800)
            assert add_working_time(hours, start, timedelta(minutes=amount)) == due, day
            back = walk_due(walked, end, -amount, [], 1800)
            assert add_working_time(hours, end, timedelta(minutes=-amount)) == back, day
        day = after
    assert changes >= CHANGING[zone]
