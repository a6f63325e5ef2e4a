"""What a person means by a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from servicebook.cli.fields import field_at, fields_of
from servicebook.cli.filling import placed
from servicebook.cli.now import parse_at, read_now
from servicebook.errors import SettingsError, UsageError
from servicebook.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
BASE = datetime(2026, 3, 12, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-10m", BASE - timedelta(minutes=10)),
        ("-1h30m", BASE - timedelta(minutes=90)),
        ("+1h30m", BASE + timedelta(minutes=90)),
        ("08:41", BASE.replace(hour=8, minute=41)),
        ("8:41", BASE.replace(hour=8, minute=41)),
        ("08:41:07", BASE.replace(hour=8, minute=41, second=7)),
        ("23:50", BASE.replace(day=11, hour=23, minute=50)),
        ("2026-03-12T08:41", BASE.replace(hour=8, minute=41)),
        ("2026-03-12T00:41:00+00:00", BASE.replace(hour=8, minute=41)),
    ],
)
def test_times_people_write(text: str, expected: datetime) -> None:
    assert parse_at(text, BASE) == expected


def test_a_clock_time_ahead_is_tomorrow_when_it_has_passed() -> None:
    assert parse_at("09:00", BASE, ahead=True) == BASE.replace(day=13, hour=9)
    assert parse_at("11:00", BASE, ahead=True) == BASE.replace(hour=11)


def test_what_lies_ahead_takes_a_length_as_it_is_said() -> None:
    assert parse_at("2h", BASE, ahead=True) == parse_at("+2h", BASE) == BASE.replace(hour=12)
    with pytest.raises(UsageError):
        parse_at("2h", BASE)


@pytest.mark.parametrize("path", ["emergency_plan.expected_start_at", "dispatch.eta_at"])
def test_a_clock_time_of_what_is_expected_is_the_next_one(path: str) -> None:
    field = field_at(fields_of("incident"), path)
    assert placed(field, "09:00", BASE) == "2026-03-13T09:00:00+08:00"
    assert placed(field, "20m", BASE) == "2026-03-12T10:20:00+08:00"
    with pytest.raises(UsageError, match="--"):
        placed(field, "soon", BASE)


@pytest.mark.parametrize("text", ["+999999999999h", "-999999999h", "+99999999h"])
def test_a_length_beyond_the_calendar_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_at(text, BASE)


@pytest.mark.parametrize("text", ["yesterday", "25:00", "2026-13-01T00:00", "-", "-m", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_at(text, BASE)


def test_who_reads_reads_in_the_desks_zone_and_what_is_written_stands_as_said() -> None:
    settings = Settings(timezone="Asia/Shanghai")
    said = "2026-03-12T00:41:00Z"
    assert read_now(settings, said).isoformat() == "2026-03-12T08:41:00+08:00"
    assert read_now(settings, said, writes=True).isoformat() == "2026-03-12T00:41:00+00:00"


def test_order_of_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    as_of = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
    settings = Settings(timezone="Asia/Shanghai", as_of=as_of)
    assert read_now(settings) == as_of
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-03-12T02:00:00Z")
    assert read_now(settings) == BASE == read_now(settings, writes=True)
    assert read_now(settings).utcoffset() == timedelta(hours=8)
    assert read_now(settings, "-10m") == BASE - timedelta(minutes=10)


def test_writing_ignores_as_of() -> None:
    far = datetime(2101, 1, 1, tzinfo=SHANGHAI)
    assert read_now(Settings(as_of=far), writes=True) < far


def test_unknown_zone_says_what_to_set() -> None:
    with pytest.raises(SettingsError, match="Asia/Shangai"):
        read_now(Settings(timezone="Asia/Shangai"))
