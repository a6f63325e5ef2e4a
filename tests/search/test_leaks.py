"""A mark in the search index is seen by the leak test, though the index is packed."""

from __future__ import annotations

from pathlib import Path

from tests.search.corpora import document
from tests.search.test_index import make

from servicebook.audience.looking import marks_of
from servicebook.search.documents import FACETS


def test_marks_in_texts_names_and_filters_are_seen(tmp_path: Path) -> None:
    secret = document("a.html", "INC-20430101-7F3K", "Title cnrytitletitle", "deep " * 400 + "cnrydeepdeepde 739123456")
    secret = secret._replace(services=("cnryserviceser",), state="cnrystatestate")
    make(tmp_path, [secret])
    seen: dict[str, set[str]] = {}
    for path in tmp_path.glob("*.js"):
        for _, mark in marks_of(path.read_bytes()):
            seen.setdefault(mark, set()).add(path.name[0])
    assert seen["cnrytitletitle"] == {"w", "d"}
    assert seen["cnrydeepdeepde"] == {"w", "x"}
    assert seen["739123456"] == {"w", "x"}
    assert seen["inc-20430101-7f3k"] == {"w", "d"}
    assert seen["cnryserviceser"] == seen["cnrystatestate"] == {"m"}
    assert len(FACETS) == 5  # a new filter belongs into this test
