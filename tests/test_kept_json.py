"""JSON of what is kept is read and written as `json` does it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.kept_json import dumps, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_values_come_back_and_are_written_as_json_writes_them(value: object) -> None:
    text = dumps(value)
    assert text == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert loads(text) == value == loads(json.dumps(value, indent=1))


def test_names_that_are_no_text_come_back_and_fit_into_a_database() -> None:
    value = {"\udcff.md": ["频道", "a\udc80"]}
    assert dumps(value).isascii() and loads(dumps(value)) == value


def test_figures_that_are_none_come_back() -> None:
    low, high, none = loads(dumps([-math.inf, math.inf, math.nan]))
    assert (low, high) == (-math.inf, math.inf) and math.isnan(none)


@pytest.mark.parametrize("text", ["", "{", '{"a": 1} b', "nul", '["\n"]', "[1,]", '{"a" 1}'])
def test_what_is_no_json_is_refused_in_the_words_of_json(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(text)
    with pytest.raises(json.JSONDecodeError) as ours:
        loads(text)
    assert str(ours.value) == str(theirs.value)


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        dumps([{1}])
