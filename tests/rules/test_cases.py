"""Every rule has a case that fires it and a twin that does not; each case gives exactly the findings it marks.

tests/rules/cases.py tells the form of a case.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rules.cases import Bench, Case, Part, all_cases, bench, marks_of

from servicebook.diagnostics.wording import hints_of, message_of
from servicebook.rules.registry import RULES

__all__ = ["bench"]

GOLDEN = Path(__file__).parent.parent / "golden" / "messages.txt"


def test_the_desk_of_all_cases_is_in_order(bench: Bench) -> None:
    assert marks_of(bench.found_in(Case("none", (), ()))) == []


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_a_case_gives_exactly_its_marked_findings(bench: Bench, case: Case) -> None:
    assert marks_of(bench.found_in(case)) == list(case.expected)


def test_every_rule_has_a_case_and_a_twin() -> None:
    fires = {line.rpartition(" ")[2] for case in all_cases() if not case.is_twin for line in case.expected}
    named = {case.code for case in all_cases() if not case.is_twin}
    twins = {case.code for case in all_cases() if case.is_twin}
    codes = {rule.code for rule in RULES}
    assert sorted(codes - fires) == [], "no case fires these"
    assert sorted(codes - named) == [], "no case is named after these"
    assert sorted(codes - twins) == [], "no twin shows that these stay silent"
    assert sorted((named | twins) - codes) == [], "cases of rules that are not there"


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_a_case_is_about_its_rule(case: Case) -> None:
    codes = {line.rpartition(" ")[2] for line in case.expected}
    assert (case.code in codes) != case.is_twin


TRAPS = (
    "FMT101", "FMT102", "FMT105", "FMT106", "FMT107", "FMT112", "FMT132", "FMT134.bomb", "FMT137", "BOD301", "BOD302",
    "BOD303", "TRE707",
)  # fmt: skip
"""Cases of files that are meant to break a reader."""
WITNESS = Part("", "kb/articles/witness.md", "", "---\nschema: article/1\nid: witness\n---\n")


@pytest.mark.parametrize("name", TRAPS)
def test_beside_a_trap_the_rest_of_the_desk_is_checked(bench: Bench, name: str) -> None:
    trap = next(case for case in all_cases() if case.name.rsplit(".", 1)[0] == name)
    both = Case(f"{name} and a witness", (*trap.parts, WITNESS), ())
    assert marks_of(bench.found_in(both)) == sorted([*trap.expected, f"{WITNESS.path}:1:1 REC202"])


COMMIT = re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{10}\b")
"""A commit's short id: it moves whenever any file of the cases' desk does."""


def render_messages(bench: Bench) -> Iterator[str]:
    """Yield every message of every case in both languages, to be read side by side."""
    yield "What the rules say, in English and Chinese, as the cases in tests/cases provoke it.\n"
    told = set()
    for case in all_cases():
        for shown in bench.found_in(case):
            item, rule = shown.finding, shown.rule
            key = (item.code, item.params)
            if case.is_twin or item.code != case.code or key in told:
                continue
            told.add(key)
            yield f"\n{rule.code} {rule.name} ({rule.scope}, {shown.severity})   {case.name}\n"
            for language in ("en", "zh"):
                yield f"  {message_of(shown.rule, shown.finding, language)}\n"
                yield from (f"    {hint}\n" for hint in hints_of(shown.rule, shown.finding, language))


def test_messages_read_as_they_did(bench: Bench) -> None:
    """UPDATE_GOLDEN=1 writes the file anew; read what moved before you commit it."""
    text = COMMIT.sub("c0ffee0000", "".join(render_messages(bench)))
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, "utf-8")
    assert GOLDEN.read_text("utf-8") == text
