"""Clause 1.2.2, steps 1 and 2, and the special cases: the call in full, what is known already, whom to call in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clauses.conftest import ticket_of
from tests.clauses.dispatching import HILL, At, clock_of, done, hill
from tests.conftest import Call, Repo

from servicebook.cli.intake import QUESTIONS


@pytest.fixture
def at(call: Call, monkeypatch: pytest.MonkeyPatch) -> At:
    return clock_of(call, monkeypatch)


def test_clause_1_2_2_steps_1_2_seven_things_are_asked(sample: Repo, at: At) -> None:
    assert len(QUESTIONS) == 7
    refused = at("09:00", "new", "incident", "--title", "It is down")
    assert refused.code == 2
    for name in ("customer", "caller", "contact_type", "site", "category", "fault_grade"):
        assert f"--{name.replace('_', '-')}" in refused.err, name


def test_clause_1_2_2_steps_1_2_the_rest_is_derived(sample: Repo, at: At) -> None:
    text = hill(sample, at).read_text("utf-8")
    for line in ("reported_at: 2026-11-20T09:00:00+08:00", "contract: harbour-newmedia-2025", "service: network",
                 "impact: high", "urgency: high", "priority: P1", "assignment_group: infrastructure"):  # fmt: skip
        assert line in text.splitlines(), line


def test_clause_1_2_2_steps_1_2_upkeep_and_similar_incidents_are_shown_at_once(sample: Repo, at: At) -> None:
    told = done(at("09:00", "new", "incident", *HILL, by="wang.fang"))
    history, alike = told.split("Looks like:")
    assert "Done so far to signal-hill-switch:" in history
    assert "INC-20261027-RBNM" in history.split("Done so far")[1]
    assert "INC-20260422-SQ0X" in alike


def test_clause_1_2_2_steps_1_2_parts_replaced_and_the_last_service_are_looked_up(sample: Repo, at: At) -> None:
    works = json.loads(done(at("09:00", "history", "cms-app-02", "--json")))
    assert works[0]["id"] == "INC-20261008-F90H" and works[0]["parts"] == ["MB-440871"]
    assert [work["at"] for work in works] == sorted((work["at"] for work in works), reverse=True)


def test_clause_1_2_2_steps_1_2_an_open_incident_that_tells_the_same_is_offered(sample: Repo, at: At) -> None:
    first = hill(sample, at)
    again = done(at("09:20", "new", "incident", *HILL, by="zhou.min"))
    second = ticket_of(sample, again)
    assert "Open already, and alike:" in again
    assert f"servicebook link {second.stem} {first.stem} --as duplicate_of" in again
    done(at("09:21", "link", second.stem, first.stem, "--as", "duplicate_of"))
    assert f"duplicate_of: {first.stem}" in second.read_text("utf-8")


def test_clause_1_2_2_steps_1_2_work_by_others_is_recorded_and_named(sample: Repo, at: At) -> None:
    path = hill(sample, at, "--set", "caller.third_party_maintenance=before")
    assert "REC260" in at("09:06", "check", "--format", "concise").out
    path.write_text(path.read_text("utf-8").replace("maintenance: before", "maintenance: before, third_party_by: Lyra"))
    assert "REC260" not in at("09:07", "check", "--format", "concise").out
    others = ("--set", "caller.third_party_maintenance=now", "--set", "caller.third_party_by=Lyra")
    told = done(at("09:10", "new", "incident", *HILL, *others))
    assert "others service it now: Lyra; that can end the warranty" in told


def test_clause_1_2_2_steps_1_2_an_unclear_fault_is_called_back(sample: Repo, at: At) -> None:
    path = hill(sample, at, "--set", "caller.callback_at=2026-11-20T09:30:00+08:00")
    waiting = json.loads(at("09:31", "messages", path.stem, "--json").out)
    assert [one["due"] for one in waiting if one["topic"] == "call_back"] == [True]
    done(at("09:32", "note", path.stem, "the lamp is red", "--event", "called_back", "--via", "phone"))
    assert "call_back" not in {one["topic"] for one in json.loads(at("09:33", "messages", path.stem, "--json").out)}


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("staffing", ["gao.feng", "lin.yue"]),
        ("skill", ["gao.feng", "lin.yue", "tang.bo"]),
        ("difficulty", ["chen.hao", "lin.yue", "tang.bo"]),
    ],
)
def test_clause_1_2_2_special_1_3_each_kind_goes_up_its_line(sample: Repo, at: At, kind: str, line: list[str]) -> None:
    id = hill(sample, at).stem
    for minute, person in enumerate(line, 10):
        told = done(at(f"09:{minute}", "escalate", id, "--kind", kind, "--via", "phone", by="zhao.lei"))
        assert f"to: {person}, kind: {kind}" in (next(sample.root.glob(f"tickets/*/*/*/{id}.md"))).read_text("utf-8")
        assert ("still to be told" in told) is (person != line[-1])
    refused = at("09:30", "escalate", id, "--kind", kind)
    assert refused.code == 2 and "has reached everybody it must" in refused.err


def test_clause_1_2_2_special_1_3_one_that_stopped_half_way_is_found(sample: Repo, at: At) -> None:
    path = hill(sample, at)
    done(at("09:10", "escalate", path.stem, "--kind", "skill", "--via", "phone"))
    assert "REF548" not in at("09:11", "check", "--format", "concise").out, "it is still on its way"
    waiting = json.loads(at("09:11", "messages", path.stem, "--json").out)
    assert [(one["to"], one["detail"]) for one in waiting if one["topic"] == "escalation"] == [(["lin.yue"], "skill")]
    solved = ("--code", "fixed", "--cause", "hardware", "--method", "swapped")
    done(at("10:30", "resolve", path.stem, *solved))
    found = at("10:31", "check", "--format", "concise").out
    assert "REF548" in found and "`service_manager`, `service_director`" in found


def test_clause_1_2_2_special_1_3_a_kind_that_is_none_is_refused(sample: Repo, at: At) -> None:
    refused = at("09:10", "escalate", hill(sample, at).stem, "--kind", "weather")
    assert refused.code == 2
    assert "staffing, skill, difficulty" in refused.err


def test_clause_1_2_2_special_1_3_a_plan_without_the_skill_is_found(sample: Repo, at: At) -> None:
    path: Path = hill(sample, at)
    words = ("--suspected-cause", "x", "--lead", "li.wei", "--engineers", "li.wei", "--skills-needed", "routing")
    done(at("09:10", "emergency", path.stem, *words))
    assert "REF546" in at("09:11", "check", "--format", "concise").out
    done(at("09:12", "emergency", path.stem, "--engineers", "li.wei,zhao.lei"))
    assert "REF546" not in at("09:13", "check", "--format", "concise").out
