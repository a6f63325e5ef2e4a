"""How often something comes again is told in words; what has none is told apart."""

from __future__ import annotations

import pytest

from servicebook.language.recurrences import said_recurrence


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("FREQ=DAILY", "every day", "每天"),
        ("FREQ=WEEKLY;BYDAY=MO", "every week · Monday", "每周 · 周一"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "every 2 weeks · Monday, Friday", "每 2 周 · 周一、周五"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "every month · day 1", "每月 · 1 日"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month · last day", "每月 · 最后一天"),
        ("FREQ=MONTHLY;BYMONTH=3,9;BYDAY=2TU", "every month · 2nd Tuesday · March, September",
         "每月 · 第 2 个周二 · 3 月、9 月"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month · last Friday", "每月 · 最后一个周五"),
        ("FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=28", "every year · day 28 · October", "每年 · 28 日 · 10 月"),
    ],
)  # fmt: skip
def test_a_recurrence_is_told_in_words(text: str, english: str, chinese: str) -> None:
    assert (said_recurrence(text, "en"), said_recurrence(text, "zh")) == (english, chinese)


@pytest.mark.parametrize(
    "text", ["", "weekly", "FREQ=HOURLY", "FREQ=WEEKLY;BYSETPOS=1", "BYDAY=MO", "FREQ=WEEKLY;BYDAY=XX",
             "FREQ=DAILY;INTERVAL=x", "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTH=0"],
)  # fmt: skip
def test_what_has_no_words_says_nothing(text: str) -> None:
    assert said_recurrence(text, "en") == said_recurrence(text, "zh") == ""
