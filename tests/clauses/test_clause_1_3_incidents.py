"""Clauses 1.3.1 (handling report), 1.3.2, 1.3.4, 1.5.6 and 1.5.7-C: reports, remote work, routing, passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clauses.conftest import ticket_of
from tests.clauses.dispatching import HILL, PLAN, At, clock_of, done, hill
from tests.conftest import Call, Repo

SOLVED = ("--code", "replaced", "--cause", "hardware", "--method", "module swapped", "--human-caused", "no",
          "--set", "problem_review.result=not_needed")  # fmt: skip


@pytest.fixture
def at(call: Call, monkeypatch: pytest.MonkeyPatch) -> At:
    return clock_of(call, monkeypatch)


@pytest.fixture
def ticket(sample: Repo, at: At) -> Path:
    return hill(sample, at)


def test_clause_1_3_1_handling_report_has_its_four_sections(ticket: Path, at: At) -> None:
    early = at("09:10", "report", ticket.stem)
    assert early.code == 1 and f"first: servicebook resolve {ticket.stem}" in early.err
    done(at("10:30", "resolve", ticket.stem, *SOLVED))
    refused = at("10:40", "report", ticket.stem)
    assert refused.code == 1
    assert "does not say loss" in refused.err and f"servicebook report {ticket.stem} --loss TEXT" in refused.err
    done(at("10:45", "report", ticket.stem, "--loss", "90 minutes on the backup way", "--to", "黄主任"))
    printed = done(at("10:50", "report", ticket.stem, "--print"))
    for text in ("## Problem type", "network link down", "## Cause", "hardware", "module swapped", "90 minutes"):
        assert text in printed, text


def test_clause_1_3_1_handling_report_stops_its_clock_when_it_is_submitted(ticket: Path, at: At) -> None:
    done(at("10:30", "resolve", ticket.stem, *SOLVED, "--set", "loss=none"))
    done(at("21 09:50", "report", ticket.stem, "--at", "2026-11-21T09:00:00+08:00"))
    clocks = json.loads(done(at("21 09:51", "sla", ticket.stem, "--explain", "--json")))
    report = next(clock for clock in clocks if clock["clock"] == "report")
    assert (report["state"], report["due_at"], report["stopped_at"]) == (
        "met", "2026-11-21T10:30:00+08:00", "2026-11-21T09:00:00+08:00"
    )  # fmt: skip
    again = at("21 10:00", "report", ticket.stem)
    assert again.code == 1 and "submitted already" in again.err


def test_clause_1_3_1_handling_report_without_a_section_is_found(ticket: Path, at: At) -> None:
    done(at("10:30", "resolve", ticket.stem, *SOLVED))
    done(at("10:40", "note", ticket.stem, "--event", "report_submitted", "--via", "email", "--to", "黄主任"))
    assert "WFL428" in at("10:41", "check", "--format", "concise").out


def test_clause_1_3_2_names_the_customers_people(sample: Repo, ticket: Path, at: At) -> None:
    done(at("09:20", "note", ticket.stem, "--event", "remote_session", "--via", "remote"))
    sample.git("add", "-A")
    assert "WFL460" in at("09:21", "check", "--staged", "--format", "concise").out
    sample.git("restore", "--staged", ".")
    done(at("09:22", "note", ticket.stem, "--event", "remote_session", "--via", "remote", "--with", "郑师傅，黄主任"))
    assert "present: [郑师傅, 黄主任]" in ticket.read_text("utf-8")


def test_clause_1_3_4_goes_to_the_team_that_category_and_priority_say(sample: Repo, at: At) -> None:
    with (sample.root / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            '\n[[tool.servicebook.routing]]\nteam = "live-operations"\n'
            'category = "network_link_down"\npriority = ["P1"]\n'
            '[[tool.servicebook.routing]]\ncategory = "network_link_down"\nteam = "field-service"\n'
        )
    severe = ticket_of(sample, done(at("09:00", "new", "incident", *HILL)))
    assert "assignment_group: live-operations" in severe.read_text("utf-8")
    mild = ticket_of(sample, done(at("09:01", "new", "incident", *HILL, "--impact", "low", "--urgency", "low")))
    assert "assignment_group: field-service" in mild.read_text("utf-8")


def test_clause_1_3_4_routing_to_a_team_that_is_not_there_is_refused(sample: Repo, at: At) -> None:
    with (sample.root / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[tool.servicebook.routing]]\ncategory = "network_link_down"\nteam = "field-servise"\n')
    refused = at("09:00", "new", "incident", *HILL)
    assert refused.code == 2
    assert "did you mean `field-service`?" in refused.err


def test_clause_1_5_6_incident_that_missed_its_time_in_silence_is_found(ticket: Path, at: At) -> None:
    done(at("14:00", "resolve", ticket.stem, *SOLVED, "--set", "loss=none"))
    done(at("14:10", "assign", ticket.stem, "zhao.lei"))
    done(at("15:00", "close", ticket.stem))
    found = at("15:01", "check", "--format", "concise").out
    assert "WFL429" in found
    done(at("15:02", "escalate", ticket.stem, "--to", "lin.yue", "--at", "2026-11-20T12:30:00+08:00"))
    assert "WFL429" not in at("15:03", "check", "--format", "concise").out


def test_clause_1_5_7_c_who_goes_has_transport_and_pass(ticket: Path, at: At) -> None:
    id = ticket.stem
    done(at("09:10", "emergency", id, *PLAN))
    done(at("09:11", "consent", id, "--to", "黄主任"))
    done(at("09:12", "approve", id, by="tang.bo"))
    refused = at("09:13", "depart", id)
    assert refused.code == 2 and "--transport" in refused.err
    refused = at("09:13", "depart", id, "--transport", "company car")
    assert refused.code == 2 and "--pass" in refused.err
    done(at("09:14", "depart", id, "--transport", "company car", "--pass", "day pass 112"))
    ticket.write_text(ticket.read_text("utf-8").replace("pass: day pass 112", "eta_at: 2026-11-20T10:24:00+08:00", 1)
                      .replace("eta_at: 2026-11-20T10:24:00+08:00, ", "", 1), "utf-8")  # fmt: skip
    assert "REF545" in at("09:15", "check", "--format", "concise").out


def test_clause_1_3_4_a_major_incident_is_flagged_and_management_hears_of_it(ticket: Path, at: At) -> None:
    done(at("09:10", "note", ticket.stem, "both ways are down", "--event", "major_incident"))
    assert "major incident" in done(at("09:11", "show", ticket.stem)).splitlines()[1]
    waiting = json.loads(at("09:11", "messages", ticket.stem, "--json").out)
    assert [(one["to"], one["due"]) for one in waiting if one["topic"] == "major_incident"] == [
        (["lin.yue", "tang.bo"], True)
    ]  # fmt: skip
    done(at("09:12", "tell", ticket.stem, "a team gets ready", "--next", "30m"))
    after = json.loads(at("09:13", "messages", ticket.stem, "--json").out)
    assert "major_incident" not in {one["topic"] for one in after}
