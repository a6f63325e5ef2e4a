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
