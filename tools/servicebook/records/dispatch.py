"""What sending a team needs and leaves: the emergency plan with its consent and approval, the way there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.record import Amount, Block, Count, Duration, Instant, Line, Money, PersonRef, Text, Word


class Consent(Block):
    """The customer's yes to planned or paid work."""

    by: Line = Field(description="Who said yes, at the customer")
    at: Instant = Field(description="When it was said")
    via: Literal["phone", "email", "fax", "in_person", "form"] | None = Field(None, description="How it was said")
    evidence: Line | None = Field(None, description="Where the proof is: a file of the record or a reference outside")


class PlanApproval(Block):
    """The approval of an emergency plan: signed, or by telephone and confirmed within 24 hours."""

    by: PersonRef = Field(description="Who approved it")
    at: Instant = Field(description="When it was approved")
    via: Literal["signature", "phone"] = Field(description="By signature, or by telephone")
    confirmed_at: Instant | None = Field(None, description="When the word on the telephone was confirmed in writing")


class EstimateLine(Block):
    """One line of an estimate: work of a role, an item of the bid, travel, or a sum of its own."""

    role: Word | None = Field(None, description="The role on the rate card")
    person_days: Amount | None = Field(None, description="Days of work of one person")
    item: Line | None = Field(None, description="What the bid has a price for")
    quantity: Count | None = Field(None, description="How many")
    travel: Money | None = Field(None, description="Cost of travel")
    amount: Money | None = Field(None, description="The sum of this line, where no card has it")
    note: Line | None = Field(None, description="What it was for")


class EmergencyPlan(Block):
    """The plan written before a team departs (clause 1.2.2, steps 2 to 8)."""

    suspected_cause: Line | None = Field(None, description="What is thought to be the cause")
    expected_start_at: Instant | None = Field(None, description="When work is expected to start")
    expected_duration: Duration | None = Field(None, description="How long it is expected to take")
    lead: PersonRef | None = Field(None, description="Who leads the work")
    engineers: list[PersonRef] = Field(default_factory=list, description="Who goes")
    skills_needed: list[Line] = Field(default_factory=list, description="Skills the work needs")
    tools: list[Line] = Field(default_factory=list, description="Tools to take along")
    parts: list[Line] = Field(default_factory=list, description="Parts to take along")
    work_items: list[Line] = Field(default_factory=list, description="What is to be done, item by item")
    special_notes: Text | None = Field(None, description="What the customer must know beforehand")
    estimate: Money | None = Field(
        None, description="What it is expected to cost, computed from the lines and the contract's rate card"
    )
    estimate_lines: list[EstimateLine] = Field(default_factory=list, description="What makes up the estimate")
    consent: Consent | None = Field(None, description="The customer's consent")
    approval: PlanApproval | None = Field(None, description="The approval of the plan")
    parts_released_by: PersonRef | None = Field(None, description="Who released the parts")


class Dispatch(Block):
    """The way to the site and back (clause 1.2.2, step 8)."""

    departed_at: Instant | None = Field(None, description="When the team left")
    eta_at: Instant | None = Field(None, description="When it is expected to arrive")
    told_by_phone_at: Instant | None = Field(None, description="When the customer was told by telephone")
    told_by_sms_at: Instant | None = Field(None, description="When the customer was told by text message")
    transport: Line | None = Field(None, description="How the team travels")
    pass_: Line | None = Field(None, alias="pass", description="The pass the site asks for")
    arrived_at: Instant | None = Field(None, description="When the team arrived")
    left_at: Instant | None = Field(None, description="When the team left the site")
