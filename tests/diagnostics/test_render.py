"""Findings as people read them, in every format that the guide tells of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from servicebook.diagnostics.collected import without_the_rest
from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.render import FORMATS, Shown, count_by_severity, render
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


def test_what_is_not_told_by_place_is_told_by_number_in_every_format() -> None:
    """The last finding of a hundred alike says how many more there are, and they count."""
    found = [RULE.at("kb/a.md", Span(line, 1, line, 2), what="x", near="") for line in range(1, 4313)]
    told = without_the_rest([*found[:4312], RULE._replace(code="ABC124").at("kb/a.md", Span(1, 1, 1, 2), what="y")])
    assert [item.code for item in told] == ["ABC123"] * 100 + ["ABC124"]
    shown = [Shown(item, RULE, "error", item.where) for item in told if isinstance(item.where, Span)]
    assert count_by_severity(shown)["error"] == 4313
    assert render(shown[99:100], "concise", "en") == "kb/a.md:100:1: ABC123 `x` is off (and 4,212 more in this file)"
    assert render(shown[99:100], "concise", "zh").endswith("（本文件中另有 4,212 处）")
    for form in FORMATS:
        assert "4,212" in render(shown[:100], form, "en"), form
    assert json.loads(render(shown[99:100], "json", "en"))[0]["params"]["more"] == "4212"
