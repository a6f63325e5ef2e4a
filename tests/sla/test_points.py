"""What each of the eighteen points on clocks says, in order: one test or a few a point, named after it.

1 pauses, 2 reopening, 3 grade, 4 versions, 5 zone, 6 daylight saving, 7 boundaries, 8 date precedence, 9 working days,
10 travel, 11 chains, 12 backwards, 13 escalation, 14 teams, 15 matching, 16 entitlement, 17 explain, 18 promises.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sla_desk import ALWAYS, RESPONSE, RESTORE, Desk, agreement, desk_of, event, facts, hours, incident, instant, office

from servicebook.reports.board import BoardRow, clock_data
from servicebook.sla.status import ClockStatus, absence_of, clocks_of
from servicebook.sla.versions import compile_hours
from servicebook.sla.working_time import add_working_days, add_working_time, working_time_between

OPENED = event("08:00", "opened")
AT_ALL_HOURS = {**RESTORE, "hours": "always"}
H = timedelta(hours=1)
at = datetime.fromisoformat


def clock(desk: Desk, now: str, *timeline: dict[str, Any], name: str = "restore", **data: Any) -> ClockStatus:
    """Return the clock of a name of an incident with these events after its opening."""
    ticket = incident(OPENED, *timeline, **data)
    return next(status for status in clocks_of(ticket, desk, instant(now)) if status.name == name)


def test_point_1_a_pause_is_cut_out_while_walking_and_undoes_no_breach() -> None:
    desk = desk_of(AT_ALL_HOURS)
    pause = event("10:00", "paused", reason="waiting_customer")
    assert clock(desk, "15:00", pause).remaining == 6 * H and clock(desk, "15:00", pause).due_at is None
    assert clock(desk, "12:00", pause, event("11:00", "resumed")).due_at == instant("17:00")
    late = clock(desk, "18:00", event("16:01", "paused", reason="waiting_customer"))
    assert (late.state, late.due_at) == ("missed", instant("16:00"))


def test_point_2_reopening_goes_on_with_the_same_clock() -> None:
    status = clock(desk_of(AT_ALL_HOURS), "14:00", event("10:00", "resolved"), event("13:00", "reopened"))
    assert (status.started_at, status.due_at, status.first_stopped_at) == (
        instant("08:00"), instant("19:00"), instant("10:00"),
    )  # fmt: skip


def test_point_2_a_report_that_starts_again_keeps_the_breach_of_the_cycle_before() -> None:
    report = {"name": "report", "start": "resolved", "stop": ["report_submitted"], "within": "1h"}
    timeline = [event("09:00", "resolved"), event("11:00", "reopened"), event("12:00", "resolved")]
    again = clock(desk_of(report), "12:30", *timeline, name="report")
    assert (again.state, again.due_at) == ("running", instant("13:00"))
    assert [(old.state, old.due_at) for old in again.cycles] == [("missed", instant("10:00"))]
    waiting = clock(desk_of(report), "11:30", *timeline[:2], name="report")
    assert (waiting.state, [old.state for old in waiting.cycles]) == ("not-started", ["missed"])
    twice = [*timeline, event("12:10", "report_submitted"), event("12:40", "reopened"), event("12:50", "resolved")]
    third = clock(desk_of(report), "12:55", *twice, name="report")
    assert [old.state for old in third.cycles] == ["missed", "met"]
    assert clock(desk_of(report), "12:30", *timeline[:1], name="report").cycles == ()
    assert clock(desk_of(AT_ALL_HOURS), "12:30", *timeline).cycles == ()


def test_point_3_a_new_priority_counts_from_the_first_start_with_the_pauses_so_far() -> None:
    desk = desk_of(
        {**AT_ALL_HOURS, "applies_when": {"priority": ["P1"]}, "within": "4h"},
        {**AT_ALL_HOURS, "applies_when": {"priority": ["P3"]}, "within": "8h"},
    )
    change = event("11:00", "regraded", field="priority", old="P3", new="P1")
    pause = [event("09:00", "paused", reason="waiting_customer"), event("10:00", "resumed")]
    status = clock(desk, "11:30", *pause, change, priority="P1")
    assert (status.due_at, status.earlier[0].state) == (instant("13:00"), "cancelled")


def test_point_3_a_breach_survives_a_priority_that_falls_with_its_impact() -> None:
    desk = desk_of(
        {**AT_ALL_HOURS, "applies_when": {"priority": ["P1"]}, "within": "1h"},
        {**AT_ALL_HOURS, "applies_when": {"priority": ["P2"]}, "within": "2h"},
        {**AT_ALL_HOURS, "applies_when": {"priority": ["P4"]}, "within": "8h"},
    )
    lower = [event("09:30", "regraded", field=field, old="high", new=new) for field, new in LOWERED]
    status = clock(desk, "12:00", *lower, event("10:00", "resolved"), impact="low", urgency="medium")
    assert (status.state, status.due_at) == ("missed", instant("09:00"))
    assert clock(desk, "12:00", *lower, impact="low", urgency="medium", priority="P4").state == "missed"
    early = [{**change, "at": instant("08:30").isoformat()} for change in lower]
    moved = clock(desk, "12:00", *early, impact="low", urgency="medium")
    assert (moved.due_at, moved.earlier[0].state) == (instant("16:00"), "cancelled")


LOWERED = (("impact", "low"), ("urgency", "medium"))
NEW_WEEK = {**office(), "week": {"mon": [["09:00", "10:00"]]}, "effective_from": "2026-03-13"}


def test_point_4_a_running_promise_keeps_the_hours_of_its_start_and_measured_time_goes_piecewise() -> None:
    """Both readings hold, each for its question: a promise never moves; time between instants is what was worked."""
    desk = desk_of(RESTORE)
    desk.records["support_hours", "cn-office"] = hours("cn-office", office(), NEW_WEEK)
    kept = clock(desk, "17:00", reported_at="2026-03-12T14:00:00+08:00")
    # 4 h on Thursday; Friday has still the old week: 4 h more from 09:00.
    assert (kept.due_at, kept.hours) == (instant("2026-03-13T13:00:00+08:00"), "cn-office@2026-01-01")
    whole = compile_hours(desk.records["support_hours", "cn-office"].data)
    assert working_time_between(whole, instant("14:00"), instant("2026-03-17T00:00:00+08:00")) == 5 * H


def test_point_4_a_new_version_counts_for_clocks_that_start_under_it_only() -> None:
    desk = desk_of(RESTORE)
    desk.records["support_hours", "cn-office"] = hours("cn-office", office(), NEW_WEEK)
    after = clock(desk, "2026-03-16T10:00:00+08:00", reported_at="2026-03-13T00:00:00+08:00")
    assert (after.hours, after.due_at) == ("cn-office@2026-03-13", instant("2026-05-04T10:00:00+08:00"))


def test_point_4_a_correction_recomputes_open_clocks() -> None:
    desk = desk_of(RESTORE)
    before = clock(desk, "09:00").due_at
    mended = {**office(holidays=["2026-03-12"]), "effective_from": "2026-03-20", "corrects": "2026-01-01"}
    desk.records["support_hours", "cn-office"] = hours("cn-office", office(), mended)
    assert before == instant("17:00")
    assert clock(desk, "09:00").due_at == instant("2026-03-13T17:00:00+08:00")


def test_point_5_the_zone_is_that_of_the_hours() -> None:
    desk = desk_of(RESTORE)
    desk.records["support_hours", "cn-office"] = hours("cn-office", office("Europe/Berlin"))
    status = clock(desk, "20:00")
    assert status.due_at == at("2026-03-12T17:00:00+01:00") and status.due_at.utcoffset() == H


def test_point_6_hours_are_wall_clock_and_lengths_absolute() -> None:
    berlin = compile_hours(office("Europe/Berlin"))
    friday = at("2026-03-27T17:00:00+01:00")
    assert add_working_time(berlin, friday, 2 * H) == at("2026-03-30T10:00:00+02:00")
    around = compile_hours({**ALWAYS, "timezone": "Europe/Berlin"})
    assert add_working_time(around, friday, 72 * H) == at("2026-03-30T18:00:00+02:00")


def test_point_7_ranges_are_half_open_and_an_exact_fit_ends_at_closing() -> None:
    plain = compile_hours(office())
    assert add_working_time(plain, instant("09:00"), 9 * H) == instant("18:00")
    assert add_working_time(plain, instant("18:00"), timedelta()) == instant("2026-03-13T09:00:00+08:00")
    assert add_working_time(plain, at("2026-03-12T17:59:59+08:00"), timedelta(seconds=1)) == instant("18:00")


def test_point_8_special_hours_beat_make_up_days_beat_holidays_beat_the_week() -> None:
    day = "2026-03-14"  # a Saturday
    start = at(f"{day}T00:00:00+08:00")
    for more, worked in (
        ({}, 0),
        ({"working_days": [day], "holidays": [day]}, 9),
        ({"working_days": [day], "holidays": [day], "dates": {day: [["09:00", "10:00"]]}}, 1),
    ):
        assert working_time_between(compile_hours(office(**more)), start, start + 24 * H) == worked * H


def test_point_8_a_year_without_a_list_is_told() -> None:
    listed = office(holidays=[{"year": 2026, "source": "x", "days": []}])
    desk = desk_of({**RESTORE, "within": "900h"})
    desk.records["support_hours", "cn-office"] = hours("cn-office", listed)
    assert clock(desk, "2026-11-30T10:00:00+08:00", reported_at="2026-11-30T09:00:00+08:00").unlisted_years == (2027,)


def test_point_9_two_working_days_are_neither_sixteen_hours_nor_forty_eight() -> None:
    plain = compile_hours(office(holidays=["2026-03-13"]))
    start = instant("16:00")
    assert add_working_days(plain, start, 2) == instant("2026-03-17T18:00:00+08:00")
    assert add_working_days(plain, start, 2, "same-time") == instant("2026-03-17T16:00:00+08:00")


ONSITE = {"name": "onsite", "start": "reported_at", "stop": ["arrived"], "within": "travel + 1h"}


def test_point_10_travel_counts_as_it_stood_when_the_clock_started() -> None:
    desk = desk_of(ONSITE)
    ways = [{"mode": "car", "minutes": 60}, {"mode": "car", "minutes": 30, "effective_from": "2026-03-12"}]
    desk.records["site", "hq"] = facts("site", "hq", timezone="Asia/Shanghai", travel_minutes=ways)
    before = clock(desk, "08:00", name="onsite", site="hq", reported_at="2026-03-11T23:59:00+08:00")
    after = clock(desk, "08:00", name="onsite", site="hq")
    assert (before.due_at, after.due_at) == (instant("01:59"), instant("09:30"))


def test_point_10_a_missing_way_uses_the_bands_cap_and_says_so() -> None:
    desk = desk_of(ONSITE)
    far = [{"mode": "car", "minutes": 30, "effective_from": "2026-04-01"}]
    desk.records["site", "hq"] = facts("site", "hq", distance_class="local", travel_minutes=far)
    status = clock(desk, "08:00", name="onsite", site="hq")
    assert (status.due_at, status.trouble) == (instant("12:00"), "no-travel")


def test_point_11_a_chain_starts_from_its_mark_and_not_without_it() -> None:
    desk = desk_of({"name": "spare", "start": "arrived + 2h", "stop": ["part_shipped"], "within": "24h"})
    assert clock(desk, "23:00", name="spare").state == "not-started"
    started = clock(desk, "23:00", event("10:00", "arrived"), name="spare")
    assert (started.started_at, started.due_at) == (instant("12:00"), instant("2026-03-13T12:00:00+08:00"))


def test_point_12_planning_anew_moves_the_window() -> None:
    window = {"name": "contact", "start": "planned_start_at", "stop": ["customer_contacted"], "window": ["5d", "3d"]}
    desk = desk_of({**window, "within": "3d"})

    def opens(planned: str) -> datetime | None:
        data = {"customer": "acme", "planned_start_at": f"{planned}T10:00:00+08:00"}
        opened = event("2026-03-01T09:00:00+08:00", "opened")
        visit = facts("visit", "VIS-20260301-7F3K", timeline=[opened], **data)
        return clocks_of(visit, desk, instant("08:00"))[0].started_at

    assert opens("2026-03-20") == instant("2026-03-15T00:00:00+08:00")
    assert opens("2026-03-27") == instant("2026-03-22T00:00:00+08:00")


LADDER = {"at": "50%", "tell": ["duty"], "then": ["lead", "manager"], "every": "10m", "rounds": 2}


def calls(now: str, *timeline: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return the calls behind the step at half of 8 h from 08:00, as time, person, round."""
    status = clock(desk_of({**AT_ALL_HOURS, "steps": [LADDER]}), now, *timeline)
    return [(called.strftime("%H:%M"), who, number) for called, who, number in status.steps[0].calls]


