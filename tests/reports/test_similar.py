"""Records that look alike: what a glance at a row's text passes over is never one of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.looked_up import Desk

from servicebook.records.facts import Facts
from servicebook.reports import similar

VALUES = st.sampled_from(["cms", "转码", 'a "quoted" one', "E-500", "a\\b"])
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "error_codes": st.lists(VALUES, max_size=2),
        "assets": st.lists(VALUES, max_size=2),
        "service": VALUES,
        "services": st.lists(VALUES, max_size=2),
        "category": VALUES,
        "site": VALUES,
    },
)
TITLES = st.lists(st.sampled_from(["Deadlock", "publish", "queue", "直播", "黑屏", "DISK"]), min_size=1).map(" ".join)


def facts_of(number: int, row: dict[str, object], title: str) -> Facts:
    raw = json.dumps({"title": title, **row}, ensure_ascii=False, separators=(",", ":"))
    kind = "incident" if number % 3 else "known_error"
    return Facts(f"{number}.md", "", kind, f"INC-20260312-{number:04}", title, "active", raw, "")


@settings(max_examples=300)
@given(st.lists(st.tuples(ROWS, TITLES), min_size=2, max_size=8))
def test_no_like_record_is_passed_over(drawn: list[tuple[dict[str, object], str]]) -> None:
    ticket, *others = (facts_of(number, *row) for number, row in enumerate(drawn))
    quick = similar.similar_records(Desk(*others), ticket, most=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similar, "_hoped_for", lambda _: lambda _: True)
        assert quick == similar.similar_records(Desk(*others), ticket, most=8)
