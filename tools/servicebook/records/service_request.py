"""What a service request holds: something a customer asks for that is no fault."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.dispatch import Consent
from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    Block,
    ContractRef,
    Count,
    CustomerRef,
    Day,
    Grade,
    GroupRef,
    Instant,
    Line,
    Money,
    PersonRef,
    ServiceRef,
    SiteRef,
    Text,
)
from servicebook.records.ticket import ContactType, Priority, Ticket

RequestType = Literal[
    "information", "access", "configuration", "provisioning", "training", "complaint", "suggestion", "other"
]


class Fulfilment(Block):
    """What was delivered, and who took it over."""

    result: Text = Field(description="What was delivered")
    accepted_by: Line | None = Field(None, description="Who accepted it, at the customer")
    accepted_on: Day | None = Field(None, description="When it was accepted")


class Training(Block):
    """A training that was held: for whom, on what, and who was there (clause 1.1-3)."""

    audience: Literal["users", "operators", "maintainers"] = Field(description="Whom it was for")
    held_on: Day = Field(description="When it was held")
    trainers: list[PersonRef] = Field(description="Who taught", min_length=1)
    topics: list[Line] = Field(description="What was taught", min_length=1)
    attendees: list[Line] = Field(description="Who was there", min_length=1)


class ServiceRequest(Ticket):
    """Something a customer asks for that is no fault."""

    status: Literal["new", "in_progress", "on_hold", "fulfilled", "closed", "rejected", "cancelled"] | None = Field(
        None, description="Where the record stands in its life", json_schema_extra=DERIVED
    )
    customer: CustomerRef = Field(description="The customer it belongs to", json_schema_extra=ASKED)
    contract: ContractRef | None = Field(None, description="The contract it falls under", json_schema_extra=DERIVED)
    requested_by: Line | None = Field(None, description="Who asks for it", json_schema_extra=ASKED)
    requested_for: Line | None = Field(None, description="Whom it is for, when not for the asker")
    contact_type: ContactType | None = Field(None, description="The channel it came in by", json_schema_extra=ASKED)
    reported_at: Instant | None = Field(
        None,
        description="When the customer gave notice; the response clock starts here",
        json_schema_extra=ASKED,
    )
    site: SiteRef | None = Field(None, description="The place it is wanted at")
    request_type: RequestType | None = Field(None, description="What sort of request it is", json_schema_extra=ASKED)
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=ASKED)
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it concerns")
    catalog_item: Line | None = Field(None, description="The item of the service catalog")
    quantity: Count | None = Field(None, description="How many")
    due_on: Day | None = Field(None, description="When it is wanted")
    impact: Grade | None = Field(None, description="How much is affected")
    urgency: Grade | None = Field(None, description="How soon it is needed")
    priority: Priority | None = Field(
        None, description="Order of work, computed from impact and urgency", json_schema_extra=DERIVED
    )
    assignment_group: GroupRef | None = Field(None, description="The team that works on it")
    assigned_to: PersonRef | None = Field(None, description="The person who works on it")
    approved_by: PersonRef | None = Field(None, description="Who approved the request")
    estimate: Money | None = Field(None, description="What it is expected to cost")
    consent: Consent | None = Field(None, description="The customer's consent")
    fulfilment: Fulfilment | None = Field(None, description="What was delivered")
    training: list[Training] = Field(default_factory=list, description="The trainings that were held")
