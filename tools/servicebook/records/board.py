"""What a board holds: who decides on changes, how many must agree to which, and what they must prove it with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.records.record import (
    ASKED,
    AssetRef,
    Block,
    BoardRef,
    Count,
    CustomerRef,
    Day,
    Duration,
    Grade,
    Instant,
    Line,
    PersonRef,
    Record,
    ServiceRef,
    Word,
)

Basis = Literal["technical", "business"]
Level = Literal["template", "forge_attested", "recorded", "signed"]
"""What an approval is proven with, see workflow/policy.py."""
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]


class BoardMember(Block):
    """A seat on a board."""

    person: PersonRef = Field(description="Who sits on it")
    role: Word | None = Field(None, description="What the seat is for, such as customer, users or security")
    basis: Basis | None = Field(None, description="What the voice is for: technical or business")
    customer: CustomerRef | None = Field(
        None, description="The customer it speaks for; the seat counts only for that customer's changes"
    )
    from_: Day | None = Field(None, alias="from", description="The first day of the seat")
    to: Day | None = Field(None, description="The last day of the seat")
    deputy: PersonRef | None = Field(None, description="Who stands in")
    deputy_from: Day | None = Field(None, description="The first day on which the deputy may stand in")
    deputy_to: Day | None = Field(None, description="The last day on which the deputy may stand in")


class Demand(Block):
    """How many must approve which changes; every demand that fits a change must be met."""

    change_type: list[Literal["standard", "normal", "major", "emergency", "policy", "template"]] = Field(
        default_factory=list,
        description="The types it asks for, policy and template for changes of the rules themselves; none is all",
    )
    risk: list[Grade] = Field(default_factory=list, description="The risks it asks for; none is all")
    of_customer: bool | None = Field(
        None, description="Whether it asks only for changes that belong to a customer, or only for the others"
    )
    votes: Count = Field(description="How many persons must approve")
    role: Word | None = Field(None, description="Only seats of this role count")
    basis: Basis | None = Field(None, description="Only voices of this basis count")
    levels: list[Level] = Field(
        default_factory=list, description="What a vote may be proven with; signed is always enough, none is signed"
    )


class Exclusion(Block):
    """Somebody who has no vote for a while."""

    person: PersonRef = Field(description="Who has no vote")
    reason: Line = Field(description="Why")
    from_: Day | None = Field(None, alias="from", description="The first day without a vote")
    to: Day | None = Field(None, description="The last day without a vote")


class FreezeWindow(Block):
    """A time in which nothing may be changed without a vote that waives it by name."""

    name: Name = Field(description="Short name, which a waiving vote repeats")
    reason: Line = Field(description="Why nothing may be changed")
    start_at: Instant = Field(description="When it begins")
    end_at: Instant = Field(description="When it ends")
    services: list[ServiceRef] = Field(default_factory=list, description="The services it holds for; none is all")
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it holds for; none is all")


class EmergencyRules(Block):
    """What holds for changes that cannot wait."""

    board: BoardRef | None = Field(None, description="The board that decides beforehand; none is this one")
    later_quorum_within: Duration = Field(description="The time from the start in which this board must agree too")


class Board(Record):
    """A board that decides on changes."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    board_type: Literal["cab", "emergency_cab"] | None = Field(
        None, description="What sort of board it is", json_schema_extra=ASKED
    )
    chair: PersonRef | None = Field(None, description="Who leads it", json_schema_extra=ASKED)
    members: list[BoardMember] = Field(default_factory=list, description="Who sits on it", json_schema_extra=ASKED)
    quorum: list[Demand] = Field(
        default_factory=list,
        description="How many voices a decision needs, by sort and risk",
        json_schema_extra=ASKED,
    )
    version: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Number of the version, from 1 up", json_schema_extra=ASKED
    )
    previous_digest: Digest | None = Field(None, description="The digest of the version before this one")
    exclusions: list[Exclusion] = Field(default_factory=list, description="Who has no vote for a while")
    freeze_windows: list[FreezeWindow] = Field(
        default_factory=list, description="Times in which nothing is changed without a vote that says so"
    )
    waivers_asked_for: list[Literal["freeze", "overlap"]] = Field(
        default_factory=list,
        description="What a change may only run into where a signed vote waives it by name: a freeze of this board, "
        "another pending change in the same hours on the same assets",
    )
    emergency_rules: EmergencyRules | None = Field(None, description="What holds for changes that cannot wait")
    vote_within: Duration | None = Field(None, description="The time from the submission in which votes count")
    secretaries: list[PersonRef] = Field(
        default_factory=list, description="Who may write down votes that came by phone or mail"
    )
    attestors: list[PersonRef] = Field(
        default_factory=list, description="The accounts that may sign what a forge says about reviews"
    )
    keys_vouched_by: list[Word] = Field(
        default_factory=list,
        description="The roles of the seats whose holders vouch for keys that come later; none is that nobody need",
    )
    meets: Line | None = Field(None, description="When and where it meets")
    effective_from: Day | None = Field(None, description="The first day it holds")
    approved_by: PersonRef | None = Field(None, description="Who approved it")
