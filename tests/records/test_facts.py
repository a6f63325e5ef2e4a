"""Fact rows: what was read out of them is let go and read again, and says the same."""

from __future__ import annotations

import pytest

from servicebook.records.facts import Facts


def row(number: int) -> Facts:
    raw = f'{{"title":"{number}","timeline":[{{"event":"opened","at":"2026-03-12T08:00:00+08:00"}}]}}'
    return Facts(f"{number}.md", "", "incident", f"INC-20260312-000{number}", str(number), "new", raw, "")


def test_of_many_rows_the_last_ones_stay_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Facts, "_lately", None)
    Facts.remember_at_most(2)
    rows = [row(number) for number in range(4)]
    for _ in range(2):
        for facts in rows:
            assert facts.get("title") == facts.title
            assert facts.events == ["opened"] and facts.instants[0] is not None
        assert [facts._data is None for facts in rows] == [True, True, False, False]
        assert [facts._instants is None for facts in rows] == [True, True, False, False]
    Facts.remember_at_most(1)
    assert rows[0].get("title") == "0"
    assert [facts._data is None for facts in rows] == [False, True, True, True]


def test_a_row_let_go_of_and_read_again_is_not_the_one_to_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Facts, "_lately", None)
    Facts.remember_at_most(2)
    one, other = row(1), row(2)
    assert one.get("title") == "1"
    one.forget()
    assert other.get("title") == "2"
    assert one.data, "it is the oldest of those that are remembered, and was asked for anew"
    assert one.get("title") == "1"
