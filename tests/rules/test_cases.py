"""Every rule has a case that fires it and a twin that does not; each case gives exactly the findings it marks.

tests/rules/cases.py tells the form of a case.
"""

from __future__ import annotations

import os
import re
from functools import cache
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
def test_a_case_gives_exactly_its_marked_findings_in_the_words_it_had(bench: Bench, case: Case) -> None:
    assert marks_of(bench.found_in(case)) == list(case.expected)
    own = golden_messages().get(case.name, [])
    said = messages_of(bench, case)
    assert [text for text in own if text not in said] == [], "nobody says this any more: see below"
    elsewhere = {text for texts in golden_messages().values() for text in texts}
    assert [text for text in said if text not in elsewhere] == [], "UPDATE_GOLDEN=1, -k messages; read what moved"


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


def messages_of(bench: Bench, case: Case) -> list[str]:
    """Return what a case is there to have said, each message once, in both languages."""
    texts = []
    for shown in () if case.is_twin else bench.found_in(case):
        rule = shown.rule
        if rule.code != case.code:
            continue
        text = f"{rule.code} {rule.name} ({rule.scope}, {shown.severity})\n"
        for language in ("en", "zh"):
            text += f"  {message_of(rule, shown.finding, language)}\n"
            text += "".join(f"    {hint}\n" for hint in hints_of(rule, shown.finding, language))
        texts.append(COMMIT.sub("c0ffee0000", text))
    return list(dict.fromkeys(texts))


@cache
def golden_messages() -> dict[str, list[str]]:
    """Return the messages of the golden file by the case that says each first."""
    found: dict[str, list[str]] = {}
    for block in GOLDEN.read_text("utf-8").split("\n\n")[1:]:
        head, rest = block.split("\n", 1)
        rule, name = head.rsplit("   ", 1)
        found.setdefault(name, []).append(f"{rule}\n{rest.rstrip()}\n")
    return found


def test_messages_stand_once_in_the_order_of_their_cases(bench: Bench) -> None:
    """UPDATE_GOLDEN=1 writes the file anew; read what moved before you commit it."""
    names = [case.name for case in all_cases()]
    if os.environ.get("UPDATE_GOLDEN"):
        told: set[str] = set()
        lines = ["What the rules say, in English and Chinese, as the cases in tests/cases provoke it.\n"]
        for case in all_cases():
            for text in messages_of(bench, case):
                head, rest = text.split("\n", 1)
                if text not in told:
                    lines.append(f"\n{head}   {case.name}\n{rest}")
                told.add(text)
        GOLDEN.write_text("".join(lines), "utf-8")
        golden_messages.cache_clear()
    golden = golden_messages()
    assert list(golden) == [name for name in names if name in golden]
    texts = [text for texts in golden.values() for text in texts]
    assert len(texts) == len(set(texts))
    assert {text.split(" ")[0] for text in texts} == {rule.code for rule in RULES}
