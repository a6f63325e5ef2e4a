"""Texts on a terminal: nothing steers it, Chinese stays as it is, columns are counted."""

from __future__ import annotations

import pytest

from servicebook.language.display import plain, text_columns


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("黑屏\u3000第三频道", "黑屏\u3000第三频道"),
        ("a\u00a0b", "a\u00a0b"),
        ("a\x1b[2Jb\u202ec", "a\ufffd[2Jb\ufffdc"),
        ("one\ttwo\nthree", "one two three"),
    ],
)
def test_nothing_steers_the_terminal_and_chinese_stays(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("黑屏", 4), ("e\u0301", 1), ("Ａ", 2)])
def test_columns_of_a_terminal(text: str, columns: int) -> None:
    assert text_columns(text) == columns
