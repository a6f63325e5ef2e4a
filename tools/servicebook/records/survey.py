"""What a survey of satisfaction holds: who was asked about what, and what they said."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    DERIVED,
    Block,
    ContractRef,
    CustomerRef,
    Day,
    Line,
    PersonRef,
    Record,
    Text,
    TicketRef,
)
from servicebook.records.ticket import ContactType

Points = Annotated[int, Field(ge=1, le=5)]
"""From 1 (very dissatisfied) to 5 (very satisfied)."""


class Score(Block):
    """The answer to one question."""

    question: Line = Field(description="What was asked")
    score: Points = Field(description="From 1 (very dissatisfied) to 5 (very satisfied)")


class Survey(Record):
    """A survey of satisfaction (clause 1.3.1)."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    survey_type: Literal["ticket", "project", "annual", "complaint", "suggestion"] | None = Field(
        None, description="What sort of survey it is", json_schema_extra=ASKED
    )
    customer: CustomerRef | None = Field(None, description="The customer who was asked", json_schema_extra=ASKED)
    contract: ContractRef | None = Field(None, description="The contract it falls under", json_schema_extra=DERIVED)
    ticket: TicketRef | None = Field(None, description="The ticket it is about")
    period: Line | None = Field(None, description="The time it is about, such as 2026 or 2026-Q3")
    contact_type: ContactType | None = Field(None, description="How they were asked", json_schema_extra=ASKED)
    sent_on: Day | None = Field(None, description="When it was sent")
    responded_on: Day | None = Field(None, description="When they answered")
    surveyed_by: PersonRef | None = Field(
        None, description="Who asked, never the engineer who is rated", json_schema_extra=ASKED
    )
    respondent: Line | None = Field(None, description="Who answered, at the customer")
    scores: list[Score] = Field(default_factory=list, description="The answers, question by question")
    csat: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="Share of the answers that are 4 or 5, in percent", json_schema_extra=DERIVED
    )
    comment: Text | None = Field(None, description="What they said in their own words")
    engineers: list[PersonRef] = Field(default_factory=list, description="The engineers who are rated")
    follow_up: TicketRef | None = Field(None, description="The ticket that came of it")
