"""Every rule marked fixable is mended by `fix` in its own case, and no other line moves."""

from __future__ import annotations

import difflib
import subprocess
from pathlib import Path

import pytest
from tests.rules.cases import NOW, Bench, Case, all_cases, bench, marks_of

from servicebook.cli.main import main
from servicebook.rules.registry import RULES
from servicebook.text.source_file import looks_like_gb18030

__all__ = ["bench"]

FIXABLE = sorted(rule.code for rule in RULES if rule.fixable)
CASES = {case.name: case for case in all_cases() if case.code in FIXABLE and not case.is_twin}

ASKS_A_PERSON = {"WFL401.asked.md"}
"""Cases of fixable rules that are left to a person, who alone knows what was meant."""


def lines_of(data: bytes) -> list[str]:
    """Return the lines of a file whatever its form."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    text = data.decode("gb18030" if looks_like_gb18030(data) else "utf-8") if data else ""
    return text.replace("\r\n", "\n").splitlines()


def files_of(root: Path) -> dict[str, bytes]:
    words = ["git", "ls-files", "-z", "--cached", "--others"]
    names = subprocess.run(words, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    return {name: (root / name).read_bytes() for name in names if name and (root / name).is_file()}


def test_there_is_a_case_for_each() -> None:
    assert {case.code for case in CASES.values()} == set(FIXABLE)
    assert {CASES[name].code for name in CASES if name not in ASKS_A_PERSON} == set(FIXABLE)


@pytest.mark.parametrize("name", CASES)
def test_fix_mends_it_and_moves_nothing_else(name: str, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW.isoformat())
    monkeypatch.chdir(bench.repo.root)
    try:
        bench._lay(case)
        before = files_of(bench.repo.root)
        shown = main(["fix", "--diff", "--by", "li.wei"])
        assert files_of(bench.repo.root) == before, "--diff only shows"
        code = main(["fix", "--by", "li.wei"])
        after = files_of(bench.repo.root)
        assert shown == code == (0 if name in ASKS_A_PERSON else 1)
        marked = {line.split(":")[0] for line in case.expected if line.endswith(case.code)}
        assert {path for path in before if before[path] != after[path]} == (set() if not code else marked)
        assert main(["fix", "--by", "li.wei"]) == 0, "mended once is mended"
        check_lines(case, before, after)
    finally:
        bench._clear(case)


def check_lines(case: Case, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Hold that only lines about what the case marks were changed, and that its finding is gone."""
    from servicebook.rules.check import check_desk
    from servicebook.rules.opening import open_desk
    from servicebook.rules.showing import show_findings

    desk = open_desk(".")
    left = marks_of(show_findings(desk, check_desk(desk, NOW), landing=True))
    desk.close()
    assert not [line for line in left if line.endswith(case.code)] or case.name in ASKS_A_PERSON
    for path in before:
        old, new = lines_of(before[path]), lines_of(after[path])
        gone = [line for line in difflib.ndiff(old, new) if line.startswith("- ")]
        assert len(gone) <= len(case.expected), (path, gone)
