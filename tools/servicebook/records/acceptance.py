"""What an acceptance holds: the figures a subsystem was designed for, those that were found, and who signed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.record import Block, ContractRef, Day, Line, PersonRef, Record, Text


class Figure(Block):
    """One figure of the design, and what the test found."""

    name: Line = Field(description="What is measured")
    due: Line = Field(description="The figure of the design")
    found: Line | None = Field(None, description="What the test found")
    ok: bool | None = Field(None, description="Whether it is in order")


class Acceptance(Record):
    """The test of a subsystem against its design figures (clause 1.6)."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    contract: ContractRef | None = Field(None, description="The contract it falls under")
    subsystem: Line | None = Field(None, description="What was tested")
    test_method: Text | None = Field(None, description="How it was tested")
    figures: list[Figure] = Field(default_factory=list, description="Figures due and found")
    tested_on: Day | None = Field(None, description="When it was tested")
    tested_by: PersonRef | None = Field(None, description="Who tested it")
    witnessed_by: Line | None = Field(None, description="Who watched for the supervisor")
    result: Literal["passed", "passed_with_defects", "failed"] | None = Field(None, description="How it ended")
    defects: list[Line] = Field(default_factory=list, description="What is left to mend")
    signed_by_customer: Line | None = Field(None, description="Who signed for the customer")
    signed_on: Day | None = Field(None, description="When it was signed")
    documents: list[Line] = Field(default_factory=list, description="The papers that belong to it")
