"""What a service record holds: what customers get, from whom, how good, and on what it stands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    AgreementRef,
    ArticleRef,
    AssetRef,
    Block,
    CustomerRef,
    Day,
    Duration,
    GroupRef,
    Line,
    PersonRef,
    Record,
    RefTo,
    ServiceRef,
    SupportHoursRef,
    Text,
)


class Continuity(Block):
    """How soon the service is back after a disaster, and how that is known."""

    rto: Duration | None = Field(None, description="Longest time until the service is back")
    rpo: Duration | None = Field(None, description="Longest stretch of data that may be lost")
    plan: Annotated[str, RefTo(("article",))] | None = Field(None, description="The article that holds the plan")
    tested_on: Day | None = Field(None, description="When the plan was last tested")


class Service(Record):
    """What customers get, from whom, how good, and on what it stands."""

    status: Literal["planned", "active", "retired"] | None = Field(
        None, description="Where the record stands in its life"
    )
    service_owner: PersonRef | None = Field(None, description="Who answers for the service", json_schema_extra=ASKED)
    support_group: GroupRef | None = Field(None, description="The team that supports it", json_schema_extra=ASKED)
    customers: list[CustomerRef] = Field(
        default_factory=list, description="The customers that use it", json_schema_extra=ASKED
    )
    criticality: Literal["critical", "high", "medium", "low"] | None = Field(
        None, description="How much hangs on it", json_schema_extra=ASKED
    )
    agreements: list[AgreementRef] = Field(
        default_factory=list, description="The agreements that promise its levels", json_schema_extra=ASKED
    )
    support_hours: SupportHoursRef | None = Field(None, description="When it is supported")
    depends_on: list[ServiceRef] = Field(default_factory=list, description="The services it needs")
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it runs on")
    description: Text | None = Field(None, description="What it does for its users", json_schema_extra=ASKED)
    promise: Line | None = Field(None, description="What it promises, in one line")
    request_channels: list[Line] = Field(default_factory=list, description="How to ask for help")
    request_items: list[Line] = Field(
        default_factory=list, description="What can be asked for, as the catalog lists it"
    )
    runbooks: list[ArticleRef] = Field(default_factory=list, description="The articles that tell how to run it")
    availability_definition: Text | None = Field(None, description="What counts as available, and how it is measured")
    continuity: Continuity | None = Field(None, description="How soon it is back after a disaster")
    review_on: Day | None = Field(None, description="When to look at it again")
