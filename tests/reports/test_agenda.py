"""What is due now, and for whom."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from servicebook.records.facts import Facts
from servicebook.reports.agenda import agenda_of, concerns, teams_of
from servicebook.reports.similar import similar_records

from .looked_up import Desk

NOW = datetime(2026, 3, 12, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def record(kind: str, id: str, status: str = "active", title: str = "t", **data: Any) -> Facts:
    return Facts(f"{id}.md", "", kind, id, title, status, json.dumps(data), ())


def event(name: str, ago: timedelta, **more: str) -> dict[str, str]:
    return {"at": (NOW - ago).isoformat(), "id": "aaaa", "event": name, "by": "li.wei", **more}


def tasks(*records: Facts) -> list[tuple[str, str]]:
    return [(task.what, task.record.id) for task in agenda_of(Desk(*records), NOW)]


HOUR = timedelta(hours=1)


def test_unanswered_tickets() -> None:
    new = record("incident", "a", "new", timeline=[event("opened", HOUR)])
    answered = record("incident", "b", "in_progress", timeline=[event("opened", HOUR), event("acknowledged", HOUR)])
    assert tasks(new, answered) == [("acknowledge", "a")]


def test_resolved_tickets_wait_two_days() -> None:
    old = record("incident", "a", "resolved", timeline=[event("resolved", 49 * HOUR)])
    fresh = record("service_request", "b", "fulfilled", timeline=[event("resolved", 47 * HOUR)])
    assert tasks(old, fresh) == [("close", "a")]


def test_appointments_that_came() -> None:
    until = (NOW - HOUR).isoformat()
    over = record(
        "incident", "a", "on_hold", timeline=[event("acknowledged", HOUR), event("paused", HOUR, until=until)]
    )
    assert tasks(over) == [("appointment", "a")]


def test_changes_that_start_or_should_have_ended() -> None:
    soon = record("change", "a", "approved", planned_start_at=(NOW + 71 * HOUR).isoformat())
    later = record("change", "b", "approved", planned_start_at=(NOW + 73 * HOUR).isoformat())
    late = record("change", "c", "in_implementation", planned_end_at=(NOW - HOUR).isoformat())
    done = record("change", "d", "closed", planned_start_at=(NOW + HOUR).isoformat())
    assert tasks(soon, later, late, done) == [("change_overrun", "c"), ("change", "a")]


def test_known_errors_to_review() -> None:
    due = record("known_error", "a", review_on="2026-03-18")
    later = record("known_error", "b", review_on="2026-04-18")
    fixed = record("known_error", "c", "fixed", review_on="2026-03-01")
    assert tasks(due, later, fixed) == [("review", "a")]


def test_mine_and_my_teams() -> None:
    desk = Desk(
        record("person", "li.wei", teams=["live"]),
        record("person", "wang.fang"),
        record("team", "live"),
        record("team", "desk", members=["wang.fang"]),
    )
    assert teams_of(desk, "li.wei") == {"live"}
    assert teams_of(desk, "wang.fang") == {"desk"}
    mine = record("incident", "a", assigned_to="li.wei", assignment_group="desk")
    open_to_all = record("incident", "b", assignment_group="live")
    a_colleagues = record("incident", "c", assigned_to="wang.fang", assignment_group="live")
    li_wei, live = concerns(desk, "li.wei"), concerns(desk, "live")
    assert [li_wei(one) for one in (mine, open_to_all, a_colleagues)] == [True, True, False]
    assert [live(one) for one in (mine, open_to_all, a_colleagues)] == [False, True, True]


def test_similar_records_name_the_workaround_first() -> None:
    ticket = record(
        "incident", "INC-3", title="直播频道 3 黑屏", assets=["tc-3"], service="live", category="program_error"
    )
    error = record("known_error", "KE-1", title="转码进程死锁", assets=["tc-3"], services=["live"])
    twin = record("incident", "INC-1", "closed", title="直播频道 2 黑屏", assets=["tc-3"], service="live")
    newer = record("incident", "INC-2", "closed", title="直播频道 2 黑屏", assets=["tc-3"], service="live")
    far = record("incident", "INC-0", "closed", title="Mail is slow", service="mail")
    found = similar_records(Desk(far, twin, newer, error), ticket)
    assert [like.record.id for like in found] == ["INC-2", "INC-1", "KE-1"]
    assert found[0].shared == ("assets", "service", "title")