def test_point_13_the_ladder_goes_round_on_the_wall_clock_and_ends() -> None:
    assert calls("11:59") == []
    assert calls("12:25") == [("12:00", "duty", 1), ("12:10", "lead", 1), ("12:20", "manager", 1)]
    second = [("12:30", "duty", 2), ("12:40", "lead", 2), ("12:50", "manager", 2)]
    assert calls("2026-03-14T12:00:00+08:00")[3:] == second


def test_point_13_the_ladder_stops_when_somebody_answers() -> None:
    assert calls("13:00", event("12:15", "acknowledged")) == [("12:00", "duty", 1), ("12:10", "lead", 1)]
    assert len(calls("13:00", event("12:15", "escalated", step="restore 50%"))) == 2
    assert len(calls("13:00", event("12:15", "escalated", step="response 50%"))) == 6
    assert len(calls("13:00", event("09:00", "acknowledged"))) == 6


def test_point_13_the_rounds_are_bounded_whatever_is_written() -> None:
    endless = {**LADDER, "rounds": 10_000, "every": "0m"}
    status = clock(desk_of({**AT_ALL_HOURS, "steps": [endless]}), "2027-03-12T12:00:00+08:00")
    assert len(status.steps[0].calls) == 30


TAKEOVER = {"name": "takeover", "team": "live", "start": "assigned", "stop": ["acknowledged"], "within": "15m"}


