"""What a customer record holds: the customer file of clause 1.3.1."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    AgreementRef,
    Audience,
    Block,
    ContractRef,
    Day,
    Instant,
    Line,
    PersonRef,
    Record,
    RefTo,
    SiteRef,
    Word,
)


class Contact(Block):
    """Someone at the customer. Numbers and addresses are kept outside Git and named by reference."""

    name: Line = Field(description="The contact's name")
    role: Line | None = Field(None, description="What the contact does there")
    channel: Line | None = Field(None, description="How to reach the contact, by reference")
    hours: Line | None = Field(None, description="When to reach the contact")
    may_consent: bool = Field(False, description="Whether the contact may agree to paid work")
    audience: list[Audience] = Field(default_factory=list, description="Who may see it on a published site")


class ProtectedPeriod(Block):
    """A time in which nothing may be changed, such as a live broadcast."""

    title: Line = Field(description="What it is, in one line")
    start_at: Instant = Field(description="When it starts")
    end_at: Instant = Field(description="When it ends")


class Customer(Record):
    """The customer file: who they are, whom to talk to, what was promised to them."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    legal_name: Line | None = Field(None, description="The full name that stands in contracts", json_schema_extra=ASKED)
    short_name: Line | None = Field(None, description="The name people use")
    account_manager: PersonRef | None = Field(None, description="Who looks after the contract", json_schema_extra=ASKED)
    service_manager: PersonRef | None = Field(None, description="Who answers for the service", json_schema_extra=ASKED)
    contacts: list[Contact] = Field(default_factory=list, description="The people to talk to")
    users_representative: Line | None = Field(None, description="Who speaks for the users")
    sites: list[SiteRef] = Field(default_factory=list, description="The customer's sites")
    contracts: list[ContractRef] = Field(default_factory=list, description="The customer's contracts")
    agreements: list[AgreementRef] = Field(default_factory=list, description="The agreements that promise its levels")
    notification_language: Literal["en", "zh"] | None = Field(None, description="The language to write to them in")
    communication_plan: Annotated[str, RefTo(("communication_plan",))] | None = Field(
        None, description="The plan of who is told what, when and how"
    )
    first_visit_on: Day | None = Field(None, description="When they were first visited")
    vip_periods: list[ProtectedPeriod] = Field(
        default_factory=list, description="Protected broadcasts and other quiet times"
    )
    data_region: Word | None = Field(None, description="Where their data must stay")
