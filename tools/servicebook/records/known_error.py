"""What a known error holds: a problem whose cause is known and which has a workaround."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    Count,
    Day,
    Line,
    PersonRef,
    ProblemRef,
    Record,
    RefTo,
    ServiceRef,
    Text,
)


class KnownError(Record):
    """A problem whose cause is known and which has a workaround."""

    status: Literal["active", "fixed", "retired"] | None = Field(
        None, description="Where the record stands in its life"
    )
    problem: ProblemRef | None = Field(None, description="The problem it comes from", json_schema_extra=ASKED)
    services: list[ServiceRef] = Field(
        default_factory=list, description="The services it can hit", json_schema_extra=ASKED
    )
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it can hit")
    affected_versions: list[Line] = Field(default_factory=list, description="The versions that have it")
    symptoms: list[Line] = Field(
        default_factory=list, description="What people see, as they would say it", json_schema_extra=ASKED
    )
    error_codes: list[Line] = Field(default_factory=list, description="Error codes that were seen, as they stand")
    workaround: Text | None = Field(
        None, description="How to live with it until it is removed", json_schema_extra=ASKED
    )
    workaround_verified_on: Day | None = Field(None, description="When the workaround was last proven to work")
    root_cause: Text | None = Field(None, description="What lies at the root")
    permanent_fix: Annotated[str, RefTo(("change", "release"))] | None = Field(
        None, description="The change or release that removes it"
    )
    fixed_in_version: Line | None = Field(None, description="The first version without it")
    risk_if_untreated: Text | None = Field(None, description="What it may do when nothing is done")
    accepted_by: PersonRef | None = Field(None, description="Who accepted living with it")
    owner: PersonRef | None = Field(None, description="Who answers for it")
    review_on: Day | None = Field(None, description="When to look at it again", json_schema_extra=ASKED)
    occurrences: Count | None = Field(
        None, description="How many incidents name it, counted from their links", json_schema_extra=DERIVED
    )
