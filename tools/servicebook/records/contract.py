"""What a contract record holds: the project, what is covered, and what paid work costs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    AgreementRef,
    Amount,
    AssetRef,
    Block,
    CustomerRef,
    Day,
    Line,
    Money,
    PersonRef,
    Record,
    ServiceRef,
    Word,
)

FreeOrPaid = Literal["free", "paid"]


class Cover(Block):
    """What one scope of cover includes, from when, how long, and by which clause (clauses 1.1-1, 1.3.5)."""

    scope: Literal["goods", "software", "manufacturer", "renewal"] = Field(description="What is covered")
    start_event: Literal["accepted_on", "signed_on", "maker"] = Field(description="What its term starts with")
    term: Annotated[str, Field(pattern=r"^\d+ (days?|months?|years?)$")] | None = Field(
        None, description="How long it lasts, such as 3 years"
    )
    labour: FreeOrPaid | None = Field(None, description="Whether labour is free or paid")
    parts: FreeOrPaid | None = Field(None, description="Whether parts are free or paid")
    travel: FreeOrPaid | None = Field(None, description="Whether travel is free or paid")
    custom_work: FreeOrPaid | None = Field(None, description="Whether custom work is free or paid")
    post_expiry_product_fault: FreeOrPaid | None = Field(
        None, description="Whether faults of the product are mended free after the term"
    )
    clause: Line | None = Field(None, description="The clause that says so")


class ClauseConflict(Block):
    """Two clauses that answer one question differently, and which answer holds until the parties have settled it."""

    clauses: Annotated[list[Line], Field(min_length=2)] = Field(description="The clauses that differ")
    question: Literal["post_expiry_product_fault", "labour", "parts", "travel", "custom_work"] = Field(
        description="What they differ on"
    )
    reading: FreeOrPaid | None = Field(None, description="The reading that was chosen")
    reason: Line | None = Field(None, description="Why it was chosen")
    settled_on: Day | None = Field(None, description="When the parties agreed on it; open until then")
    settled_by: Line | None = Field(None, description="Who agreed on it, on both sides")


class BidPrice(Block):
    """A price of the bid, which later purchases may not exceed."""

    item: Line = Field(description="What was bid for")
    unit_price: Money = Field(description="Price of one")


class Rate(Block):
    """What one unit of a role's work costs."""

    role: Word = Field(description="The role on the rate card")
    unit: Literal["person_day", "hour"] = Field("person_day", description="What the price is for")
    price: Money = Field(description="Price of one unit")


class Renewal(Block):
    """What the customer may renew, for how much, until when."""

    percent: Amount = Field(description="Price of a year, in percent")
    of: Literal["bid_total"] = Field("bid_total", description="What the percentage is of")
    option_by_on: Day | None = Field(None, description="The last day to decide")


class HandedOver(Block):
    """A document that the customer has (clause 1.1-3)."""

    document: Line = Field(description="The document, as `documents_due` names it")
    handed_on: Day = Field(description="When it was handed over")
    to: Line = Field(description="Who received it")
    where: Line | None = Field(None, description="Where it lies")


class Contract(Record):
    """The project, what is covered, and what paid work costs."""

    status: Literal["draft", "active", "expired"] | None = Field(
        None, description="Where the record stands in its life"
    )
    customer: CustomerRef = Field(description="The customer it belongs to", json_schema_extra=ASKED)
    project: Line | None = Field(None, description="The project it is for", json_schema_extra=ASKED)
    contract_number: Line | None = Field(None, description="The number on the paper", json_schema_extra=ASKED)
    signed_on: Day | None = Field(None, description="When it was signed", json_schema_extra=ASKED)
    accepted_on: Day | None = Field(None, description="When the goods were finally accepted")
    cover: list[Cover] = Field(default_factory=list, description="What is covered", json_schema_extra=ASKED)
    conflicts: list[ClauseConflict] = Field(
        default_factory=list, description="Clauses that contradict each other, with the reading chosen"
    )
    agreements: list[AgreementRef] = Field(
        default_factory=list, description="The agreements that promise its levels", json_schema_extra=ASKED
    )
    services: list[ServiceRef] = Field(default_factory=list, description="The services it pays for")
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it delivered")
    bid_total: Money | None = Field(None, description="The sum of the bid")
    bid_prices: list[BidPrice] = Field(default_factory=list, description="The prices of the bid")
    rate_card: list[Rate] = Field(default_factory=list, description="What paid work costs", json_schema_extra=ASKED)
    renewal: Renewal | None = Field(None, description="How it can be renewed")
    expires_on: Day | None = Field(None, description="The last day it holds")
    project_manager: PersonRef | None = Field(None, description="Who answers for the project")
    documents_due: list[Line] = Field(default_factory=list, description="Documents to hand over")
    handed_over: list[HandedOver] = Field(default_factory=list, description="Documents that were handed over")
