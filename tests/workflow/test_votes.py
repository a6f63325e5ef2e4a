"""The count: what it says never hangs on the order of files, on votes that are ignored, or on how many keys one has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.workflow.policy import parse_policy
from servicebook.workflow.statement import DECISIONS, LEVELS, Statement
from servicebook.workflow.tally import Case, Cast, Tally, why
from servicebook.workflow.votes import count_votes, voters_of

AT = datetime(2026, 3, 26, 9, tzinfo=UTC)
PLAN, OLD = "sha256:" + "a" * 64, "sha256:" + "b" * 64
BOARD: dict[str, Any] = {
    "id": "cab",
    "version": 1,
    "members": [
        {"person": "ann", "role": "chair", "basis": "business", "deputy": "eve"},
        {"person": "bob", "role": "engineer", "basis": "technical", "to": "2026-06-30"},
        {"person": "cho", "role": "customer", "basis": "business", "customer": "harbour-tv"},
    ],
    "quorum": [
        {"change_type": ["normal"], "votes": 2, "levels": ["recorded"]},
        {"change_type": ["normal"], "risk": ["high"], "basis": "technical", "votes": 1},
    ],
    "vote_within": "5d",
    "secretaries": ["sec"],
    "attestors": ["bot"],
}
POLICY = parse_policy(BOARD)
ROLES = {"ann": "chair", "bob": "engineer", "cho": "customer", "eve": "chair", "dan": ""}


def case(**more: Any) -> Case:
    base = Case("c" * 40, "CHG-20260325-7RBN", PLAN, POLICY, "normal", "low", "harbour-tv", {}, None)
    return base._replace(**more)


def cast(person: str, decision: str = "approve", seq: int = 1, days: int = 0, fault: bool = False, **more: Any) -> Cast:
    said = Statement("c" * 40, "CHG-20260325-7RBN", PLAN, POLICY.digest, person, ROLES.get(person, ""), decision, seq,
                     signed_by=person)._replace(**more)  # fmt: skip
    return Cast(said.name, said, AT + timedelta(days=days), why("it is no vote") if fault else None)


def submitted(*casts: Cast) -> list[Cast]:
    return [cast("dan", "submit"), *casts]


def reasons(tally: Tally) -> dict[str, str]:
    return {vote.cast.name: str(vote.why) for vote in tally.votes}


def test_two_members_and_a_submission_pass() -> None:
    tally = count_votes(case(), submitted(cast("ann"), cast("bob")))
    assert tally.passes
    assert tally.approvers == ("ann", "bob")
    assert tally.submitters == ("dan",)


def test_high_risk_asks_for_an_engineer() -> None:
    assert not count_votes(case(risk="high"), submitted(cast("ann"), cast("cho"))).passes
    assert not count_votes(case(risk=""), submitted(cast("ann"), cast("cho"))).passes
    assert count_votes(case(risk="high"), submitted(cast("ann"), cast("bob"))).passes


def test_a_deputy_only_while_the_member_is_silent() -> None:
    assert count_votes(case(), submitted(cast("eve"), cast("bob"))).passes
    tally = count_votes(case(), submitted(cast("eve"), cast("bob"), cast("ann", "abstain")))
    assert reasons(tally)["eve-1"] == "ann spoke in person"


@pytest.mark.parametrize(
    ("votes", "blocked"),
    [
        ([cast("ann", "reject")], True),
        ([cast("ann", "reject"), cast("ann", "withdraw", 2)], False),
        ([cast("ann", "reject"), cast("ann", "approve", 2)], False),
        ([cast("ann", "reject", plan=OLD)], True),
        ([cast("ann", "reject", policy=OLD)], True),
        ([cast("ann", "reject"), cast("ann", "withdraw", 2, fault=True)], True),
        ([cast("ann", "reject"), cast("ann", "withdraw", 2, level="recorded", signed_by="sec")], True),
        ([cast("ann", "reject", level="recorded", signed_by="sec"), cast("ann", "withdraw", 2)], False),
        ([cast("dan", "reject", 2)], False),
        ([cast("bob", "reject", days=200)], False),
    ],
)
def test_a_reject_stands_until_its_own_voter_lifts_it(votes: list[Cast], blocked: bool) -> None:
    tally = count_votes(case(), submitted(*votes))
    assert any(vote.blocks for vote in tally.votes) == blocked


@pytest.mark.parametrize(
    ("vote", "said"),
    [
        (cast("bob", plan=OLD), "another plan"),
        (cast("bob", policy=OLD), "other rules"),
        (cast("bob", role="chair"), "no seat as `chair`"),
        (cast("bob", days=6), "after the deadline"),
        (cast("bob", days=200), "no seat as `engineer` on that day"),
        (cast("dan", seq=2), "dan submitted the change"),
        (cast("zoe"), "not a member"),
        (cast("bob", level="forge_attested", signed_by="bot"), "no demand of the board takes it"),
        (cast("bob", level="recorded", signed_by="ann"), "ann is not a secretary"),
        (cast("bob", level="forge_attested", signed_by="sec"), "sec does not attest"),
        (cast("bob", repository="d" * 40), "another repository"),
        (cast("bob", subject="CHG-20260325-0000"), "it is about CHG-20260325-0000"),
    ],
)
def test_what_does_not_count_says_why(vote: Cast, said: str) -> None:
    tally = count_votes(case(), submitted(cast("ann"), vote))
    assert not tally.passes
    assert said in reasons(tally)[vote.name]


def test_only_a_signed_vote_waives() -> None:
    waives = ("freeze:gala",)
    assert count_votes(case(), submitted(cast("ann", waives=waives))).waives == {"freeze:gala"}
    recorded = cast("ann", waives=waives, level="recorded", signed_by="sec")
    assert count_votes(case(), submitted(recorded)).waives == frozenset()
    assert count_votes(case(), submitted(cast("zoe", waives=waives))).waives == frozenset()


def test_who_could_vote() -> None:
    excluded = {"bob": why("{person} implements it", person="bob")}
    found = {
        one.person: str(one.against or "") for one in voters_of(case(excluded=excluded, customer=""), submitted(), AT)
    }
    assert found["ann"] == found["eve"] == ""
    assert found["bob"] == "bob implements it"
    assert "no seat as `customer`" in found["cho"]


PEOPLE = ("ann", "bob", "cho", "dan", "eve", "zoe")


@st.composite
def some_casts(draw: st.DrawFn, fault: bool | None = None) -> list[Cast]:
    """Draw votes of all sorts, each name once, as files are."""
    found: dict[str, Cast] = {}
    for _ in range(draw(st.integers(0, 9))):
        level = draw(st.sampled_from(LEVELS))
        person = draw(st.sampled_from(PEOPLE))
        signer = {"signed": person, "recorded": draw(st.sampled_from(["sec", "zoe"])), "forge_attested": "bot"}[level]
        one = cast(
            person, draw(st.sampled_from(DECISIONS)), draw(st.integers(1, 4)), draw(st.integers(0, 8)),
            draw(st.booleans()) if fault is None else fault, level=level, signed_by=signer,
            plan=draw(st.sampled_from([PLAN, PLAN, OLD])), policy=draw(st.sampled_from([POLICY.digest, OLD])),
        )  # fmt: skip
        found[one.name] = one
    return list(found.values())


def outcome(casts: Sequence[Cast]) -> tuple[Any, ...]:
    tally = count_votes(case(), casts)
    return tally.passes, tally.approvers, tally.submitters, tally.waives, [str(gap.why) for gap in tally.gaps]


@given(some_casts(), st.randoms(use_true_random=False))
def test_the_order_of_files_says_nothing(casts: list[Cast], random: Any) -> None:
    shuffled = list(casts)
    random.shuffle(shuffled)
    assert count_votes(case(), shuffled) == count_votes(case(), casts)


@given(some_casts(fault=False), some_casts(fault=True))
def test_a_file_that_is_no_vote_changes_nothing(casts: list[Cast], ignored: list[Cast]) -> None:
    names = {one.name for one in casts}
    assert outcome([*casts, *(one for one in ignored if one.name not in names)]) == outcome(casts)


@given(some_casts())
def test_every_vote_comes_back_once_with_a_reason(casts: list[Cast]) -> None:
    tally = count_votes(case(), casts)
    assert sorted(vote.cast.name for vote in tally.votes) == sorted(one.name for one in casts)
    assert all(str(vote.why) for vote in tally.votes)


@given(some_casts())
def test_nobody_counts_twice_and_nobody_who_is_left_out(casts: list[Cast]) -> None:
    excluded = {"bob": why("{person} implements it", person="bob")}
    tally = count_votes(case(excluded=excluded), casts)
    assert len(set(tally.approvers)) == len(tally.approvers)
    assert not set(tally.approvers) & {"bob", "dan", "zoe", *tally.submitters}


@given(some_casts())
def test_a_pass_needs_two_persons_a_submission_and_no_reject(casts: list[Cast]) -> None:
    tally = count_votes(case(), casts)
    if tally.passes:
        assert len(tally.approvers) >= 2
        assert tally.submitters
        assert not any(vote.blocks for vote in tally.votes)


@given(some_casts(), st.sampled_from(("ann", "bob", "cho")))
def test_one_more_reject_of_a_member_never_helps(casts: list[Cast], person: str) -> None:
    more = [*casts, cast(person, "reject", 9)]
    assert not count_votes(case(), more).passes
