"""Clause 1.3.1, customer file: customers are asked by somebody else, once a ticket, and answered; and called on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.clauses.conftest import edit, ticket_of
from tests.conftest import Call, Repo

CLOSED = "INC-20261014-4QSW"


def rows(call: Call, *words: str) -> dict[str, dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(call("satisfaction", *words, "--json").out)
    return {row["name"]: row for row in found}


def test_clause_1_3_1_customer_file_a_survey_takes_one_line(sample: Repo, call: Call) -> None:
    answer = call("survey", CLOSED, "5", "4", "3", "--respondent", "林编辑", "--commit")
    assert answer.code == 0, answer.err
    text = ticket_of(sample, answer.out).read_text("utf-8")
    for line in ("survey_type: ticket", "customer: harbour-tv", "engineers: [liu.yang]", "csat: 66.7", "score: 3}"):
        assert line in text
    assert "follow_up" not in text
    assert call("check").code == 0


def test_clause_1_3_1_customer_file_one_survey_a_ticket(sample: Repo, call: Call) -> None:
    assert call("survey", CLOSED, "5").code == 0
    answer = call("survey", CLOSED, "4")
    assert answer.code != 0
    assert "one a ticket" in answer.err


def test_clause_1_3_1_customer_file_an_answer_completes_what_was_sent(sample: Repo, call: Call) -> None:
    first = call("survey", CLOSED, "--sent", "--via", "email")
    path = ticket_of(sample, first.out)
    assert "scores" not in path.read_text("utf-8")
    second = call("survey", CLOSED, "4", "4", "4")
    assert ticket_of(sample, second.out) == path
    assert "csat: 100" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [((CLOSED, "5", "--by", "liu.yang"), "--by PERSON"), (("INC-20261120-BT1Z", "5"), "nothing to rate yet"),
     ((CLOSED, "6"), "from 1 to 5"), ((CLOSED,), "questions: ")],
)  # fmt: skip
def test_clause_1_3_1_customer_file_an_unfair_survey_is_refused(
    sample: Repo, call: Call, words: tuple[str, ...], said: str
) -> None:
    answer = call("survey", *words)
    assert answer.code != 0
    assert said in answer.err
    assert not sample.git("status", "--porcelain")


def test_clause_1_3_1_customer_file_a_low_score_opens_a_follow_up(sample: Repo, call: Call) -> None:
    answer = call("survey", CLOSED, "4", "2", "--comment", "Nobody called", "--commit")
    assert answer.code == 0, answer.err
    survey = ticket_of(sample, answer.out)
    request = next((sample.root / "tickets/requests/2026/11").glob("REQ-20261120-*.md"), None)
    assert request
    made = {path.stem: path for path in (sample.root / "tickets/requests/2026/11").glob("*.md")}
    id = survey.read_text("utf-8").partition("follow_up: ")[2].split()[0]
    text = made[id].read_text("utf-8")
    assert "request_type: complaint" in text
    assert "assignment_group: service-management" in text
    assert "Nobody called" in text
    assert len(sample.git("show", "--name-only", "--format=", "HEAD").split()) == 2
    assert id in call("satisfaction").out
    assert call("check").code == 0


def test_clause_1_3_1_customer_file_a_complaint_becomes_a_request(sample: Repo, call: Call) -> None:
    answer = call("survey", "harbour-tv", "--suggestion", "Figures by the fifth", "--service", "cms", "--commit")
    assert answer.code == 0, answer.err
    survey = ticket_of(sample, answer.out).read_text("utf-8")
    id = survey.partition("follow_up: ")[2].split()[0]
    assert "request_type: suggestion" in next(sample.root.rglob(f"{id}.md")).read_text("utf-8")
    assert call("check").code == 0


def test_clause_1_3_1_customer_file_a_forgotten_low_score_is_the_next_thing_to_do(sample: Repo, call: Call) -> None:
    path = next(sample.root.rglob("SUR-20261027-XB3M.md"))
    text = path.read_text("utf-8")
    path.write_text("".join(line for line in text.splitlines(True) if not line.startswith("follow_up")), "utf-8")
    assert "REF602" in call("check").out
    tasks = json.loads(call("next", "--for", "lin.yue", "--json").out)
    found = next(task for task in tasks if task["task"] == "follow_up")
    assert found["command"] == "servicebook survey SUR-20261027-XB3M --follow-up"
    assert call(*found["command"].split()[1:]).code == 0
    assert "follow_up: REQ-" in path.read_text("utf-8")


def test_clause_1_3_1_customer_file_figures_per_customer_project_year_and_team(sample: Repo, call: Call) -> None:
    assert rows(call)["harbour-tv"]["csat"] == pytest.approx(72.2)
    assert rows(call, "--by", "year")["2026"]["answered"] == 7
    assert rows(call, "--by", "team")["infrastructure"]["low"] == 0
    assert "Harbour new media platform" in rows(call, "--by", "project")
    assert rows(call, "--from", "2026-10-01", "--to", "2026-10-31")["harbour-tv"]["answered"] == 2


def test_clause_1_3_1_customer_file_few_answers_are_not_shown(sample: Repo, call: Call) -> None:
    few = rows(call)["yunshan-media"]
    assert few["hidden"]
    assert few["mean"] is None
    assert "all: 9 asked" not in call("satisfaction").out


def test_clause_1_3_1_customer_file_people_are_shown_only_where_named(sample: Repo, call: Call) -> None:
    assert call("satisfaction", "--by", "person").code != 0
    settings = sample.root / "pyproject.toml"
    named = '[tool.servicebook]\npersonal_figures = ["he.jun"]\n'
    settings.write_text(settings.read_text("utf-8").replace("[tool.servicebook]\n", named), "utf-8")
    assert list(rows(call, "--by", "person")) == ["he.jun"]


def test_clause_1_3_1_customer_file_visits_that_are_due(sample: Repo, call: Call) -> None:
    tasks = json.loads(call("next", "--for", "lin.yue", "--json").out)
    due = [task["id"] for task in tasks if task["task"] == "call_on"]
    assert due == ["harbour-tv"]  # one has a visit ahead, and the other had one last week


def test_clause_1_5_3_an_action_is_told_until_it_is_done(sample: Repo, call: Call) -> None:
    def promised(who: str) -> list[str]:
        tasks = json.loads(call("next", "--for", who, "--json").out)
        return [task["id"] for task in tasks if task["task"] == "promise"]

    assert promised("chen.hao") == ["MTG-20261116-4KQT"]
    assert promised("li.wei") == []
    assert "which: 2, 3" in call("done", "4KQT").err
    assert call("done", "4KQT", "1").code != 0
    assert call("done", "4KQT", "2", "--commit").code == 0
    assert promised("chen.hao") == []
    assert "IMP-20261028-7WNE" in call("done").out
    assert call("check").code == 0


def test_clause_1_5_3_an_improvement_has_an_owner_and_a_day_and_ends_measured(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = call("new", "improvement", "--title", "Warn earlier", "--source", "report")
    assert refused.code == 2 and "also needs: owner, target, due_on" in refused.err
    monkeypatch.setenv("SERVICEBOOK_NOW", "2027-02-01T09:00:00+08:00")
    assert "IMP-20261028-7WNE" in call("next", "--for", "lin.yue").out
    unmeasured = call("done", "IMP-20261028-7WNE")
    assert unmeasured.code == 2 and "--result" in unmeasured.err
    assert call("done", "IMP-20261028-7WNE", "--result", "one late report of 61").code == 0
    assert "measured_on: 2027-02-01\n" in (text := next(sample.root.rglob("IMP-20261028-7WNE.md")).read_text("utf-8"))
    assert "result: one late report of 61\n" in text
    assert "IMP-20261028-7WNE" not in call("next", "--for", "lin.yue").out


def test_clause_1_5_5_1_actions_of_a_team_are_its_members(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-11-25T09:00:00+08:00")
    for who in ("infrastructure", "zhao.lei"):
        tasks = json.loads(call("next", "--for", who, "--json").out)
        assert ("promise", "MTG-20261116-4KQT") in {(task["task"], task["id"]) for task in tasks}


def test_clause_1_3_1_customer_file_teams_have_figures_and_people_only_where_they_are_named(
    sample: Repo, call: Call
) -> None:
    words = ("--from", "2026-01-01", "--to", "2026-11-20")
    teams = {row["name"]: row for row in json.loads(call("team", *words, "--json").out)}
    live = teams["live-operations"]
    assert live["resolved"] > 0
    assert live["attainment"] == round(100 * live["met"] / (live["met"] + live["missed"]), 1)
    assert live["reopen_rate"] == round(100 * live["reopened"] / live["resolved"], 1)
    assert (live["csat"] is None) == (live["answered"] < 3)
    assert [row["name"] for row in json.loads(call("team", "cms", *words, "--json").out or "[]")] == []
    denied = call("team", "--person", "li.wei")
    assert denied.code == 2
    assert "does not show the figures of `li.wei`" in denied.err
    assert call("team", "--people").code == 2
    edit(sample, "pyproject.toml", ("[tool.servicebook]\n", '[tool.servicebook]\npersonal_figures = ["li.wei"]\n'))
    (row,) = json.loads(call("team", "--people", *words, "--json").out)
    assert row["name"] == "li.wei"
    assert row["resolved"] > 0
    assert call("team", "--person", "liu.yang").code == 2
