"""Who waits for which supplier, since when: of whom it is a task, and what of a ticket's is out for repair."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from servicebook.records.facts import Facts
from servicebook.reports.agenda import Task, agenda_of, concerns
from servicebook.reports.waiting import sent_back_for, waiting_of, waiting_tasks

from .looked_up import Desk

HERE = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 12, 13, 0, tzinfo=HERE)
ASKED = datetime(2026, 3, 12, 10, 0, tzinfo=HERE)
CLOCK = {"name": "dealer-parts", "supplier": "dealer", "start": "paused", "stop": ["part_arrived"], "within": "2h"}


def record(kind: str, id: str, status: str = "active", **data: Any) -> Facts:
    return Facts(f"{id}.md", "", kind, id, "t", status, json.dumps(data), ())


def pause(**more: str) -> dict[str, str]:
    return {
        "at": ASKED.isoformat(),
        "id": "aaaa",
        "event": "paused",
        "by": "li.wei",
        "reason": "waiting_supplier",
        **more,
    }


def desk_with(*timeline: dict[str, str], agreements: tuple[str, ...] = (), status: str = "on_hold") -> Desk:
    days = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    hours = [{"effective_from": "2026-01-01", "timezone": "Asia/Shanghai", "week": days}]
    opened = {"at": "2026-03-12T09:00:00+08:00", "id": "aaab", "event": "acknowledged", "by": "li.wei"}
    version = {"version": 1, "effective_from": "2026-01-01", "support_hours": "always", "clocks": [CLOCK]}
    return Desk(
        record("incident", "INC-1", status, assigned_to="li.wei", timeline=[opened, *timeline]),
        record("supplier", "dealer", agreements=list(agreements), account_manager="gao.feng"),
        record("agreement", "dealer-parts", agreement_type="underpinning", versions=[version]),
        record("support_hours", "always", versions=hours),
        record("person", "li.wei"),
        record("person", "gao.feng"),
        record("person", "xu.jing"),
    )  # fmt: skip


def tasks(desk: Desk, who: str, now: datetime = NOW) -> list[Task]:
    whom = concerns(desk, who)
    return agenda_of(desk, now, whom, more=[*waiting_tasks(desk, now, whom, lambda owner: owner == who)])


def test_who_has_the_ticket_and_who_looks_after_the_supplier_see_the_wait() -> None:
    desk = desk_with(pause(supplier="dealer"))
    for who in ("li.wei", "gao.feng"):
        (task,) = tasks(desk, who)
        assert (task.what, task.detail, task.since, task.at) == ("waits", "dealer", ASKED, None)
    assert tasks(desk, "xu.jing") == []


def test_it_is_late_by_the_suppliers_own_clock() -> None:
    desk = desk_with(pause(supplier="dealer"), agreements=("dealer-parts",))
    due = datetime(2026, 3, 12, 12, 0, tzinfo=HERE)
    assert [(task.what, task.at) for task in tasks(desk, "gao.feng")] == [("supplier_late", due)]
    assert [(task.what, task.at) for task in tasks(desk, "li.wei", due - timedelta(minutes=1))] == [("waits", due)]


def test_a_time_agreed_in_the_pause_is_told_where_no_agreement_has_a_clock() -> None:
    until = NOW + timedelta(hours=2)
    (task,) = tasks(desk_with(pause(supplier="dealer", until=until.isoformat())), "gao.feng")
    assert (task.what, task.at) == ("waits", until)


def test_what_waits_for_others_or_no_more_is_no_wait_for_a_supplier() -> None:
    others = desk_with({**pause(), "reason": "waiting_customer"})
    gone = desk_with(pause(supplier="dealer"), status="in_progress")
    unknown = desk_with(pause())
    assert [waiting_of(one.records[0], one, NOW) for one in (others, gone)] == [None, None]
    told = waiting_of(unknown.records[0], unknown, NOW)
    assert told is not None and told.supplier == ""


def test_broken_pieces_belong_to_the_ticket_that_they_came_from() -> None:
    movements = [
        {"at": "2026-03-10T09:00:00+08:00", "type": "returned", "condition": "broken", "quantity": 1, "serial": "A1",
         "ticket": "INC-1", "by": "gao.feng"},
        {"at": "2026-03-10T15:00:00+08:00", "type": "shipped", "condition": "broken", "quantity": 1, "serial": "A1",
         "rma": "R-7", "by": "gao.feng"},
    ]  # fmt: skip
    part = record("part", "board", supplier="dealer", movements=movements)
    dealer = record("supplier", "dealer", rma_target="72h")
    desk = Desk(part, dealer, record("incident", "INC-1"), record("incident", "INC-2"))
    (back,) = sent_back_for(desk.records[2], desk)
    assert (back.rma, back.due_at) == ("R-7", datetime(2026, 3, 13, 15, 0, tzinfo=HERE))
    assert sent_back_for(desk.records[3], desk) == []
