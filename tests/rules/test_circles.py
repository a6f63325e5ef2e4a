"""Circles in a graph of ids: each told once, from its smallest id on, and none that is not there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from servicebook.rules.circles import circles_of

GRAPHS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefx"), max_size=3))


def test_a_circle_is_told_once_from_its_smallest_id() -> None:
    assert circles_of({"c": ["a"], "a": ["b"], "b": ["c"]}) == [("a", "b", "c")]


def test_what_hangs_on_a_circle_is_no_part_of_it() -> None:
    assert circles_of({"a": ["b"], "b": ["c"], "c": ["b"]}) == [("b", "c")]


def test_two_roads_to_one_end_are_no_circle() -> None:
    assert circles_of({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []


def test_a_record_that_hangs_on_itself_is_a_circle() -> None:
    assert circles_of({"a": ["a"]}) == [("a",)]


def test_a_long_chain_does_not_reach_the_limit_of_recursion() -> None:
    chain = {f"{n:05}": [f"{n + 1:05}"] for n in range(20_000)}
    assert circles_of(chain) == []


@given(GRAPHS)
def test_every_circle_told_is_there(edges: dict[str, list[str]]) -> None:
    for circle in circles_of(edges):
        assert circle[0] == min(circle)
        assert all(after in edges[before] for before, after in zip(circle, (*circle[1:], circle[0]), strict=True))


@given(GRAPHS)
def test_a_graph_without_circles_is_one_that_can_be_peeled(edges: dict[str, list[str]]) -> None:
    left = dict(edges)
    while ends := [node for node, nexts in left.items() if not any(other in left for other in nexts)]:
        for node in ends:
            del left[node]
    assert bool(circles_of(edges)) == bool(left)
