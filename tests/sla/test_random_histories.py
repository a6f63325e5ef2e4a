"""Whatever a ticket's history: clocks never raise, their segments add up, and what was told stays told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sla_desk import RESPONSE, RESTORE, Desk, desk_of, event, incident, instant

from servicebook.sla.segments import Segments
from servicebook.sla.status import clocks_of, closing_block

NAMES = (
    "acknowledged", "paused", "resumed", "resolved", "reopened", "closed", "cancelled", "arrived", "part_shipped",
    "report_submitted", "regraded", "note", "assigned", "extended",
)  # fmt: skip
START = instant("08:00")


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return up to twelve events in any order, lawful or not, several at one instant."""
    timeline = [event("08:00", "opened")]
    for _ in range(draw(st.integers(0, 12))):
        at = START + timedelta(minutes=draw(st.integers(-60, 400)) * 15)
        name = draw(st.sampled_from(NAMES))
        more: dict[str, Any] = {}
        if name == "paused":
            more["reason"] = draw(st.sampled_from(["waiting_customer", "waiting_supplier"]))
        if name == "regraded":
            more = {"field": "fault_grade", "old": "severe", "new": draw(st.sampled_from(["severe", "degraded"]))}
        if name == "assigned" and draw(st.booleans()):
            more["assignment_group"] = draw(st.sampled_from(["live", "network"]))
        if name in ("paused", "extended") and draw(st.booleans()):
            more["until"] = (at + timedelta(minutes=draw(st.integers(-30, 900)))).isoformat()
            more["evidence"] = "photo"
        timeline.append(event(at.isoformat(), name, **more))
    return timeline


def desk() -> Desk:
    return desk_of(
        RESPONSE,
        {**RESTORE, "applies_when": {"fault_grade": ["severe"]}},
        {**RESTORE, "within": "20h", "applies_when": {"fault_grade": ["degraded"]}},
        {**RESTORE, "name": "days", "within": "2 working days", "pauses_on": ["waiting_customer", "waiting_supplier"]},
        {"name": "report", "start": "resolved", "stop": ["report_submitted"], "within": "24h"},
        {"name": "spare", "start": "arrived + 2h", "stop": ["part_shipped"], "cancel": ["resolved"], "within": "24h"},
        {"name": "team", "team": "live", "start": "assigned", "stop": ["acknowledged", "resolved"], "within": "9h",
         "pauses_on": ["waiting_customer"], "steps": [{"at": "50%", "tell": ["a"], "then": ["b"], "rounds": 2}]},
        working_calendar="cn-office",
    )  # fmt: skip


@given(histories(), st.integers(-10, 500))
@settings(max_examples=400, deadline=None)
def test_segments_add_up_and_states_agree_with_instants(timeline: list[dict[str, Any]], quarters: int) -> None:
    now = START + timedelta(minutes=15 * quarters)
    for status in clocks_of(incident(*timeline), desk(), now):
        assert sum((segment.elapsed for segment in status.segments), timedelta()) == status.elapsed
        assert sum((segment.worked for segment in status.segments), timedelta()) == status.worked
        if isinstance(status.segments, Segments):
            split = status.segments.in_full()
            assert sum((segment.elapsed for segment in split), timedelta()) == status.elapsed
            assert sum((segment.worked for segment in split), timedelta()) == status.worked
        if status.state == "met":
            assert status.stopped_at is not None and status.due_at is not None
            assert status.stopped_at <= status.due_at
        if status.state == "missed":
            assert status.due_at is not None and (status.stopped_at or now) > status.due_at
        if status.state == "running":
            assert status.due_at is not None and status.due_at >= now
            assert status.due_at == now or status.next_boundary_at is not None
        if status.state == "paused":
            assert status.due_at is None and (status.reason or status.segments[-1].kind == "elsewhere")
        assert all(len(step.calls) <= 4 and all(at <= now for at, _, _ in step.calls) for step in status.steps)


@given(histories(), st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_later_events_change_nothing_that_was_told(timeline: list[dict[str, Any]], quarters: int) -> None:
    """The board as of an instant is the same whether or not the future is already written down."""
    now = START + timedelta(minutes=15 * quarters)
    known = [entry for entry in timeline if instant(entry["at"]) <= now or entry["event"] == "regraded"]
    assert clocks_of(incident(*timeline), desk(), now) == clocks_of(incident(*known), desk(), now)


@given(histories())
@settings(max_examples=200, deadline=None)
def test_a_closing_block_is_its_own_recomputation(timeline: list[dict[str, Any]]) -> None:
    block = closing_block(incident(*timeline), desk())
    assert closing_block(incident(*timeline, sla=block), desk()) == block


@given(histories())
@settings(max_examples=200, deadline=None)
def test_a_breach_of_the_response_clock_is_never_undone(timeline: list[dict[str, Any]]) -> None:
    missed = False
    for hour in range(-1, 110, 3):
        now = START + timedelta(hours=hour)
        response = next((s for s in clocks_of(incident(*timeline), desk(), now) if s.name == "response"), None)
        if missed:
            assert response is not None and response.state == "missed"
        missed = response is not None and response.state == "missed"
