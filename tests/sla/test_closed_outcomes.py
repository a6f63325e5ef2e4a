"""What is closed does not move: corrections, later versions and holiday lists that were published afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from sla_desk import ALWAYS, Desk, desk_of, event, facts, hours, incident, instant, office

from servicebook.records.facts import Facts
from servicebook.rules.outcomes import closing_block_differs
from servicebook.sla.status import clocks_of, closing_block

LIST_2026 = {"year": 2026, "source": "x", "days": ["2026-10-01"]}
LIST_2027 = {"year": 2027, "source": "x", "published_on": "2026-12-31", "days": ["2027-01-01"]}
CLOCK = {"name": "spare", "start": "reported_at", "stop": ["part_arrived"], "within": "2 working days"}
OLD, NEW = (f"2026-{rest}" for rest in ("12-30T10:00:00+08:00", "12-31T16:00:00+08:00"))


def agreement(*versions: dict[str, Any]) -> Facts:
    base = {"support_hours": "always", "working_calendar": "cn-office"}
    return facts("agreement", "gold", agreement_type="sla", versions=[{**base, **version} for version in versions])


V1 = {"version": 1, "effective_from": "2026-01-01", "clocks": [CLOCK]}


def desk(*lists: dict[str, Any], versions: tuple[dict[str, Any], ...] = (V1,), more: tuple[Any, ...] = ()) -> Desk:
    named = hours("cn-office", office(holidays=[LIST_2026, *lists]), *more)
    return Desk(facts("customer", "acme", agreements=["gold"]), agreement(*versions), hours("always", ALWAYS), named)


def ticket(**more: Any) -> Facts:
    times = (OLD, "2026-12-30T12:00:00+08:00", "2026-12-30T15:00:00+08:00", "2026-12-30T17:00:00+08:00")
    names = ("opened", "part_arrived", "resolved", "closed")
    events = [event(at, name) for at, name in zip(times, names, strict=True)]
    return incident(*events, reported_at=OLD, **more)


def test_a_list_published_after_the_closing_moves_nothing() -> None:
    """Due on the 2nd working day after Wednesday 30 December: 1 January, as nobody had said that it is a holiday."""
    block = closing_block(ticket(), desk())
    assert block["spare"]["due_at"] == "2027-01-01T18:00:00+08:00"
    assert closing_block(ticket(sla=block), desk(LIST_2027)) == block
    known = {**LIST_2027, "published_on": "2026-12-01"}
    assert closing_block(ticket(), desk(known))["spare"]["due_at"] == "2027-01-04T18:00:00+08:00"


def test_an_open_clock_moves_with_the_list() -> None:
    open_one = incident(event(OLD, "opened"), reported_at=OLD)
    (before,), (after,) = (clocks_of(open_one, some, instant(NEW)) for some in (desk(), desk(LIST_2027)))
    assert before.due_at and after.due_at
    assert (before.due_at.isoformat(), after.due_at.isoformat()) == (
        "2027-01-01T18:00:00+08:00", "2027-01-04T18:00:00+08:00",
    )  # fmt: skip


@pytest.mark.parametrize("since", ["2026-01-15", "2026-12-31"])
def test_a_corrected_agreement_moves_open_clocks_only(since: str) -> None:
    block = closing_block(ticket(), desk())
    mended = {
        **V1,
        "version": 2,
        "effective_from": since,
        "corrects": 1,
        "clocks": [{**CLOCK, "within": "1 working day"}],
    }
    now = desk(versions=(V1, mended))
    assert closing_block(ticket(sla=block), now) == block
    (status,) = clocks_of(incident(event(OLD, "opened"), reported_at=OLD), now, instant(NEW))
    assert (status.agreement, status.due_at and status.due_at.isoformat()) == (
        f"gold@{since}",
        "2026-12-31T18:00:00+08:00",
    )
    fresh = closing_block(ticket(), now)
    assert fresh["spare"]["agreement"] == f"gold@{since}"
    assert closing_block(ticket(sla=fresh), now) == fresh


def test_corrected_hours_move_open_clocks_only() -> None:
    block = closing_block(ticket(), desk())
    mended = {**office(holidays=[{**LIST_2026, "days": ["2026-12-31"]}]), "effective_from": "2026-12-30"}
    now = desk(more=({**mended, "corrects": "2026-01-01"},))
    assert closing_block(ticket(sla=block), now) == block
    fresh = closing_block(ticket(), now)
    assert fresh["spare"]["hours"] == "cn-office@2026-12-30"
    assert fresh["spare"]["due_at"] == "2027-01-04T18:00:00+08:00"


def test_a_version_that_comes_later_adds_no_clock_to_what_is_closed() -> None:
    block = closing_block(ticket(), desk())
    later = {**V1, "version": 2, "effective_from": "2026-06-01", "clocks": [CLOCK, {**CLOCK, "name": "other"}]}
    now = desk(versions=(V1, later))
    assert closing_block(ticket(sla=block), now) == block
    assert set(closing_block(ticket(), now)) == {"spare", "other"}


REPORT = {"name": "report", "start": "resolved", "stop": ["report_submitted"], "within": "2h", "hours": "always"}


def reopened(*last: dict[str, Any], **more: Any) -> Facts:
    """Return a ticket whose report came an hour late before it was reopened."""
    start = [event("08:00", "opened"), event("09:00", "resolved"), event("12:00", "report_submitted")]
    return incident(*start, event("13:00", "reopened"), event("14:00", "resolved"), *last, **more)


def test_a_breach_before_a_reopening_is_written_down_beside_what_was_met_after_it() -> None:
    ticket = reopened(event("15:00", "report_submitted"), event("17:00", "closed"))
    block = closing_block(ticket, desk_of(REPORT))
    assert (block["report"]["outcome"], block["report"]["due_at"]) == ("met", "2026-03-12T16:00:00+08:00")
    assert block["report"]["cycles"] == [
        {"due_at": "2026-03-12T11:00:00+08:00", "stopped_at": "2026-03-12T12:00:00+08:00", "outcome": "missed"}
    ]
    written = incident(*ticket.timeline, sla=block)
    assert closing_block(written, desk_of(REPORT)) == block


def test_a_ticket_closed_before_its_last_report_is_due_tells_the_cycle_that_ended() -> None:
    block = closing_block(reopened(event("14:30", "closed")), desk_of(REPORT))
    assert (block["report"]["outcome"], block["report"]["due_at"]) == ("missed", "2026-03-12T11:00:00+08:00")
    assert "cycles" not in block["report"]


@pytest.mark.parametrize("taken", ["all", "one"])
def test_a_breach_taken_out_of_the_block_is_found(taken: str) -> None:
    ticket = reopened(event("15:00", "report_submitted"), event("17:00", "closed"))
    block = closing_block(ticket, desk_of(REPORT))
    forged = {**block["report"], "cycles": [{**block["report"]["cycles"][0], "outcome": "met"}]}
    if taken == "all":
        del forged["cycles"]
    assert [*closing_block_differs.check(incident(*ticket.timeline, sla=block), desk_of(REPORT))] == []
    (found,) = closing_block_differs.check(
        incident(*ticket.timeline, status="closed", sla={"report": forged}), desk_of(REPORT)
    )
    assert found.param("field") == "cycles" and found.param("due") == "missed 2026-03-12T11:00:00+08:00"
    same = {**block["report"], "cycles": [{**block["report"]["cycles"][0], "due_at": "2026-03-12T03:00:00Z"}]}
    told = incident(*ticket.timeline, status="closed", sla={"report": same})
    assert [*closing_block_differs.check(told, desk_of(REPORT))] == []
