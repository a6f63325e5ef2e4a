"""What other programs got wrong in public, each as a case that must come out right here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sla_desk import ALWAYS, RESTORE, WORKDAYS, desk_of, event, incident, instant, office

from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.versions import compile_hours
from servicebook.sla.working_time import add_working_time, working_time_between

at = datetime.fromisoformat


def restore(*timeline: dict[str, Any], now: str, **target: Any) -> ClockStatus:
    desk = desk_of({**RESTORE, "hours": "always", **target})
    return clocks_of(incident(event("08:00", "opened"), *timeline), desk, instant(now))[0]


def test_glpi_6902_waiting_time_does_not_move_a_target_already_missed() -> None:
    """GLPI #6902: time spent pending after the due date pushes the due date on, and the breach vanishes."""
    status = restore(
        event("16:30", "paused", reason="waiting_customer"), event("17:30", "resumed"), now="18:00"
    )
    assert (status.state, status.due_at) == ("missed", instant("16:00"))


def test_glpi_15605_24481_a_new_priority_keeps_the_pauses_so_far() -> None:
    """GLPI #15605 and #24481: when the target is set anew, the time already spent pending is lost."""
    desk = desk_of(
        {**RESTORE, "hours": "always", "within": "4h", "applies_when": {"priority": ["P1"]}},
        {**RESTORE, "hours": "always", "within": "8h", "applies_when": {"priority": ["P2"]}},
    )
    raised = event("11:00", "regraded", field="priority", old="P2", new="P1", reason="on air")
    pause = [event("09:00", "paused", reason="waiting_customer"), event("10:00", "resumed")]
    ticket = incident(event("08:00", "opened"), *pause, raised, priority="P1")
    assert clocks_of(ticket, desk, instant("11:30"))[0].due_at == instant("13:00")


def test_glpi_10594_a_pending_ticket_is_not_shown_as_overdue() -> None:
    """GLPI #10594: a ticket is shown as violated while it is pending, though its clock stands still."""
    status = restore(event("15:00", "paused", reason="waiting_customer"), now="2026-03-14T08:00:00+08:00")
    assert (status.state, status.due_at, status.remaining) == ("paused", None, timedelta(hours=1))


def test_erpnext_a_pause_over_night_is_not_added_as_wall_clock_minutes() -> None:
    """ERPNext adds the wall-clock length of a hold to the due time, nights and weekends included."""
    timeline = [event("16:00", "paused", reason="waiting_customer"), event("2026-03-13T10:00:00+08:00", "resumed")]
    status = restore(*timeline, now="2026-03-13T10:00:00+08:00", hours="cn-office")
    # 09:00 to 16:00 are 7 h of 8; the eighth runs from 10:00 on Friday.
    assert status.due_at == instant("2026-03-13T11:00:00+08:00")


def test_working_hours_a_sunday_of_24_hours_counts_24_hours() -> None:
    """working_hours (Ruby) loses a second, or the day, where hours run from 00:00 to 24:00."""
    hours = compile_hours({"timezone": "Europe/Berlin", "week": {"sun": [["00:00", "24:00"]]}})
    week = working_time_between(hours, at("2026-03-02T00:00:00+01:00"), at("2026-03-09T00:00:00+01:00"))
    assert week == timedelta(hours=24)
    due = add_working_time(hours, at("2026-03-02T00:00:00+01:00"), timedelta(hours=24))
    assert due == at("2026-03-09T00:00:00+01:00")


def test_biz_no_minute_is_lost_or_won_in_the_gap_of_spring() -> None:
    """biz (Ruby): hours that open within the hour skipped in spring come out a minute or an hour off."""
    hours = compile_hours({"timezone": "America/New_York", "week": {"sun": [["02:30", "04:00"]]}})
    start, end = at("2026-03-08T00:00:00-05:00"), at("2026-03-08T12:00:00-04:00")
    # 02:30 is never shown; the wall clock goes from 02:00 to 03:00 at once, so one hour is left until 04:00.
    assert working_time_between(hours, start, end) == timedelta(hours=1)
    assert add_working_time(hours, start, timedelta()) == at("2026-03-08T03:00:00-04:00")
    assert add_working_time(hours, start, timedelta(hours=1)) == at("2026-03-08T04:00:00-04:00")


def test_biz_the_hour_repeated_in_autumn_is_worked_twice() -> None:
    hours = compile_hours({"timezone": "America/New_York", "week": {"sun": [["01:00", "03:00"]]}})
    start, end = at("2026-11-01T00:00:00-04:00"), at("2026-11-01T12:00:00-05:00")
    assert working_time_between(hours, start, end) == timedelta(hours=3)


def test_zammad_an_exact_fit_ends_at_closing_time_not_at_the_next_opening() -> None:
    """Zammad shows the next opening as the due time when a target fills the day exactly."""
    hours = compile_hours(office())
    assert add_working_time(hours, instant("09:00"), timedelta(hours=9)) == instant("18:00")
    friday = instant("2026-03-13T09:00:00+08:00")
    assert add_working_time(hours, friday, timedelta(hours=9)) == instant("2026-03-13T18:00:00+08:00")


def test_a_make_up_saturday_is_a_working_day() -> None:
    """Most programs know holidays and no make-up working days (调休)."""
    hours = compile_hours(office(holidays=["2026-10-01"], working_days=["2026-10-10"]))
    saturday = at("2026-10-10T00:00:00+08:00")
    assert working_time_between(hours, saturday, saturday + timedelta(days=1)) == timedelta(hours=9)


def test_around_the_clock_is_plain_absolute_time_over_a_change_of_offset() -> None:
    hours = compile_hours({**ALWAYS, "timezone": "Europe/Berlin"})
    start = at("2026-03-28T12:00:00+01:00")
    assert add_working_time(hours, start, timedelta(hours=24)) == at("2026-03-29T13:00:00+02:00")


def test_a_length_across_a_change_of_offset_is_absolute() -> None:
    """Python subtracts two datetimes of one zone by their wall clocks; the results here do not fall for it."""
    weekend = {"sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]}
    hours = compile_hours({"timezone": "Europe/Berlin", "week": weekend})
    start = at("2026-03-28T12:00:00+01:00")
    due = add_working_time(hours, start, timedelta(hours=24))
    assert due is not None
    first = add_working_time(hours, start, timedelta())
    assert first is not None and due - first == timedelta(hours=24)


def test_the_weekday_ranges_of_a_make_up_day_without_hours_are_mondays() -> None:
    plain = office()
    plain["week"] = {**{day: [["10:00", "16:00"]] for day in WORKDAYS}, "mon": [["09:00", "12:00"]]}
    hours = compile_hours({**plain, "working_days": ["2026-10-10"]})
    saturday = at("2026-10-10T00:00:00+08:00")
    assert working_time_between(hours, saturday, saturday + timedelta(days=1)) == timedelta(hours=3)
    assert hours.is_working_date(date(2026, 10, 10).toordinal())
