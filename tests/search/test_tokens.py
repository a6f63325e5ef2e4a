"""The tokenizer and the query: what is found, and what is not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.search.tokens import Term, entries_of, is_found, normalise, parse_query, tokens_of

TEXT = normalise(
    "直播频道 3 黑屏\nINC-20260312-7F3K\n数据库死锁，ORA-00060 seen on transcoder-03.\n"
    "Deadlock_detected in ＤＢ; streaming of version 4.18.2, see runbook.md\n转码\n  进程重启"
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("直播", True),
        ("播频道", True),
        ("直道", False),
        ("直", True),
        ("屏", True),
        ("死锁", True),
        ("转码进程", True),  # a soft line break between Han characters parts nothing
        ("黑屏 死锁", True),
        ("黑屏 重启机房", False),
        ("stream", True),
        ("treaming", False),
        ("STREAMING", True),
        ("s", False),
        ("db", True),
        ("INC-20260312-7F3K", True),
        ("inc-20260312-7f3k", True),
        ("INC-20260312-7F3", False),
        ("INC-20260312-9999", False),
        ("7F3K", True),
        ("7F3", False),
        ("ORA-00060", True),
        ("ora-0006", False),
        ("4.18.2", True),
        ("4.18", False),
        ("deadlock_detected", True),
        ("deadlock_det", False),
        ("deadlock", True),
        ("transcoder-03", True),
        ("runbook", True),
        ("频道3黑屏", True),
        ("", False),
        ("，。", False),
    ],
)
def test_what_a_query_finds(query: str, found: bool) -> None:
    assert is_found(parse_query(query), TEXT) is found


def test_the_forms_of_terms() -> None:
    assert parse_query("直播 Stream INC-20260312-7F3K h264 x") == (
        Term("直播", "substring"),
        Term("stream", "prefix"),
        Term("inc-20260312-7f3k", "exact"),
        Term("h264", "exact"),
        Term("x", "exact"),
    )


@given(st.text(alphabet="直播死锁频道ab1-_. \n，", max_size=40))
def test_each_han_character_begins_exactly_one_token(text: str) -> None:
    text = normalise(text)
    starts = [token.position for token in tokens_of(text) if token.han]
    assert starts == [m.start() for m in re.finditer("[直播死锁频道]", text)]


@given(st.text(alphabet="直播死锁", min_size=1, max_size=6), st.text(alphabet="直播死锁a，", max_size=30))
def test_adjacent_bigrams_are_a_substring(query: str, text: str) -> None:
    """What the browser does with positions equals a substring test."""
    places: dict[str, set[int]] = {}
    for token in tokens_of(text):
        places.setdefault(token.text, set()).add(token.position)
    if len(query) == 1:
        by_positions = any(token.startswith(query) for token in places)
    else:
        pairs = [query[i : i + 2] for i in range(len(query) - 1)]
        by_positions = any(
            all(start + i in places.get(pair, ()) for i, pair in enumerate(pairs)) for start in places.get(pairs[0], ())
        )
    assert by_positions == (query in text)


@given(st.text(alphabet="直播死锁ab1-_. \n，", max_size=60))
def test_gathered_tokens_are_the_same_tokens(text: str) -> None:
    text = normalise(text)
    han: dict[str, list[int]] = {}
    latin: dict[str, int] = {}
    for token in tokens_of(text):
        if token.han:
            han.setdefault(token.text, []).append(token.position)
        else:
            latin.setdefault(token.text, token.position)
    assert (han, latin) == entries_of(text)
