"""What other programs got wrong in public, each as a case that must come out right here.

| program | what went wrong | where it is told |
| --- | --- | --- |
| GLPI | pauses are lost when the target is set anew | github.com/glpi-project/glpi/issues/6902, 15605 |
| GLPI | violated while pending | github.com/glpi-project/glpi/issues/24481 |
| GLPI | due outside hours after a pause | github.com/glpi-project/glpi/issues/9082 |
| GLPI | of a target in days, a weekend waited is added whole | github.com/glpi-project/glpi/issues/10594 |
| GLPI | a step before the due time falls at midnight | github.com/glpi-project/glpi/pull/22678 |
| ERPNext | a hold is added as wall-clock time | github.com/frappe/erpnext/pull/47029, 49414 |
| working_hours | a day until 24:00 | github.com/Intrepidd/working_hours/pull/13 |
| moment-business-time | a span that ends after a day until 24:00 | github.com/lennym/moment-business-time/issues/59 |
| biz | hours at a change of offset | github.com/zendesk/biz/pull/37 |
| Zammad | around the clock is closed for a minute at midnight | github.com/zammad/zammad/issues/3180 |
| Zammad | the end of an exact fit is the next opening | biz's `Time.for`, which computes Zammad's escalation times |
| business_time | two stretches a day | github.com/bokmann/business_time/issues/46 |
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sla_desk import ALWAYS, RESTORE, WORKDAYS, desk_of, event, incident, instant, office
from sla_desk import hours as hours_record

from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.versions import compile_hours
from servicebook.sla.working_time import add_working_time, working_time_between

at = datetime.fromisoformat


def restore(*timeline: dict[str, Any], now: str, **target: Any) -> ClockStatus:
    desk = desk_of({**RESTORE, "hours": "always", **target})
    return clocks_of(incident(event("08:00", "opened"), *timeline), desk, instant(now))[0]


BY_PRIORITY = (
    {**RESTORE, "hours": "always", "within": "4h", "applies_when": {"priority": ["P1"]}},
    {**RESTORE, "hours": "always", "within": "8h", "applies_when": {"priority": ["P2"]}},
)


def raised(at: str) -> dict[str, Any]:
    """Return the event that raises P2 to P1."""
    return event(at, "regraded", field="priority", old="P2", new="P1", reason="on air")


def test_glpi_6902_a_new_target_while_pending_counts_the_waiting() -> None:
    """GLPI #6902: the urgency is raised while the ticket is pending; the new target forgets the waiting and breaks."""
    timeline = [event("08:00", "opened"), event("10:00", "paused", reason="waiting_customer"), raised("10:30")]
    ticket = incident(*timeline, priority="P1")
    status = clocks_of(ticket, desk_of(*BY_PRIORITY), instant("20:00"))[0]
    assert (status.state, status.due_at, status.remaining) == ("paused", None, timedelta(hours=2))


def test_glpi_15605_a_new_priority_keeps_the_pauses_so_far() -> None:
    """GLPI #15605: when the target is set anew, the time already spent pending is lost."""
    pause = [event("09:00", "paused", reason="waiting_customer"), event("10:00", "resumed")]
    ticket = incident(event("08:00", "opened"), *pause, raised("11:00"), priority="P1")
    assert clocks_of(ticket, desk_of(*BY_PRIORITY), instant("11:30"))[0].due_at == instant("13:00")


def test_glpi_24481_a_pending_ticket_is_never_violated() -> None:
    """GLPI #24481: a ticket becomes violated while it is pending, though its clock stands still."""
    status = restore(event("15:00", "paused", reason="waiting_customer"), now="2026-03-14T08:00:00+08:00")
    assert (status.state, status.due_at, status.remaining) == ("paused", None, timedelta(hours=1))


def test_glpi_9082_a_due_time_after_a_pause_lies_within_hours() -> None:
    """GLPI #9082: a pause pushes the due time behind closing time instead of into the next morning."""
    timeline = [event("10:00", "paused", reason="waiting_customer"), event("13:00", "resumed")]
    status = restore(*timeline, now="14:00", hours="cn-office", within="7h")
    assert status.due_at == instant("2026-03-13T10:00:00+08:00")


