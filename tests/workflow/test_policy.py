"""What a board's record asks for; and that the reader of policies and the model of boards know the same fields."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from servicebook.records.board import Board, BoardMember, Level
from servicebook.records.board import Demand as DemandModel
from servicebook.records.record import Record
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile
from servicebook.workflow.policy import LEVELS, POLICY_FIELDS, Policy, PolicyError, Seat, parse_policy, policy_digest

EXAMPLE = Path(__file__).parent.parent / "records" / "examples" / "board.md"
PROSE = {"meets", "approved_by"}
"""Fields of a board that voting does not hang on."""


def fields(**more: Any) -> dict[str, Any]:
    front, _ = parse_front_matter(SourceFile("kb/boards/change-board.md", EXAMPLE.read_bytes()))
    assert front is not None
    return front.data | more


def policy(**more: Any) -> Policy:
    return parse_policy(fields(**more))


def test_every_field_of_a_board_is_in_its_digest_or_is_prose() -> None:
    own = set(Board.model_fields) - set(Record.model_fields) - PROSE
    assert own <= set(POLICY_FIELDS) <= own | {"id", "status"}


def test_model_and_reader_know_the_same_words() -> None:
    assert get_args(Level) == LEVELS
    assert set(DemandModel.model_fields) == {"change_type", "risk", "of_customer", "votes", "role", "basis", "levels"}
    assert len(BoardMember.model_fields) == len(Seat._fields)


def test_the_example_is_read() -> None:
    read = policy()
    assert [seat.person for seat in read.seats] == ["zhao.min", "wang.fang", "li.wei"]
    assert read.seats[0].may_stand_in_on(date(2026, 3, 14))
    assert not read.seats[0].may_stand_in_on(date(2026, 3, 15))
    assert not read.seats[1].is_held_on(date(2025, 12, 31))
    assert read.later_quorum_within == timedelta(days=3)
    assert read.vote_within == timedelta(days=14)


@pytest.mark.parametrize(
    ("change_type", "risk", "votes"),
    [
        ("standard", "low", [0]),
        ("normal", "low", [2]),
        ("normal", "", [2, 1]),
        ("major", "high", [2, 1, 1]),
        ("policy", "low", [2]),
    ],
)
def test_every_demand_that_fits_is_asked(change_type: str, risk: str, votes: list[int]) -> None:
    assert [demand.votes for demand in policy().demands_on(change_type, risk, "")] == votes


def test_a_demand_only_for_customers() -> None:
    read = policy(quorum=[{"votes": 1, "of_customer": True}, {"votes": 2, "of_customer": False}])
    assert [demand.votes for demand in read.demands_on("normal", "low", "harbour-tv")] == [1]
    assert [demand.votes for demand in read.demands_on("normal", "low", "")] == [2]


def test_prose_does_not_move_the_digest_and_rules_do() -> None:
    assert policy_digest(fields(title="Other", meets="never")) == policy_digest(fields())
    assert policy_digest(fields(version=2)) != policy_digest(fields())
    assert policy_digest(fields(secretaries=[])) != policy_digest(fields())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", None),
        ("version", True),
        ("version", 0),
        ("members", "all"),
        ("members", [{"role": "engineer"}]),
        ("from", [{"person": "li.wei", "from": "soon"}]),
        ("members", [{"person": "li.wei", "basis": "spiritual"}]),
        ("quorum", [{"votes": "two"}]),
        ("quorum", [{"votes": -1}]),
        ("quorum", [{"votes": 1, "unless": "hurry"}]),
        ("quorum", [{"votes": 1, "levels": ["trust"]}]),
        ("vote_within", "soon"),
        ("emergency_rules", "none"),
        ("waivers_asked_for", ["rain"]),
        ("freeze_windows", [{"name": "x", "reason": "y", "start_at": "2026-01-01", "end_at": "2026-01-02"}]),
    ],
)
def test_a_policy_that_cannot_be_read_names_the_field(field: str, value: Any) -> None:
    with pytest.raises(PolicyError, match=field):
        policy(**{"members" if field == "from" else field: value})
