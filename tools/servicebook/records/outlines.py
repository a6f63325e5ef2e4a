"""What is known of the kinds whose full models come later: their references and main fields; others pass."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from servicebook.records.record import (
    ASKED,
    AgreementRef,
    AssetRef,
    Block,
    BoardRef,
    ContractRef,
    CustomerRef,
    Day,
    GroupRef,
    IncidentRef,
    Instant,
    Line,
    OwnerRef,
    PersonRef,
    Record,
    RefTo,
    ServiceRef,
    SiteRef,
    SupplierRef,
    SupportHoursRef,
    Text,
    TicketRef,
    Word,
    Zone,
)
from servicebook.records.ticket import ContactType, Ticket

_OPEN = ConfigDict(extra="allow", frozen=True, strict=True)


class ChecklistItem(Block):
    """One thing to look at, and what is due."""

    model_config = _OPEN

    key: Word = Field(description="Short name of the item, which results repeat")
    text: Line = Field(description="What to look at")


class Movement(Block):
    """One movement of stock."""

    model_config = _OPEN

    at: Instant = Field(description="When it happened, with offset")
    type: Word | None = Field(None, description="What sort of movement it is")
    quantity: int | None = Field(None, description="How many")
    ticket: TicketRef | None = Field(None, description="The ticket it is about")
    by: PersonRef | None = Field(None, description="Who did it")


class Shift(Block):
    """One person on duty for a while."""

    model_config = _OPEN

    start: Instant = Field(description="When it starts")
    end: Instant = Field(description="When it ends")
    person: PersonRef = Field(description="Who is on duty")
    backup: PersonRef | None = Field(None, description="Who stands in")


class Action(Block):
    """Something a meeting or report asked somebody to do."""

    model_config = _OPEN

    text: Line = Field(description="What is to be done")
    owner: OwnerRef | None = Field(None, description="Who answers for it, a person or a team")
    due_on: Day | None = Field(None, description="The day it is due")
    done_on: Day | None = Field(None, description="When it was done")


class Visit(Ticket):
    """A visit to a customer's site (clause 1.2.3)."""

    model_config = _OPEN

    customer: CustomerRef | None = Field(None, description="The customer it belongs to", json_schema_extra=ASKED)
    site: SiteRef | None = Field(None, description="The place to visit", json_schema_extra=ASKED)
    contract: ContractRef | None = Field(None, description="The contract it falls under")
    service: ServiceRef | None = Field(None, description="The service it concerns")
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it concerns")
    visit_type: Word | None = Field(None, description="What sort of visit it is", json_schema_extra=ASKED)
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


class InspectionPlan(Record):
    """A plan of inspections that come again and again."""

    model_config = _OPEN

    customer: CustomerRef | None = Field(None, description="The customer it belongs to", json_schema_extra=ASKED)
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=ASKED)
    assets: list[AssetRef] = Field(default_factory=list, description="The assets to inspect", json_schema_extra=ASKED)
    inspection_type: Word | None = Field(None, description="What sort of inspection it is", json_schema_extra=ASKED)
    checklist: list[ChecklistItem] = Field(
        default_factory=list, description="What to look at, item by item", json_schema_extra=ASKED
    )
    recurrence: Line | None = Field(None, description="How often, as an RRULE", json_schema_extra=ASKED)
    starts_on: Day | None = Field(None, description="The first day it holds", json_schema_extra=ASKED)
    ends_on: Day | None = Field(None, description="The last day it holds")
    assignment_group: GroupRef | None = Field(None, description="The team that works on it", json_schema_extra=ASKED)


class Inspection(Ticket):
    """One inspection of a plan."""

    model_config = _OPEN

    plan: Annotated[str, RefTo(("inspection_plan",))] | None = Field(
        None, description="The plan it belongs to", json_schema_extra=ASKED
    )
    customer: CustomerRef | None = Field(None, description="The customer it belongs to")
    service: ServiceRef | None = Field(None, description="The service it concerns")
    assets: list[AssetRef] = Field(default_factory=list, description="The assets to inspect")
    due_on: Day | None = Field(None, description="The day it is due", json_schema_extra=ASKED)
    started_at: Instant | None = Field(None, description="When it started")
    ended_at: Instant | None = Field(None, description="When it ended")
    inspected_by: PersonRef | None = Field(None, description="Who inspects", json_schema_extra=ASKED)
    incidents_opened: list[IncidentRef] = Field(default_factory=list, description="The incidents it opened")


class Survey(Record):
    """A survey of satisfaction (clause 1.3.1)."""

    model_config = _OPEN

    survey_type: Word | None = Field(None, description="What sort of survey it is", json_schema_extra=ASKED)
    customer: CustomerRef | None = Field(None, description="The customer who was asked", json_schema_extra=ASKED)
    contract: ContractRef | None = Field(None, description="The contract it falls under")
    ticket: TicketRef | None = Field(None, description="The ticket it is about")
    contact_type: ContactType | None = Field(None, description="How they were asked", json_schema_extra=ASKED)
    sent_on: Day | None = Field(None, description="When it was sent")
    responded_on: Day | None = Field(None, description="When they answered")
    surveyed_by: PersonRef | None = Field(
        None, description="Who asked, never the engineer who is rated", json_schema_extra=ASKED
    )
    engineers: list[PersonRef] = Field(default_factory=list, description="The engineers who are rated")
    follow_up: TicketRef | None = Field(None, description="The ticket that came of it")


