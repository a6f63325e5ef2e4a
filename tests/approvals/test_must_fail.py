"""What must fail: every attack is seen through, and the reason is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.approvals.attacks import ATTACKS, Attack
from tests.approvals.desk import Desk

from servicebook.evidence.verification import Verification


def said_by(found: Verification) -> str:
    votes = [vote.why for count in found.counts for vote in count.tally.votes]
    return "\n".join(map(str, (*found.reasons, *votes, *found.notes)))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(make_desk: Callable[..., Desk], attack: Attack) -> None:
    desk = make_desk().begin(*attack.boards)
    attack.act(desk)
    found = desk.verify(whole=attack.needs_all, kept=False)  # that it keeps: test_kept.py, random histories
    assert found.outcome == "fail", said_by(found)
    assert attack.said in said_by(found)
    assert found.assurance == "text_claim"


def test_there_are_many_kinds() -> None:
    assert len(ATTACKS) >= 25
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("page", ["threat-model.md", "threat-model.zh.md"])
def test_the_threat_model_names_every_attack_in_its_order(page: str) -> None:
    text = (Path(__file__).parents[2] / "kb" / "guide" / page).read_text("utf-8")
    assert re.findall(r"^- `([a-z0-9-]+)`$", text, re.MULTILINE) == [attack.name for attack in ATTACKS]


def test_a_vote_that_came_too_late_is_listed_with_the_reason(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("wang.fang")
    desk.move("implementation_started", "in_implementation")
    with_it = desk.land("start, and a vote with it")
    desk.vote("chen.hao")
    after = desk.land("late", by="chen.hao")
    found = desk.verify()
    assert found.before is not None
    said = {vote.cast.name: (vote.counts, str(vote.why)) for vote in found.before.tally.votes}
    assert said["zhao.min-1"][0]
    assert said["wang.fang-1"] == (False, f"it landed with the very commit that began the work, {with_it[:10]}")
    assert said["chen.hao-1"] == (False, f"it landed after the work had begun, with the commit {after[:10]}")
