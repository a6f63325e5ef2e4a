"""Tables: what no row says anything of has no column."""

from __future__ import annotations

import re

from servicebook.publish.elements import Column, table
from servicebook.publish.labels import Labels

HEADS = ("Record", "Priority", Column("Opened", "nw"))


def titles(rows: list[tuple[str, ...]]) -> list[str]:
    return re.findall('<th scope="col"[^>]*>([^<]*)', table(Labels(("en",)), HEADS, rows))


def test_a_column_that_says_nothing_is_left_out() -> None:
    assert titles([("a", "", "1"), ("b", "", "")]) == ["Record", "Opened"]
    assert titles([("a", "", "1"), ("b", "P1", "")]) == ["Record", "Priority", "Opened"]
    assert titles([]) == ["Record", "Priority", "Opened"]
