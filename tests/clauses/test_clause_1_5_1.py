"""Clause 1.5.1: tasks are scheduled centrally, and enough people with the right skills are on duty at all times."""

from __future__ import annotations

import json

import pytest
from tests.clauses.conftest import edit
from tests.conftest import Call, Repo

NOVEMBER = "kb/rosters/service-desk-2026-11b.md"
LIVE = "kb/rosters/live-operations-2026-12.md"


def test_clause_1_5_1_the_roster_says_who_is_there_and_who_takes_over(sample: Repo, call: Call) -> None:
    (duty,) = json.loads(call("roster", "service-desk", "--json").out)
    assert [(one["person"], one["end"]) for one in duty["on_duty"]] == [("wang.fang", "2026-11-20T20:30:00+08:00")]
    assert [one["person"] for one in duty["then"]] == ["zhou.min"]
    assert duty["handovers"][0] == "2026-11-20T20:30:00+08:00"


def test_clause_1_5_1_a_gap_is_found_weeks_ahead(sample: Repo, call: Call) -> None:
    (duty,) = json.loads(call("roster", "service-desk", "--json").out)
    assert [(gap["start"], gap["end"], gap["there"]) for gap in duty["gaps"]] == [
        ("2026-12-02T20:30:00+08:00", "2026-12-03T08:30:00+08:00", 0),
        ("2026-12-14T08:30:00+08:00", "2026-12-18T09:00:00+08:00", 0),
    ]
    (duty,) = json.loads(call("roster", "live-operations", "--json").out)
    assert [(gap["skill"], gap["roster"]) for gap in duty["gaps"]] == [("CDN", "live-operations-2026-12")]


def test_clause_1_5_1_a_gap_is_a_task_of_who_leads_the_team(sample: Repo, call: Call) -> None:
    tasks = json.loads(call("next", "--for", "lin.yue", "--json").out)
    assert [(task["task"], task["id"], task["command"]) for task in tasks if task["task"] == "roster_gap"] == [
        ("roster_gap", "service-desk", "servicebook roster service-desk")
    ]
    assert "roster_gap" not in call("next", "--for", "wang.fang", "--json").out


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (LIVE, "minimum:", "published_on: 2026-11-19\nminimum:", "DSK859"),
        (NOVEMBER, 'end: "2026-11-16T20:30:00+08:00"', 'end: "2026-11-18T12:00:00+08:00"', "DSK858"),
        ("kb/people/wang.fang.md", "status: active", "status: active\nactive: false", "REF591"),
        ("kb/people/zhou.min.md", "from: 2024-06-15", "from: 2024-06-15, to: 2026-11-21", "REF592"),
    ],
)
def test_clause_1_5_1_a_roster_on_which_nobody_can_lean_is_found(
    sample: Repo, call: Call, path: str, old: str, new: str, code: str
) -> None:
    edit(sample, path, (old, new))
    assert code in call("check", "--format", "concise").out


def test_clause_1_5_1_the_board_says_who_is_where_and_free_when(sample: Repo, call: Call) -> None:
    visit = "tickets/visits/2026/11/VIS-20261116-DEC4.md"
    opened = "- {at: 2026-11-16T15:12:00+08:00, id: j334, event: opened, by: gao.feng}\n"
    departed = "- {at: 2026-11-24T08:05:00+08:00, id: d3pt, event: departed, by: wu.qiang}\n"
    arrived = "- {at: 2026-11-24T14:50:00+08:00, id: arv4, event: arrived, by: wu.qiang}\n"
    edit(sample, visit, ("status: planned", "status: on_site"), (opened, opened + departed + arrived))
    rows = {row["person"]: row for row in json.loads(call("who", "--at", "2026-11-24T16:00:00+08:00", "--json").out)}
    away, li_wei, on_call = (rows[name] for name in ("wu.qiang", "li.wei", "emma.clarke"))
    assert (away["away"], away["free_at"]) == (True, "2026-11-24T18:30:00+08:00")
    assert [(one["state"], one["site"]) for one in away["now"]] == [("on_site", "qinglan-office")]
    assert (li_wei["away"], li_wei["now"], li_wei["open_tickets"]) == (False, [], 2)
    assert [one["state"] for one in on_call["now"]] == ["on_duty"]
    assert list(rows)[-1] == "wu.qiang"


def test_clause_1_5_1_the_board_knows_who_was_sent_to_an_incident(sample: Repo, call: Call) -> None:
    path = "tickets/incidents/2026/11/INC-20261120-BT1Z.md"
    plan = (
        "emergency_plan: {lead: chen.hao, engineers: [wu.qiang], expected_duration: 3h}\n"
        "dispatch: {departed_at: 2026-11-20T08:40:00+08:00}\ntimeline:\n"
    )
    edit(sample, path, ("timeline:\n", plan))
    rows = {row["person"]: row for row in json.loads(call("who", "--json").out)}
    assert {name: rows[name]["now"][0]["state"] for name in ("chen.hao", "wu.qiang")} == dict.fromkeys(
        ("chen.hao", "wu.qiang"), "on_the_way"
    )
    assert rows["chen.hao"]["free_at"] is None
    edit(sample, path, ("T08:40:00+08:00}", "T08:40:00+08:00, arrived_at: 2026-11-20T08:50:00+08:00}"))
    rows = {row["person"]: row for row in json.loads(call("who", "--skill", "servers", "--json").out)}
    assert rows["wu.qiang"]["free_at"] == "2026-11-20T11:50:00+08:00"
    assert set(rows) == {"wu.qiang", "he.jun"}


def test_clause_1_5_1_next_tells_a_person_and_a_team_of_clocks_approvals_visits_and_reports(
    sample: Repo, call: Call
) -> None:
    def told(who: str, at: str = "2026-11-20T09:00") -> set[tuple[str, str]]:
        tasks = json.loads(call("next", "--for", who, "--at", at, "--json").out)
        return {(task["task"], task["id"]) for task in tasks}

    # A person: a vote on a change, an emergency plan, a report of their own, a visit that they go on.
    assert ("vote", "CHG-20261117-FR61") in told("xu.jing")
    assert ("vote", "CHG-20261112-FTBB") not in told("chen.hao")  # who does it has no vote on it
    assert ("approve_plan", "INC-20261120-BT1Z") in told("tang.bo")
    assert ("report_write", "harbour-newmedia") in told("chen.hao")
    visit = "VIS-20261116-DEC4"
    lead = json.loads(call("show", visit, "--json").out)["fields"]["lead"]
    assert ("clock", visit) in told(lead)  # to agree it with the customer, which says more than that it comes
    # A team: what its people are asked for as well.
    live = told("live-operations")
    assert {("vote", "CHG-20261117-FR61"), ("report_write", "harbour-newmedia")} <= live
    assert any(task in ("clock", "overdue") for task, _ in live)
