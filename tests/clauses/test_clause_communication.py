"""Clauses 1.4 and 1.5.5-1: who is told what, contacts outside the line, periodic reports, what was said by phone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.clauses.conftest import edit, ticket_of
from tests.conftest import Call, Repo

PLAN = "kb/communication-plans/harbour-newmedia.md"
OPEN = "INC-20261120-BT1Z"
KINDS = ("incidents", "requests")
WEEK = ("--type", "weekly", "--customer", "harbour-tv")


def tasks(call: Call, who: str, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(call("next", "--for", who, "--json", *words).out)
    return found


def whats(call: Call, who: str, *words: str) -> list[str]:
    return [task["task"] for task in tasks(call, who, *words)]


def test_clause_1_4_the_plan_says_who_needs_what_when_and_how(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    answer = call("stakeholders", "harbour-tv")
    assert answer.code == 0
    assert re.search(r"project committee +monthly report +by the 5th +meeting and email +up", answer.out)
    (plan,) = json.loads(call("stakeholders", "--json").out)
    assert {line["direction"] for line in plan["stakeholders"]} == {"up", "down", "sideways", "diagonal"}
    assert call("stakeholders", "yunshan-media").out.startswith("no communication plan is in use")


def test_clause_1_4_an_overdue_review_of_the_plan_is_found(sample: Repo, call: Call) -> None:
    assert call("stakeholders", "--at", "2026-12-15T09:00+08:00").code == 0
    answer = call("stakeholders", "--at", "2026-12-16T09:00+08:00")
    assert answer.code == 1
    assert "its review was due on 2026-12-15" in answer.out
    assert "plan_review" not in whats(call, "lin.yue")
    assert "plan_review" in whats(call, "lin.yue", "--at", "2026-12-08T09:00+08:00")


def test_clause_1_4_a_sideways_contact_needs_leave_and_is_reported(sample: Repo, call: Call) -> None:
    contact = ("coordinate", OPEN, "--to", "陈工", "--by", "li.wei")
    refused = call(*contact)
    assert refused.code == 1
    assert "needs leave beforehand" in refused.err
    assert call(*contact, "--leave", "li.wei").code == 1
    assert call(*contact, "--leave", "chen.hao", "agreed to restart at noon").code == 0
    assert "contact_report" in whats(call, "li.wei")
    assert "contact_report" not in whats(call, "chen.hao")
    done = call("coordinate", OPEN, "--reported", "--to", "chen.hao", "--by", "li.wei")
    assert done.code == 0, done.err
    assert "contact_report" not in whats(call, "li.wei")
    assert call("coordinate", OPEN, "--reported", "--to", "chen.hao", "--by", "li.wei").code == 1
    text = ticket_of(sample, done.out).read_text("utf-8")
    assert "event: coordinated, by: li.wei, via: phone, to: 陈工, kind: sideways, approved_by: chen.hao" in text


def test_clause_1_4_a_ticket_does_not_end_without_the_report(sample: Repo, call: Call) -> None:
    assert call("coordinate", OPEN, "--to", "陈工", "--by", "li.wei", "--leave", "chen.hao").code == 0
    assert "REC333" not in call("check").out
    refused = call("cancel", OPEN, "--reason", "told twice")
    assert refused.code == 1
    assert "REC333" in refused.err


def test_clause_1_5_5_1_the_plan_says_which_reports_are_due(sample: Repo, call: Call) -> None:
    (row,) = json.loads(call("report", "due", "--json").out)
    assert {name: row[name] for name in ("report_type", "period_start", "due_on", "prepared_by", "state", "late")} == {
        "report_type": "weekly", "period_start": "2026-11-09", "due_on": "2026-11-18", "prepared_by": "chen.hao",
        "state": "missing", "late": True,
    }  # fmt: skip
    (task,) = [task for task in tasks(call, "chen.hao") if task["task"] == "report_write"]
    assert task["command"] == "servicebook report new --type weekly --customer harbour-tv --from 2026-11-09"
    assert len(json.loads(call("report", "due", "--all", "--json").out)) == 4


def test_clause_1_5_5_1_a_report_is_written_reviewed_and_submitted_in_this_order(sample: Repo, call: Call) -> None:
    made = call("report", "new", *WEEK, "--commit")
    assert made.code == 0, made.err
    path = ticket_of(sample, made.out)
    head = sample.git("rev-parse", "HEAD~1").strip()
    assert f"source_revision: {head}" in path.read_text("utf-8")
    assert "report_review" in whats(call, "lin.yue")
    early = call("report", "submit", path.stem)
    assert early.code == 1
    assert f"first: servicebook report review {path.stem}" in early.err
    assert call("report", "review", path.stem, "--by", "chen.hao").code == 1
    assert call("report", "review", path.stem, "--by", "lin.yue").code == 0
    assert "report_submit" in whats(call, "chen.hao")
    assert call("report", "submit", path.stem).code == 0
    text = path.read_text("utf-8")
    assert "submitted_to: 黄主任\nsubmitted_at: 2026-11-20T09:00:00+08:00\nvia: email" in text
    assert call("report", "due").out.startswith("no report is due")
    assert "was due on 2026-11-18" in call("check").out  # REF604: two days late


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--from", "2026-11-03"), "tells of this period already"), (("--from", "2026-11-18"), "not there yet")],
)
def test_clause_1_5_5_1_a_report_is_made_once_and_of_a_time_that_is_over(
    sample: Repo, call: Call, words: tuple[str, ...], said: str
) -> None:
    answer = call("report", "new", *WEEK, *words)
    assert answer.code != 0
    assert said in answer.err


def test_clause_1_5_5_1_first_figures_come_from_the_records_with_their_formula(sample: Repo, call: Call) -> None:
    edit(sample, PLAN, ("starts_on: 2026-10-01, prepared_by: lin.yue", "starts_on: 2026-09-01, prepared_by: lin.yue"))
    sample.commit("Promise September too")
    made = call("report", "new", "--type", "monthly", "--customer", "harbour-tv", "--from", "2026-09-10")
    text = ticket_of(sample, made.out).read_text("utf-8")
    texts = [one.read_text("utf-8") for kind in KINDS for one in sample.root.glob(f"tickets/{kind}/2026/*/*.md")]
    ours = [one for one in texts if "\ncustomer: harbour-tv\n" in one]
    opened = sum("\nreported_at: 2026-09" in one for one in ours)
    assert opened
    assert f"- {{name: tickets opened, value: {opened}, formula: incidents and requests with reported_at" in text
    assert "formula: clocks met / (clocks met + clocks breached)" in text


def test_clause_1_5_5_1_a_forgotten_report_between_two_others_is_found(sample: Repo, call: Call) -> None:
    assert "DSK862" not in call("check").out
    edit(sample, PLAN, ("{report_type: weekly, starts_on: 2026-11-02", "{report_type: weekly, starts_on: 2026-10-26"))
    assert "DSK862" in call("check").out


def test_clause_1_5_5_1_what_was_said_by_phone_and_written_late_is_found(sample: Repo, call: Call) -> None:
    said = call("note", OPEN, "--event", "called_back", "--via", "phone", "--to", "方经理", "--by", "li.wei")
    path = ticket_of(sample, said.out)
    entry = re.findall(r"id: (\w{4}), event: called_back", path.read_text("utf-8"))[-1]
    late = "{at: 2026-11-20T09:00:00+08:00", "{recorded_at: 2026-11-22T09:00:00+08:00, at: 2026-11-20T09:00:00+08:00"
    text = path.read_text("utf-8")
    place = text.index(f"id: {entry}")
    start = text.rindex("{", 0, place)
    path.write_text(text[:start] + text[start:].replace(*late, 1), "utf-8")
    assert "REF605" in call("check").out
    assert "late_word" in whats(call, "li.wei")
    assert call("note", OPEN, f"{entry}: the laptop was stolen", "--by", "li.wei").code == 0
    assert "REF605" not in call("check").out
    assert "late_word" not in whats(call, "li.wei")


def test_clause_1_5_2_availability_and_capacity_are_reported_per_service(sample: Repo, call: Call) -> None:
    made = call("report", "new", "--type", "availability", "--service", "live-streaming", "--from", "2026-03-10")
    text = ticket_of(sample, made.out).read_text("utf-8")
    outage = re.search(r"outage of live-streaming\n  value: ([\d.]+)\n  unit: min", text)
    share = re.search(r"availability of live-streaming\n  value: ([\d.]+)", text)
    assert outage, text
    assert share, text
    assert float(share[1]) == round(100 * (1 - float(outage[1]) / (31 * 24 * 60)), 3)
    made = call("report", "new", "--type", "capacity", "--from", "2026-10-10")
    assert re.search(r"\d+\.?\d*\s?\S* +(highest|lowest) of \d+ measured; at (most|least) \d+", made.out), made.out


def test_clause_1_5_5_1_minutes_written_long_after_the_meeting_are_found(sample: Repo, call: Call) -> None:
    words = ("--title", "Talk of last week", "--meeting-type", "review", "--chair", "lin.yue", "--attendees", "陈工")
    answer = call("new", "meeting", *words, "--held-at", "2026-11-13T10:00")
    assert answer.code == 0, answer.err
    found = call("check", "--format", "concise").out
    assert "REF609" in found and "167 h after the meeting" in found
    assert "recorded_at: 2026-11-20T09:00:00+08:00" in "".join(
        path.read_text("utf-8") for path in sample.root.glob("tickets/meetings/2026/11/MTG-20261120-*.md")
    )


def test_clause_1_4_a_line_of_the_plan_is_a_rule_of_notification(sample: Repo, call: Call) -> None:
    """Who is to hear of events is a record: no code knows this name, this event or this grade."""

    id = "INC-20261118-BFK2"

    def asked() -> list[dict[str, Any]]:
        found = json.loads(call("messages", id, "--all", "--json").out)
        return [one for one in found if one["topic"] == "stakeholder"]

    text = (sample.root / PLAN).read_text("utf-8")
    line = "- {who: 周工, information: long faults, when: at once, how: telephone, on_events: [major_incident], "
    more = "kinds: [incident], fault_grades: [degraded], via: [sms]}"
    sample.write({PLAN: text.replace("stakeholders:\n", f"stakeholders:\n{line}{more}\n")})
    answer = call("check", PLAN)
    assert answer.code == 0, answer.out
    assert asked() == []
    assert call("note", id, "--event", "major_incident", "two channels").code == 0
    (word,) = asked()
    assert (word["to"], word["via"], word["said_at"]) == (["customer:周工"], ["sms"], None)
    assert "stakeholder" in {task["task"] for task in json.loads(call("next", "--all", "--json").out)}
    assert call("tell", id, "--to", "周工", "--via", "sms").code == 0
    assert asked()[0]["said_at"] is not None
