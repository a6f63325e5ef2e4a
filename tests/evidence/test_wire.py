"""How SSH packs values: each has one form, and no other is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.evidence.wire import Reader, WireError, pack_string


def mpint(number: int) -> bytes:
    """Pack a number as RFC 4251 says."""
    return pack_string(number.to_bytes(number.bit_length() // 8 + 1, "big") if number else b"")


@given(st.integers(min_value=0, max_value=1 << 600))
def test_a_number_is_read_as_it_was_packed(number: int) -> None:
    reader = Reader(mpint(number))
    assert reader.integer("n") == number
    reader.end("n")


@pytest.mark.parametrize("data", [b"\x80", b"\xff\xff", b"\0", b"\0\0", b"\0\x01", b"\0\x7f\xff", b"\0\0\x80"])
def test_a_number_below_zero_or_longer_than_need_be_is_refused(data: bytes) -> None:
    with pytest.raises(WireError, match="shortest form"):
        Reader(pack_string(data)).integer("n")


@pytest.mark.parametrize("data", [b"a\0", b"a\n", b"\x1b[31m", "é".encode(), b"\x7f"])
def test_a_name_is_printable_ascii(data: bytes) -> None:
    with pytest.raises(WireError, match="strange characters"):
        Reader(pack_string(data)).text("the name")


@given(st.binary(max_size=40), st.integers(min_value=1, max_value=44))
def test_what_is_short_is_cut_off_and_what_is_left_is_too_much(data: bytes, less: int) -> None:
    packed = pack_string(data)
    assert Reader(packed).string("it") == data
    with pytest.raises(WireError, match="cut off in it"):
        Reader(packed[: max(0, len(packed) - less)]).string("it")
    reader = Reader(packed + b"x" * less)
    reader.string("it")
    with pytest.raises(WireError, match=f"{less} bytes too many"):
        reader.end("it")
