"""The page of duty: who is there, until when, hours of a day, and what others than the house are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.publish.conftest import gathering_of

from servicebook.audience.desk import WholeDesk
from servicebook.publish.labels import Labels
from servicebook.publish.on_call_html import _on_day, on_call
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk
from servicebook.workflow.duty import rosters_of, shifts_of

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def view() -> Iterator[View]:
    desk = open_desk(str(ROOT))
    yield View(WholeDesk(desk), datetime.fromisoformat("2026-11-20T09:00:00+08:00"), Labels(("en",)))
    desk.close()


def page_of(view: Any) -> str:
    return on_call(gathering_of(view), "on-call.html")


def test_who_is_there_until_when_and_who_comes_next(view: View) -> None:
    now, _, rest = page_of(view).partition('id="where-people-are-missing"')
    row = next(row for row in re.findall(r"<tr>.*?</tr>", now, re.S) if "teams/live-operations.html" in row)
    assert row.index("people/li.wei.html") < row.index("2026-11-23 08:00") < row.index("people/emma.clarke.html")
    assert "calendar/team-live-operations.ics" in row
    nobody = next(row for row in re.findall(r"<tr>.*?</tr>", now, re.S) if "teams/infrastructure.html" in row)
    assert "st-gone" in nobody and "No roster" in nobody
    gaps, _, days = rest.partition('id="day-by-day"')
    assert "2026-12-02 20:30" in gaps and "1 person" in gaps and "routing" in gaps
    assert len(re.findall(r"<tr><th scope=row", days)) == 14


def test_a_day_tells_hours_where_it_is_handed_over(view: View) -> None:
    shifts = [one for roster in rosters_of(view, "live-operations") for one in shifts_of(roster)]
    told = [re.sub("<[^>]+>", "", one) for one in _on_day(view, date(2026, 11, 23), shifts)]
    assert told == ["Li Wei 00:00–08:00", "Emma Clarke 08:00–24:00"]
    assert [re.sub("<[^>]+>", "", one) for one in _on_day(view, date(2026, 11, 22), shifts)] == ["Li Wei"]
    view.zone = ZoneInfo("America/New_York")
    assert "Li Wei 00:00–19:00" in [re.sub("<[^>]+>", "", one) for one in _on_day(view, date(2026, 11, 22), shifts)]


def test_rosters_are_not_for_others(view: Any) -> None:
    view.desk.audience = "public"
    page = page_of(view)
    assert "li.wei" not in page and "Rosters are not published" in page
