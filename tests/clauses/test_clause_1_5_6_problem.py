"""Clause 1.5.6, problems: every incident is looked at for its root; what is known is treated before it is closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Call, Repo

PROBLEM = "PRB-20261019-C8J8"
ERROR = "kb/known-errors/KE-20261028-QWPH.md"


@pytest.fixture
def problem(sample: Repo) -> Path:
    """Return the file of an open problem with a known error, untied from the change that will remove it."""
    path = sample.root / "tickets/problems/2026/10" / f"{PROBLEM}.md"
    text = path.read_text("utf-8").replace(", change: [CHG-20261112-FTBB], release: [REL-20261116-7XBX]", "")
    path.write_text(text, "utf-8")
    return path


def solve(call: Call) -> None:
    answer = call("resolve", PROBLEM, "--code", "risk_accepted", "--by", "xu.jing")
    assert answer.code == 0, answer.err


def test_clause_1_5_6_problem_is_not_closed_while_its_known_error_is_untreated(problem: Path, call: Call) -> None:
    solve(call)
    answer = call("close", PROBLEM, "--by", "xu.jing")
    assert answer.code != 0
    assert "known error KE-20261028-QWPH has neither a change nor an accepted workaround" in answer.err
    assert "accepted_by=WHO" in answer.err
    assert "event: closed" not in problem.read_text("utf-8")


def test_clause_1_5_6_problem_is_closed_when_somebody_accepts_the_workaround(problem: Path, call: Call) -> None:
    solve(call)
    assert call("set", "KE-20261028-QWPH", "accepted_by=lin.yue", "review_on=2027-01-15").code == 0
    answer = call("close", PROBLEM, "--by", "xu.jing")
    assert answer.code == 0, answer.err
    assert "event: closed" in problem.read_text("utf-8")


def test_clause_1_5_6_problem_closed_by_hand_over_an_untreated_error_is_found(
    problem: Path, sample: Repo, call: Call
) -> None:
    solve(call)
    text = problem.read_text("utf-8").replace("status: resolved", "status: closed")
    closed = "- {at: 2026-11-20T08:59:00+08:00, id: c1sd, event: closed, by: xu.jing}\n"
    head, _, body = text.partition("\n---\n")
    place = head.index("timeline:\n") + len("timeline:\n")
    lines = head[place:].split("\n")
    last = max(n for n, line in enumerate(lines) if line.startswith("- {at:"))
    lines.insert(last + 1, closed.rstrip())
    problem.write_text(head[:place] + "\n".join(lines) + "\n---\n" + body, "utf-8")
    assert "REF581" in call("check", "--format", "concise").out


def test_clause_1_5_6_problem_whose_cause_is_known_asks_for_a_known_error(problem: Path, call: Call) -> None:
    told = problem.parents[1] / "11" / "PRB-20261109-A2SY.md"
    text = told.read_text("utf-8").replace("review_on:", "root_cause: the carrier's policer\nreview_on:")
    told.write_text(text, "utf-8")
    assert "REF582" in call("check", "--format", "concise").out


def test_clause_1_5_6_problem_incident_claiming_one_names_it(sample: Repo, call: Call) -> None:
    incident = next((sample.root / "tickets/incidents/2026/10").glob("INC-20261016-FNA3.md"))
    text = incident.read_text("utf-8")
    assert "problem_review" in text and "PRB-20261019-C8J8" in text
    incident.write_text(text.replace("problem: [PRB-20261019-C8J8]", "problem: []"), "utf-8")
    assert "REC254" in call("check", "--format", "concise").out


def test_clause_1_5_6_problem_and_known_error_are_shown_from_both_ends(sample: Repo, call: Call) -> None:
    assert "KE-20261028-QWPH" in call("show", PROBLEM).out
    assert PROBLEM in call("show", "KE-20261028-QWPH").out


def test_clause_1_5_6_problem_is_not_closed_as_gone_while_its_known_error_warns_of_it(
    sample: Repo, call: Call
) -> None:
    assert call("resolve", PROBLEM, "--code", "removed", "--by", "xu.jing").code == 0
    answer = call("close", PROBLEM, "--by", "xu.jing")
    assert answer.code == 1
    assert "cannot be closed as `removed`: its known error KE-20261028-QWPH is `active`" in answer.err
    assert "servicebook cure KE-20261028-QWPH" in answer.err


def test_clause_1_5_6_problem_known_error_is_not_cured_by_a_change_that_never_ran(sample: Repo, call: Call) -> None:
    known = sample.root / ERROR
    assert call("set", "KE-20261028-QWPH", "permanent_fix=CHG-20261112-FTBB").code == 0
    before = known.read_bytes()
    answer = call("cure", "KE-20261028-QWPH")
    assert answer.code == 1
    assert "REF528" in answer.err
    assert known.read_bytes() == before


def test_clause_1_5_6_problem_manager_is_told_to_look_at_a_workaround_nobody_accepted(sample: Repo, call: Call) -> None:
    assert call("set", "KE-20261028-QWPH", "review_on=2026-11-19", "owner=").code == 0
    assert "the known error wants a review" in call("next", "--for", "xu.jing").out
