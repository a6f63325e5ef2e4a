"""What an article holds: knowledge written down for others, with an owner and a date to look again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    ArticleRef,
    AssetRef,
    Block,
    BoardRef,
    Day,
    Grade,
    Line,
    OwnerRef,
    PersonRef,
    Record,
    ServiceRef,
    TicketRef,
    Word,
)


class Reviewed(Block):
    """When and by whom it was last read and found true."""

    reviewed_on: Day = Field(description="When it was reviewed")
    by: PersonRef = Field(description="Who reviewed it")


class StandardChange(Block):
    """What a change must keep to so that this article stands for its approval."""

    board: BoardRef = Field(description="The board that approved it")
    parameters: list[Word] = Field(default_factory=list, description="What a change may say for itself, and must")
    risk: Grade | None = Field(None, description="The risk that each such change must have")
    uses: Annotated[int, Field(ge=1)] | None = Field(None, description="How many changes may follow it")


class Article(Record):
    """Knowledge written down for others, with an owner and a date to look again."""

    status: Literal["draft", "active", "retired"] | None = Field(
        None, description="Where the record stands in its life"
    )
    article_type: Literal["runbook", "how_to", "faq", "policy", "reference"] | None = Field(
        None, description="What sort of article it is", json_schema_extra=ASKED
    )
    owner: OwnerRef | None = Field(None, description="Who answers for it, a person or a team", json_schema_extra=ASKED)
    services: list[ServiceRef] = Field(default_factory=list, description="The services it is about")
    assets: list[AssetRef] = Field(default_factory=list, description="The assets it is about")
    error_codes: list[Line] = Field(default_factory=list, description="Error codes it explains, as they stand")
    applies_to_versions: list[Line] = Field(
        default_factory=list, description="The versions it holds for", json_schema_extra=ASKED
    )
    preconditions: list[Line] = Field(default_factory=list, description="What must be so before one starts")
    risk: Literal["safe", "needs_approval"] | None = Field(None, description="Whether the steps are safe on their own")
    valid_to: Day | None = Field(None, description="The day by which it must be reviewed", json_schema_extra=ASKED)
    reviewed: Reviewed | None = Field(None, description="When and by whom it was last reviewed")
    supersedes: list[ArticleRef] = Field(default_factory=list, description="The articles it replaces")
    standard_change: StandardChange | None = Field(
        None, description="What holds for standard changes that follow it as their template"
    )
    languages: list[Literal["en", "zh"]] = Field(default_factory=list, description="The languages it is written in")
    source_tickets: list[TicketRef] = Field(default_factory=list, description="The tickets it came of")
    keywords: list[Line] = Field(default_factory=list, description="Words people search for")
