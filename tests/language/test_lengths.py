"""Lengths of time are told in words, with the units that they are written in; what is none is told apart."""

from __future__ import annotations

import pytest

from servicebook.language.lengths import said_length


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("30m", "30 min", "30 分钟"),
        ("24h", "24 h", "24 小时"),
        ("1h30m", "1 h 30 min", "1 小时 30 分钟"),
        ("PT90M", "90 min", "90 分钟"),
        ("1d", "1 day", "1 天"),
        ("P2W", "2 weeks", "2 周"),
        ("0s", "none", "无"),
        ("travel", "travel time", "在途时间"),
        ("travel + 1h", "travel time + 1 h", "在途时间 + 1 小时"),
        ("1 working days", "1 working day", "1 个工作日"),
        ("3 years", "3 years", "3 年"),
        ("6 months", "6 months", "6 个月"),
    ],
)
def test_a_length_is_told_in_words(text: str, english: str, chinese: str) -> None:
    assert (said_length(text, "en"), said_length(text, "zh")) == (english, chinese)


@pytest.mark.parametrize("text", ["", " ", "P", "PT", "h", "soon", "travel + soon", "3 moons", "2026-11-20"])
def test_what_is_no_length_says_nothing(text: str) -> None:
    assert said_length(text, "en") == said_length(text, "zh") == ""
