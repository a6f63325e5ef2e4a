"""What an improvement holds: where it came from, what is to get better, and whether it did."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.record import ASKED, Day, Grade, Line, OwnerRef, PersonRef, Record, ServiceRef


class Improvement(Record):
    """Something to do better, until it is done and measured (clause 1.5.3)."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    source: Literal["report", "survey", "audit", "problem"] | None = Field(
        None, description="Where it came from", json_schema_extra=ASKED
    )
    service: ServiceRef | None = Field(None, description="The service it concerns")
    owner: OwnerRef | None = Field(None, description="Who answers for it, a person or a team", json_schema_extra=ASKED)
    baseline: Line | None = Field(None, description="How it was before")
    target: Line | None = Field(None, description="How it is to be", json_schema_extra=ASKED)
    due_on: Day | None = Field(None, description="The day it is due", json_schema_extra=ASKED)
    measured_on: Day | None = Field(None, description="When it was measured")
    result: Line | None = Field(None, description="What came of it")
    priority: Grade | None = Field(None, description="How much it matters")
    approved_by: PersonRef | None = Field(None, description="Who approved it")
