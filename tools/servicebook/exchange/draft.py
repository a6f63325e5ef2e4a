"""Records on their way in: what a source says, before it has an id and a place in the desk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from servicebook.records.ids import seeded_part, slug_of
from servicebook.records.kinds import Kind


class Draft(NamedTuple):
    """One record of a source.

    source_id: the id it has in `system`; importing it again finds the same record by it.
    opened_at: gives the date of a ticket's id; None for kinds whose id is `slug`.
    fields: front matter without schema, id and external; in JSON values.
    """

    kind: Kind
    system: str
    source_id: str
    fields: Mapping[str, Any]
    body: str = ""
    opened_at: datetime | None = None
    slug: str = ""
    url: str = ""


class Intake:
    """What was met while a source was read: drafts, and everything that found no place.

    unknown: (field or column, value) to how often; values that no table of the map names.
    notes: statements about the source as a whole, such as columns that nothing reads.
    faults: (source id or place, what is wrong): rows and files that could not become records.
    """

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.notes: list[str] = []
        self.faults: list[tuple[str, str]] = []


def slug_for(name: str) -> str:
    """Return a slug for a source's name; a digest of it where a slug has no letter to hold on to."""
    return slug_of(name) or "x-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def ticket_id(draft: Draft, taken: set[str]) -> str:
    """Return the id of an imported ticket: its date, then characters from system and source id.

    Depends on the source alone unless two of a day clash, so that two clones that import the same source
    agree on its ids.
    """
    assert draft.opened_at is not None
    for attempt in range(1000):
        seed = f"{draft.system}\0{draft.source_id}\0{attempt}"
        id = f"{draft.kind.prefix}-{draft.opened_at:%Y%m%d}-{seeded_part(seed)}"
        if id not in taken:
            return id
    raise AssertionError("a thousand clashes in one day")
