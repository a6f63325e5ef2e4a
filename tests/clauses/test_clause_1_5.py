"""Clause 1.5: services that a customer can look up, with levels that are whole and hold together."""

from __future__ import annotations

from pathlib import Path

from tests.clauses.conftest import ROOT
from tests.conftest import Call, Repo

AGREEMENT = "kb/agreements/standard-after-sales.md"


def test_clause_1_5_every_service_stands_in_the_catalog(sample_site: Path) -> None:
    catalog = (sample_site / "services.html").read_text("utf-8")
    for path in (ROOT / "kb" / "services").glob("*.md"):
        assert f"services/{path.stem}.html" in catalog, path.stem


def test_clause_1_5_a_level_without_target_for_a_grade_is_found(sample: Repo, call: Call) -> None:
    text = (sample.root / AGREEMENT).read_text("utf-8")
    newest = text.rindex("fault_grade: [consultation]}")
    sample.write({AGREEMENT: text[:newest] + text[newest:].replace("[consultation]", "[severe]", 1)})
    assert "SLA615" in call("check", AGREEMENT).out


def test_clause_1_5_two_targets_for_one_ticket_are_found(sample: Repo, call: Call) -> None:
    text = (sample.root / AGREEMENT).read_text("utf-8")
    newest = text.rindex("fault_grade: [degraded]}")
    sample.write({AGREEMENT: text[:newest] + text[newest:].replace("[degraded]", "[degraded, severe]", 1)})
    answer = call("check", AGREEMENT)
    assert answer.code == 1
    assert "SLA614" in answer.out


def test_clause_1_5_a_service_is_only_for_whom_it_was_agreed_with(sample: Repo, call: Call) -> None:
    ticket = next(iter(sorted((sample.root / "tickets" / "incidents" / "2026" / "11").glob("*.md"))))
    path = ticket.relative_to(sample.root).as_posix()
    customer = "customer: qinglan-centre" if "harbour-tv" in ticket.read_text("utf-8") else "customer: harbour-tv"
    lines = ticket.read_text("utf-8").splitlines()
    sample.write({path: "\n".join(customer if line.startswith("customer:") else line for line in lines) + "\n"})
    answer = call("check", path)
    assert answer.code == 1
    assert "REF52" in answer.out
