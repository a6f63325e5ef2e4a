"""What every ticket has beside its own fields: timeline, links, outcomes of its clocks, costs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    Amount,
    ArticleRef,
    Block,
    ChangeRef,
    Count,
    Day,
    IncidentRef,
    Instant,
    KnownErrorRef,
    Line,
    Money,
    PersonRef,
    ProblemRef,
    Record,
    RefTo,
    ReleaseRef,
    TicketRef,
    Word,
)
from servicebook.records.timeline import Event

ContactType = Literal["hotline", "email", "fax", "on_call_mobile", "form", "monitoring", "inspection", "visit"]
"""By which channel a ticket came in (clause 1.1-4)."""
Priority = Literal["P1", "P2", "P3", "P4"]
CauseCode = Literal[
    "hardware", "software", "configuration", "network", "capacity", "data", "power", "human_error",
    "security", "change", "third_party", "external", "unknown",
]  # fmt: skip


class Links(Block):
    """The records a ticket belongs with. Shown from both ends, written at one."""

    incident: list[IncidentRef] = Field(default_factory=list, description="Incidents it belongs with")
    service_request: list[Annotated[str, RefTo(("service_request",))]] = Field(
        default_factory=list, description="Service requests it belongs with"
    )
    problem: list[ProblemRef] = Field(default_factory=list, description="Problems it belongs with")
    known_error: list[KnownErrorRef] = Field(default_factory=list, description="Known errors it belongs with")
    change: list[ChangeRef] = Field(default_factory=list, description="Changes it belongs with")
    release: list[ReleaseRef] = Field(default_factory=list, description="Releases it belongs with")
    visit: list[Annotated[str, RefTo(("visit",))]] = Field(default_factory=list, description="Visits it belongs with")
    article: list[ArticleRef] = Field(default_factory=list, description="Articles that helped or came of it")
    parent: TicketRef | None = Field(None, description="The ticket it is a part of")
    duplicate_of: TicketRef | None = Field(None, description="The ticket that tells the same")
    caused_by_change: ChangeRef | None = Field(None, description="The change that caused it")


class ClockCycle(Block):
    """How one clock ended in one cycle: up to the closing, or up to a reopening."""

    due_at: Instant | None = Field(None, description="When it was due")
    stopped_at: Instant | None = Field(None, description="When it stopped")
    outcome: Literal["met", "missed", "cancelled"] = Field(description="How the clock ended")


class ClockOutcome(ClockCycle):
    """How one clock ended; written once when the ticket closes, and computed again by a rule."""

    agreement: Annotated[str, RefTo(("agreement",))] = Field(description="The agreement and its version, slug@date")
    hours: Annotated[str, RefTo(("support_hours",))] | None = Field(
        None, description="The support hours and their version, slug@date; none for a window of calendar days"
    )
    cycles: list[ClockCycle] = Field(
        default_factory=list,
        description="How it had ended before the ticket was reopened, when it then started again; oldest first",
    )


class Cost(Block):
    """One line of what the work cost."""

    done_on: Day | None = Field(None, description="The day it was for; that of the ticket's end where it is not said")
    role: Word | None = Field(None, description="The role on the rate card")
    person: PersonRef | None = Field(None, description="Who worked")
    person_days: Amount | None = Field(None, description="Days of work of one person")
    travel: Money | None = Field(None, description="Cost of travel")
    part: Annotated[str, RefTo(("part",))] | None = Field(None, description="The part that was used")
    item: Line | None = Field(None, description="What was bought, by its name in the bid")
    quantity: Count | None = Field(None, description="How many")
    amount: Money | None = Field(None, description="The sum of this line")
    billable: bool = Field(False, description="Whether the customer pays for it")
    consent: Line | None = Field(None, description="Where the customer's consent is proven")
    note: Line | None = Field(None, description="What it was for")


class Ticket(Record):
    """A record with a life and clocks."""

    timeline: list[Event] = Field(
        default_factory=list, description="What happened, one event a line, only ever added to"
    )
    stage: Word | None = Field(None, description="Where it stands within its state, by a word of the desk's settings")
    links: Links = Field(default_factory=Links, description="The records it belongs with")
    sla: dict[str, ClockOutcome] = Field(
        default_factory=dict, description="How its clocks ended, written once at closing"
    )
    costs: list[Cost] = Field(default_factory=list, description="What the work cost, line by line")
