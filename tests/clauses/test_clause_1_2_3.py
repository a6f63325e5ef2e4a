"""Clause 1.2.3: who is due a proactive visit follows from the use and service record of the systems."""

from __future__ import annotations

import json

import pytest
from tests.conftest import Call, Repo


def test_clause_1_2_3_who_is_due_next_follows_from_what_failed(sample: Repo, call: Call) -> None:
    rows = json.loads(call("plan", "--visits", "--json").out)
    weights = [row["incidents_since"] + 2 * row["failed_items_since"] for row in rows]
    assert weights == sorted(weights, reverse=True)
    assert rows[0]["customer"] == "harbour-tv"
    assert rows[0]["failed_items_since"] == 1


def test_clause_1_2_3_a_customer_with_a_visit_ahead_is_not_due(sample: Repo, call: Call) -> None:
    rows = json.loads(call("plan", "--visits", "--json").out)
    assert "qinglan-centre" not in {row["customer"] for row in rows}
    visit = next(path for path in sample.root.rglob("VIS-*.md") if "status: planned" in path.read_text("utf-8"))
    assert call("cancel", visit.stem, "--reason", "the centre closes that week").code == 0
    rows = json.loads(call("plan", "--visits", "--json").out)
    assert "qinglan-centre" in {row["customer"] for row in rows}


def test_clause_1_2_3_nobody_leaves_for_a_visit_at_a_price_that_was_not_agreed(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = next(path for path in sample.root.rglob("VIS-*.md") if "status: planned" in path.read_text("utf-8"))
    price, team = ("estimate.amount=5000", "estimate.currency=CNY"), ("lead=wu.qiang", "engineers=wu.qiang")
    answer = call("set", visit.stem, *price, *team)
    assert answer.code == 0, answer.err
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-11-25T07:00:00+08:00")
    refused = call("depart", visit.stem, "--by", "wu.qiang")
    assert refused.code == 1
    assert "REC315" in refused.err and f"servicebook consent {visit.stem}" in refused.err
    assert call("consent", visit.stem, "--to", "方经理", "--via", "phone", "--by", "gao.feng").code == 0
    answer = call("depart", visit.stem, "--by", "wu.qiang")
    assert answer.code == 0, answer.err
