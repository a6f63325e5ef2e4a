"""The line reader says of front matter what libyaml says of it, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml import YAMLError

from servicebook.text.fences import split_fences
from servicebook.text.front_matter import _SUSPECT
from servicebook.text.scalars import Trap
from servicebook.text.yaml_events import build_plainly
from servicebook.text.yaml_lines import read_lines

DESK = Path(__file__).parents[2]
HEADS = [
    split_fences(path.read_text("utf-8"))[0]
    for folder in ("kb", "tickets")
    for path in sorted((DESK / folder).rglob("*.md"))
    if path.read_text("utf-8").startswith("---\nschema:")
]

WORDS = [
    "a", "b", "no", "null", "~", "0", "1", "-1", "1.5", "017", "7e21", "17:00", "2026-03-12",
    "2026-03-12T08:41:00+08:00", "k3f9", "li.wei", "黑屏", "it's", 'so "said"', "a b", "a  b", "a:b", "a: b", "a:",
    ":a", "a #b", "#b", "a#b", "a, b", "a,b", "?", "? a", "a?", "-", "-a", "- a", "--- a", "---", "...", "&a", "*a",
    "!a", "|", ">", "%a", "@a", "`a`", "=", "<<", "=a", "'a'", '"a"', "'a", '"a', "'it''s'", '"\\n"', "'a' b",
    '"a": b', "''", '""', "{}", "[]", "{", "}", "[", "]", "{a: b}", "{a: b, a: c}", "{a: b, c: 2026-03-12}",
    "{a: b,c: d}", "{a: b , c: d}", "{a: b, }", "{a}", "{a: }", "{a:b}", "{a: {b: [c, 1]}}", "{a: 'b, c', d: \"e\"}",
    "{no: a}", "[a, b]", "[a,b]", "[a, ]", "[ a ]", "[a: b]", "[[a, b], [1, ~]]", "{a: b} c", "{a: b}: c", "[a] # b",
    "{a: b?}", "{a: b#c}", "{a: b #c}", "{a: :b}", "{a: b:}", "{a: -b}", "{a: [no]}", "{'a': b}", "\u3000a",
    "a\u3000", "\u00a0",
]  # fmt: skip
NAMES = ["a", "b", "c", "a-b", "_a", "no", "null", "n", "1", "a.b", "'a'", "ä", "a b", ""]

lines = st.builds(
    lambda indent, dash, name, value, end: " " * indent + dash + name + value + end,
    st.sampled_from([0, 0, 0, 0, 1, 2, 2, 4]),
    st.sampled_from(["", "", "", "- ", "-  ", "-", "- - "]),
    st.one_of(st.just(""), st.sampled_from(NAMES).flatmap(lambda n: st.sampled_from([f"{n}: ", f"{n}:", f"{n}:  "]))),
    st.one_of(st.just(""), st.sampled_from(WORDS)),
    st.sampled_from(["", "", "", "", " ", " # c", ":"]),
)


def by_libyaml(fields: str) -> Any:
    """Return what libyaml's reader says, None for whatever it leaves to the thorough one."""
    try:
        return build_plainly(fields)
    except (YAMLError, Trap):
        return None


def as_typed(value: Any) -> Any:
    """Return a value in a form that tells 1 from True and 1.0, and one order of fields from another."""
    if isinstance(value, dict):
        return [(key, as_typed(inner)) for key, inner in value.items()]
    return [as_typed(inner) for inner in value] if isinstance(value, list) else (type(value), value)


def agree(fields: str) -> bool:
    """Hold the two readers together; whether the line reader had an answer."""
    data = read_lines(fields)
    if data is None:
        return False
    assert as_typed(data) == as_typed(by_libyaml(fields))
    return True


@settings(max_examples=400, deadline=None)
@given(st.lists(lines, max_size=7).map("\n".join))
@example("a:\n- b: 1\n  c:\n  - d\n- e\nf: g")
@example("a:\n    - b\n  - c")
@example("a: b\n  c")
@example("a: .inf\n    - - 1e31")
@example("- ")
@example("a:\n- \n")
@example("a: b\n\n# c\n  \nd: e")
def test_it_reads_as_libyaml_or_leaves_it(fields: str) -> None:
    if not _SUSPECT.search(fields):
        agree(fields)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_real_front_matter_with_a_slip_is_read_as_libyaml_reads_it(data: st.DataObject) -> None:
    rows = data.draw(st.sampled_from(HEADS)).split("\n")
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    cut = data.draw(st.integers(0, len(row)))
    slip = data.draw(st.one_of(st.sampled_from(WORDS), st.sampled_from(list(" :,-#{}[]'\"?&*!|>%@`~=\n"))))
    rows[place] = row[:cut] + slip + row[data.draw(st.sampled_from([cut, cut, cut + 1, len(row)])) :]
    fields = "\n".join(rows)
    if not _SUSPECT.search(fields):
        agree(fields)


def test_it_reads_nearly_all_of_a_real_desk() -> None:
    assert sum(map(agree, HEADS)) >= 0.9 * len(HEADS) > 100


@pytest.mark.parametrize("deep", range(1, 12))
def test_depth_is_no_more_than_front_matter_may_have(deep: int) -> None:
    agree("a: " + "{a: " * deep + "b" + "}" * deep)
    agree("a: " + "[" * deep + "b" + "]" * deep)
    agree("\n".join(" " * level + "a:" for level in range(deep)) + " {a: {a: {a: b}}}")


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@settings(max_examples=30_000, deadline=None)
@given(st.lists(lines, max_size=8).map("\n".join))
def test_it_reads_as_libyaml_or_leaves_it_many_times(fields: str) -> None:
    if not _SUSPECT.search(fields):
        agree(fields)
