"""Whatever bytes the three sides are, a merge answers, and no side is lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.merge.pieces import merge_leads
from servicebook.merge.record import FILE, merge_record

from .histories import some_history

JUNK = (
    b"\0",
    b"\r",
    b"\n",
    b"---\n",
    b"\xff",
    b"\xef\xbb\xbf",
    b"{",
    b"- ",
    b"<<<<<<< x\n",
    b">>>>>>> y\n",
    b"id: ",
    b"\t",
    b"  ",
)


def lines_of(data: bytes) -> set[bytes]:
    return set(data.replace(b"\r", b"").replace(b"\xef\xbb\xbf", b"").split(b"\n"))


def judge(base: bytes, ours: bytes, theirs: bytes) -> None:
    """Where lines were merged, every line that a side added is there; and a merge with itself is itself."""
    merged = merge_record(base, ours, theirs)
    assert merge_record(base, ours, ours).data == ours
    if merged.conflicts == (FILE,):
        missing = (lines_of(ours) | lines_of(theirs)) - lines_of(base) - lines_of(merged.data)
        assert not missing
    turned = merge_record(base, theirs, ours)
    assert set(turned.conflicts) == set(merged.conflicts)


def spoilt(data: bytes, dice: random.Random) -> bytes:
    """Return a text with a few places cut out, doubled or filled with junk."""
    for _ in range(dice.randint(0, 3)):
        begin = dice.randrange(len(data) + 1)
        end = min(len(data), begin + dice.randint(0, 12))
        data = data[:begin] + dice.choice([b"", dice.choice(JUNK), data[begin:end] * 2]) + data[end:]
    return data


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_random_bytes(base: bytes, ours: bytes, theirs: bytes) -> None:
    judge(base, ours, theirs)


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0))
def test_spoilt_records(seed: int) -> None:
    dice = random.Random(seed)
    judge(*(spoilt(side, dice) for side in some_history(seed)))


@pytest.mark.timeout(60)
def test_an_ancestor_of_nothing_but_opened_conflicts_costs_nothing() -> None:
    rows = b"<<<<<<< x\n" * 100_000
    judge(b"---\n" + rows + b"---\n", b"---\na: 1\n---\n", b"---\na: 2\n---\n")


def test_a_comment_is_whole_though_a_character_in_it_ends_lines_elsewhere() -> None:
    assert merge_leads("", "# y\n", "# x\x0c# y\n") == "# y\n# x\x0c# y\n"


@pytest.mark.timeout(60)
def test_many_comments_on_both_sides_cost_little() -> None:
    sides = ["".join(f"# {side}{number}\n" for number in range(60_000)) for side in "ab"]
    assert merge_leads("", *sides).count("\n") == 120_000


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_ten_thousand_spoilt_records() -> None:
    for seed in range(10_000):
        dice = random.Random(seed)
        judge(*(spoilt(side, dice) for side in some_history(seed)))
