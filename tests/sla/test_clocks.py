"""What each point of the clocks' meaning says, on one ticket each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sla_desk import RESPONSE, RESTORE, Desk, agreement, desk_of, event, facts, hours, incident, instant, office

from servicebook.records.facts import Facts
from servicebook.sla.status import ClockStatus, clocks_of, closing_block

OPENED = event("08:00", "opened")
ROUND_THE_CLOCK = {**RESTORE, "hours": "always"}


def clock(ticket: Facts, desk: Desk, now: str, name: str = "restore") -> ClockStatus:
    """Return the clock of a name at an instant."""
    return next(status for status in clocks_of(ticket, desk, instant(now)) if status.name == name)


def restore_of(*timeline: dict[str, Any], now: str, target: dict[str, Any] = ROUND_THE_CLOCK) -> ClockStatus:
    """Return an 8 h restore clock around the clock that pauses while waiting for the customer."""
    return clock(incident(OPENED, *timeline), desk_of(RESPONSE, target), now)


def test_a_clock_runs_from_notice_and_is_met_by_its_stop() -> None:
    status = clock(incident(OPENED, event("08:30", "acknowledged")), desk_of(RESPONSE), "09:00", "response")
    assert (status.state, status.due_at, status.stopped_at) == ("met", instant("08:30"), instant("08:30"))
    assert (status.agreement, status.hours, status.clause) == ("gold@2026-01-01", "always@2026-01-01", "1.1-2")


def test_a_second_late_is_missed() -> None:
    late = incident(OPENED, {**event("08:30", "acknowledged"), "at": "2026-03-12T08:30:01+08:00"})
    assert clock(late, desk_of(RESPONSE), "09:00", "response").state == "missed"


def test_running_tells_what_is_left_and_what_comes_next() -> None:
    status = restore_of(now="11:00")
    assert (status.state, status.due_at, status.remaining) == ("running", instant("16:00"), timedelta(hours=5))
    assert [(step.at, step.step) for step in status.steps] == [(instant("12:00"), "50%"), (instant("15:50"), "-10m")]
    assert status.next_boundary_at == instant("12:00")
    assert restore_of(now="15:55").next_boundary_at == instant("16:00")


def test_missed_is_a_status_and_counts_on() -> None:
    status = restore_of(now="17:00")
    assert (status.state, status.stopped_at, status.remaining) == ("missed", None, timedelta(hours=-1))


def test_paused_shows_no_due_time_but_what_is_left() -> None:
    status = restore_of(event("10:00", "paused", reason="waiting_customer"), now="15:00")
    assert (status.state, status.due_at, status.remaining) == ("paused", None, timedelta(hours=6))
    assert (status.reason, status.next_boundary_at) == ("waiting_customer", None)


def test_a_pause_is_cut_out_of_working_time_not_added_as_minutes() -> None:
    target = {**RESTORE, "within": "4h"}
    overnight = [event("17:00", "paused", reason="waiting_customer"), event("2026-03-13T10:00:00+08:00", "resumed")]
    ticket = incident(OPENED, *overnight, reported_at="2026-03-12T14:00:00+08:00")
    status = clock(ticket, desk_of(target), "2026-03-13T10:30:00+08:00")
    # 14:00 to 17:00 are 3 h; the fourth begins on Friday at 10:00. As wall-clock minutes it would be Monday.
    assert status.due_at == instant("2026-03-13T11:00:00+08:00")


def test_a_reason_the_agreement_does_not_name_pauses_nothing() -> None:
    status = restore_of(event("10:00", "paused", reason="waiting_supplier"), now="11:00")
    assert (status.state, status.due_at) == ("running", instant("16:00"))


def test_the_response_clock_does_not_pause_unless_the_agreement_says_so() -> None:
    ticket = incident(OPENED, event("08:10", "paused", reason="waiting_customer"))
    assert clock(ticket, desk_of(RESPONSE), "08:45", "response").state == "missed"


def test_a_breach_survives_a_later_pause() -> None:
    status = restore_of(event("16:30", "paused", reason="waiting_customer"), now="18:00")
    assert (status.state, status.due_at) == ("missed", instant("16:00"))


def test_a_pause_agreed_until_an_instant_ends_there() -> None:
    pause = event("10:00", "paused", reason="waiting_customer", until="2026-03-12T12:00:00+08:00")
    assert restore_of(pause, now="11:00").next_boundary_at == instant("12:00")
    after = restore_of(pause, now="13:00")
    assert (after.state, after.due_at) == ("running", instant("18:00"))


def test_stop_comes_before_cancel_comes_before_pause_at_one_instant() -> None:
    together = [event("16:00", "paused", reason="waiting_customer"), event("16:00", "cancelled")]
    assert restore_of(*together, now="17:00").state == "cancelled"
    assert restore_of(*together, event("16:00", "resolved"), now="17:00").state == "met"


def test_cancelling_does_not_undo_a_breach() -> None:
    assert restore_of(event("15:00", "cancelled"), now="17:00").state == "cancelled"
    assert restore_of(event("16:30", "cancelled"), now="17:00").state == "missed"


def test_reopening_goes_on_with_the_same_clock_and_leaves_out_the_time_between() -> None:
    timeline = [event("10:00", "resolved"), event("13:00", "reopened", reason="black again")]
    status = restore_of(*timeline, now="14:00")
    assert (status.state, status.due_at, status.worked) == ("running", instant("19:00"), timedelta(hours=3))
    assert (status.first_stopped_at, status.stopped_at) == (instant("10:00"), None)
    counted = restore_of(*timeline, now="14:00", target={**ROUND_THE_CLOCK, "reopened": "counted"})
    assert (counted.due_at, counted.worked) == (instant("16:00"), timedelta(hours=6))


def test_both_resolutions_are_told() -> None:
    timeline = [event("10:00", "resolved"), event("13:00", "reopened"), event("15:00", "resolved")]
    status = restore_of(*timeline, now="16:00")
    assert (status.first_stopped_at, status.stopped_at) == (instant("10:00"), instant("15:00"))


def test_a_late_resolution_stays_missed_after_reopening() -> None:
    status = restore_of(event("17:00", "resolved"), event("17:30", "reopened"), now="17:31")
    assert (status.state, status.due_at) == ("missed", instant("16:00"))


REPORT = {"name": "report", "start": "resolved", "stop": ["report_submitted"], "within": "24h"}


def test_the_report_clock_starts_again_after_reopening() -> None:
    first = [event("10:00", "resolved"), event("11:00", "report_submitted")]
    assert clock(incident(OPENED, *first), desk_of(REPORT), "12:00", "report").state == "met"
    again = [*first, event("13:00", "reopened")]
    assert clock(incident(OPENED, *again), desk_of(REPORT), "13:30", "report").state == "not-started"
    second = incident(OPENED, *again, event("15:00", "resolved"), event("15:30", "closed"))
    status = clock(second, desk_of(REPORT), "16:00", "report")
    assert (status.state, status.due_at) == ("running", instant("2026-03-13T15:00:00+08:00"))


BY_GRADE = [
    {**ROUND_THE_CLOCK, "applies_when": {"fault_grade": ["severe"]}, "within": "4h"},
    {**ROUND_THE_CLOCK, "applies_when": {"fault_grade": ["degraded", "consultation"]}, "within": "8h"},
]


def regraded(at: str, old: str, new: str) -> dict[str, Any]:
    return event(at, "regraded", field="fault_grade", old=old, new=new, reason="checked on site")


def test_a_new_grade_brings_a_new_target_from_the_first_start_with_all_earlier_pauses() -> None:
    """Peers lose the pauses here (GLPI #15605, #24481)."""
    timeline = [
        event("09:00", "paused", reason="waiting_customer"),
        event("10:00", "resumed"),
        regraded("11:00", "degraded", "severe"),
    ]
    status = clock(incident(OPENED, *timeline), desk_of(*BY_GRADE), "11:30")
    assert (status.state, status.started_at, status.due_at) == ("running", instant("08:00"), instant("13:00"))
    assert [(old.state, old.due_at) for old in status.earlier] == [("cancelled", instant("17:00"))]
    assert [(step.step, step.retroactive) for step in status.steps] == [("50%", False), ("-10m", False)]


def test_a_step_that_had_passed_when_the_grade_rose_is_retroactive() -> None:
    status = clock(incident(OPENED, regraded("11:00", "degraded", "severe")), desk_of(*BY_GRADE), "11:30")
    assert [(step.step, step.at, step.retroactive) for step in status.steps] == [
        ("50%", instant("10:00"), True),
        ("-10m", instant("11:50"), False),
    ]


def test_a_downgrade_does_not_undo_a_breach() -> None:
    ticket = incident(OPENED, regraded("13:00", "severe", "degraded"), fault_grade="degraded")
    status = clock(ticket, desk_of(*BY_GRADE), "14:00")
    assert (status.state, status.due_at) == ("missed", instant("12:00"))


def test_a_clock_that_was_met_stays_met_through_a_change_of_grade() -> None:
    timeline = [event("11:30", "resolved"), regraded("12:30", "severe", "degraded")]
    status = clock(incident(OPENED, *timeline, fault_grade="degraded"), desk_of(*BY_GRADE), "14:00")
    assert (status.state, status.due_at) == ("met", instant("12:00"))


def test_before_the_change_nobody_knows_of_it() -> None:
    ticket = incident(OPENED, regraded("11:00", "degraded", "severe"))
    assert clock(ticket, desk_of(*BY_GRADE), "10:00").due_at == instant("16:00")


def test_a_promise_keeps_the_version_it_started_under() -> None:
    versions = [
        {"version": 1, "effective_from": "2026-01-01", "support_hours": "always", "clocks": [ROUND_THE_CLOCK]},
        {
            "version": 2,
            "effective_from": "2026-03-12",
            "support_hours": "always",
            "zone": "Asia/Shanghai",
            "clocks": [{**ROUND_THE_CLOCK, "within": "2h"}],
        },
    ]
    desk = desk_of(ROUND_THE_CLOCK)
    desk.records["agreement", "gold"] = facts("agreement", "gold", versions=versions)
    before = incident(OPENED, reported_at="2026-03-11T23:59:00+08:00")
    assert clock(before, desk, "08:00").agreement == "gold@2026-01-01"
    after = clock(incident(OPENED, reported_at="2026-03-12T00:00:00+08:00"), desk, "08:00")
    assert (after.agreement, after.due_at) == ("gold@2026-03-12", instant("02:00"))


def test_hours_keep_their_version_under_a_running_clock_but_take_a_later_year_list() -> None:
    lists = [{"year": 2026, "source": "x", "days": []}]
    older = office(holidays=lists)
    newer = {
        **office(holidays=[{"year": 2027, "source": "x", "days": ["2027-01-01"]}]),
        "effective_from": "2027-01-01",
        "week": {"mon": [["09:00", "10:00"]]},
    }
    desk = desk_of({**RESTORE, "within": "18h"})
    desk.records["support_hours", "cn-office"] = hours("cn-office", older, newer)
    ticket = incident(OPENED, reported_at="2026-12-31T09:00:00+08:00")
    status = clock(ticket, desk, "2026-12-31T10:00:00+08:00")
    # Thursday in full, Friday is the holiday, then Monday to 18:00: the old week, the new year's list.
    assert (status.due_at, status.hours) == (instant("2027-01-04T18:00:00+08:00"), "cn-office@2026-01-01")
    assert status.unlisted_years == ()
    desk.records["support_hours", "cn-office"] = hours("cn-office", older)
    assert clock(ticket, desk, "2026-12-31T10:00:00+08:00").unlisted_years == (2027,)


def test_a_correction_takes_the_place_of_the_version_it_names() -> None:
    wrong = office(holidays=[{"year": 2026, "source": "x", "days": []}])
    right = office(holidays=[{"year": 2026, "source": "x", "days": ["2026-03-12"]}])
    desk = desk_of(RESTORE)
    mended = {**right, "effective_from": "2026-03-01", "corrects": "2026-01-01"}
    desk.records["support_hours", "cn-office"] = hours("cn-office", wrong, mended)
    status = clock(incident(OPENED), desk, "09:00")
    assert status.due_at == instant("2026-03-13T17:00:00+08:00")


def test_the_most_specific_agreement_wins() -> None:
    desk = Desk(
        facts("customer", "acme", agreements=["silver"]),
        facts("contract", "acme-2026", agreements=["gold"]),
        facts("service", "live", agreements=["bronze"]),
        agreement(RESPONSE, slug="gold"),
        agreement({**RESPONSE, "within": "1h"}, slug="bronze"),
        agreement({**RESPONSE, "within": "2h"}, slug="silver"),
        hours("always", {"timezone": "UTC", "week": {"mon": [["00:00", "24:00"]]}}),
    )
    cites = {
        "gold": incident(OPENED, contract="acme-2026", service="live"),
        "bronze": incident(OPENED, service="live"),
        "silver": incident(OPENED),
    }
    for slug, ticket in cites.items():
        assert [status.agreement for status in clocks_of(ticket, desk, instant("09:00"))] == [f"{slug}@2026-01-01"]


def test_an_agreement_with_another_customer_does_not_cover() -> None:
    desk = desk_of(RESPONSE)
    gold = desk.records["agreement", "gold"].data
    desk.records["agreement", "gold"] = facts("agreement", "gold", **{**gold, "customers": ["other"]})
    assert clocks_of(incident(OPENED), desk, instant("09:00")) == []


def test_a_ticket_without_an_agreement_has_no_clocks() -> None:
    assert clocks_of(incident(OPENED, customer="other"), desk_of(RESPONSE), instant("09:00")) == []


ONSITE = {"name": "onsite", "start": "reported_at", "stop": ["arrived"], "within": "travel + 1h"}


def test_travel_is_the_sites_own_and_a_missing_entry_uses_the_cap_and_says_so() -> None:
    desk = desk_of(ONSITE)
    desk.records["site", "hq"] = facts(
        "site", "hq", distance_class="near", travel_minutes=[{"minutes": 90}, {"minutes": 45}]
    )
    desk.records["site", "far"] = facts("site", "far", distance_class="remote")
    near = clock(incident(OPENED, site="hq"), desk, "08:10", "onsite")
    assert (near.due_at, near.trouble) == (instant("09:45"), "")
    far = clock(incident(OPENED, site="far"), desk, "08:10", "onsite")
    assert (far.due_at, far.trouble) == (instant("2026-03-13T08:00:00+08:00"), "no-travel")


def extension(at: str, until: str, **more: Any) -> dict[str, Any]:
    return event(at, "extended", until=instant(until).isoformat(), reason="G2 closed", **more)


def test_an_evidenced_extension_shows_both_due_times_and_is_no_pause() -> None:
    desk = desk_of({**ONSITE, "within": "2h"})
    proven = extension("09:30", "11:00", evidence="road-closed.jpg")
    status = clock(incident(OPENED, proven), desk, "10:30", "onsite")
    assert (status.state, status.original_due_at, status.due_at) == ("running", instant("10:00"), instant("11:00"))
    assert status.remaining == timedelta(minutes=30)
    assert [segment.kind for segment in status.segments] == ["running", "extended"]
    assert sum((segment.worked for segment in status.segments), timedelta()) == status.worked
    arrived = incident(OPENED, proven, event("10:45", "arrived"))
    assert clock(arrived, desk, "11:30", "onsite").state == "met"
    assert clock(incident(OPENED, proven), desk, "11:01", "onsite").state == "missed"


def test_an_extension_without_evidence_or_after_the_breach_gives_nothing() -> None:
    desk = desk_of({**ONSITE, "within": "2h"})
    bare = clock(incident(OPENED, extension("09:30", "11:00")), desk, "10:30", "onsite")
    assert (bare.state, bare.trouble) == ("missed", "extension-without-evidence")
    late = clock(incident(OPENED, extension("10:10", "11:00", evidence="x")), desk, "10:30", "onsite")
    assert (late.state, late.original_due_at) == ("missed", None)


CONTACT = {
    "name": "contact",
    "start": "planned_start_at",
    "stop": ["customer_contacted"],
    "within": "0m",
    "window": ["5d", "3d"],
}


def visit(*timeline: dict[str, Any]) -> Facts:
    """Return a visit planned for 2026-03-20, opened on the 1st."""
    data = {"customer": "acme", "site": "hq", "planned_start_at": "2026-03-20T10:00:00+08:00"}
    opened = event("2026-03-01T09:00:00+08:00", "opened")
    return facts("visit", "VIS-20260301-7F3K", timeline=[opened, *timeline], **data)


def test_a_window_before_a_visit_is_too_early_open_done_or_missed() -> None:
    desk = desk_of(CONTACT)
    desk.records["site", "hq"] = facts("site", "hq", timezone="Asia/Shanghai")

    def state(now: str, *timeline: dict[str, Any]) -> tuple[str, str]:
        status = clock(visit(*timeline), desk, f"{now}:00+08:00", "contact")
        return status.state, status.trouble

    assert state("2026-03-14T23:59") == ("not-started", "")
    assert state("2026-03-15T00:00") == ("running", "")
    assert state("2026-03-17T23:59") == ("running", "")
    assert state("2026-03-18T00:01") == ("missed", "")
    done = event("2026-03-16T09:00:00+08:00", "customer_contacted")
    assert state("2026-03-19T00:00", done) == ("met", "")
    early = event("2026-03-10T09:00:00+08:00", "customer_contacted")
    assert state("2026-03-16T00:00", early) == ("running", "too-early")
    late = event("2026-03-19T09:00:00+08:00", "customer_contacted")
    assert state("2026-03-19T10:00", late) == ("missed", "")


def test_a_visit_at_shorter_notice_than_its_window_says_so() -> None:
    soon = facts(
        "visit",
        "VIS-20260319-7F3K",
        timeline=[event("2026-03-19T09:00:00+08:00", "opened")],
        customer="acme",
        planned_start_at="2026-03-20T10:00:00+08:00",
    )
    status = clock(soon, desk_of(CONTACT), "2026-03-19T10:00:00+08:00", "contact")
    assert (status.state, status.trouble) == ("cancelled", "short-notice")


SHIPPED = {
    "name": "spare-shipped",
    "start": "arrived + 2h",
    "stop": ["part_shipped"],
    "cancel": ["resolved"],
    "within": "24h",
}
ARRIVED = {**SHIPPED, "name": "spare-arrived", "stop": ["part_arrived"], "within": "2 working days"}


def test_spare_clocks_are_anchored_two_hours_after_the_first_arrival() -> None:
    desk = desk_of(SHIPPED, ARRIVED, working_calendar="cn-office")
    timeline = [OPENED, event("10:00", "arrived"), event("11:00", "arrived")]
    assert clock(incident(*timeline), desk, "11:59", "spare-shipped").state == "not-started"
    shipped = clock(incident(*timeline), desk, "12:00", "spare-shipped")
    assert (shipped.started_at, shipped.due_at) == (instant("12:00"), instant("2026-03-13T12:00:00+08:00"))
    arrived = clock(incident(*timeline), desk, "12:00", "spare-arrived")
    assert arrived.due_at == instant("2026-03-16T18:00:00+08:00")


def test_a_spare_shipped_before_the_mark_is_met_and_a_fix_before_it_needs_none() -> None:
    desk = desk_of(SHIPPED)
    early = incident(OPENED, event("10:00", "arrived"), event("11:00", "part_shipped"))
    assert clock(early, desk, "13:00", "spare-shipped").state == "met"
    fixed = incident(OPENED, event("10:00", "arrived"), event("11:30", "resolved"))
    assert clock(fixed, desk, "13:00", "spare-shipped").state == "not-started"
    later = incident(OPENED, event("10:00", "arrived"), event("13:00", "resolved"))
    assert clock(later, desk, "14:00", "spare-shipped").state == "cancelled"
    overdue = incident(OPENED, event("10:00", "arrived"), event("2026-03-13T13:00:00+08:00", "resolved"))
    assert clock(overdue, desk, "2026-03-13T14:00:00+08:00", "spare-shipped").state == "missed"


def test_an_anchor_that_never_came_is_not_started() -> None:
    status = clock(incident(OPENED), desk_of(SHIPPED), "2026-04-12T08:00:00+08:00", "spare-shipped")
    assert status.state == "not-started"


def test_segments_add_up_to_the_second() -> None:
    timeline = [
        event("10:00", "paused", reason="waiting_customer"),
        event("11:30", "resumed"),
        event("14:00", "resolved"),
        event("15:00", "reopened"),
    ]
    status = restore_of(*timeline, now="2026-03-13T09:17:00+08:00", target=RESTORE)
    assert [segment.kind for segment in status.segments] == ["running", "paused", "running", "resolved", "running"]
    assert sum((segment.elapsed for segment in status.segments), timedelta()) == status.elapsed
    assert sum((segment.worked for segment in status.segments), timedelta()) == status.worked
    assert all(a.end == b.start for a, b in zip(status.segments, status.segments[1:], strict=False))


def test_the_closing_block_tells_each_outcome_once() -> None:
    timeline = [OPENED, event("08:40", "acknowledged"), event("12:00", "resolved"), event("13:00", "closed")]
    desk = desk_of(RESPONSE, RESTORE, REPORT)
    block = closing_block(incident(*timeline), desk)
    assert block == {
        "response": {
            "due_at": "2026-03-12T08:30:00+08:00",
            "stopped_at": "2026-03-12T08:40:00+08:00",
            "outcome": "missed",
            "agreement": "gold@2026-01-01",
            "hours": "always@2026-01-01",
        },
        "restore": {
            "due_at": "2026-03-12T17:00:00+08:00",
            "stopped_at": "2026-03-12T12:00:00+08:00",
            "outcome": "met",
            "agreement": "gold@2026-01-01",
            "hours": "cn-office@2026-01-01",
        },
    }
    assert closing_block(incident(*timeline, sla=block), desk) == block


def test_a_closed_outcome_keeps_the_version_it_cites() -> None:
    timeline = [OPENED, event("12:00", "resolved"), event("13:00", "closed")]
    desk = desk_of(RESTORE)
    block = closing_block(incident(*timeline), desk)
    mended = {**office(holidays=[{"year": 2026, "source": "x", "days": ["2026-03-12"]}]), "corrects": "2026-01-01"}
    mended["effective_from"] = "2026-04-01"
    desk.records["support_hours", "cn-office"] = hours("cn-office", office(), mended)
    assert closing_block(incident(*timeline, sla=block), desk) == block
    assert closing_block(incident(*timeline), desk)["restore"]["hours"] == "cn-office@2026-04-01"


def test_nothing_in_the_records_makes_it_raise() -> None:
    ticket = incident(OPENED, {"at": "nonsense"}, {"event": "paused"})
    desk = desk_of({**RESTORE, "hours": "gone"}, {**RESPONSE, "within": "soon"}, {"name": "bare"})
    assert [(s.state, s.trouble) for s in clocks_of(ticket, desk, instant("09:00"))] == [
        ("not-started", "no-hours"),
        ("not-started", "no-within"),
        ("not-started", "no-within"),
    ]


@pytest.mark.parametrize("within", [f"{'9' * 20}h", f"{'9' * 5000}h", f"P{'9' * 12}W", f"{'9' * 5000} working days"])
def test_a_target_longer_than_any_calendar_is_one_that_cannot_be_read(within: str) -> None:
    desk = desk_of({**RESPONSE, "within": within, "steps": [{"at": f"{'9' * 5000}%"}, {"at": f"-{'9' * 5000}m"}]})
    assert [(s.state, s.trouble) for s in clocks_of(incident(OPENED), desk, instant("09:00"))] == [
        ("not-started", "no-within")
    ]


def test_a_window_or_a_step_of_absurd_size_is_passed_over() -> None:
    window = {"name": "contact", "start": "planned_at", "stop": ["customer_contacted"], "window": ["9" * 5000, "3d"]}
    steps = [{"at": f"{'9' * 5000}%"}, {"at": f"-{'9' * 5000}m"}]
    ticket = incident(OPENED, planned_at="2026-03-20T09:00:00+08:00")
    contact, response = clocks_of(ticket, desk_of(window, {**RESPONSE, "steps": steps}), instant("08:10"))
    assert (contact.state, contact.trouble) == ("not-started", "no-within")
    assert (response.state, [step.at for step in response.steps]) == ("running", [None, None])
