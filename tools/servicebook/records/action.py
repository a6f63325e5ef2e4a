"""Something that a meeting or report asked somebody to do."""

from __future__ import annotations

from pydantic import Field

from servicebook.records.record import Block, Day, Line, OwnerRef


class Action(Block):
    """Something a meeting or report asked somebody to do."""

    text: Line = Field(description="What is to be done")
    owner: OwnerRef | None = Field(None, description="Who answers for it, a person or a team")
    due_on: Day | None = Field(None, description="The day it is due")
    done_on: Day | None = Field(None, description="When it was done")
