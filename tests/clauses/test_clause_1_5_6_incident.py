"""Clause 1.5.6, incidents: every event stays managed until it is solved, and is escalated when that takes too long."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.clauses.conftest import NOW, ticket_of
from tests.conftest import Call, Repo

INTAKE = (
    "--title", "Preview stays black", "--customer", "harbour-tv", "--set", "caller.name=Desk of Harbour TV",
    "--contact-type", "hotline", "--site", "east-quay-idc", "--category", "program_error", "--fault-grade", "severe",
)  # fmt: skip


@pytest.fixture
def ticket(sample: Repo, call: Call) -> Path:
    """Return the file of a severe incident, just reported."""
    answer = call("new", "incident", *INTAKE)
    assert answer.code == 0, answer.err
    return ticket_of(sample, answer.out)


def test_clause_1_5_6_incident_is_not_closed_before_it_is_solved(ticket: Path, call: Call) -> None:
    before = ticket.read_bytes()
    answer = call("close", ticket.stem)
    assert answer.code != 0
    assert f"first: servicebook resolve {ticket.stem}" in answer.err
    assert ticket.read_bytes() == before


def test_clause_1_5_6_incident_solved_by_hand_without_a_word_is_found(ticket: Path, call: Call) -> None:
    ticket.write_text(ticket.read_text("utf-8").replace("status: new", "status: resolved"), "utf-8")
    answer = call("check", str(ticket))
    assert answer.code == 1
    assert "WFL401" in answer.out


@pytest.mark.parametrize(("minutes", "reached"), [(119, False), (121, True)])
def test_clause_1_5_6_incident_unsolved_in_half_its_time_is_brought_to_management(
    ticket: Path, call: Call, monkeypatch: pytest.MonkeyPatch, minutes: int, reached: bool
) -> None:
    now = (datetime.fromisoformat(NOW) + timedelta(minutes=minutes)).isoformat()
    monkeypatch.setenv("SERVICEBOOK_NOW", now)
    clocks = json.loads(call("sla", ticket.stem, "--explain", "--json").out)
    restore = next(clock for clock in clocks if clock["clock"] == "restore")
    first = restore["steps"][0]
    assert first["tell"] == ["service-management"]
    assert (first["at"] <= now) is reached


def test_clause_1_5_6_incident_escalated_says_to_whom_and_why(ticket: Path, call: Call) -> None:
    answer = call("escalate", ticket.stem, "--to", "service-management", "--via", "phone", "--reason", "no cause found")
    assert answer.code == 0, answer.err
    text = ticket.read_text("utf-8")
    assert "event: escalated" in text
    assert "service-management" in text
    assert "no cause found" in text
