"""The part of a body that votes are about ends at the log, wherever a reader of the page sees the log begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.text.frozen_body import _cut, _cut_as_parsed, body_before_log


@pytest.mark.parametrize(
    ("body", "frozen"),
    [
        ("## Plan\n\nSwap it.\n\n## Log\n\n- done\n", "## Plan\n\nSwap it."),
        ("## 方案\n\n换掉。\n\n## 处理过程\n- 完成\n", "## 方案\n\n换掉。"),
        ("\n\n## Plan\r\n\r\nSwap it.\r\n\r\n## Log ##\r\n", "## Plan\n\nSwap it."),
        ("Plan without a log.\n", "Plan without a log."),
        ("## Log\n", ""),
        ("", ""),
        ("A\n\nLog\n---\nb\n", "A"),
        ("# Log\n\n### Log\n\n#### Log\n", "# Log\n\n### Log\n\n#### Log"),
    ],
)
def test_the_log_and_what_follows_is_outside(body: str, frozen: str) -> None:
    assert body_before_log(body) == frozen


@pytest.mark.parametrize(
    "body",
    [
        "A\n\n```\n## Log\n```\n\nB: really\n",
        "A\n\n~~~~\n```\n## Log\n~~~~\n\nB: really\n",
        "A\n\n<!--\n## Log\n-->\n\nB: really\n",
        "A\n\n<pre>\n\n## Log\n</pre>\n\nB: really\n",
        "A\n\n> ## Log\n\nB: really\n",
        "- A\n\n  ## Log\n\nB: really\n",
        "A\n\n    ## Log\n\nB: really\n",
        "A\n\n\\## Log\n\nB: really\n",
        "A\n\n##Log\n\nB: really\n",
    ],
)
def test_a_heading_that_readers_do_not_see_ends_nothing(body: str) -> None:
    """Else somebody could hide one above the true plan, and edit that after the vote."""
    assert "B: really" in body_before_log(body)


LINES = st.sampled_from([
    "## Log", " ## Log", "   ## 日志 ##", "    ## Log", "## Plan", "text", "", "- item", "  ## Log", "> ## Log", "```",
    "~~~", "<!--", "-->", "<div>", "</div>", "---", "Log", "| a | b |", "| - | - |", "[a]: /b", '"title', "1. x",
    "\t## Log",
    "<pre>", "</pre>",
])  # fmt: skip


@given(st.lists(LINES, max_size=9))
def test_the_quick_answer_is_that_of_the_parser(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert _cut(text) == _cut_as_parsed(text)


@given(st.lists(LINES, max_size=9), st.text(max_size=20))
def test_what_is_added_to_a_log_moves_nothing(lines: list[str], more: str) -> None:
    body = "\n".join(lines)
    if _cut(body) is not None:
        assert body_before_log(body + "\n" + more.replace("\r", "")) == body_before_log(body)
