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


@pytest.mark.parametrize(
    ("path", "field", "who"),
    [
        ("kb/services/live-streaming.md", "review_on: 2027-01-31", "chen.hao"),
        ("kb/suppliers/lyra-dealer.md", "review_on: 2027-03-31", "gao.feng"),
        ("kb/articles/runbook-live-black-screen.md", "valid_to: ", "live-operations"),
    ],
)
def test_clause_1_5_2_procedures_and_suppliers_are_looked_at_again_when_it_is_due(
    sample: Repo, call: Call, path: str, field: str, who: str
) -> None:
    """Day by day until somebody did, also after the day has passed."""
    text = (sample.root / path).read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith(field))
    sample.write({path: text.replace(line, f"{line.partition(':')[0]}: 2026-06-30")})
    id = path.rpartition("/")[2].removesuffix(".md")
    owner = next(one for one in text.splitlines() if one.startswith(("owner:", "service_owner:", "account_manager:")))
    assert owner.endswith(who)
    tasks = json.loads(call("next", "--for", who, "--all", "--json").out)
    assert ("look_again", id) in {(task["task"], task["id"]) for task in tasks}
    if "suppliers" in path:
        assert id in call("renewals").out, "a review that nobody held does not fall off the list"
