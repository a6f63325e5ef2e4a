"""What a site record holds: a place of a customer, how far it is and how to get in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    Block,
    Count,
    CustomerRef,
    Day,
    Duration,
    GroupRef,
    Line,
    Record,
    RefTo,
    Zone,
)


class Travel(Block):
    """How long the way takes from one base by one means."""

    base: Annotated[str, RefTo(("site",))] | None = Field(None, description="The site the team starts from")
    mode: Literal["car", "train", "plane", "on_foot", "ship"] | None = Field(None, description="How the team travels")
    minutes: Count = Field(description="Minutes the way takes")
    effective_from: Day | None = Field(
        None, description="From when on it takes that long; a running clock keeps what held when it started"
    )


class Access(Block):
    """What it takes to get in."""

    pass_needed: bool | None = Field(None, description="Whether a pass is needed")
    lead_time: Duration | None = Field(None, description="How long beforehand to ask for the pass")
    contact: Line | None = Field(None, description="Whom to ask")
    safety_training: bool | None = Field(None, description="Whether safety training is needed")


class Site(Record):
    """A place of a customer: how far it is and how to get in."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    customer: CustomerRef | None = Field(None, description="The customer it belongs to", json_schema_extra=ASKED)
    address: Line | None = Field(None, description="The address", json_schema_extra=ASKED)
    timezone: Zone | None = Field(None, description="The time zone of the place", json_schema_extra=ASKED)
    distance_class: Literal["local", "near", "regional", "remote"] | None = Field(
        None,
        description="How far it is from the nearest base; equipment targets hang on it",
        json_schema_extra=ASKED,
    )
    travel_minutes: list[Travel] = Field(
        default_factory=list, description="How long the way takes, per base and means", json_schema_extra=ASKED
    )
    agreed_on: Day | None = Field(None, description="When the travel times were agreed with the customer")
    resident_team: GroupRef | None = Field(None, description="The team that is always there")
    access: Access | None = Field(None, description="What it takes to get in")
    out_of_hours_contact: Line | None = Field(None, description="Whom to ask outside hours, by reference")
    network_access: Line | None = Field(None, description="How to reach its systems from afar")
    coordinates: Line | None = Field(None, description="Latitude and longitude")
    nearest_store: Annotated[str, RefTo(("site",))] | None = Field(None, description="The nearest store of parts")
