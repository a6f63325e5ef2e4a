"""What a supplier's record holds: how to reach it, what it promised, and how a broken part is sent back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.agreement import Within
from servicebook.records.record import AgreementRef, Day, Line, PersonRef, Record, ServiceRef, SupportHoursRef, Text


class Supplier(Record):
    """A supplier."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    services: list[ServiceRef] = Field(default_factory=list, description="The services it helps with")
    hotline: Line | None = Field(None, description="How to call it, by reference")
    support_hours: SupportHoursRef | None = Field(None, description="When it is there")
    agreements: list[AgreementRef] = Field(default_factory=list, description="The agreements with it")
    contract_number: Line | None = Field(None, description="The number on the paper")
    escalation: list[Line] = Field(default_factory=list, description="Whom to call next, in order")
    rma_process: Text | None = Field(None, description="How to send a broken part back")
    rma_target: Within | None = Field(None, description="How long a part may take to come back")
    warranty_terms: Text | None = Field(None, description="What its warranty covers")
    account_manager: PersonRef | None = Field(None, description="Who looks after it, on our side")
    review_on: Day | None = Field(None, description="When to look at it again")
