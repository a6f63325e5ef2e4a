"""What a meeting holds: who was there, what was decided, and who promised what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.action import Action
from servicebook.records.record import ASKED, BoardRef, Instant, Line, PersonRef, Record, TicketRef


class Meeting(Record):
    """A meeting and its minutes."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    meeting_type: Literal["weekly", "cab", "review", "forum"] | None = Field(
        None, description="What sort of meeting it is", json_schema_extra=ASKED
    )
    held_at: Instant | None = Field(None, description="When it starts", json_schema_extra=ASKED)
    ends_at: Instant | None = Field(None, description="When it ends")
    chair: PersonRef | None = Field(None, description="Who leads it", json_schema_extra=ASKED)
    recorded_at: Instant | None = Field(None, description="When the minutes were written down, if much later")
    late_reason: Line | None = Field(None, description="Why they were written down so late")
    minutes_by: PersonRef | None = Field(None, description="Who writes it down")
    attendees: list[Line] = Field(default_factory=list, description="Who is there", json_schema_extra=ASKED)
    absent: list[Line] = Field(default_factory=list, description="Who was asked and did not come")
    board: BoardRef | None = Field(None, description="The board that meets")
    agenda: list[Line] = Field(default_factory=list, description="What is to be talked about")
    records_discussed: list[TicketRef] = Field(default_factory=list, description="The tickets that were talked about")
    decisions: list[Line] = Field(default_factory=list, description="What was decided")
    actions: list[Action] = Field(default_factory=list, description="Who promised to do what by when")
    approved_by: PersonRef | None = Field(None, description="Who approved it")
    distributed_to: list[Line] = Field(default_factory=list, description="Who was sent it")
    next_meeting_at: Instant | None = Field(None, description="When the next one is")
