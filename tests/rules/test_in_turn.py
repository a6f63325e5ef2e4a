"""A rule finds what its case shows whichever file of the case comes last, at the hook and in a check that goes on.

Both look only around an edit. A rule over the whole desk that compares records by something that `Nearby` does not
follow, or asks for what it does not have, would find its case when all of it is new, and in real life nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.rules.cases import NOW, Bench, Case, Part, all_cases, bench

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.rules.check import check_desk, check_edits
from servicebook.rules.opening import open_desk
from servicebook.rules.registry import BY_CODE
from servicebook.rules.running import run_rule, with_scope
from servicebook.store.edits import read_edits
from servicebook.store.snapshot import Snapshot

__all__ = ["bench"]


def beyond_one_file() -> Iterator[Case]:
    """Yield the cases that fire a rule on neighbours or on the whole desk."""
    for case in all_cases():
        scopes = {BY_CODE[line.rpartition(" ")[2]].scope for line in case.expected}
        if scopes & {"relation", "desk"} and not case.of_history and all(not part.when for part in case.parts):
            yield case


def by_reading_all(desk: Snapshot) -> set[Diagnostic]:
    """Return what the rules find that look beyond one file, each asked about everything."""
    found = {item for rule in with_scope("desk") for item in run_rule(rule, desk)}
    records = ((facts, with_scope("relation", (facts.kind,))) for facts in desk.all())
    return found | {item for facts, rules in records for rule in rules for item in run_rule(rule, facts, desk)}


@pytest.mark.parametrize(
    ("case", "last"),
    [(case, part) for case in beyond_one_file() for part in case.parts],
    ids=lambda value: value.name if isinstance(value, Case) else value.path.rpartition("/")[2],
)
def test_the_last_file_of_a_case_shows_what_all_of_it_shows(bench: Bench, case: Case, last: Part) -> None:
    repo = bench.repo
    try:
        bench._lay(case._replace(parts=tuple(part for part in case.parts if part is not last)))
        repo.git("add", "-A")
        repo.git("commit", "--quiet", "--no-verify", "--allow-empty", "--amend", "--no-edit")
        desk = open_desk(str(repo.root), tree="HEAD")
        before = by_reading_all(desk)
        check_desk(desk, NOW)
        desk.close()
        bench._lay(case._replace(parts=(last,)))
        repo.git("add", "-A")
        desk = open_desk(str(repo.root), tree="staged")
        edits = read_edits(desk)
        due = by_reading_all(desk)
        assert due <= set(check_desk(desk, NOW, edits)), "a check that goes on from the one before"
        assert due - before <= set(check_edits(desk, edits, NOW)), "the hook"
        desk.close()
    finally:
        repo.git("reset", "--quiet", "--hard", bench.head)
