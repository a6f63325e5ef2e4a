"""Clauses 1.5.5-2 to -6: routine inspection comes again and again, is done item by item, and what fails is repaired."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.clauses.conftest import ROOT, ticket_of
from tests.conftest import Call, Repo

PLAN = "kb/inspection-plans/transcoders-weekly.md"


@pytest.fixture
def coming(sample: Repo, call: Call) -> Path:
    """Return the file of the next inspection of the transcoders, begun."""
    assert call("plan", "transcoders-weekly", "--days", "3").code == 0
    path = next(path for path in sample.root.rglob("INS-*.md") if "due_on: 2026-11-23" in path.read_text("utf-8"))
    assert call("start", path.stem).code == 0
    return path


def states(call: Call, *words: str) -> dict[str, str]:
    found: list[dict[str, Any]] = json.loads(call("plan", *words, "--json").out)
    return {f"{day['plan']} {day['due_on']}": day["state"] for day in found}


@pytest.mark.parametrize("sort", ["system", "backup", "safety"])
def test_clause_1_5_5_2_the_desk_has_plans_of_each_sort(sort: str) -> None:
    plans = [path.read_text("utf-8") for path in (ROOT / "kb" / "inspection-plans").glob("*.md")]
    assert any(f"inspection_type: {sort}\n" in text for text in plans)


def test_clause_1_5_5_2_coming_inspections_are_made_once(sample: Repo, call: Call) -> None:
    before = len(list(sample.root.rglob("INS-*.md")))
    assert states(call, "--show", "--days", "14") == {
        "transcoders-weekly 2026-11-23": "due", "transcoders-weekly 2026-11-30": "due",
        "backup-monthly 2026-12-01": "planned",
    }  # fmt: skip
    for _ in range(2):
        answer = call("plan", "--days", "14", "--commit")
        assert answer.code == 0, answer.err
        assert len(list(sample.root.rglob("INS-*.md"))) == before + 2
    assert set(states(call, "--show", "--days", "14").values()) == {"planned"}
    assert not sample.git("status", "--porcelain")
    assert call("check").code == 0


def test_clause_1_5_5_2_a_missed_inspection_is_shown(sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-11-25T09:00:00+08:00")
    assert states(call, "--missed") == {"transcoders-weekly 2026-11-23": "late"}
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-11-26T09:00:00+08:00")
    assert states(call, "--missed") == {"transcoders-weekly 2026-11-23": "missed"}
    tasks = json.loads(call("next", "--for", "live-operations", "--json").out)
    assert ("missed", "transcoders-weekly") in {(task["task"], task["id"]) for task in tasks}


def test_clause_1_5_5_2_bounds_say_what_is_in_order(coming: Path, call: Call) -> None:
    assert call("tick", coming.stem, "cpu=93", "memory=40", "logs=none").code == 0
    text = coming.read_text("utf-8")
    assert "{key: cpu, value: 93, ok: false}" in text
    assert "{key: memory, value: 40, ok: true}" in text
    answer = call("tick", coming.stem, "cpu=93", "--ok", "cpu")
    assert answer.code != 0
    assert "≤ 80 %" in answer.err
    assert coming.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("words", "said"),
    [(("gpu=1",), "cpu, memory, logs, processes"), (("logs=a few",), "--ok logs | --failed logs"), (("cpu",), "cpu=62"),
     ((), "cpu, memory, logs, processes")],
)  # fmt: skip
def test_clause_1_5_5_2_a_wrong_result_is_refused_with_the_remedy(
    coming: Path, call: Call, words: tuple[str, ...], said: str
) -> None:
    before = coming.read_bytes()
    answer = call("tick", coming.stem, *words)
    assert answer.code != 0
    assert said in answer.err
    assert coming.read_bytes() == before


def test_clause_1_5_5_2_nothing_is_signed_with_items_left_out(coming: Path, call: Call) -> None:
    call("tick", coming.stem, "cpu=60", "memory=40")
    answer = call("signoff", coming.stem)
    assert answer.code != 0
    assert f"servicebook tick {coming.stem} logs=… processes=…" in answer.err


def test_clause_1_5_5_2_what_failed_becomes_an_incident_in_one_step(sample: Repo, coming: Path, call: Call) -> None:
    sample.commit("before")
    call("tick", coming.stem, "cpu=93", "memory=40", "logs=none", "processes=12", "--commit")
    refused = call("raise", coming.stem, "memory", "--category", "resource_shortage", "--fault-grade", "degraded")
    assert refused.code != 0
    assert "did not fail" in refused.err
    answer = call("raise", coming.stem, "--category", "resource_shortage", "--fault-grade", "degraded", "--commit")
    assert answer.code == 0, answer.err
    incident = ticket_of(sample, answer.out)
    text = incident.read_text("utf-8")
    assert "93 % (≤ 80 %)" in text
    assert "contact_type: inspection" in text
    assert "site: east-quay-idc" in text
    assert f"incidents_opened: [{incident.stem}]" in coming.read_text("utf-8")
    assert len(sample.git("show", "--name-only", "--format=", "HEAD").split()) == 2
    assert incident.stem in call("show", coming.stem).out
    again = call("raise", coming.stem, "--category", "resource_shortage", "--fault-grade", "degraded")
    assert again.code == 1 and f"has its incident already: {incident.stem}" in again.err
    assert call("signoff", coming.stem, "--set", "sign_off.by=陈工").code == 0
    assert "signed_on: 2026-11-20}" in coming.read_text("utf-8")
    assert call("check").code == 0


def test_clause_1_5_5_2_results_are_a_series_over_time(sample: Repo, call: Call) -> None:
    found = json.loads(call("readings", "transcoder-03", "cpu", "--json").out)
    assert [reading["value"] for reading in found] == [61, 64, 71, 68, 72, 76, 86]
    assert [reading["ok"] for reading in found] == [True] * 6 + [False]
    assert "▁" in call("readings", "transcoders-weekly", "cpu").out
