"""What a team record holds: who is in it, what it supports, and when it is there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    AgreementRef,
    Count,
    CustomerRef,
    GroupRef,
    Line,
    PersonRef,
    Record,
    RefTo,
    ServiceRef,
    SupplierRef,
    SupportHoursRef,
)


class Team(Record):
    """Who works together, on what, and when they are there."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    team_type: Literal["desk", "field", "resident", "second_line", "vendor"] | None = Field(
        None, description="What sort of team it is", json_schema_extra=ASKED
    )
    manager: PersonRef | None = Field(None, description="Who leads it", json_schema_extra=ASKED)
    members: list[PersonRef] = Field(default_factory=list, description="Who is in it", json_schema_extra=ASKED)
    services: list[ServiceRef] = Field(
        default_factory=list, description="The services it supports", json_schema_extra=ASKED
    )
    customers: list[CustomerRef] = Field(default_factory=list, description="The customers it serves, when not all")
    supplier: SupplierRef | None = Field(None, description="The supplier, for a vendor's team")
    skills_required: list[Line] = Field(default_factory=list, description="Skills that must be on duty")
    support_hours: SupportHoursRef | None = Field(None, description="When it is there", json_schema_extra=ASKED)
    on_call_roster: Annotated[str, RefTo(("roster",))] | None = Field(None, description="Who is on call when")
    minimum_on_duty: Count | None = Field(None, description="How many must be on duty at least")
    escalates_to: GroupRef | None = Field(None, description="The team it hands on to")
    channel: Line | None = Field(None, description="Where the team talks")
    ola: AgreementRef | None = Field(None, description="The agreement between the teams")
    email_alias: Line | None = Field(None, description="The team's e-mail address")
