"""What a periodic report holds: what it tells of, who wrote, reviewed and submitted it, and what came of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.records.action import Action
from servicebook.records.record import Block, CustomerRef, Day, Instant, Line, PersonRef, Record, ServiceRef

ReportType = Literal["weekly", "monthly", "annual", "sla", "availability", "capacity", "audit"]
ReportChannel = Literal["phone", "email", "fax", "in_person", "form"]


class ReportFigure(Block):
    """One figure of a report, and how it was counted."""

    name: Line = Field(description="What the figure tells")
    value: int | float | None = Field(None, description="The figure itself; absent where nothing could be counted")
    unit: Line | None = Field(None, description="What the figure is counted in")
    formula: Line = Field(description="How it was counted")


class Report(Record):
    """A periodic report."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    report_type: ReportType | None = Field(None, description="What sort of report it is")
    customer: CustomerRef | None = Field(None, description="The customer it is for")
    service: ServiceRef | None = Field(None, description="The service it concerns")
    period_start: Day | None = Field(None, description="The first day it tells of")
    period_end: Day | None = Field(None, description="The last day it tells of")
    source_revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{7,64}$")] | None = Field(
        None, description="The commit that its figures come from"
    )
    prepared_by: PersonRef | None = Field(None, description="Who wrote it")
    figures: list[ReportFigure] = Field(default_factory=list, description="Its figures, each with its formula")
    reviewed_by: PersonRef | None = Field(None, description="Who reviewed it")
    reviewed_at: Instant | None = Field(None, description="When it was reviewed")
    submitted_to: Line | None = Field(None, description="Who received it, at the customer")
    submitted_at: Instant | None = Field(None, description="When it was submitted")
    via: ReportChannel | None = Field(None, description="How it was submitted")
    acknowledged_by: Line | None = Field(None, description="Who confirmed that it arrived")
    actions: list[Action] = Field(default_factory=list, description="Who promised to do what by when")
