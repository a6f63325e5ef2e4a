"""What values are called on paper: words of the clocks lose their hyphen, slugs keep theirs."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from servicebook.language import catalogue
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


def test_a_text_has_one_translation_whichever_file_it_stands_in() -> None:
    """Of two files of an area the later one would win, and a page would change its words with a file's name."""
    known: dict[tuple[str, str], str] = {}
    for path in sorted((Path(catalogue.__file__).parent / "zh").glob("*.toml")):
        for text, chinese in tomllib.loads(path.read_text("utf-8")).items():
            area = path.stem.partition("_")[0]
            assert known.setdefault((area, text), chinese) == chinese, f"{path.name}: {text}"
