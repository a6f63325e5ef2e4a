"""Every timed clause of the service plan, proven on the desk's own agreement record with invented tickets."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sla_desk import Desk, facts

from servicebook.loader import load_record
from servicebook.records.facts import Facts
from servicebook.settings import Settings
from servicebook.sla.status import ClockStatus, clocks_of, closing_block
from servicebook.text.source_file import SourceFile

KB = Path(__file__).resolve().parents[2] / "kb"
NAMES = ("agreements/standard-after-sales", "support-hours/always", "support-hours/cn-office", "sites/east-quay-idc",
         "sites/signal-hill", "sites/yunshan-hq", "sites/qinglan-office", "customers/harbour-tv",
         "contracts/harbour-newmedia-2025", "customers/yunshan-media", "contracts/yunshan-vod-2025",
         "customers/qinglan-centre", "contracts/qinglan-renewal-2026")  # fmt: skip


@pytest.fixture(scope="module")
def desk() -> Desk:
    """The records of the sample desk that promise something, as they stand in kb/."""
    records = []
    for name in NAMES:
        path = KB / f"{name}.md"
        loaded = load_record(SourceFile(f"kb/{name}.md", path.read_bytes()), Settings(timezone="Asia/Shanghai"))
        assert loaded.facts is not None and not loaded.facts.get("$broken"), name
        records.append(loaded.facts)
    return Desk(*records)


def at(text: str) -> str:
    """Return `09-30 17:00` of 2026 as an instant in Shanghai."""
    return f"2026-{text.replace(' ', 'T')}:00+08:00"


def ticket(reported: str, *events: tuple[Any, ...], kind: str = "incident", **data: Any) -> Facts:
    """Return a ticket of Harbour TV; an event is (instant, name) or (instant, name, {more fields})."""
    numbers = count()
    timeline = [{"at": at(reported), "id": "0pen", "event": "opened", "by": "wang.fang"}]
    for when, name, *more in events:
        extra = more[0] if more else {}
        timeline.append({"at": at(when), "id": f"e{next(numbers):03}", "event": name, "by": "li.wei", **extra})
    fields = {"customer": "harbour-tv", "contract": "harbour-newmedia-2025", "site": "east-quay-idc",
              "fault_grade": "degraded", "category": "program_error", "reported_at": at(reported)}  # fmt: skip
    return facts(kind, "T", **{**fields, **data}, timeline=timeline)


def clock(desk: Desk, name: str, asked: Facts, now: str = "12-20 12:00") -> ClockStatus:
    """Return one clock of a ticket; the test fails when the agreement promises none of that name."""
    found = {status.name: status for status in clocks_of(asked, desk, datetime.fromisoformat(at(now)))}
    assert name in found, sorted(found)
    return found[name]


def due(status: ClockStatus) -> str | None:
    """Return a due time as `09-30 17:00`, the seconds left out."""
    return status.due_at.strftime("%m-%d %H:%M") if status.due_at else None


CATEGORIES = ("page_error", "network_link_down", "program_error", "resource_shortage", "data_error_or_loss",
              "server_damage")  # fmt: skip


# 1.1-2 Response within 30 minutes of the customer's notice


@pytest.mark.parametrize("grade", ["consultation", "degraded", "severe"])
def test_clause_1_1_2_response_in_30_minutes(desk: Desk, grade: str) -> None:
    asked = ticket("10-04 03:10", ("10-04 03:39", "acknowledged"), fault_grade=grade)  # at night, on a holiday
    status = clock(desk, "response", asked)
    assert (status.clause, status.promise) == ("1.1-2, 1.2.1, 1.3.4", "contract")
    assert (due(status), status.state) == ("10-04 03:40", "met")
    late = ticket("10-04 03:10", ("10-04 03:41", "acknowledged"), fault_grade=grade)
    assert clock(desk, "response", late).state == "missed"


def test_clause_1_1_2_only_a_person_stops_it(desk: Desk) -> None:
    asked = ticket("10-14 09:00", ("10-14 09:01", "note", {"note": "automatic answer sent"}),
                   ("10-14 09:05", "assigned"))  # fmt: skip
    assert clock(desk, "response", asked, now="10-14 09:20").state == "running"
    assert clock(desk, "response", asked, now="10-14 09:31").state == "missed"


def test_clause_1_1_2_no_pause_stops_it(desk: Desk) -> None:
    asked = ticket("10-14 09:00", ("10-14 09:05", "paused", {"reason": "waiting_customer"}))
    assert due(clock(desk, "response", asked, now="10-14 09:20")) == "10-14 09:30"


# 1.2.1 Seven categories, each answered within 30 minutes, 7 days 24 hours


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("day", ["10-01", "10-10", "10-11", "11-18"])
def test_clause_1_2_1_each_category_at_any_time(desk: Desk, category: str, day: str) -> None:
    assert (
        due(clock(desk, "response", ticket(f"{day} 23:50", category=category)))
        == f"{day[:3]}{int(day[3:]) + 1:02} 00:20"
    )


def test_clause_1_2_1_user_requests_have_the_same_clock(desk: Desk) -> None:
    asked = ticket("10-04 23:50", kind="service_request", request_type="user_request", fault_grade=None)
    assert due(clock(desk, "response", asked)) == "10-05 00:20"
    names = [status.name for status in clocks_of(asked, desk, datetime.fromisoformat(at("12-20 12:00")))]
    assert names == ["response"]


# 1.2.3 Contacted 3 to 5 days before a visit, reminded 1 to 2 days before departure


def visit(*events: tuple[Any, ...], opened: str = "11-03 10:00", start: str = "11-12 10:00") -> Facts:
    planned = {"planned_start_at": at(start), "planned_departure_at": at(f"{start[:5]} 07:00")}
    return ticket(opened, *events, kind="visit", reported_at=None, fault_grade=None, **planned)


@pytest.mark.parametrize(
    ("day", "state", "trouble"),
    [("11-06 23:59", "missed", "too-early"), ("11-07 00:00", "met", ""), ("11-09 23:59", "met", ""),
     ("11-10 00:01", "missed", "")],
)  # fmt: skip
def test_clause_1_2_3_contact_3_to_5_days_ahead(desk: Desk, day: str, state: str, trouble: str) -> None:
    status = clock(desk, "contact", visit((day, "customer_contacted")))
    assert (status.clause, status.state, status.trouble) == ("1.2.3", state, trouble)
    assert status.started_at and status.due_at
    assert status.started_at.isoformat() == "2026-11-07T00:00:00+08:00"
    assert status.due_at.isoformat() == "2026-11-10T00:00:00+08:00"


@pytest.mark.parametrize(
    ("day", "state"),
    [("11-09 12:00", "missed"), ("11-10 08:00", "met"), ("11-11 22:00", "met"), ("11-12 06:00", "missed")],
)
def test_clause_1_2_3_reminder_1_to_2_days_ahead(desk: Desk, day: str, state: str) -> None:
    assert clock(desk, "reminder", visit((day, "customer_reminded"))).state == state


def test_clause_1_2_3_the_window_opens_and_closes(desk: Desk) -> None:
    asked = visit()
    days = {"11-06 12:00": "not-started", "11-08 12:00": "running", "11-10 00:01": "missed"}
    assert {day: clock(desk, "contact", asked, now=day).state for day in days} == days


def test_clause_1_2_3_planned_at_short_notice(desk: Desk) -> None:
    assert clock(desk, "contact", visit(opened="11-11 10:00")).trouble == "short-notice"


def test_clause_1_2_3_rescheduling_moves_the_window(desk: Desk) -> None:
    status = clock(desk, "contact", visit(("11-08 09:00", "customer_contacted"), start="11-20 10:00"))
    assert (status.state, status.trouble) == ("missed", "too-early")


# 1.3.1 Handling report within 24 hours of resolution, submitted to the customer


def test_clause_1_3_1_handling_report_in_24_hours(desk: Desk) -> None:
    asked = ticket("10-14 09:00", ("10-14 11:02", "resolved"), ("10-15 11:02", "report_submitted"))
    status = clock(desk, "report", asked)
    assert (status.clause, status.promise, due(status), status.state) == ("1.3.1", "contract", "10-15 11:02", "met")
    late = ticket("10-14 09:00", ("10-14 11:02", "resolved"), ("10-15 11:03", "report_submitted"))
    assert clock(desk, "report", late).state == "missed"


def test_clause_1_3_1_handling_report_is_not_done_by_closing(desk: Desk) -> None:
    asked = ticket("10-14 09:00", ("10-14 11:02", "resolved"), ("10-14 12:00", "closed"))
    assert clock(desk, "report", asked, now="10-14 18:00").state == "running"
    assert clock(desk, "report", asked, now="10-15 12:00").state == "missed"
    assert clock(desk, "report", ticket("10-14 09:00")).state == "not-started"


def test_clause_1_3_1_handling_report_anew_after_reopening(desk: Desk) -> None:
    asked = ticket("10-14 09:00", ("10-14 11:00", "resolved"), ("10-14 13:00", "report_submitted"),
                   ("10-14 15:00", "reopened"), ("10-14 17:00", "resolved"))  # fmt: skip
    assert due(clock(desk, "report", asked, now="10-14 18:00")) == "10-15 17:00"


# 1.3.2 Remote support within 1 hour when telephone help is not enough


@pytest.mark.parametrize("grade", ["degraded", "severe"])
def test_clause_1_3_2_remote_in_1_hour(desk: Desk, grade: str) -> None:
    asked = ticket("10-14 09:00", ("10-14 09:59", "remote_session"), fault_grade=grade)
    status = clock(desk, "remote", asked)
    assert (status.clause, due(status), status.state) == ("1.3.2", "10-14 10:00", "met")
    assert clock(desk, "remote", ticket("10-14 09:00", fault_grade=grade)).state == "missed"


def test_clause_1_3_2_being_there_is_more_than_remote(desk: Desk) -> None:
    assert clock(desk, "remote", ticket("10-14 09:00", ("10-14 09:40", "arrived"))).state == "met"


def test_clause_1_3_2_solved_by_telephone_needs_no_remote_session(desk: Desk) -> None:
    assert clock(desk, "remote", ticket("10-14 09:00", ("10-14 09:20", "resolved"))).state == "cancelled"
    consultation = ticket("10-14 09:00", fault_grade="consultation")
    assert "remote" not in {s.name for s in clocks_of(consultation, desk, datetime.fromisoformat(at("10-14 12:00")))}


# 1.3.3 Severe: on site within travel + 1 hour. Equipment: 4 to 24 hours by distance. Spare: 24 hours, 2 working days


@pytest.mark.parametrize(
    ("site", "latest"), [("east-quay-idc", "10:25"), ("signal-hill", "11:10"), ("yunshan-hq", "12:30")]
)
def test_clause_1_3_3_severe_on_site_in_travel_and_1_hour(desk: Desk, site: str, latest: str) -> None:
    status = clock(desk, "onsite-severe", ticket("11-18 09:00", fault_grade="severe", site=site))
    assert (status.clause, due(status), status.trouble) == ("1.3.3, 1.3.4", f"11-18 {latest}", "")


@pytest.mark.parametrize(
    ("site", "latest"),
    [("east-quay-idc", "11-18 13:00"), ("signal-hill", "11-18 17:00"), ("yunshan-hq", "11-18 21:00"),
     ("qinglan-office", "11-19 09:00")],
)  # fmt: skip
def test_clause_1_3_3_equipment_on_site_by_distance(desk: Desk, site: str, latest: str) -> None:
    status = clock(desk, "onsite-equipment", ticket("11-18 09:00", category="server_damage", site=site))
    assert (status.clause, due(status)) == ("1.3.3", latest)


def test_clause_1_3_3_where_both_apply_the_earlier_binds(desk: Desk) -> None:
    asked = ticket("11-18 09:00", category="server_damage", fault_grade="severe")
    assert due(clock(desk, "onsite-severe", asked)) == "11-18 10:25"
    assert due(clock(desk, "onsite-equipment", asked)) == "11-18 13:00"


def equipment(arrived: str, *events: tuple[Any, ...]) -> Facts:
    reported = f"{arrived[:5]} {int(arrived[6:8]) - 1:02}{arrived[8:]}"
    return ticket(reported, (arrived, "arrived"), *events, category="server_damage")


@pytest.mark.parametrize(
    ("arrived", "shipped", "there"),
    [
        # mark at 15:05 on the eve of the holiday: the 8th is day 1, the 9th day 2
        ("09-30 13:05", "10-01 15:05", "10-09 18:00"),
        # mark on the 8th: the 9th is day 1, Saturday the 10th, worked in place of the holiday, day 2
        ("10-08 11:05", "10-09 13:05", "10-10 18:00"),
        # mark in the holiday: day 1 is the 8th
        ("10-03 10:00", "10-04 12:00", "10-09 18:00"),
        # mark on Friday; the weekend does not count
        ("11-13 10:00", "11-14 12:00", "11-17 18:00"),
        # mark on the Friday before the make-up Sunday of 20 September
        ("09-18 10:00", "09-19 12:00", "09-21 18:00"),
    ],
)
def test_clause_1_3_3_spare_part_two_hours_after_arrival(desk: Desk, arrived: str, shipped: str, there: str) -> None:
    asked = equipment(arrived)
    assert due(clock(desk, "spare-shipped", asked)) == shipped
    assert due(clock(desk, "spare-arrived", asked)) == there


def test_clause_1_3_3_solved_within_two_hours_needs_no_spare(desk: Desk) -> None:
    asked = equipment("11-18 10:00", ("11-18 11:59", "resolved"))
    assert clock(desk, "spare-shipped", asked).state == "not-started"
    assert clock(desk, "spare-arrived", ticket("11-18 09:00", category="server_damage")).state == "not-started"


def test_clause_1_3_3_shipping_before_the_mark_is_in_time(desk: Desk) -> None:
    assert clock(desk, "spare-shipped", equipment("11-18 10:00", ("11-18 10:30", "part_shipped"))).state == "met"


def test_clause_1_3_3_a_repair_ends_the_wait_for_the_spare(desk: Desk) -> None:
    assert clock(desk, "spare-arrived", equipment("11-18 10:00", ("11-18 15:00", "resolved"))).state == "cancelled"
    overdue = equipment("11-18 10:00", ("11-25 15:00", "resolved"))
    assert clock(desk, "spare-arrived", overdue).state == "missed"


def test_clause_1_3_3_only_equipment_has_spares(desk: Desk) -> None:
    asked = ticket("11-18 09:00", ("11-18 10:00", "arrived"), category="program_error")
    names = {status.name for status in clocks_of(asked, desk, datetime.fromisoformat(at("11-18 18:00")))}
    assert not names & {"spare-shipped", "spare-arrived", "onsite-equipment"}


# 1.3.4 Three grades; traffic is an evidenced extension, not a pause


def test_clause_1_3_4_the_grade_decides_which_promises_hold(desk: Desk) -> None:
    names = {}
    for grade in ("consultation", "degraded", "severe"):
        statuses = clocks_of(ticket("11-18 09:00", fault_grade=grade), desk, datetime.fromisoformat(at("11-18 09:10")))
        names[grade] = [status.name for status in statuses if status.state == "running"]
    assert names == {
        "consultation": ["response", "restore"],
        "degraded": ["response", "remote", "restore"],
        "severe": ["response", "remote", "onsite-severe", "restore"],
    }


def test_clause_1_3_4_traffic_extends_with_evidence_and_shows_both(desk: Desk) -> None:
    more = {"step": "onsite-severe", "until": at("11-18 11:30")}
    asked, unproven = (
        ticket("11-18 09:00", ("11-18 10:00", "extended", said), ("11-18 11:10", "arrived"), fault_grade="severe")
        for said in ({**more, "evidence": "photo of the closed road"}, more)
    )
    status = clock(desk, "onsite-severe", asked)
    assert (status.state, due(status)) == ("met", "11-18 11:30")
    assert status.original_due_at and status.original_due_at.strftime("%H:%M") == "10:25"
    assert clock(desk, "onsite-severe", unproven).state == "missed"


# Practice: what the plan does not promise is the desk's own


def test_practice_dispatch_by_phone_is_confirmed_in_24_hours(desk: Desk) -> None:
    asked = ticket("11-18 09:00", ("11-18 09:20", "approved_by_phone"), ("11-19 09:20", "approval_confirmed"))
    status = clock(desk, "plan-confirmed", asked)
    assert (status.promise, due(status), status.state) == ("internal", "11-19 09:20", "met")
    forgotten = ticket(
        "11-18 09:00", ("11-18 09:20", "approved_by_phone"), ("11-18 10:00", "arrived"), fault_grade="severe"
    )
    assert clock(desk, "plan-confirmed", forgotten).state == "missed"
    assert clock(desk, "onsite-severe", forgotten).state == "met"  # not broken by paperwork


@pytest.mark.parametrize(("grade", "latest"), [("severe", "13:00"), ("degraded", "21:00")])
def test_practice_no_time_to_restore_is_promised(desk: Desk, grade: str, latest: str) -> None:
    status = clock(desk, "restore", ticket("11-18 09:00", fault_grade=grade))
    assert (status.promise, due(status)) == ("internal", f"11-18 {latest}")


def test_closed_ticket_keeps_the_version_it_cites(desk: Desk) -> None:
    """Version 3 holds from 14 September; a ticket closed under version 2 in October gets none of its clocks."""
    outcome = {"outcome": "met", "agreement": "standard-after-sales@2026-07-01", "hours": "always@2025-01-01",
               "due_at": at("10-14 09:30"), "stopped_at": at("10-14 09:10")}  # fmt: skip
    events = (("10-14 09:10", "acknowledged"), ("10-14 11:00", "resolved"), ("10-14 12:00", "closed"))
    closed = ticket("10-14 09:00", *events, sla={"response": outcome}, fault_grade="severe")
    block = closing_block(closed, desk)
    assert set(block) == {"response", "restore"}
    assert block["response"] == outcome
    assert block["restore"]["agreement"] == "standard-after-sales@2026-07-01"
    fresh = closing_block(ticket("10-14 09:00", *events, fault_grade="severe"), desk)
    assert {"remote", "onsite-severe"} <= set(fresh)
