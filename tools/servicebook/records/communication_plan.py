"""What a communication plan holds: who is told what, when and how."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.records.record import Block, ContractRef, Count, Day, Line, PersonRef, Record


class Stakeholder(Block):
    """Somebody who must know something (clause 1.4)."""

    who: Line = Field(description="Who is told")
    information: Line = Field(description="What about")
    when: Line = Field(description="When, or how often")
    how: Line = Field(description="By which channel")
    direction: Literal["up", "down", "sideways", "diagonal"] | None = Field(
        None, description="Whether it goes up, down, sideways or diagonally"
    )


class CommunicationPlan(Record):
    """Who is told what, when and how (clause 1.4)."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    contract: ContractRef | None = Field(None, description="The contract it falls under")
    version: Count | None = Field(None, description="Number of the version, from 1 up")
    stakeholders: list[Stakeholder] = Field(default_factory=list, description="Who is told what, line by line")
    coordinator: PersonRef | None = Field(None, description="Who looks after it")
    coordination_kinds: list[Line] = Field(default_factory=list, description="The kinds of coordination it holds for")
    reporting_line: list[PersonRef] = Field(default_factory=list, description="Who reports to whom, from below up")
    review_every: Annotated[str, StringConstraints(pattern=r"^\d+ (days?|weeks?|months?|years?)$")] | None = Field(
        None, description="How often it is looked at again, such as 6 months"
    )
    reviewed_on: Day | None = Field(None, description="When it was last reviewed")
    approved_by: PersonRef | None = Field(None, description="Who approved it")
