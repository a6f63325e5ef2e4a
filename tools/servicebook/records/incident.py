"""What an incident holds: an unplanned interruption of a service, or a service less good than agreed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.dispatch import Dispatch, EmergencyPlan
from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    Block,
    ContractRef,
    CustomerRef,
    Day,
    Grade,
    GroupRef,
    Instant,
    Line,
    PersonRef,
    ServiceRef,
    SiteRef,
    Text,
)
from servicebook.records.ticket import CauseCode, ContactType, Priority, Ticket

Category = Literal[
    "user_request", "page_error", "network_link_down", "program_error", "resource_shortage",
    "data_error_or_loss", "server_damage",
]  # fmt: skip
"""The seven categories of clause 1.2.1; a user request belongs to a service request."""
FaultGrade = Literal["consultation", "degraded", "severe"]
"""The three grades of clause 1.3.4."""


class Caller(Block):
    """Who called (clause 1.2.2): what the desk asks on the telephone."""

    name: Line = Field(description="The caller's name")
    phone_ref: Line | None = Field(None, description="Where the telephone number is kept, outside Git")
    address: Line | None = Field(None, description="Where the caller is, when not at the site")
    role: Line | None = Field(None, description="What the caller does there")
    callback_at: Instant | None = Field(None, description="When to call back")
    third_party_maintenance: Literal["none", "before", "now", "unknown"] | None = Field(
        None, description="Whether others have serviced it before, or are working on it now"
    )
    third_party_by: Line | None = Field(None, description="Which other party serviced it")
    third_party_on: Day | None = Field(None, description="When the other party serviced it")
    someone_on_site: bool | None = Field(None, description="Whether somebody is there to help")


class PartReplaced(Block):
    """A part that was taken out and the one put in."""

    part: Line | None = Field(None, description="The part's number or record")
    old_serial: Line = Field(description="Serial number of the part taken out")
    new_serial: Line = Field(description="Serial number of the part put in")


class ProblemReview(Block):
    """What the look for a root found (clause 1.5.6): a problem is linked, or none is needed and why."""

    result: Literal["linked", "not_needed"] = Field(description="Whether a problem is linked or not needed")
    by: PersonRef | None = Field(None, description="Who reviewed it")
    reason: Line | None = Field(None, description="Why no problem is needed")


class Resolution(Block):
    """How the incident was resolved."""

    resolution_code: (
        Literal[
            "fixed", "workaround", "replaced", "restarted", "self_recovered", "not_reproducible",
            "user_error", "duplicate", "third_party", "no_action", "unknown",
        ]
        | None
    ) = Field(None, description="How it was resolved")  # fmt: skip
    cause_code: CauseCode | None = Field(None, description="What kind of cause it had")
    human_caused: bool | None = Field(
        None, description="Whether the customer's own people caused it, which ends free repair"
    )
    method: Text | None = Field(None, description="What was done")
    loss: Text | None = Field(None, description="The loss it caused")
    outage_start_at: Instant | None = Field(None, description="When the service went down")
    outage_end_at: Instant | None = Field(None, description="When the service was back")
    parts_replaced: list[PartReplaced] = Field(default_factory=list, description="Parts taken out and put in")
    confirmed_by: Line | None = Field(None, description="Who confirmed that it works, at the customer")
    problem_review: ProblemReview | None = Field(None, description="Whether a problem is linked or not needed")


class HandlingReport(Block):
    """The report the customer gets within 24 hours of the resolution (clause 1.3.1)."""

    problem_type: Line | None = Field(None, description="What kind of fault it was")
    cause: Text | None = Field(None, description="What caused it")
    method: Text | None = Field(None, description="What was done")
    loss: Text | None = Field(None, description="The loss it caused")
    submitted_at: Instant | None = Field(None, description="When it was submitted")
    submitted_to: Line | None = Field(None, description="To whom it was submitted")
    via: Literal["email", "fax", "in_person", "form", "post"] | None = Field(None, description="How it was submitted")


class Incident(Ticket):
    """An unplanned interruption of a service, or a service less good than agreed."""

    status: Literal["new", "in_progress", "on_hold", "resolved", "closed", "cancelled"] | None = Field(
        None, description="Where the record stands in its life", json_schema_extra=DERIVED
    )
    customer: CustomerRef = Field(description="The customer it belongs to", json_schema_extra=ASKED)
    contract: ContractRef | None = Field(None, description="The contract it falls under", json_schema_extra=DERIVED)
    caller: Caller | None = Field(None, description="Who called", json_schema_extra=ASKED)
    contact_type: ContactType | None = Field(None, description="The channel it came in by", json_schema_extra=ASKED)
    reported_at: Instant | None = Field(
        None,
        description="When the customer gave notice; the response clock starts here",
        json_schema_extra=ASKED,
    )
    site: SiteRef | None = Field(None, description="The place it happened at", json_schema_extra=ASKED)
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=DERIVED)
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it concerns")
    error_codes: list[Line] = Field(default_factory=list, description="Error codes that were seen, as they stand")
    category: Category | None = Field(None, description="The category of the service plan", json_schema_extra=ASKED)
    fault_grade: FaultGrade | None = Field(
        None, description="How severe the fault is; contractual targets hang on it", json_schema_extra=ASKED
    )
    impact: Grade | None = Field(None, description="How much is affected")
    urgency: Grade | None = Field(None, description="How soon it hurts")
    priority: Priority | None = Field(
        None, description="Order of work, computed from impact and urgency", json_schema_extra=DERIVED
    )
    assignment_group: GroupRef | None = Field(None, description="The team that works on it")
    assigned_to: PersonRef | None = Field(None, description="The person who works on it")
    emergency_plan: EmergencyPlan | None = Field(None, description="The plan for going there")
    dispatch: Dispatch | None = Field(None, description="The way there and back")
    resolution: Resolution | None = Field(None, description="How it was resolved")
    handling_report: HandlingReport | None = Field(None, description="The report to the customer")
