"""What inspections hold: the plan that makes them come again, and what one of them found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    Block,
    CustomerRef,
    Day,
    Duration,
    GroupRef,
    IncidentRef,
    Instant,
    Line,
    PersonRef,
    Record,
    RefTo,
    ServiceRef,
    Text,
    Word,
)
from servicebook.records.ticket import Ticket

InspectionType = Literal[
    "system", "application", "data", "safety", "backup", "cleaning", "virus", "config_audit", "stocktake"
]
"""What is looked at (clauses 1.5.5-2 to -6; configuration audit and stocktake by 1.5.2)."""


class ChecklistItem(Block):
    """One thing to look at, and what is due."""

    key: Word = Field(description="Short name of the item, which results repeat")
    text: Line = Field(description="What to look at")
    method: Line | None = Field(None, description="How to look")
    expected: Line | None = Field(None, description="What should be found")
    unit: Line | None = Field(None, description="What the figure is counted in")
    min: float | None = Field(None, description="The least that is in order")
    max: float | None = Field(None, description="The most that is in order")


class InspectionPlan(Record):
    """A plan of inspections that come again and again."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    customer: CustomerRef | None = Field(None, description="The customer it belongs to", json_schema_extra=ASKED)
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=ASKED)
    assets: list[AssetRef] = Field(default_factory=list, description="The assets to inspect", json_schema_extra=ASKED)
    inspection_type: InspectionType | None = Field(
        None, description="What sort of inspection it is", json_schema_extra=ASKED
    )
    recurrence: Line | None = Field(None, description="How often, as an RRULE", json_schema_extra=ASKED)
    starts_on: Day | None = Field(None, description="The first day it holds", json_schema_extra=ASKED)
    ends_on: Day | None = Field(None, description="The last day it holds")
    window: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] | None = (
        Field(None, description="The hours in which it may be done, such as 02:00-05:00")
    )
    checklist: list[ChecklistItem] = Field(
        default_factory=list, description="What to look at, item by item", json_schema_extra=ASKED
    )
    assignment_group: GroupRef | None = Field(None, description="The team that works on it", json_schema_extra=ASKED)
    required_skills: list[Line] = Field(default_factory=list, description="Skills the work needs")
    grace: Duration | None = Field(None, description="How late it may be before it counts as missed")
    on_failure: Literal["incident", "note"] | None = Field(None, description="What a failed item leads to")


class ItemResult(Block):
    """What was found of one item of the checklist."""

    key: Word = Field(description="The item's short name in the plan")
    value: Line | int | float | bool | None = Field(None, description="What was found: a figure, a word, or yes and no")
    ok: bool = Field(description="Whether it is in order")
    note: Line | None = Field(None, description="Free text")


class FoundOfAsset(Block):
    """What a configuration audit or a stocktake found of a field of an asset's record."""

    asset: AssetRef = Field(description="The asset that was looked at")
    field: Literal[
        "status", "version", "model", "serial_number", "location", "site", "service", "owner", "supplier",
    ] = Field(description="The field of its record that was compared")  # fmt: skip
    value: Line = Field(description="What the thing itself says")


class SignOff(Block):
    """Who said that it is done and true."""

    by: Line = Field(description="Who signed it")
    signed_on: Day = Field(description="When it was signed")


class Inspection(Ticket):
    """One inspection of a plan."""

    status: Literal["planned", "in_progress", "done", "cancelled"] | None = Field(
        None, description="Where the record stands in its life", json_schema_extra=DERIVED
    )
    plan: Annotated[str, RefTo(("inspection_plan",))] | None = Field(
        None, description="The plan it belongs to", json_schema_extra=ASKED
    )
    customer: CustomerRef | None = Field(None, description="The customer it belongs to", json_schema_extra=DERIVED)
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=DERIVED)
    assets: list[AssetRef] = Field(
        default_factory=list, description="The assets to inspect", json_schema_extra=DERIVED
    )
    due_on: Day | None = Field(None, description="The day it is due", json_schema_extra=ASKED)
    started_at: Instant | None = Field(None, description="When it started")
    ended_at: Instant | None = Field(None, description="When it ended")
    inspected_by: PersonRef | None = Field(None, description="Who inspects", json_schema_extra=ASKED)
    witnessed_by: Line | None = Field(None, description="Who was there for the customer")
    results: list[ItemResult] = Field(default_factory=list, description="What was found, item by item")
    found: list[FoundOfAsset] = Field(
        default_factory=list, description="What was found of assets' records, in an audit or a stocktake"
    )
    failed_items: list[Word] = Field(
        default_factory=list, description="The items that are not in order", json_schema_extra=DERIVED
    )
    incidents_opened: list[IncidentRef] = Field(default_factory=list, description="The incidents it opened")
    summary: Text | None = Field(None, description="What it came to, in a few words")
    sign_off: SignOff | None = Field(None, description="Who signed it, and when")
