"""What values are called on paper: words of the clocks lose their hyphen, slugs keep theirs."""

from __future__ import annotations

import pytest

from servicebook.language.labels import value_label


@pytest.mark.parametrize(
    ("value", "language", "label"),
    [
        ("outside-hours", "en", "outside hours"),
        ("outside-hours", "zh", "服务时间外"),
        ("in_progress", "en", "in progress"),
        ("live-streaming", "en", "live-streaming"),
        ("live-streaming", "zh", "live-streaming"),
    ],
)
def test_words_of_clocks_read_as_words(value: str, language: str, label: str) -> None:
    assert value_label("status", value, language) == label
