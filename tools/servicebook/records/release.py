"""What a release holds: changes that are built, tested and deployed together."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    Block,
    ChangeRef,
    CustomerRef,
    Day,
    GroupRef,
    Instant,
    Line,
    PersonRef,
    ServiceRef,
    Text,
)
from servicebook.records.ticket import Ticket


class TestEvidence(Block):
    """The proof that the release was tested before it was deployed."""

    by: PersonRef = Field(description="Who tested it")
    tested_on: Day = Field(description="When it was tested")
    result: Literal["passed", "failed"] = Field(description="Whether the tests passed")
    attachment: Line | None = Field(None, description="The file that holds the proof")


class Release(Ticket):
    """Changes that are built, tested and deployed together."""

    status: (
        Literal["planned", "in_build", "in_test", "ready", "in_deployment", "deployed", "closed", "cancelled"] | None
    ) = Field(None, description="Where the record stands in its life", json_schema_extra=DERIVED)
    release_type: Literal["major", "minor", "emergency"] | None = Field(
        None, description="What sort of release it is", json_schema_extra=ASKED
    )
    customer: CustomerRef | None = Field(None, description="The customer it belongs to, when it is only one")
    service: ServiceRef | None = Field(None, description="The service it concerns", json_schema_extra=ASKED)
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it touches")
    version: Line | None = Field(None, description="The version it brings", json_schema_extra=ASKED)
    changes: list[ChangeRef] = Field(default_factory=list, description="The changes in it", json_schema_extra=ASKED)
    phase: Literal["design", "build", "test", "distribute", "implement"] | None = Field(
        None, description="The phase of its plan it is in"
    )
    release_manager: PersonRef | None = Field(None, description="Who answers for the release", json_schema_extra=ASKED)
    assignment_group: GroupRef | None = Field(None, description="The team that works on it")
    planned_deploy_at: Instant | None = Field(None, description="When it is planned to be deployed")
    build_ref: Line | None = Field(None, description="What it was built from, such as a tag")
    media_location: Line | None = Field(None, description="Where the built files are kept")
    test_evidence: list[TestEvidence] = Field(default_factory=list, description="The proof that it was tested")
    environments: list[Line] = Field(default_factory=list, description="Where it is deployed, in order")
    backout: Text | None = Field(None, description="How to take it back")
    acceptance_by: Line | None = Field(None, description="Who accepts it, at the customer")
    early_life_support_until_on: Day | None = Field(None, description="The last day of closer support after it")