class Meeting(Record):
    """A meeting and its minutes."""

    model_config = _OPEN

    meeting_type: Word | None = Field(None, description="What sort of meeting it is", json_schema_extra=ASKED)
    held_at: Instant | None = Field(None, description="When it starts", json_schema_extra=ASKED)
    ends_at: Instant | None = Field(None, description="When it ends")
    chair: PersonRef | None = Field(None, description="Who leads it", json_schema_extra=ASKED)
    minutes_by: PersonRef | None = Field(None, description="Who writes it down")
    attendees: list[Line] = Field(default_factory=list, description="Who is there", json_schema_extra=ASKED)
    board: BoardRef | None = Field(None, description="The board that meets")
    actions: list[Action] = Field(default_factory=list, description="Who promised to do what by when")
    records_discussed: list[TicketRef] = Field(default_factory=list, description="The tickets that were talked about")
    approved_by: PersonRef | None = Field(None, description="Who approved it")


class Part(Record):
    """A spare part and its stock (clause 1.3.3)."""

    model_config = _OPEN

    part_number: Line | None = Field(None, description="The maker's part number", json_schema_extra=ASKED)
    manufacturer: Line | None = Field(None, description="Who made it", json_schema_extra=ASKED)
    model: Line | None = Field(None, description="The maker's model name", json_schema_extra=ASKED)
    store: SiteRef | None = Field(None, description="Where it is kept", json_schema_extra=ASKED)
    unit: Line | None = Field(None, description="What is counted", json_schema_extra=ASKED)
    minimum_stock: int | None = Field(None, description="How many must be there", json_schema_extra=ASKED)
    movements: list[Movement] = Field(default_factory=list, description="What came and went, line by line")
    covers_assets: list[AssetRef] = Field(default_factory=list, description="The assets it fits")
    equivalent_to: list[Annotated[str, RefTo(("part",))]] = Field(
        default_factory=list, description="Parts that do the same"
    )
    supplier: SupplierRef | None = Field(None, description="Who supplies it")


class Report(Record):
    """A periodic report."""

    model_config = _OPEN

    report_type: Word | None = Field(None, description="What sort of report it is")
    customer: CustomerRef | None = Field(None, description="The customer it is for")
    service: ServiceRef | None = Field(None, description="The service it concerns")
    period_start: Day | None = Field(None, description="The first day it tells of")
    period_end: Day | None = Field(None, description="The last day it tells of")
    prepared_by: PersonRef | None = Field(None, description="Who wrote it")
    reviewed_by: PersonRef | None = Field(None, description="Who reviewed it")
    submitted_at: Instant | None = Field(None, description="When it was submitted")
    actions: list[Action] = Field(default_factory=list, description="Who promised to do what by when")


class Roster(Record):
    """Who is on duty when."""

    model_config = _OPEN

    team: GroupRef | None = Field(None, description="The team it is for")
    zone: Zone | None = Field(None, description="The time zone of its shifts")
    shifts: list[Shift] = Field(default_factory=list, description="Who is on duty when")
    period_start: Day | None = Field(None, description="The first day it tells of")
    period_end: Day | None = Field(None, description="The last day it tells of")
    approved_by: PersonRef | None = Field(None, description="Who approved it")


class Acceptance(Record):
    """The test of a subsystem against its design figures (clause 1.6)."""

    model_config = _OPEN

    contract: ContractRef | None = Field(None, description="The contract it falls under")
    subsystem: Line | None = Field(None, description="What was tested")
    tested_on: Day | None = Field(None, description="When it was tested")
    tested_by: PersonRef | None = Field(None, description="Who tested it")
    signed_on: Day | None = Field(None, description="When it was signed")


class Improvement(Record):
    """Something to do better, until it is done and measured (clause 1.5.3)."""

    model_config = _OPEN

    service: ServiceRef | None = Field(None, description="The service it concerns")
    owner: OwnerRef | None = Field(None, description="Who answers for it, a person or a team")
    due_on: Day | None = Field(None, description="The day it is due")
    measured_on: Day | None = Field(None, description="When it was measured")
    approved_by: PersonRef | None = Field(None, description="Who approved it")


class Supplier(Record):
    """A supplier."""

    model_config = _OPEN

    services: list[ServiceRef] = Field(default_factory=list, description="The services it helps with")
    hotline: Line | None = Field(None, description="How to call it, by reference")
    support_hours: SupportHoursRef | None = Field(None, description="When it is there")
    agreements: list[AgreementRef] = Field(default_factory=list, description="The agreements with it")
    contract_number: Line | None = Field(None, description="The number on the paper")
    rma_process: Text | None = Field(None, description="How to send a broken part back")
    account_manager: PersonRef | None = Field(None, description="Who looks after it, on our side")
    review_on: Day | None = Field(None, description="When to look at it again")


class CommunicationPlan(Record):
    """Who is told what, when and how (clause 1.4)."""

    model_config = _OPEN

    contract: ContractRef | None = Field(None, description="The contract it falls under")
    version: int | None = Field(None, description="Number of the version, from 1 up")
    coordinator: PersonRef | None = Field(None, description="Who looks after it")
    reviewed_on: Day | None = Field(None, description="When it was last reviewed")
    approved_by: PersonRef | None = Field(None, description="Who approved it")