def test_glpi_22678_a_step_before_the_due_time_follows_the_hours() -> None:
    """GLPI #22678: hours 8 to 18, 4 h from Monday 17:00, a step one hour ahead; it came at midnight, not at 10:00."""
    hours = office() | {"week": {day: [["08:00", "18:00"]] for day in WORKDAYS}}
    desk = desk_of({**RESTORE, "within": "4h", "steps": [{"at": "-1h", "tell": ["lead"]}]})
    desk.records["support_hours", "cn-office"] = hours_record("cn-office", hours)
    ticket = incident(event("08:00", "opened"), reported_at="2026-03-16T17:00:00+08:00")
    status = clocks_of(ticket, desk, instant("2026-03-16T17:00:00+08:00"))[0]
    assert status.due_at == instant("2026-03-17T11:00:00+08:00")
    assert status.steps[0].at == instant("2026-03-17T10:00:00+08:00")


def test_glpi_10594_waiting_over_a_weekend_moves_a_target_in_days_by_its_working_time() -> None:
    """GLPI #10594: a time to resolve of one day, on a calendar with weekends; the ticket waits over the weekend and
    the whole of it is added, because what is waited is measured around the clock and the end is not.
    """
    timeline = [
        event("2026-03-13T17:00:00+08:00", "paused", reason="waiting_customer"),
        event("2026-03-16T10:00:00+08:00", "resumed"),
    ]
    office_days = {"hours": "cn-office", "within": "1 working day"}
    desk = desk_of({**RESTORE, **office_days}, working_calendar="cn-office")
    friday = "2026-03-13T10:00:00+08:00"
    ticket = incident(event(friday, "opened"), *timeline, reported_at=friday)
    status = clocks_of(ticket, desk, instant("2026-03-16T10:00:00+08:00"))[0]
    # Due on Monday at 18:00; waited were an hour on Friday and an hour on Monday, not 65 hours.
    assert (status.state, status.due_at) == ("running", instant("2026-03-17T11:00:00+08:00"))


def test_waiting_does_not_move_a_target_already_missed() -> None:
    """What is missed stays missed, however long the ticket waits afterwards."""
    status = restore(event("16:30", "paused", reason="waiting_customer"), event("17:30", "resumed"), now="18:00")
    assert (status.state, status.due_at) == ("missed", instant("16:00"))


def test_erpnext_a_pause_over_night_is_not_added_as_wall_clock_minutes() -> None:
    """ERPNext #47029, #49414: the wall-clock length of a hold is added to the due time, nights and weekends too."""
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


def test_erpnext_a_pause_outside_hours_moves_nothing() -> None:
    """ERPNext #49414, the reviewer's example: hours 9 to 17, a hold from 17:00 to 09:00 has no working time in it."""
    hours = compile_hours(office() | {"week": {day: [["09:00", "17:00"]] for day in WORKDAYS}})
    hold = (instant("17:00"), instant("2026-03-13T09:00:00+08:00"))
    assert add_working_time(hours, instant("09:00"), timedelta(hours=8), [hold]) == instant("17:00")
    assert add_working_time(hours, instant("10:00"), timedelta(hours=8), [hold]) == instant("2026-03-13T10:00:00+08:00")


def test_zammad_3180_around_the_clock_is_not_closed_for_a_minute_at_midnight() -> None:
    """Zammad #3180: every day 00:00 to 23:59 was all one could write, and each midnight added a minute."""
    hours = compile_hours(ALWAYS)
    assert add_working_time(hours, instant("20:00"), timedelta(hours=30)) == instant("2026-03-14T02:00:00+08:00")
    listed = compile_hours({**ALWAYS, "dates": {"2020-01-01": []}})
    assert add_working_time(listed, instant("20:00"), timedelta(hours=30)) == instant("2026-03-14T02:00:00+08:00")


def test_moment_business_time_59_a_span_may_end_behind_a_day_until_24() -> None:
    """moment-business-time #59: hours until 24:00 on Friday, and an end on Saturday, raise an error."""
    hours = compile_hours({"timezone": "UTC", "week": {day: [["00:00", "24:00"]] for day in WORKDAYS}})
    friday, saturday = at("2026-03-13T12:00:00Z"), at("2026-03-14T15:00:00Z")
    assert working_time_between(hours, friday, saturday) == timedelta(hours=12)


def test_business_time_46_a_day_has_a_lunch_break() -> None:
    """business_time #46: one stretch a day is all that can be said."""
    hours = compile_hours({"timezone": "UTC", "week": {"thu": [["09:00", "12:00"], ["13:00", "18:00"]]}})
    start = at("2026-03-12T11:00:00Z")
    assert add_working_time(hours, start, timedelta(hours=2)) == at("2026-03-12T14:00:00Z")


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
