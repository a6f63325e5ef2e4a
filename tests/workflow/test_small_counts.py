"""Small counts, and what would tell them: differences from totals, in rows, columns and both."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.workflow.small_counts import FEWEST, shown_count, shown_parts, shown_share, shown_table


def test_the_house_sees_every_figure() -> None:
    assert shown_count(1, "internal") == 1
    assert shown_share(1, 2, "internal") == (1, 2)
    assert shown_table([[0, 1], [9, 2]], "internal") == [[0, 1], [9, 2]]


@pytest.mark.parametrize("audience", ["public", "customer:harbour-tv"])
def test_others_see_no_count_below_three(audience: str) -> None:
    assert [shown_count(count, audience) for count in (0, 1, 2, 3, 40)] == [None, None, None, 3, 40]


@pytest.mark.parametrize(
    ("part", "whole", "is_shown"),
    [(1, 2, False), (2, 2, False), (9, 10, False), (1, 10, False), (10, 10, True), (0, 10, True), (5, 10, True)],
)
def test_a_share_tells_neither_a_few_nor_all_but_a_few(part: int, whole: int, is_shown: bool) -> None:
    assert shown_share(part, whole, "public") == ((part, whole) if is_shown else None)


def test_a_single_hidden_part_takes_the_smallest_other_with_it() -> None:
    assert shown_parts([1, 5, 9], "public") == [None, None, 9]
    assert shown_parts([1, 1, 4, 9], "public") == [None, None, None, 9]
    assert shown_parts([2, 2, 9], "public") == [None, None, 9]
    assert shown_parts([4, 5, 9], "public") == [4, 5, 9]
    assert shown_parts([1], "public") == [None]


def test_in_a_table_columns_tell_nothing_either() -> None:
    rows = [[1, 5, 9], [7, 8, 6], [9, 9, 9]]
    shown = shown_table(rows, "public")
    for line in [*shown, *map(list, zip(*shown, strict=True))]:
        assert line.count(None) != 1
    assert shown[2] != [None] * 3


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_total_tells_a_hidden_cell(rows: list[list[int]]) -> None:
    shown = shown_table(rows, "public")
    lines = [*zip(rows, shown, strict=True)]
    if len(rows) > 1:
        lines += [*zip(map(list, zip(*rows, strict=True)), map(list, zip(*shown, strict=True)), strict=True)]
    for counts, seen in lines:
        hidden = [count for count, one in zip(counts, seen, strict=True) if one is None]
        assert all(one is None or one >= FEWEST for one in seen)
        assert not hidden or len(hidden) == len(counts) or (len(hidden) > 1 and sum(hidden) >= FEWEST)
