"""The table of clauses: what it names is there, each is told in both languages and proven by a test of its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicebook.cli.docs import made_pages
from servicebook.cli.main import COMMANDS
from servicebook.language.catalogue import load_area
from servicebook.records.kinds import KINDS
from servicebook.reports.clauses import CLAUSES, Clause, name_of_tests
from servicebook.rules.registry import BY_CODE

ROOT = Path(__file__).parents[2]
every_clause = pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.name.replace(" ", "-"))


def _test_names() -> list[str]:
    """Return the names of all tests that say which clause they prove, wherever they stand."""
    texts = (path.read_text("utf-8") for path in sorted((ROOT / "tests").glob("*/test_*.py")))
    return [name for text in texts for name in re.findall(r"^ *def (test_clause_\w+)", text, re.MULTILINE)]


def _clause_of(name: str) -> Clause | None:
    """Return the clause a test is named after: of several, the one with the longest name."""
    named = [clause for clause in CLAUSES if f"{name}_".startswith(f"{name_of_tests(clause)}_")]
    return max(named, key=lambda clause: len(name_of_tests(clause)), default=None)


@every_clause
def test_what_a_clause_names_is_there(clause: Clause) -> None:
    agreements = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "kb" / "agreements").glob("*.md")))
    assert set(clause.kinds) <= {kind.name for kind in KINDS}
    assert set(clause.rules) <= set(BY_CODE)
    assert set(clause.commands) <= set(COMMANDS)
    assert all(f"- name: {clock}\n" in agreements for clock in clause.clocks)
    assert all((ROOT / "kb" / f"{page}.md").is_file() or f"kb/{page}.md" in made_pages(ROOT) for page in clause.pages)


@every_clause
def test_a_clause_is_told_in_both_languages(clause: Clause) -> None:
    known = load_area("clauses", "zh")
    assert clause.promise in known
    assert not clause.missing or clause.missing in known


@every_clause
def test_a_clause_that_is_kept_has_tests_named_after_it(clause: Clause) -> None:
    tested = [name for name in _test_names() if _clause_of(name) is clause]
    assert tested or clause.missing, f"no test begins with {name_of_tests(clause)}"
    assert clause.missing or clause.rules or clause.clocks or clause.commands or clause.pages


def test_every_test_of_a_clause_names_one() -> None:
    assert [name for name in _test_names() if _clause_of(name) is None] == []