def team_desk() -> Desk:
    """Return a desk whose customer has a response clock and whose team `live` has promised to take over in 15 min."""
    desk = desk_of(RESPONSE)
    desk.records["team", "live"] = facts("team", "live", ola="second-line")
    own = agreement(TAKEOVER, slug="second-line").data
    desk.records["agreement", "second-line"] = facts("agreement", "second-line", **{**own, "agreement_type": "ola"})
    return desk


def handed(time: str, team: str) -> dict[str, Any]:
    return event(time, "assigned", assignment_group=team)


def test_point_14_a_teams_stints_add_up_when_the_ticket_comes_back() -> None:
    timeline = [handed("09:00", "live"), handed("09:10", "network"), handed("11:00", "live")]
    status = clock(team_desk(), "11:02", *timeline, name="takeover")
    assert (status.state, status.started_at, status.due_at) == ("running", instant("09:00"), instant("11:05"))
    assert [(s.kind, s.worked) for s in status.segments] == [
        ("running", timedelta(minutes=10)), ("elsewhere", timedelta()), ("running", timedelta(minutes=2)),
    ]  # fmt: skip
    taken = clock(team_desk(), "12:00", *timeline, event("11:06", "acknowledged"), name="takeover")
    assert (taken.state, taken.worked) == ("missed", timedelta(minutes=16))


