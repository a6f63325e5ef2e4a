"""Whose vote a submitted change waits for, and who has to prepare a visit."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from servicebook.records.facts import Facts
from servicebook.reports.agenda import members_of
from servicebook.reports.decisions_agenda import awaited, decision_tasks

from .looked_up import Desk

NOW = datetime(2026, 3, 12, 10, 0, tzinfo=timezone(timedelta(hours=8)))
SEATS = [
    {"person": "lin.yue", "role": "service_manager", "basis": "business"},
    {"person": "li.wei", "role": "engineer", "basis": "technical"},
    {"person": "xu.jing", "role": "engineer", "basis": "technical"},
    {"person": "he.jun", "role": "engineer", "basis": "technical", "to": "2026-03-11"},
    {"person": "fang.min", "role": "customer", "basis": "business", "customer": "harbour-tv"},
]
QUORUM = [{"change_type": ["standard"], "votes": 0, "levels": ["template"]}, {"change_type": ["normal"], "votes": 2}]


def record(kind: str, id: str, status: str = "active", **data: Any) -> Facts:
    return Facts(f"tickets/{id}.md", "", kind, id, "t", status, json.dumps({"id": id, **data}), ())


class Voted(Desk):
    """A desk with files of votes."""

    votes: tuple[str, ...] = ()

    def paths_in(self, folder: str) -> list[str]:
        return [f"{folder}/{name}" for name in self.votes if folder == "tickets/CHG-1.votes"]


def change(status: str = "submitted", **more: Any) -> Facts:
    timeline = [{"at": NOW.isoformat(), "id": "aaaa", "event": "submitted", "by": "li.wei"}]
    data = {"change_type": "normal", "risk": "low", "customer": "cloud-county", "board": "cab", "timeline": timeline}
    return record("change", "CHG-1", status, **{**data, **more})


def desk_with(one: Facts, *more: Facts, votes: tuple[str, ...] = ()) -> Voted:
    board = record("board", "cab", board_type="cab", chair="lin.yue", version=1, members=SEATS, quorum=QUORUM)
    desk = Voted(one, board, *more)
    desk.votes = votes
    return desk


def test_a_change_waits_for_the_seats_of_today_but_not_for_who_submitted_it() -> None:
    one = change()
    assert awaited(desk_with(one), one, NOW) == ["lin.yue", "xu.jing"]
    assert awaited(desk_with(one, votes=("lin.yue-1.json", "lin.yue-1.json.sig")), one, NOW) == ["xu.jing"]
    theirs = change(customer="harbour-tv", requested_by="xu.jing")
    assert awaited(desk_with(theirs), theirs, NOW) == ["lin.yue", "fang.min"]
    for unasked in (change(change_type="standard"), change(change_type="major")):
        assert awaited(desk_with(unasked), unasked, NOW) == []


def test_an_emergency_change_waits_for_the_emergency_board() -> None:
    one = change(change_type="emergency")
    quorum = [{"change_type": ["emergency"], "votes": 1}]
    board = record("board", "cab", board_type="cab", chair="lin.yue", version=1, members=SEATS,
                   quorum=QUORUM, emergency_rules={"board": "ecab", "later_quorum_within": "3d"})  # fmt: skip
    few = record("board", "ecab", board_type="emergency_cab", chair="lin.yue", version=1, members=SEATS[2:3],
                 quorum=quorum)  # fmt: skip
    assert awaited(Voted(one, board, few), one, NOW) == ["xu.jing"]


@pytest.mark.parametrize("status", ["draft", "approved", "rejected", "closed"])
def test_only_a_submitted_change_waits(status: str) -> None:
    assert list(decision_tasks(desk_with(change(status)), NOW)) == []


def test_where_no_board_decides_it_waits_for_who_answers_for_the_service() -> None:
    one = change(board="", service="live")
    service = record("service", "live", service_owner="lin.yue")
    assert awaited(Voted(one, service), one, NOW) == ["lin.yue"]
    assert awaited(desk_with(one, service), one, NOW) == ["lin.yue", "xu.jing"]  # the only board there is


def test_a_visit_is_a_task_of_everybody_who_goes_a_week_before() -> None:
    soon, later = ((NOW + timedelta(days=days)).isoformat() for days in (7, 8))
    visit = record("visit", "VIS-1", "planned", planned_departure_at=soon, lead="li.wei", engineers=["he.jun"])
    far = record("visit", "VIS-2", "planned", planned_departure_at=later, lead="li.wei")
    gone = record("visit", "VIS-3", "departed", planned_departure_at=soon, lead="li.wei")
    desk = Voted(visit, far, gone)
    for who in ("li.wei", "he.jun"):
        assert [task.record.id for task in decision_tasks(desk, NOW, lambda name, who=who: name == who)] == ["VIS-1"]
    assert list(decision_tasks(desk, NOW, lambda name: name == "lin.yue")) == []


def test_a_team_has_the_members_that_either_record_names() -> None:
    team = record("team", "live", members=["li.wei", {"person": "xu.jing", "role": "lead"}])
    desk = Desk(team, record("person", "he.jun", teams=["live"]), record("person", "ma.lin", teams=["field"]))
    assert members_of(desk, "live") == {"li.wei", "xu.jing", "he.jun"}
    assert members_of(desk, "li.wei") == set()
