"""Clause 1.5.6, its end: the records of all processes are one knowledge base, and every link shows from both ends."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Call, Repo


def _linked(sample: Repo) -> list[tuple[str, str]]:
    """Return pairs of incident and problem that the incident names."""
    pairs = []
    for path in sorted((sample.root / "tickets" / "incidents").rglob("*.md")):
        if found := re.search(r"problem: \[(PRB-\w+-\w+)", path.read_text("utf-8")):
            pairs.append((path.stem, found[1]))
    return pairs


def test_clause_1_5_6_records_are_linked_from_both_ends_in_the_terminal(sample: Repo, call: Call) -> None:
    pairs = _linked(sample)
    assert pairs
    for incident, problem in pairs:
        assert problem in call("show", incident).out
        assert incident in call("show", problem).out


def test_clause_1_5_6_records_are_linked_from_both_ends_on_the_site(sample: Repo, sample_site: Path) -> None:
    pages = {path.stem: path for path in sample_site.rglob("*.html")}
    for incident, problem in _linked(sample):
        assert problem in pages[incident].read_text("utf-8")
        assert incident in pages[problem].read_text("utf-8")


def test_clause_1_5_6_records_of_every_process_are_found_by_one_search(sample: Repo, call: Call) -> None:
    found = call("grep", "nas-0[12]").out
    assert {"incidents", "problems", "changes"} <= set(re.findall(r"tickets/(\w+)/", found))


def test_clause_1_5_6_records_that_name_what_is_not_there_are_found(sample: Repo, call: Call) -> None:
    incident, problem = _linked(sample)[0]
    path = next(path for path in (sample.root / "tickets" / "incidents").rglob(f"{incident}.md"))
    path.write_text(path.read_text("utf-8").replace(problem, "PRB-20200101-AAAA"), "utf-8")
    answer = call("check", str(path))
    assert answer.code == 1
    assert "REF501" in answer.out
