"""Columns as one file: what is read is what was written, and what is damaged is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.publish.columns import pack_columns, unpack_columns

TEXTS = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=())))
NUMBERS = st.lists(st.integers(-(2**63), 2**63 - 1))
COLUMNS = st.lists(TEXTS | NUMBERS, max_size=6)


@given(COLUMNS)
def test_what_is_read_is_what_was_written(columns: list[list[str] | list[int]]) -> None:
    assert unpack_columns(pack_columns(columns)) == columns


@given(COLUMNS, st.data())
def test_what_is_damaged_is_refused(columns: list[list[str] | list[int]], data: st.DataObject) -> None:
    whole = pack_columns(columns)
    place = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(ValueError):
        unpack_columns(whole[:place])
    for bit in range(8):
        harmed = whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
        with pytest.raises(ValueError):
            unpack_columns(harmed)


@given(st.binary())
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack_columns(data)
