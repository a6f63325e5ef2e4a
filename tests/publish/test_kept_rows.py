"""Rows kept between builds: what is kept is what would be made anew, and what is damaged is made again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicebook.publish import kept_rows as module
from servicebook.publish.kept_rows import FOLDER, kept_rows

TEXTS = st.text(st.characters(), max_size=4)  # halves of surrogate pairs too: paths on disk need not be UTF-8
DESKS = st.dictionaries(TEXTS, TEXTS, max_size=8)


@pytest.fixture(autouse=True)
def keep_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW", 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("terms", "others")), DESKS), min_size=1, max_size=6))
def test_rows_are_those_that_would_be_made_anew(tmp_path: Path, builds: list[tuple[str, dict[str, str]]]) -> None:
    for terms, wanted in builds:
        due = {key: [terms, key, stamp] for key, stamp in wanted.items()}
        assert kept_rows(tmp_path, "some", terms, wanted, due.__getitem__) == list(due.values())


def test_only_what_moved_is_made(tmp_path: Path) -> None:
    made: list[str] = []

    def rows(wanted: dict[str, str], terms: str = "") -> list[str]:
        made.clear()

        def make(key: str) -> str:
            made.append(key)
            return f"{key} {wanted[key]}"

        return kept_rows(tmp_path, "some", terms, wanted, make)

    rows({"a": "1", "b": "1", "c": "1"})
    assert made == ["a", "b", "c"]
    assert rows({"c": "1", "a": "2", "d": "1"}) == ["c 1", "a 2", "d 1"]
    assert made == ["a", "d"]
    kept = (tmp_path / FOLDER / "some.json").stat().st_mtime_ns
    assert rows({"c": "1", "a": "2", "d": "1"}) == ["c 1", "a 2", "d 1"]
    assert not made
    assert (tmp_path / FOLDER / "some.json").stat().st_mtime_ns == kept, "written though nothing moved"
    rows({"c": "1", "a": "2", "d": "1"}, "other terms")
    assert made == ["c", "a", "d"]


def test_what_is_damaged_is_made_again(tmp_path: Path) -> None:
    wanted = {str(number): "1" for number in range(20)}
    sound = kept_rows(tmp_path, "some", "", wanted, lambda key: f"row {key}")
    file = tmp_path / FOLDER / "some.json"
    whole = file.read_bytes()
    for place in range(0, len(whole), 3):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert kept_rows(tmp_path, "some", "", wanted, lambda key: f"row {key}") == sound
        file.write_bytes(whole[:place])
        assert kept_rows(tmp_path, "some", "", wanted, lambda key: f"row {key}") == sound


def test_few_rows_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW", 2)
    assert kept_rows(tmp_path, "some", "", {"a": "1"}, str.upper) == ["A"]
    assert not (tmp_path / FOLDER).exists()
