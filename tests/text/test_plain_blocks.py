"""The reader of plain bodies says of them what markdown-it says, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.token import Token

from servicebook.text.fences import split_fences
from servicebook.text.markdown import parse_blocks
from servicebook.text.plain_blocks import WHITE, Block, plain_blocks

DESK = Path(__file__).parents[2]
RECORDS = [
    (path, split_fences(path.read_text("utf-8"))[1])
    for folder in ("kb", "tickets")
    for path in sorted((DESK / folder).rglob("*.md"))
    if path.read_text("utf-8").startswith("---\nschema:")
]
BODIES = [body for _, body in RECORDS if body.strip()]

STARTS = [
    "", "", "", "- ", "-  ", "-     ", "-", "* ", "+ ", "+", "1. ", "2. ", "1) ", "1.", "10. ", "1234567890. ", "# ",
    "## ", "#", "#### ", "####### ", "```", "````", "~~~", "``", "~", "> ", ">", "<b>", "<!--", "|", "---", "***",
    "* * *", "===", "=", "- - ", "_ _ _", "__", ":::", ":", "[", "[a]: ", "[x] ", "!", "\\", "\u3000", "\u00a0",
]  # fmt: skip
ENDS = [
    "", "a", "a b", "a  ", "a #", "a ##", "`a`", "text", "a|b", "|-|-|", "-", "- -", ":", "]:", "a]: b", "[a](b)",
    "**a**", "*", "#", "# a", "1. a", "1.", "> a", "<i>", "```", "~~~", "``` a", "internal", "黑屏", "\u3000", "0",
    "=", "---",
]  # fmt: skip

lines = st.builds(
    lambda indent, start, end: " " * indent + start + end,
    st.sampled_from([0, 0, 0, 0, 0, 1, 2, 2, 3, 4, 5]),
    st.sampled_from(STARTS),
    st.sampled_from(ENDS),
)
bodies = st.lists(st.one_of(st.just(""), lines), max_size=8).map(lambda found: "\n".join(found) + "\n")


def read_of(tokens: Iterable[Token | Block]) -> list[tuple[object, ...]]:
    """Return what is read of block tokens: of those that end a block lists' only, and of a list its first line."""
    found: list[tuple[object, ...]] = []
    for token in tokens:
        kind = token.type
        if kind.endswith("list_open"):
            found.append((kind, token.map and token.map[0], token.level))
        elif kind.endswith("list_close"):
            found.append((kind,))
        elif not kind.endswith("_close") and kind != "list_item_open":
            place = tuple(token.map or ())
            more = {"heading_open": token.tag, "fence": token.markup, "paragraph_open": token.level}.get(kind)
            found.append((kind, place, token.content, more))
    return found


def agree(body: str) -> bool:
    """Hold the reader to markdown-it; whether it had an answer."""
    blocks = plain_blocks(body.split("\n"))
    if blocks is None:
        return False
    env: dict[str, object] = {}
    assert read_of(blocks) == read_of(parse_blocks(body, env))
    assert not env.get("references")
    return True


def test_white_is_what_markdown_it_trims() -> None:
    assert WHITE == MD_TRIM_CHARS


@settings(max_examples=500, deadline=None)
@given(bodies)
@example("a\n- b\n")
@example("- a\n  b\n\n- c\n\n\nd\n")
@example("- a\n* b\n1. c\n1) d\n")
@example("a\n2. b\n")
@example("- a\n2. b\n")
@example("- a\nb\n")
@example("- a\n\n  b\n")
@example("```\na\n````\nb\n")
@example("~~~ a`b\n~~~\n")
@example("[a]:\nb\n")
@example("a | b\n-|-\n")
def test_it_reads_as_markdown_it_or_leaves_it(body: str) -> None:
    agree(body)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_real_text_with_a_slip_is_read_as_markdown_it_reads_it(data: st.DataObject) -> None:
    rows = data.draw(st.sampled_from(BODIES)).split("\n")
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    cut = data.draw(st.sampled_from([0, 0, len(row), len(row) // 2]))
    slip = data.draw(st.sampled_from([*STARTS, *ENDS, " ", "  ", "    ", "\n"]))
    rows[place] = row[:cut] + slip + row[cut:]
    body = "\n".join(rows) + "\n"
    if "\t" not in body:
        agree(body)


def test_it_reads_nearly_every_ticket_of_a_real_desk() -> None:
    bodies = [body for path, body in RECORDS if "tickets" in path.parts and body.endswith("\n") and "\t" not in body]
    assert sum(map(agree, bodies)) >= 0.9 * len(bodies) > 50


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@settings(max_examples=50_000, deadline=None)
@given(bodies)
def test_it_reads_as_markdown_it_or_leaves_it_many_times(body: str) -> None:
    agree(body)
