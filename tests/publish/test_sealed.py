"""What is kept behind a sum is read back as it was, part by part, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.publish.sealed import Parts, seal, seal_parts, unseal

VALUES = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(VALUES, st.data())
def test_a_value_comes_back_and_no_byte_may_be_another(value: object, data: st.DataObject) -> None:
    kept = seal(value)
    assert unseal(kept) == value
    place = data.draw(st.integers(0, len(kept) - 1))
    other = kept[:place] + bytes([kept[place] ^ data.draw(st.integers(1, 255))]) + kept[place + 1 :]
    with pytest.raises(ValueError, match="written"):
        unseal(other)


@given(st.dictionaries(st.text(), VALUES), st.data())
def test_parts_come_back_one_by_one_and_stay_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object], data: st.DataObject
) -> None:
    file = tmp_path_factory.mktemp("parts") / "file"
    file.write_bytes(seal_parts("form", values))
    parts = Parts(file, "form")
    assert {name: parts.get(name) for name in parts} == values
    assert parts.get("no such name" * 9) is None
    assert seal_parts("form", {name: parts.bytes_of(name) for name in parts}) == file.read_bytes()
    kept = file.read_bytes()
    place = data.draw(st.integers(0, len(kept) - 1))
    file.write_bytes(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])
    assert list(Parts(file, "form")) == []


def test_parts_of_another_form_or_of_no_file_are_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(seal_parts("old", {"a": 1}))
    assert list(Parts(tmp_path / "file", "new")) == [] == list(Parts(tmp_path / "none", "new"))
    assert list(Parts(tmp_path / "file", "old")) == ["a"]
