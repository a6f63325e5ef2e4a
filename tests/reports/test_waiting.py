"""Who waits for which supplier, since when: of whom it is a task, and what of a ticket's is out for repair."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from servicebook.records.facts import Facts
from servicebook.reports.agenda import Task, agenda_of, concerns
from servicebook.reports.board import clock_rows
from servicebook.reports.messages import words_to_suppliers
from servicebook.reports.returns import returns_of_ticket
from servicebook.reports.waiting import waiting_of, waiting_tasks

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


SENT = datetime(2026, 3, 10, 15, 0, tzinfo=HERE)
DUE = SENT + timedelta(hours=72)


def desk_with_a_piece_out(*more: dict[str, Any], status: str = "closed", to: str = "", ticket: str = "INC-1") -> Desk:
    """Return a desk whose dealer has had a board of a ticket for repair since SENT, and owes it at DUE."""
    movements = [
        {"at": "2026-03-10T09:00:00+08:00", "type": "returned", "condition": "broken", "quantity": 1, "serial": "A1",
         "by": "gao.feng", **({"ticket": ticket} if ticket else {})},
        {"at": SENT.isoformat(), "type": "shipped", "condition": "broken", "quantity": 1, "serial": "A1",
         "rma": "R-7", "by": "gao.feng", **({"to": to} if to else {})},
        *more,
    ]  # fmt: skip
    incident = record("incident", "INC-1", status, assigned_to="li.wei", timeline=[])
    return Desk(
        Facts("board.md", "", "part", "board", "t", "active", json.dumps({"supplier": "dealer", "movements": movements},
              separators=(",", ":")), ()),
        record("supplier", "dealer", rma_target="72h", account_manager="gao.feng", escalation=["shift lead"]),
        record("supplier", "maker", rma_target="2 working days"),
        incident,
        record("incident", "INC-2"),
        record("person", "li.wei"),
        record("person", "gao.feng"),
    )  # fmt: skip


def test_broken_pieces_belong_to_the_ticket_that_they_came_from() -> None:
    desk = desk_with_a_piece_out()
    (back,) = returns_of_ticket(desk.records[3], desk, NOW)
    assert (back.rma, back.supplier, back.due_at, back.back_at) == ("R-7", "dealer", DUE, None)
    assert returns_of_ticket(desk.records[4], desk, NOW) == []


def test_a_piece_out_is_a_clock_of_its_ticket_even_when_that_is_closed() -> None:
    desk = desk_with_a_piece_out()
    states = [
        [(row.ticket.id, row.clock.name, row.clock.state) for row in clock_rows(desk, at)]
        for at in (SENT - timedelta(minutes=1), SENT, DUE, DUE + timedelta(seconds=1))
    ]
    row = ("INC-1", "rma R-7")
    assert states == [[], [(*row, "running")], [(*row, "running")], [(*row, "missed")]]
    homeless = desk_with_a_piece_out(ticket="")
    assert [row.ticket.id for row in clock_rows(homeless, NOW)] == ["board"]


def test_a_piece_that_came_back_stops_its_clock_and_one_that_was_scrapped_has_none() -> None:
    came = {"at": "2026-03-12T11:00:00+08:00", "type": "received", "serial": "A9", "rma": "R-7"}
    desk = desk_with_a_piece_out(came)
    assert [row.clock.state for row in clock_rows(desk, NOW)] == []
    ended = [row.clock for row in clock_rows(desk, DUE + timedelta(days=9), every=True) if row.clock.name == "rma R-7"]
    assert [(clock.state, clock.stopped_at) for clock in ended] == [("met", datetime(2026, 3, 12, 11, 0, tzinfo=HERE))]
    gone = desk_with_a_piece_out({**came, "type": "scrapped"})
    assert clock_rows(gone, NOW, every=True) == []


def test_the_supplier_of_a_movement_goes_before_the_parts_own_and_working_days_want_hours() -> None:
    (back,) = returns_of_ticket((desk := desk_with_a_piece_out(to="maker")).records[3], desk, NOW)
    assert (back.supplier, back.clock) == ("maker", None)


def test_a_late_piece_is_asked_for_by_who_looks_after_the_supplier_then_by_whom_the_supplier_names() -> None:
    desk = desk_with_a_piece_out(status="resolved")
    later = DUE + timedelta(hours=25)
    (word,) = words_to_suppliers(desk, later)
    assert (word.topic, word.record.id, word.to, word.due_at) == ("piece_late", "INC-1", ("gao.feng",), DUE)
    (row,) = clock_rows(desk, later)
    (step,) = row.clock.steps
    assert [who for _, who, _ in step.calls] == ["gao.feng", "shift lead"]
    assert [(task.what, task.at) for task in tasks(desk, "li.wei", DUE)] == [("waits", DUE)]
    assert [(task.what, task.at) for task in tasks(desk, "li.wei", later)] == [("supplier_late", DUE)]
    assert [task.what for task in tasks(desk, "gao.feng", later)] == ["sent_back"]
