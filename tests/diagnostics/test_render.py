"""Findings as people read them, in every format that the guide tells of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.render import FORMATS, Shown, render
from servicebook.diagnostics.rule import Rule

GUIDE = Path(__file__).parents[2] / "kb" / "guide"

RULE = Rule("ABC123", "a-rule", "file", "error", "`{what}` is off", "did you mean `{near}`? | mend it", "")
SHOWN = Shown(Diagnostic("kb/a.md", "ABC123", (), (("near", ""), ("what", "x"))), RULE, "error", Span(2, 5, 2, 7))


def test_findings_for_people_and_for_lines() -> None:
    full = render([SHOWN], "full", "en", lambda path, line: "直播 黑屏")
    assert full.splitlines() == [
        "kb/a.md:2:5: ABC123 `x` is off",
        "  |",
        "2 | 直播 黑屏",
        "  |        ^^",
        "hint: mend it",
        "see: servicebook explain ABC123",
    ]
    assert render([SHOWN], "concise", "en") == "kb/a.md:2:5: ABC123 `x` is off"
    assert render([SHOWN], "github", "en") == (
        "::error file=kb/a.md,line=2,col=5,endLine=2,endColumn=7,title=ABC123 a-rule::`x` is off%0Amend it"
    )
    (item,) = json.loads(render([SHOWN], "json", "en"))
    assert (item["line"], item["column"], item["code"], item["hints"]) == (2, 5, "ABC123", ["mend it"])
    assert render([], "json", "en") == "[]"


def test_nothing_in_a_record_steers_the_terminal() -> None:
    evil = SHOWN._replace(finding=SHOWN.finding._replace(params=(("what", "\x1b[31m\n::error::x"),)))
    for form in ("full", "concise", "github"):
        text = render([evil], form, "en", lambda path, line: "\x1b]0;owned\x07")
        assert "\x1b" not in text and "\x07" not in text


@pytest.mark.parametrize("page", ["check.md", "check.zh.md"])
def test_each_format_is_its_own_and_told_in_the_guide(page: str) -> None:
    assert len({render([SHOWN], form, "en") for form in FORMATS}) == len(FORMATS)
    rows = re.findall(r"^\| ((?:`\w+`(?:, |、)?)+)", (GUIDE / page).read_text("utf-8"), re.MULTILINE)
    assert set(FORMATS) <= {name for row in rows for name in re.findall(r"\w+", row)}
    with pytest.raises(ValueError, match="xml"):
        render([SHOWN], "xml", "en")
