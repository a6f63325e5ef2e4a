"""What results come to, held against the items of a plan."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.workflow.checklist import failed_items, is_out_of_bounds, judge, open_items, range_of, twice

figures = st.floats(-1e6, 1e6) | st.integers(-1000, 1000)


@pytest.mark.parametrize(
    ("item", "value", "due"),
    [
        ({"max": 80}, 80, True), ({"max": 80}, 80.1, False), ({"min": 20}, 19, False),
        ({"min": 18, "max": 27}, 22, True),
        ({"expected": "none"}, "None", True), ({"expected": "none"}, "one restart", None), ({}, "fine", None),
        ({}, True, True), ({}, False, False), ({"max": 80}, "eighty", None), ({"max": 80}, True, True), ({}, 5, None),
    ],
)  # fmt: skip
def test_whether_it_is_in_order(item: dict[str, Any], value: Any, due: bool | None) -> None:
    assert judge(item, value) is due


@given(figures, figures, figures)
def test_bounds_are_part_of_what_is_in_order(one: float, other: float, value: float) -> None:
    low, high = sorted((one, other))
    item = {"min": low, "max": high}
    assert judge(item, low) and judge(item, high)
    assert is_out_of_bounds(item, value) == (not low <= value <= high)


def test_what_is_open_and_what_failed() -> None:
    checklist = [{"key": "cpu"}, {"key": "logs"}, {"key": "heat"}]
    results = [{"key": "heat", "ok": False}, {"key": "cpu", "ok": True}]
    assert open_items(checklist, results) == ["logs"]
    assert failed_items(results) == ["heat"]
    assert twice([*results, {"key": "heat"}]) == [(2, "heat")]


@pytest.mark.parametrize(
    ("item", "said"),
    [({"max": 80, "unit": "%"}, "≤ 80 %"), ({"min": 1}, "≥ 1"),
     ({"min": 18.0, "max": 27.5, "unit": "°C"}, "18–27.5 °C"), ({"expected": "none"}, "none"), ({}, "")],
)  # fmt: skip
def test_what_is_due_as_people_read_it(item: dict[str, Any], said: str) -> None:
    assert range_of(item) == said