def test_point_14_a_teams_clock_waits_while_others_have_the_ticket() -> None:
    timeline = [handed("09:00", "live"), handed("09:10", "network"), event("09:20", "acknowledged")]
    status = clock(team_desk(), "10:00", *timeline, name="takeover")
    assert (status.state, status.due_at, status.remaining) == ("paused", None, timedelta(minutes=5))
    assert clock(team_desk(), "10:00", *timeline, event("09:30", "closed"), name="takeover").state == "cancelled"


def test_point_14_a_team_that_never_had_the_ticket_has_no_clock() -> None:
    ticket = incident(OPENED, handed("09:00", "network"))
    assert [status.name for status in clocks_of(ticket, team_desk(), instant("10:00"))] == ["response"]


def test_point_15_exactly_one_target_applies() -> None:
    desk = desk_of(
        {**AT_ALL_HOURS, "applies_when": {"category": ["page_error"]}, "within": "1h"},
        {**AT_ALL_HOURS, "applies_when": {"category": ["data_error"]}, "within": "2h"},
    )
    assert clock(desk, "08:00", category="data_error").due_at == instant("10:00")
    other = incident(OPENED, category="server_damage")
    assert (clocks_of(other, desk, instant("08:00")), absence_of(other, desk)) == ([], "no-target")


