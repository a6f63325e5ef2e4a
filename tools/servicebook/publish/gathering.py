"""What the pages that gather records are made from."""

from __future__ import annotations

from typing import NamedTuple

from servicebook.evidence.verification import Verification
from servicebook.publish.bodies import Bodies
from servicebook.publish.outcomes import Outcomes
from servicebook.publish.view import View
from servicebook.sla.status import ClockStatus


class Gathering(NamedTuple):
    """A desk as lists see it; clocks: those of open tickets, by path."""

    view: View
    bodies: Bodies
    clocks: dict[str, list[ClockStatus]]
    unreadable: list[tuple[str, str]]
    """Files that hold no readable record: path, and what is wrong as plain text."""
    approvals: dict[str, Verification]
    """What the evidence for each change comes to, by id; empty where the audience is not told of votes."""
    outcomes: Outcomes
