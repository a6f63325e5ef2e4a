"""What a roster holds: who is on duty when, and how many of whom there must be."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.record import Block, Count, Day, GroupRef, Instant, Line, PersonRef, Record, Word, Zone


class Shift(Block):
    """One person on duty for a while."""

    start: Instant = Field(description="When it starts")
    end: Instant = Field(description="When it ends")
    person: PersonRef = Field(description="Who is on duty")
    role: Word | None = Field(None, description="What the person is there for")
    skills: list[Line] = Field(default_factory=list, description="Skills the person brings")
    backup: PersonRef | None = Field(None, description="Who stands in")


class Minimum(Block):
    """How many must be on duty at any time (clause 1.5.1)."""

    people: Count = Field(description="How many")
    role: Word | None = Field(None, description="Only people of this role count")
    skill: Line | None = Field(None, description="Only people with this skill count")


class Swap(Block):
    """A shift that one person took over from another."""

    start: Instant = Field(description="When the shift starts")
    from_: PersonRef = Field(alias="from", description="Who had it")
    to: PersonRef = Field(description="Who took it")
    approved_by: PersonRef | None = Field(None, description="Who approved it")


class Roster(Record):
    """Who is on duty when."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    team: GroupRef | None = Field(None, description="The team it is for")
    zone: Zone | None = Field(None, description="The time zone of its shifts")
    period_start: Day | None = Field(None, description="The first day it tells of")
    period_end: Day | None = Field(None, description="The last day it tells of")
    shifts: list[Shift] = Field(default_factory=list, description="Who is on duty when")
    minimum: list[Minimum] = Field(default_factory=list, description="How many of whom must be there")
    swaps: list[Swap] = Field(default_factory=list, description="Shifts that changed hands")
    approved_by: PersonRef | None = Field(None, description="Who approved it")
    published_on: Day | None = Field(None, description="When it was published")
