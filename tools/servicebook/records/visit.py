"""What a visit to a customer holds: why it is due, when, who goes, and what it is expected to cost."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.dispatch import Consent
from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    ContractRef,
    CustomerRef,
    Instant,
    Line,
    Money,
    PersonRef,
    ServiceRef,
    SiteRef,
)
from servicebook.records.ticket import Ticket


class Visit(Ticket):
    """A visit to a customer's site (clause 1.2.3)."""

    status: Literal["planned", "departed", "on_site", "closed", "cancelled"] | None = Field(
        None, description="Where the record stands in its life", json_schema_extra=DERIVED
    )
    customer: CustomerRef | None = Field(None, description="The customer it belongs to", json_schema_extra=ASKED)
    site: SiteRef | None = Field(None, description="The place to visit", json_schema_extra=ASKED)
    contract: ContractRef | None = Field(None, description="The contract it falls under", json_schema_extra=DERIVED)
    service: ServiceRef | None = Field(None, description="The service it concerns")
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it concerns")
    visit_type: Literal["proactive", "first", "return", "training", "installation"] | None = Field(
        None, description="What sort of visit it is", json_schema_extra=ASKED
    )
    reason: Line | None = Field(None, description="Why it is due", json_schema_extra=ASKED)
    planned_departure_at: Instant | None = Field(
        None, description="When it is planned to leave", json_schema_extra=ASKED
    )
    planned_start_at: Instant | None = Field(None, description="When it is planned to start", json_schema_extra=ASKED)
    planned_end_at: Instant | None = Field(None, description="When it is planned to end")
    work_items: list[Line] = Field(
        default_factory=list, description="What is to be done, item by item", json_schema_extra=ASKED
    )
    lead: PersonRef | None = Field(None, description="Who leads the work")
    engineers: list[PersonRef] = Field(default_factory=list, description="Who goes")
    skills_needed: list[Line] = Field(default_factory=list, description="Skills the work needs")
    estimate: Money | None = Field(None, description="What it is expected to cost")
    consent: Consent | None = Field(None, description="The customer's consent")
