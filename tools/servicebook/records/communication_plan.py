"""What a communication plan holds: who is told what, when and how."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.records.incident import FaultGrade
from servicebook.records.record import Block, ContractRef, Count, Day, Line, PersonRef, Record, ServiceRef
from servicebook.records.report import ReportChannel, ReportType
from servicebook.records.timeline import Channel, EventName


class Stakeholder(Block):
    """Somebody who must know something (clause 1.4)."""

    who: Line = Field(description="Who is told")
    information: Line = Field(description="What about")
    when: Line = Field(description="When, or how often")
    how: Line = Field(description="By which channel")
    direction: Literal["up", "down", "sideways", "diagonal"] | None = Field(
        None, description="Whether it goes up, down, sideways or diagonally"
    )
    on_events: list[EventName] = Field(
        default_factory=list, description="Events of a ticket on which `messages` asks for it"
    )
    kinds: list[Literal["incident", "service_request", "problem", "change", "release", "visit"]] = Field(
        default_factory=list, description="Only of tickets of these kinds"
    )
    fault_grades: list[FaultGrade] = Field(default_factory=list, description="Only of faults of these grades")
    via: list[Channel] = Field(default_factory=list, description="The channels that a message names; phone if none")


class PromisedReport(Block):
    """A report that is due again and again (clause 1.5.5-1)."""

    report_type: ReportType = Field(description="What sort of report it is")
    every: Literal["week", "month", "year"] | None = Field(
        None, description="The period of one report; that of its type where it is not said"
    )
    starts_on: Day = Field(description="The first day it tells of")
    ends_on: Day | None = Field(None, description="The last day it holds")
    service: ServiceRef | None = Field(None, description="The service it concerns")
    prepared_by: PersonRef = Field(description="Who writes it")
    reviewed_by: PersonRef = Field(description="Who reviews it")
    submitted_to: Line = Field(description="Who receives it, at the customer")
    within: Annotated[str, StringConstraints(pattern=r"^\d{1,3} days?$")] = Field(
        description="How long after its period it is submitted at the latest, such as 3 days"
    )
    via: ReportChannel | None = Field(None, description="How it is submitted")


class CommunicationPlan(Record):
    """Who is told what, when and how (clause 1.4)."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    contract: ContractRef | None = Field(None, description="The contract it falls under")
    version: Count | None = Field(None, description="Number of the version, from 1 up")
    stakeholders: list[Stakeholder] = Field(default_factory=list, description="Who is told what, line by line")
    reports: list[PromisedReport] = Field(
        default_factory=list, description="The reports that are due again and again"
    )
    coordinator: PersonRef | None = Field(None, description="Who looks after it")
    coordination_kinds: list[Line] = Field(default_factory=list, description="The kinds of coordination it holds for")
    reporting_line: list[PersonRef] = Field(default_factory=list, description="Who reports to whom, from below up")
    review_every: Annotated[str, StringConstraints(pattern=r"^\d+ (days?|weeks?|months?|years?)$")] | None = Field(
        None, description="How often it is looked at again, such as 6 months"
    )
    reviewed_on: Day | None = Field(None, description="When it was last reviewed")
    approved_by: PersonRef | None = Field(None, description="Who approved it")
