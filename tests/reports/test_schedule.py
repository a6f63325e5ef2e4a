"""The schedule: what is planned, undecided or called off, and whom it concerns, of the sample desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from servicebook.reports.schedule import Planned, schedule_of
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def schedule() -> Iterator[list[Planned]]:
    desk = open_desk(str(ROOT))
    yield schedule_of(desk)
    desk.close()


def of(schedule: list[Planned], what: str) -> list[Planned]:
    return [one for one in schedule if one.what == what]


def test_every_sort_of_entry_is_there_in_order(schedule: list[Planned]) -> None:
    sorts = {one.what for one in schedule}
    assert sorts == {"change", "release", "visit", "inspection", "freeze", "broadcast", "duty"}
    assert [one.begins_on for one in schedule] == sorted(one.begins_on for one in schedule)
    assert len({(one.record.path, one.part) for one in schedule}) == len(schedule)


def test_a_change_concerns_its_service_and_those_of_its_assets(schedule: list[Planned]) -> None:
    change = next(one for one in of(schedule, "change") if one.record.id == "CHG-20260224-TNNR")
    assert change.services == ("cms",)
    assert change.teams == ("infrastructure",)
    assert change.standing == "confirmed"
    assert change.start == datetime.fromisoformat("2026-02-24T14:00:00+08:00")


def test_drafts_are_tentative_and_what_was_called_off_is_cancelled(schedule: list[Planned]) -> None:
    expected = {"draft": "tentative", "submitted": "tentative", "cancelled": "cancelled", "rejected": "cancelled"}
    for one in of(schedule, "change"):
        assert one.standing == expected.get(one.record.status, "confirmed")


def test_an_inspection_takes_the_day_it_is_due_and_its_plans_team(schedule: list[Planned]) -> None:
    for one in of(schedule, "inspection"):
        assert type(one.start) is date
        assert one.teams


def test_a_freeze_names_its_services_and_duty_its_person(schedule: list[Planned]) -> None:
    (freeze,) = [one for one in of(schedule, "freeze") if one.part == "new-year-gala"]
    assert set(freeze.services) == {"live-streaming", "cdn-delivery"}
    assert all(one.person and one.teams for one in of(schedule, "duty"))
