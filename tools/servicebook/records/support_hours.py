"""What a support-hours record holds: when somebody works, by weekday, date and published holiday list."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from servicebook.records.readings import read_range
from servicebook.records.record import ASKED, Block, Day, Line, OwnerRef, Record, Zone

WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
"""A time of day such as 09:00; 24:00 is the end of the day."""
Range = Annotated[list[WallTime], Field(min_length=2, max_length=2), AfterValidator(read_range)]
"""Opening and closing time, half open; one that ends before it starts runs into the next day."""


class Week(Block):
    """The hours of each weekday; a day left out is closed."""

    mon: list[Range] = Field(default_factory=list, description="Monday's hours")
    tue: list[Range] = Field(default_factory=list, description="Tuesday's hours")
    wed: list[Range] = Field(default_factory=list, description="Wednesday's hours")
    thu: list[Range] = Field(default_factory=list, description="Thursday's hours")
    fri: list[Range] = Field(default_factory=list, description="Friday's hours")
    sat: list[Range] = Field(default_factory=list, description="Saturday's hours")
    sun: list[Range] = Field(default_factory=list, description="Sunday's hours")


class HolidayList(Block):
    """One year's published holidays and make-up working days."""

    year: Annotated[int, Field(ge=1970, le=2200)] = Field(description="The year the list is for")
    source: Line = Field(description="Who published the list, and where")
    published_on: Day | None = Field(None, description="When it was published")
    days: list[Day] = Field(default_factory=list, description="Days off")
    working_days: list[Day] = Field(default_factory=list, description="Make-up working days")


class SupportHoursVersion(Block):
    """The hours that hold from a date on. A version that a ticket cites is never changed."""

    effective_from: Day = Field(description="The first day it holds", json_schema_extra=ASKED)
    effective_to: Day | None = Field(None, description="The last day it holds")
    timezone: Zone = Field(description="The time zone of the hours, such as Asia/Shanghai", json_schema_extra=ASKED)
    week: Week = Field(description="The hours of each weekday", json_schema_extra=ASKED)
    dates: dict[Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")], list[Range]] = Field(
        default_factory=dict, description="Special hours for single dates"
    )
    holiday_calendar: Line | None = Field(
        None, description="Whose holidays are kept, such as CN; then a year without a list is a finding"
    )
    holidays: list[HolidayList] = Field(
        default_factory=list, description="Published holiday lists, one a year", json_schema_extra=ASKED
    )
    corrects: Day | None = Field(None, description="The first day of the version whose mistake it mends")
    note: Line | None = Field(None, description="What changed in this version")


class SupportHours(Record):
    """When somebody works: by weekday, special date and published holiday list."""

    owner: OwnerRef | None = Field(None, description="Who answers for it, a person or a team", json_schema_extra=ASKED)
    versions: list[SupportHoursVersion] = Field(
        default_factory=list, description="The hours that hold from which date on", json_schema_extra=ASKED
    )
