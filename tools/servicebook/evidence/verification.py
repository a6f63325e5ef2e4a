"""What the evidence for one change comes to, as values that commands and pages show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from servicebook.workflow.tally import Case, Cast, Condition, Tally, Why

Outcome = Literal["pass", "fail", "open", "unasked", "undecided"]
"""pass, fail: judged. open: not in implementation, so nothing had to be proven yet (votes that were lost fail it).
unasked: implemented before the branch had any rules. undecided: evidence is missing here."""

ASSURANCES = ("text_claim", "signed_quorum", "ordered_quorum", "timed_quorum")
"""How much an approval proves, the least first: somebody wrote so; a quorum signed this plan; it did so before the
work, and apart from those who wrote, asked for or did it; and a server says when it received that."""

UNVOUCHED = "nobody vouched for the keys of {people}"
"""What is said of an approval where keys came after the rules, and the rules ask nobody to vouch for them."""


class Freezing(NamedTuple):
    """A freeze window that a change's own window touches, and whether a counted vote waives it by name."""

    name: str
    reason: str
    waived: bool


class Overlapping(NamedTuple):
    """A pending change in the same hours and on the same assets, and whether a counted vote waives it by name.

    is_readable: whether its record could be read; one that could not is taken to overlap.
    """

    change: str
    assets: tuple[str, ...]
    waived: bool
    is_readable: bool = True


class Vouched(NamedTuple):
    """A word that answers for a counted key, or for the key of who gave that word.

    key: the key vouched for, as one line. path: where the word lies; commit: what brought it, and at: when it landed.
    """

    person: str
    key: str
    voucher: str
    path: str
    commit: str
    at: datetime


class Judgement(NamedTuple):
    """One count of votes, with the rules it was made by: the board and version, and their digest."""

    board: str
    version: int
    policy: str
    tally: Tally


class Verification(NamedTuple):
    """Whether a change was approved before it was done, by whom, and how surely that is known.

    plan: the digest of the plan as it stands. commit: the first commit of the branch that shows the change in
    implementation; base: its first parent, whose rules, keys, plan and votes count. reasons: why it fails (or what is
    still missing while it is open). notes: what a reader should know and nothing hangs on. before, later: the counts
    before the work and, for an emergency, after it. after_the_fact: approved by the whole board only afterwards.
    overlaps: told where the rules ask for waivers of them.
    unvouched: whose keys came after the first rules, and the board's rules ask nobody to vouch for them. vouched: the
    words that answer for counted keys.
    weakest: the weakest proof among the votes that count. open_conditions: conditions of votes that nobody has met.
    """

    id: str
    outcome: Outcome
    assurance: str = "text_claim"
    plan: str = ""
    commit: str = ""
    base: str = ""
    reasons: tuple[Why, ...] = ()
    notes: tuple[Why, ...] = ()
    before: Judgement | None = None
    later: Judgement | None = None
    after_the_fact: bool = False
    weakest: str = ""
    open_conditions: tuple[Condition, ...] = ()
    freezes: tuple[Freezing, ...] = ()
    overlaps: tuple[Overlapping, ...] = ()
    unvouched: tuple[str, ...] = ()
    vouched: tuple[Vouched, ...] = ()

    @property
    def counts(self) -> tuple[Judgement, ...]:
        """The counts that were made."""
        return tuple(one for one in (self.before, self.later) if one)


class Standing(NamedTuple):
    """What a vote cast now would be about: the case, the votes so far, and what they come to.

    faults: why there is nothing to vote on; `case` is then None.
    """

    case: Case | None
    casts: Sequence[Cast]
    tally: Tally | None
    faults: tuple[Why, ...] = ()


def as_data(one: Verification) -> dict[str, Any]:
    """Return a verification in JSON values."""
    return {
        "id": one.id,
        "outcome": one.outcome,
        "assurance": one.assurance,
        "plan": one.plan,
        "commit": one.commit,
        "base": one.base,
        "reasons": [str(reason) for reason in one.reasons],
        "notes": [str(note) for note in one.notes],
        "approved_after_the_fact": one.after_the_fact,
        "weakest_vote": one.weakest,
        "open_conditions": [condition._asdict() for condition in one.open_conditions],
        "freezes": [freeze._asdict() for freeze in one.freezes],
        "overlaps": [overlap._asdict() for overlap in one.overlaps],
        "keys_nobody_vouched_for": list(one.unvouched),
        "keys_vouched_for": [word._asdict() | {"at": word.at.isoformat()} for word in one.vouched],
        "counts": [_count(judgement) for judgement in one.counts],
    }


def _count(one: Judgement) -> dict[str, Any]:
    return {
        "board": one.board,
        "version": one.version,
        "policy": one.policy,
        "passes": one.tally.passes,
        "submitted_by": list(one.tally.submitters),
        "missing": [str(gap.why) for gap in one.tally.gaps],
        "votes": [
            {
                "name": vote.cast.name,
                "person": vote.cast.statement.person if vote.cast.statement else None,
                "role": vote.cast.statement.role if vote.cast.statement else None,
                "decision": vote.cast.statement.decision if vote.cast.statement else None,
                "level": vote.cast.statement.level if vote.cast.statement else None,
                "signed_by": vote.cast.statement.signed_by if vote.cast.statement else None,
                "conditions": list(vote.cast.statement.conditions) if vote.cast.statement else [],
                "waives": list(vote.cast.statement.waives) if vote.cast.statement else [],
                "landed_at": vote.cast.landed_at.isoformat(),
                "counted": vote.counts,
                "blocks": vote.blocks,
                "why": str(vote.why),
            }
            for vote in one.tally.votes
        ],
    }
