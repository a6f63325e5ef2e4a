"""What one line of a ticket's timeline holds: when, what happened, by whom, and how."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.records.record import (
    AssetRef,
    Audience,
    Block,
    GroupRef,
    Instant,
    Line,
    PersonRef,
    RefTo,
    SupplierRef,
    TicketRef,
    Word,
)

# The names are those of workflow/lifecycles.py, which lies a rung above; a test holds the two equal.
# Which of them suit a kind, and from which state, the workflow's rules say.
EventName = Literal[
    "acknowledged", "paused", "resumed", "resolved", "reopened", "closed", "cancelled", "rejected",
    "submitted", "approved", "rescheduled", "implementation_started", "implemented", "backed_out",
    "build_started", "test_started", "test_passed", "deployment_started", "deployed",
    "departed", "arrived", "started", "signed_off",
    "opened", "note", "assigned", "escalated", "remote_session", "left", "called_back",
    "customer_contacted", "customer_reminded", "customer_told", "part_shipped", "part_arrived",
    "part_replaced", "report_submitted", "approved_by_phone", "approval_confirmed", "major_incident", "regraded",
    "plan_written", "consented", "plan_approved", "extended", "coordinated", "contact_reported",
    "workaround_found", "root_cause_found", "reviewed", "vote_requested", "conflict_found", "linked",
]  # fmt: skip

PauseReason = Literal["waiting_customer", "waiting_access", "waiting_supplier", "agreed_appointment", "force_majeure"]

Channel = Literal[
    "hotline", "email", "fax", "on_call_mobile", "form", "monitoring", "inspection", "visit",
    "phone", "sms", "chat", "wechat", "in_person", "post", "remote", "portal", "import",
]  # fmt: skip
"""How word went or work was done; the first eight are also the channels a ticket comes in by."""

EventId = Annotated[str, StringConstraints(pattern=r"^[0-9abcdefghjkmnpqrstvwxyz]{4}$")]


class Event(Block):
    """One line of a timeline. Lines are only ever added, in the order in which they were recorded."""

    at: Instant = Field(description="When it happened, with offset")
    recorded_at: Instant | None = Field(None, description="When it was written down, if much later")
    id: EventId = Field(description="Four random characters that keep two equal lines two")
    event: EventName = Field(description="What happened")
    by: PersonRef = Field(description="Who did it")
    audience: list[Audience] | None = Field(
        None, description="Who may read this line, where not as usual for its event"
    )
    via: Channel | None = Field(None, description="By which channel, or how")
    to: Line | None = Field(None, description="Whom it reached or went to, in words")
    reason: Line | None = Field(None, description="Why; a pause names one of the reasons the agreement knows")
    note: Line | None = Field(None, description="What else there is to say, in one line")
    until: Instant | None = Field(None, description="Until when it holds, such as the end of a pause")
    assigned_to: PersonRef | None = Field(None, description="The person it was assigned to")
    assignment_group: GroupRef | None = Field(None, description="The team it was assigned to")
    present: list[Line] = Field(default_factory=list, description="Who else was there, such as the customer's staff")
    field: Word | None = Field(None, description="The field that this event sets anew")
    old: Line | None = Field(None, description="The value it had")
    new: Line | None = Field(None, description="The value it has now")
    approved_by: PersonRef | None = Field(None, description="Who allowed it")
    kind: Word | None = Field(None, description="Which sort, such as staffing, skill or difficulty of an escalation")
    step: Line | None = Field(None, description="The clock and step that an escalation answers")
    ticket: TicketRef | None = Field(None, description="The ticket it is about")
    asset: AssetRef | None = Field(None, description="The asset it is about")
    part: Annotated[str, RefTo(("part",))] | None = Field(None, description="The part it is about")
    serial_number: Line | None = Field(None, description="The serial number it is about")
    supplier: SupplierRef | None = Field(None, description="The supplier it waits for")
    evidence: Line | None = Field(None, description="Where the proof is: a file of the record or a reference outside")
