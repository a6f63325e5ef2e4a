"""A supplier's own clock: it runs while the ticket waits for the supplier, each wait on its own, in its own hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sla_desk import RESPONSE, RESTORE, Desk, agreement, desk_of, event, facts, incident, instant

from servicebook.sla.status import ClockStatus, clocks_of, closing_block

OPENED = event("08:00", "opened")
PARTS = {
    "name": "dealer-parts", "supplier": "dealer", "start": "paused", "stop": ["part_arrived"], "within": "2h",
    "hours": "cn-office",
}  # fmt: skip


def desk(**more: Any) -> Desk:
    """Return a desk whose supplier `dealer` owes parts within 2 h of its office hours, 09:00 to 18:00."""
    found = desk_of({**RESTORE, "pauses_on": ["waiting_supplier"], "hours": "always"})
    own = agreement({**PARTS, **more}, slug="dealer-parts").data
    own["agreement_type"] = "underpinning"
    found.records["agreement", "dealer-parts"] = facts("agreement", "dealer-parts", **own)
    found.records["supplier", "dealer"] = facts("supplier", "dealer", agreements=["dealer-parts"])
    found.records["asset", "encoder"] = facts("asset", "encoder", supplier="dealer")
    return found


def wait(at: str, **more: Any) -> dict[str, Any]:
    return event(at, "paused", reason="waiting_supplier", supplier="dealer", **more)


def clock(now: str, *timeline: dict[str, Any], on: Desk | None = None, **data: Any) -> ClockStatus:
    found = clocks_of(incident(OPENED, *timeline, **data), on or desk(), instant(now))
    return next(one for one in found if one.name == "dealer-parts")


def test_it_runs_while_the_customers_clock_stands_still() -> None:
    ticket = incident(OPENED, wait("10:00"))
    theirs, ours = clocks_of(ticket, desk(), instant("11:30"))
    assert (theirs.name, theirs.state, theirs.remaining) == ("restore", "paused", timedelta(hours=6))
    assert (ours.state, ours.started_at, ours.due_at) == ("running", instant("10:00"), instant("12:00"))
    assert (ours.promise, ours.remaining) == ("internal", timedelta(minutes=30))


def test_it_counts_in_the_suppliers_own_hours() -> None:
    # Thursday 17:30 to closing at 18:00 is half an hour; the other 90 minutes end on Friday at 10:30.
    assert clock("17:45", wait("17:30")).due_at == instant("2026-03-13T10:30:00+08:00")
    # Friday's wait goes on on Monday.
    assert clock("2026-03-13T17:45:00+08:00", wait("2026-03-13T17:30:00+08:00")).due_at == instant(
        "2026-03-16T10:30:00+08:00"
    )


def test_two_working_days_end_at_closing() -> None:
    # Asked for on Thursday the 12th: Friday is the first working day, Monday the second.
    asked = clock("20:00", wait("16:00"), on=desk(within="2 working days"))
    assert asked.due_at == instant("2026-03-16T18:00:00+08:00")


def test_it_stops_with_the_part_and_at_the_latest_with_the_wait() -> None:
    came = clock("15:00", wait("10:00"), event("11:30", "part_arrived"), event("14:00", "resumed"))
    assert (came.state, came.stopped_at) == ("met", instant("11:30"))
    late = clock("15:00", wait("10:00"), event("14:00", "resumed"))
    assert (late.state, late.stopped_at, late.due_at) == ("missed", instant("14:00"), instant("12:00"))
    solved = clock("15:00", wait("10:00"), event("11:00", "resolved"))
    assert (solved.state, solved.stopped_at) == ("met", instant("11:00"))
    assert clock("15:00", wait("10:00"), event("11:00", "cancelled")).state == "cancelled"


def test_a_pause_that_was_agreed_until_a_time_does_not_end_what_the_supplier_owes() -> None:
    status = clock("13:00", wait("10:00", until=instant("11:00").isoformat()))
    assert (status.state, status.stopped_at, status.due_at) == ("missed", None, instant("12:00"))


def test_each_wait_is_a_cycle_of_its_own() -> None:
    timeline = [wait("09:00"), event("12:00", "resumed"), wait("14:00"), event("14:30", "part_arrived")]
    status = clock("15:00", *timeline)
    assert (status.state, status.due_at, [old.state for old in status.cycles]) == (
        "met", instant("16:00"), ["missed"],
    )  # fmt: skip
    between = clock("13:00", *timeline)
    assert (between.state, between.stopped_at, between.cycles) == ("missed", instant("12:00"), ())


def test_another_pause_hands_the_ticket_on() -> None:
    other = event("11:00", "paused", reason="waiting_customer")
    assert clock("15:00", wait("10:00"), other).stopped_at == instant("11:00")


def test_the_supplier_of_the_assets_is_taken_where_the_pause_names_none() -> None:
    silent = event("10:00", "paused", reason="waiting_supplier")
    assert clock("10:30", silent, assets=["encoder"]).due_at == instant("12:00")
    both = desk()
    both.records["asset", "switch"] = facts("asset", "switch", supplier="maker")
    names = [
        one.name for one in clocks_of(incident(OPENED, silent, assets=["encoder", "switch"]), both, instant("11:00"))
    ]
    assert names == ["restore"]


def test_nobody_waited_means_no_clock() -> None:
    for entry in (event("10:00", "paused", reason="waiting_customer"), event("10:00", "acknowledged")):
        assert [one.name for one in clocks_of(incident(OPENED, entry), desk(), instant("11:00"))] == ["restore"]
    later = incident(OPENED, wait("10:00"))
    assert [one.name for one in clocks_of(later, desk(), instant("09:00"))] == ["restore"]


def test_two_suppliers_have_their_own_clocks() -> None:
    both = desk()
    own = agreement({**PARTS, "name": "maker-repair", "supplier": "maker", "within": "4h"}, slug="maker-repair").data
    own["agreement_type"] = "underpinning"
    both.records["agreement", "maker-repair"] = facts("agreement", "maker-repair", **own)
    both.records["supplier", "maker"] = facts("supplier", "maker", agreements=["maker-repair"])
    timeline = [wait("09:00"), event("10:00", "resumed"), {**wait("10:30"), "supplier": "maker"}]
    found = {one.name: one for one in clocks_of(incident(OPENED, *timeline), both, instant("11:00"))}
    assert (found["dealer-parts"].state, found["maker-repair"].due_at) == ("met", instant("14:30"))


def test_the_outcome_is_written_at_closing_with_every_wait() -> None:
    timeline = [
        wait("09:00"), event("12:00", "resumed"), wait("14:00"), event("14:30", "part_arrived"),
        event("15:00", "resolved"), event("16:00", "closed"),
    ]  # fmt: skip
    block = closing_block(incident(OPENED, *timeline), desk())
    assert block["dealer-parts"] == {
        "due_at": "2026-03-12T16:00:00+08:00", "stopped_at": "2026-03-12T14:30:00+08:00", "outcome": "met",
        "agreement": "dealer-parts@2026-01-01", "hours": "cn-office@2026-01-01",
        "cycles": [
            {"due_at": "2026-03-12T11:00:00+08:00", "stopped_at": "2026-03-12T12:00:00+08:00", "outcome": "missed"}
        ],
    }  # fmt: skip
    closed = incident(OPENED, *timeline, sla=block)
    assert closing_block(closed, desk()) == block


def test_a_grade_that_changes_leaves_the_supplier_alone() -> None:
    graded = desk_of(RESPONSE)
    for key, record in desk().records.items():
        graded.records.setdefault(key, record)
    change = event("10:30", "regraded", old="severe", new="degraded")
    status = clock("11:00", wait("10:00"), change, on=graded)
    assert (status.state, status.due_at) == ("running", instant("12:00"))
