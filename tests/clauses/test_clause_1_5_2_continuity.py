"""Clause 1.5.2, continuity: a critical service has a plan for the day it is lost, and the plan was tried in time."""

from __future__ import annotations

import json

import pytest
from tests.conftest import Call, Repo

SERVICE = "kb/services/storage.md"
CONTINUITY = "continuity: {rto: 4h, rpo: 24h, plan: continuity-plan-data, tested_on: 2025-12-18}"


@pytest.mark.parametrize("left", ["", "continuity: {rto: 4h, rpo: 24h, plan: continuity-plan-data}"])
def test_clause_1_5_2_continuity_of_a_critical_service_is_planned_and_tested(
    sample: Repo, call: Call, left: str
) -> None:
    text = (sample.root / SERVICE).read_text("utf-8")
    assert CONTINUITY in text
    sample.write({SERVICE: text.replace(f"{CONTINUITY}\n", f"{left}\n" if left else "")})
    assert "REC331" in call("check", SERVICE).out


def test_clause_1_5_2_continuity_plan_that_wants_a_test_is_said_ahead(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for now, due in (("2026-11-17T09:00:00+08:00", False), ("2026-11-19T09:00:00+08:00", True)):
        monkeypatch.setenv("SERVICEBOOK_NOW", now)
        tasks = json.loads(call("next", "--all", "--json").out)
        assert (("continuity", "storage") in {(task["task"], task["id"]) for task in tasks}) is due
