"""What an agreement holds: versions of promises, each with its clocks, support hours and dates."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from servicebook.records.readings import read_within
from servicebook.records.record import (
    ASKED,
    Block,
    CustomerRef,
    Day,
    Duration,
    GroupRef,
    Line,
    Record,
    ServiceRef,
    SupplierRef,
    SupportHoursRef,
    Text,
    Word,
    Zone,
)
from servicebook.records.timeline import PauseReason

ClockName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]

Within = Annotated[
    Any,
    AfterValidator(read_within),
    WithJsonSchema({"type": ["string", "object"], "examples": ["30m", "travel + 1h", "2 working days"]}),
]
"""A target: 30m, 1h30m, PT90M, travel + 1h, 2 working days, or a table of them by the site's distance class."""


class AppliesWhen(Block):
    """The tickets a clock is for: every list that is given must hold the ticket's value."""

    kind: list[Word] = Field(default_factory=list, description="Kinds of ticket")
    fault_grade: list[Literal["consultation", "degraded", "severe"]] = Field(
        default_factory=list, description="Grades of fault"
    )
    category: list[Word] = Field(default_factory=list, description="Categories of the service plan")
    priority: list[Literal["P1", "P2", "P3", "P4"]] = Field(default_factory=list, description="Priorities")
    cover: list[Literal["goods", "software", "manufacturer", "renewal"]] = Field(
        default_factory=list, description="Scopes of the contract's cover"
    )
    distance_class: list[Word] = Field(default_factory=list, description="Distance classes of the site")


class Step(Block):
    """A step of escalation: when on the way to the target, and whom it tells."""

    at: Annotated[str, StringConstraints(pattern=r"^(\d+%|[-+]?(\d+d)?(\d+h)?(\d+m)?(\d+s)?)$", min_length=2)] = Field(
        description="A share of the target such as 50%, or an offset from the due time such as -10m"
    )
    tell: list[Line] = Field(description="Whom it tells: roles, people or teams")
    then: list[Line] = Field(
        default_factory=list, description="Whom to call next, one after the other, until somebody acknowledges"
    )
    every: Duration | None = Field(
        None, description="How long each of them has to answer, on the wall clock; 15m unless said"
    )
    rounds: Annotated[int, Field(ge=1, le=10)] | None = Field(
        None, description="How often the calls go round, at most 10; once unless said"
    )


class AgreedClock(Block):
    """One timed promise: what starts and stops it, how long it may take, what pauses it."""

    name: ClockName = Field(description="The clock's name, such as response")
    clause: Line | None = Field(None, description="The clause that promises it")
    promise: Literal["contract", "internal"] = Field(
        "contract", description="Whether the contract promises it, or the desk itself"
    )
    applies_when: AppliesWhen = Field(default_factory=AppliesWhen, description="The tickets it is for")
    team: GroupRef | None = Field(
        None, description="The team whose time it counts: it starts at `assigned`, and its stints add up"
    )
    supplier: SupplierRef | None = Field(
        None,
        description="The supplier whose time it counts: it starts with `paused`, each time that a ticket waits for it",
    )
    start: Line = Field(description="The field, event or clock that starts it")
    stop: list[Line] = Field(description="The events that stop it")
    cancel: list[Line] = Field(default_factory=list, description="The events that cancel it")
    within: Within = Field(description="How long it may take, such as 30m, travel + 1h, 2 working days")
    due: Literal["closing", "same-time"] | None = Field(
        None, description="Whether working days end at closing time or at the time of day of the start"
    )
    counting: Literal["from-event-date", "from-next-opening"] | None = Field(
        None,
        description="Whether working days count from the event's date, or from the next opening, one day more generous",
    )
    hours: SupportHoursRef | None = Field(None, description="Its own support hours, when not the version's")
    pauses_on: list[PauseReason] = Field(default_factory=list, description="The reasons that pause it")
    reopened: Literal["excluded", "counted"] | None = Field(
        None, description="Whether time spent wrongly resolved counts; by default it does not"
    )
    window: list[Line] = Field(
        default_factory=list, description="For a clock that counts backwards: earliest and latest, in days"
    )
    steps: list[Step] = Field(default_factory=list, description="The steps of escalation")


class ConflictResolved(Block):
    """Two clauses that say different things, and the reading that was chosen."""

    clauses: list[Line] = Field(description="The clauses that differ")
    reading: Line = Field(description="The reading that was chosen")
    reason: Line | None = Field(None, description="Why it was chosen")


class Signed(Block):
    """Who signed it."""

    by_customer: Line | None = Field(None, description="Who signed for the customer")
    by_provider: Line | None = Field(None, description="Who signed for the provider")
    signed_on: Day | None = Field(None, description="When it was signed")


class AgreementVersion(Block):
    """What holds from a date on. A version that a ticket cites is never changed."""

    version: Annotated[int, Field(ge=1)] = Field(
        description="Number of the version, from 1 up", json_schema_extra=ASKED
    )
    effective_from: Day = Field(description="The first day it holds", json_schema_extra=ASKED)
    effective_to: Day | None = Field(None, description="The last day it holds")
    support_hours: SupportHoursRef = Field(description="The hours in which its clocks run", json_schema_extra=ASKED)
    working_calendar: SupportHoursRef | None = Field(
        None, description="The calendar in which working days are counted", json_schema_extra=ASKED
    )
    zone: Zone | None = Field(None, description="The time zone its dates are meant in", json_schema_extra=ASKED)
    clocks: list[AgreedClock] = Field(default_factory=list, description="The timed promises", json_schema_extra=ASKED)
    exclusions: list[Line] = Field(default_factory=list, description="What is not promised")
    downtime_definition: Text | None = Field(None, description="What counts as down")
    conflicts_resolved: list[ConflictResolved] = Field(
        default_factory=list, description="Clauses that differ, and the reading chosen"
    )
    signed: Signed | None = Field(None, description="Who signed it, and when")
    review_on: Day | None = Field(None, description="When to look at it again")
    corrects: int | None = Field(None, description="The number of the version whose mistake it mends")
    note: Line | None = Field(None, description="What changed in this version")


class Agreement(Record):
    """Promises on service levels, in versions, each with its clocks, hours and dates."""

    status: Literal["draft", "active", "expired"] | None = Field(
        None, description="Where the record stands in its life"
    )
    agreement_type: Literal["sla", "ola", "underpinning"] | None = Field(
        None, description="With a customer, between own teams, or with a supplier", json_schema_extra=ASKED
    )
    customer: CustomerRef | None = Field(None, description="The customer it is made with", json_schema_extra=ASKED)
    customers: list[CustomerRef] = Field(default_factory=list, description="The customers it holds for, when several")
    services: list[ServiceRef] = Field(
        default_factory=list, description="The services it holds for", json_schema_extra=ASKED
    )
    versions: list[AgreementVersion] = Field(
        default_factory=list, description="What holds from which date on", json_schema_extra=ASKED
    )
