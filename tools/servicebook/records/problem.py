"""What a problem holds: the unknown cause of one or more incidents, or of one that has not happened yet."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    CustomerRef,
    Day,
    Grade,
    GroupRef,
    Instant,
    PersonRef,
    ServiceRef,
    Text,
    TicketRef,
)
from servicebook.records.ticket import CauseCode, Priority, Ticket


class Problem(Ticket):
    """The unknown cause of one or more incidents, or of one that has not happened yet."""

    status: Literal["new", "in_progress", "on_hold", "resolved", "closed", "cancelled"] | None = Field(
        None, description="Where the record stands in its life", json_schema_extra=DERIVED
    )
    problem_type: Literal["reactive", "proactive"] | None = Field(
        None, description="Whether incidents led to it, or it was found before any", json_schema_extra=ASKED
    )
    customer: CustomerRef | None = Field(None, description="The customer it belongs to, when it is only one")
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=ASKED)
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it concerns")
    detected_at: Instant | None = Field(None, description="When it was noticed", json_schema_extra=ASKED)
    detected_from: Literal["incident", "trend", "inspection", "vendor"] | None = Field(
        None, description="What it was noticed by"
    )
    impact: Grade | None = Field(None, description="How much is affected")
    urgency: Grade | None = Field(None, description="How soon it hurts")
    priority: Priority | None = Field(
        None, description="Order of work, computed from impact and urgency", json_schema_extra=DERIVED
    )
    assignment_group: GroupRef | None = Field(None, description="The team that works on it")
    assigned_to: PersonRef | None = Field(None, description="The person who works on it")
    problem_manager: PersonRef | None = Field(
        None, description="Who answers for the problem until it is closed", json_schema_extra=ASKED
    )
    first_reported_by_task: TicketRef | None = Field(None, description="The ticket it was first seen in")
    workaround: Text | None = Field(None, description="How to live with it until it is removed")
    root_cause: Text | None = Field(None, description="What lies at the root")
    cause_code: CauseCode | None = Field(None, description="What kind of cause it had")
    review_on: Day | None = Field(None, description="When to look at it again")
    closure_code: Literal["removed", "risk_accepted", "not_reproducible", "duplicate", "no_longer_relevant"] | None = (
        Field(None, description="Why it could be closed")
    )
