"""Clause 1.5.6, changes: approved by those who must, for technique and for business, before anything is done."""

from __future__ import annotations

from tests.approvals.desk import Desk


def test_clause_1_5_6_change_waits_for_its_quorum(desk: Desk) -> None:
    desk.propose()
    desk.votes(("zhao.min",))
    desk.start()
    assert desk.verify().outcome == "fail"


def test_clause_1_5_6_change_needs_technique_as_well_as_business(desk: Desk) -> None:
    desk.propose()
    desk.votes(("zhao.min", "wang.fang"))
    desk.start()
    found = desk.verify()
    assert found.outcome == "fail"
    assert any("technical" in str(reason) for reason in found.reasons), found.reasons


def test_clause_1_5_6_change_approved_by_both_is_proven(desk: Desk) -> None:
    desk.propose()
    desk.votes(("zhao.min", "chen.hao"))
    desk.start()
    assert desk.verify().outcome == "pass"


def test_clause_1_5_6_change_is_not_decided_by_whoever_asks_for_it(desk: Desk) -> None:
    desk.propose(by="zhao.min", requested_by="zhao.min")
    desk.votes(("zhao.min", "chen.hao"), submit="zhao.min")
    desk.start()
    assert desk.verify().outcome == "fail"
