"""What a board decides on, the votes on it, and what they come to: the words in which votes are counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from servicebook.workflow.policy import Demand, Policy, Seat
from servicebook.workflow.statement import LEVELS, Statement


class Why(NamedTuple):
    """A reason for people: an English template of the catalogue area `cli`, and its values."""

    text: str
    params: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text.format_map(dict(self.params))


def why(text: str, /, **params: object) -> Why:
    """Return a reason."""
    return Why(text, tuple(sorted((key, str(value)) for key, value in params.items())))


class Cast(NamedTuple):
    """One vote file: what it says, and when it landed on the main branch.

    fault: why it is no vote at all: damaged, not signed, signed by somebody else or with a key that may not; None
    when its signature holds. order: grows with the order of landing.
    """

    name: str
    statement: Statement | None
    landed_at: datetime
    fault: Why | None = None
    order: int = 0


class Case(NamedTuple):
    """What is decided on, by which rules.

    plan: the digest of what is decided on. excluded: persons who may not approve it, with why (requester, implementer,
    authors; those who submit it are found here). template: for a standard change, why its template does not stand for
    the approval, or None when it does. repository: the id of the repository.
    """

    repository: str
    subject: str
    plan: str
    policy: Policy
    change_type: str
    risk: str = ""
    customer: str = ""
    excluded: Mapping[str, Why] = {}
    template: Why | None = why("no template is named")


class Judged(NamedTuple):
    """One vote and what became of it: `counts` as an approval, `blocks` as a reject that stands; `why` tells it."""

    cast: Cast
    counts: bool
    blocks: bool
    why: Why
    seat: Seat | None = None


class Gap(NamedTuple):
    """A demand that is not met: how many count for it, or why it cannot be met."""

    demand: Demand | None
    have: int
    why: Why


class Condition(NamedTuple):
    """A condition of a vote that counts: the vote's name, its number among that vote's conditions, its text."""

    vote: str
    number: int
    text: str


class Tally(NamedTuple):
    """The count: every vote judged, by person and number; what is missing; who submitted it, and when that landed."""

    votes: tuple[Judged, ...]
    gaps: tuple[Gap, ...]
    submitters: tuple[str, ...]
    submitted_at: datetime | None
    conditions: tuple[Condition, ...]
    waives: frozenset[str]

    @property
    def passes(self) -> bool:
        """Whether the rules are met and no reject stands."""
        return not self.gaps and not any(vote.blocks for vote in self.votes)

    @property
    def approvers(self) -> tuple[str, ...]:
        """The persons whose approval counts."""
        return tuple(vote.cast.statement.person for vote in self.votes if vote.counts and vote.cast.statement)

    @property
    def weakest(self) -> str:
        """The weakest level that a counted vote is proven with; empty when none counts."""
        used = [vote.cast.statement.level for vote in self.votes if vote.counts and vote.cast.statement]
        return min(used, key=LEVELS.index, default="")
