"""What the states of a change's record say: the plan's digest, and whether they show the work as begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from servicebook.evidence.found_before import FoundBefore, Reading
from servicebook.evidence.ledger import Ledger
from servicebook.text.front_matter import FrontMatter
from servicebook.text.frozen_body import body_before_log
from servicebook.workflow.plan_digest import NoDigestError, plan_digest
from servicebook.workflow.transitions import status_of

STARTED = ("in_implementation", "implemented", "closed")
"""States of a change that show it in implementation, or beyond."""
_START_EVENTS = ("implementation_started", "implemented", "backed_out")
_MAY_SHOW = (b"implement", b"backed_out", b"closed", b"\\")
"""One of these stands in every file that shows an implementation, escaped letters included."""


class Plan(NamedTuple):
    """What a change said at one commit: its fields and the digest of its plan (empty where it has none)."""

    front: FrontMatter
    digest: str


class Plans:
    """Reads records of changes, each state once; what earlier runs found of a state is not read again."""

    def __init__(self, ledger: Ledger, found: FoundBefore | None = None) -> None:
        self._ledger = ledger
        self._found = found or FoundBefore()
        self._readings: dict[str, Reading] = {}
        self._plans: dict[str, Plan | None] = {}

    def forget(self) -> None:
        """Drop whole plans; the readings stay."""
        self._plans.clear()

    def read_ahead(self, blobs: Iterable[str]) -> None:
        """Bring what must be read of states of records into memory in one go."""
        fresh = [blob for blob in blobs if blob and blob not in self._readings]
        self._readings |= self._found.readings(fresh)
        self._ledger.read_ahead(blob for blob in fresh if blob not in self._readings)

    def plan(self, path: str, blob: str) -> Plan | None:
        """Return what a record's blob says; None where it cannot be read, or is none."""
        if not blob:
            return None
        if blob not in self._plans:
            front = self._ledger.front(path, blob)
            self._plans[blob] = Plan(front, self.digest(path, blob)) if front else None
        return self._plans[blob]

    def reading(self, path: str, blob: str) -> Reading:
        """Return what is kept of a record's blob."""
        if blob not in self._readings:
            front, data = self._ledger.front(path, blob), self._ledger.read(blob)
            may_start = any(sign in data for sign in _MAY_SHOW)
            self._readings[blob] = (
                Reading(digest_of(front), may_start and shows_start(front.data))
                if front
                else Reading(f"unread:{blob}", may_start)
            )
            self._found.add_reading(blob, data, self._readings[blob])
        return self._readings[blob]

    def digest(self, path: str, blob: str) -> str:
        """Return the digest of the plan in a blob; empty for no blob."""
        return self.reading(path, blob).digest if blob else ""


def digest_of(front: FrontMatter) -> str:
    """Return the digest of a change's plan; empty where a value has no canonical form."""
    try:
        return plan_digest(front.data, body_before_log(front.body))
    except NoDigestError:
        return ""


def shows_start(data: Mapping[str, Any]) -> bool:
    """Whether a change's fields show it in implementation, or beyond: by its status, or by any event."""
    timeline = data.get("timeline")
    events = [entry for entry in timeline if isinstance(entry, dict)] if isinstance(timeline, list) else []
    if any(entry.get("event") in _START_EVENTS for entry in events):
        return True
    return data.get("status") in STARTED or status_of("change", events) in STARTED
