"""What a change holds: adding, altering or removing something that could affect services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    Block,
    BoardRef,
    CustomerRef,
    Day,
    Duration,
    Grade,
    GroupRef,
    Instant,
    Line,
    PersonRef,
    RefTo,
    ServiceRef,
    SiteRef,
    Text,
    Word,
)
from servicebook.records.ticket import Ticket


class ChangePlan(Block):
    """How it is done, tested, and taken back."""

    implementation: Text | None = Field(None, description="How it is done, step by step")
    test: Text | None = Field(None, description="How to prove that it works")
    backout: Text | None = Field(None, description="How to take it back")
    point_of_no_return_at: Instant | None = Field(None, description="The last moment to take it back in time")


class AssetChange(Block):
    """What the work makes of one field of an asset's record; whoever closes the change sees to it that it is so."""

    asset: AssetRef = Field(description="The asset whose record changes")
    field: Literal[
        "status", "version", "model", "serial_number", "location", "site", "service", "owner", "supplier",
    ] = Field(description="The field that changes")  # fmt: skip
    becomes: Line = Field(description="What it says afterwards")


class ChangeReview(Block):
    """What became of it."""

    result: Text | None = Field(None, description="What came of it")
    closure_code: Literal["successful", "successful_with_issues", "backed_out", "unsuccessful", "cancelled"] | None = (
        Field(None, description="How it ended")
    )
    assets_updated: bool | None = Field(None, description="Whether the records of the assets it touched are true again")


class ConditionMet(Block):
    """A condition of a vote that was met."""

    vote: Line = Field(description="The vote that made it, such as chen.hao-1")
    number: Annotated[int, Field(ge=1)] = Field(1, description="Which of the vote's conditions, from 1 up")
    by: PersonRef = Field(description="Who saw to it")
    met_on: Day = Field(description="The day it was met")
    evidence: Line | None = Field(None, description="Where the proof is: a file of the record or a reference outside")


class Change(Ticket):
    """Adding, altering or removing something that could affect services."""

    status: (
        Literal[
            "draft",
            "submitted",
            "approved",
            "in_implementation",
            "implemented",
            "closed",
            "rejected",
            "cancelled",
        ]
        | None
    ) = Field(None, description="Where the record stands in its life", json_schema_extra=DERIVED)
    change_type: Literal["standard", "normal", "major", "emergency"] | None = Field(
        None, description="What sort of change it is; approval hangs on it", json_schema_extra=ASKED
    )
    reason: Text | None = Field(None, description="Why it is needed", json_schema_extra=ASKED)
    customer: CustomerRef | None = Field(None, description="The customer it belongs to, when it is only one")
    site: SiteRef | None = Field(None, description="The place it happens at")
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=ASKED)
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it touches", json_schema_extra=ASKED)
    risk: Grade | None = Field(None, description="How likely it is to go wrong, and how badly", json_schema_extra=ASKED)
    impact: Grade | None = Field(None, description="How much is affected")
    requested_by: PersonRef | None = Field(None, description="Who wants the change", json_schema_extra=ASKED)
    assignment_group: GroupRef | None = Field(None, description="The team that works on it")
    assigned_to: PersonRef | None = Field(None, description="Who implements it")
    planned_start_at: Instant | None = Field(None, description="When it is planned to start", json_schema_extra=ASKED)
    planned_end_at: Instant | None = Field(None, description="When it is planned to end", json_schema_extra=ASKED)
    expected_outage: Duration | None = Field(None, description="How long the service is expected to be down")
    plan: ChangePlan | None = Field(None, description="How it is done, tested, and taken back")
    board: BoardRef | None = Field(None, description="The board that decides on it")
    template: Annotated[str, RefTo(("article",))] | None = Field(
        None, description="The approved procedure that a standard change follows"
    )
    parameters: dict[Word, Line] = Field(
        default_factory=dict, description="The values of a standard change that its template leaves open"
    )
    conditions_met: list[ConditionMet] = Field(
        default_factory=list, description="The conditions of votes that were met"
    )
    asset_changes: list[AssetChange] = Field(
        default_factory=list, description="What the work makes of the records of its assets, field by field"
    )
    review: ChangeReview | None = Field(None, description="What became of it")