COVER = [
    {"scope": "goods", "start_event": "accepted_on", "term": "3 years"},
    {"scope": "software", "start_event": "signed_on", "term": "1 year"},
    {"scope": "manufacturer", "start_event": "maker", "term": "5 years"},
]


def covered(reported: str, **asset: Any) -> list[str]:
    """Return the names of the clocks that a notice on a date gets, one for each scope of the cover."""
    scopes = ("goods", "software", "manufacturer")
    desk = desk_of(*({**RESPONSE, "name": scope, "applies_when": {"cover": [scope]}} for scope in scopes))
    dates = {"signed_on": "2026-01-10", "accepted_on": "2026-03-01"}
    desk.records["contract", "c"] = facts("contract", "c", agreements=["gold"], cover=COVER, **dates)
    desk.records["asset", "a"] = facts("asset", "a", **asset)
    ticket = incident(OPENED, contract="c", assets=["a"], reported_at=f"{reported}T08:00:00+08:00")
    return [status.name for status in clocks_of(ticket, desk, at("2040-01-01T00:00:00Z"))]


def test_point_16_cover_holds_from_its_start_to_the_last_day_of_its_term() -> None:
    assert covered("2026-02-28") == ["software"]
    assert covered("2026-03-01") == ["goods", "software"]
    assert covered("2027-01-09") == ["goods", "software"]
    assert covered("2027-01-10") == ["goods"]
    assert covered("2029-02-28") == ["goods"]
    assert covered("2029-03-01") == []


def test_point_16_the_makers_warranty_is_the_assets() -> None:
    assert covered("2030-01-01", warranty={"start": "2026-02-01", "end": "2031-01-31"}) == ["manufacturer"]
    assert covered("2031-01-31", warranty={"start": "2026-02-01"}) == ["manufacturer"]
    assert covered("2031-02-01", warranty={"start": "2026-02-01"}) == []


def test_point_16_an_expired_contract_promises_nothing_and_the_next_wins() -> None:
    desk = desk_of(RESPONSE)
    desk.records["agreement", "silver"] = agreement({**RESPONSE, "within": "2h"}, slug="silver")
    desk.records["contract", "c"] = facts("contract", "c", agreements=["silver"], expires_on="2026-03-12")
    assert clock(desk, "08:00", name="response", contract="c").agreement == "silver@2026-01-01"
    desk.records["contract", "c"] = facts("contract", "c", agreements=["silver"], expires_on="2026-03-11")
    assert clock(desk, "08:00", name="response", contract="c").agreement == "gold@2026-01-01"


def test_point_17_segments_add_up_to_the_second_with_reasons() -> None:
    pause = event("10:00", "paused", reason="waiting_customer")
    status = clock(desk_of(RESTORE), "2026-03-13T10:00:07+08:00", pause, event("11:00", "resumed"))
    assert [(s.kind, s.reason) for s in status.segments] == [
        ("running", ""), ("paused", "waiting_customer"), ("running", ""),
    ]  # fmt: skip
    assert sum((s.elapsed for s in status.segments), timedelta()) == status.elapsed == timedelta(hours=26, seconds=7)
    assert sum((s.worked for s in status.segments), timedelta()) == status.worked == timedelta(hours=9, seconds=7)


def test_point_18_elapsed_and_working_time_stand_side_by_side() -> None:
    status = clock(desk_of(RESTORE), "2026-03-13T10:00:00+08:00")
    data = clock_data(BoardRow(incident(OPENED), status))
    assert (data["elapsed_seconds"], data["worked_seconds"]) == (26 * 3600, 10 * 3600)


def test_point_18_what_own_teams_promise_each_other_is_never_the_contracts() -> None:
    ticket = incident(OPENED, handed("09:00", "live"))
    promises = {status.name: status.promise for status in clocks_of(ticket, team_desk(), instant("10:00"))}
    assert promises == {"response": "contract", "takeover": "internal"}
