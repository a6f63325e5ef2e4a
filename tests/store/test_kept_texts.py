"""What is kept by key is given back to the byte, or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.store.kept_texts import KeptTexts

VALUES = {"a": b"one", "a 1": b"", "b": b"\0\xff" * 3000}


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "servicebook" / "kept.sqlite")


def kept(path: str, engine: str = "1") -> dict[str, bytes]:
    texts = KeptTexts(path, engine)
    try:
        return texts.find(["a", "a 1", "b", "c"])
    finally:
        texts.close()


def keep(path: str, values: dict[str, bytes] = VALUES, instead_of: str = "") -> None:
    texts = KeptTexts(path, "1")
    texts.keep(values, instead_of)
    texts.close()


def test_what_is_kept_is_found_again(path: str) -> None:
    assert kept(path) == {}
    keep(path)
    assert kept(path) == VALUES
    keep(path, {"c": b"new"}, instead_of="a")
    assert kept(path) == {"b": VALUES["b"], "c": b"new"}


def test_another_engine_finds_nothing_and_begins_anew(path: str) -> None:
    keep(path)
    assert kept(path, "2") == {}
    assert kept(path) == {}


def test_more_keys_than_one_question_takes(path: str) -> None:
    many = {f"k{number}": str(number).encode() for number in range(2500)}
    texts = KeptTexts(path, "1")
    texts.keep(many)
    assert texts.find(many) == many
    texts.close()


@pytest.mark.parametrize("field", ["key", "value", "sum"])
def test_a_row_that_was_altered_is_as_good_as_none(path: str, field: str) -> None:
    keep(path)
    with sqlite3.connect(path) as db:
        value = {"key": "c", "value": b"onf", "sum": b"x" * 16}[field]
        db.execute(f"UPDATE kept SET {field} = ? WHERE key = 'a'", (value,))
    db.close()
    assert kept(path) == {key: value for key, value in VALUES.items() if key != "a"}


@settings(max_examples=15, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_never_tells_a_lie(
    tmp_path_factory: pytest.TempPathFactory, place: float, bits: int, cut: bool
) -> None:
    path = str(tmp_path_factory.mktemp("kept") / "kept.sqlite")
    keep(path)
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    data = bytearray(Path(path).read_bytes())
    at = int(place * len(data))
    data[at] ^= bits
    Path(path).write_bytes(data[:at] if cut else data)
    found = kept(path)
    assert found.items() <= VALUES.items()
    keep(path)
    assert kept(path).items() <= VALUES.items()


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    path = str(tmp_path / "file" / "kept.sqlite")
    keep(path)
    assert kept(path) == {}


def test_a_file_that_another_holds_is_left_alone(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    texts = KeptTexts(path, "1")
    texts.keep({"c": b"new"})
    texts.close()
    other.execute("ROLLBACK")
    other.close()
    assert kept(path) == VALUES
