"""Records on their way in: what a source says, before it has an id and a place in the desk."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from servicebook.records.kinds import CROCKFORD, Kind


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


def slug_of(text: str) -> str:
    """Return a slug for a source's name: lower case, words joined by hyphens; a digest where nothing is left."""
    slug = re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
    slug = re.sub(r"-*(?:\.-*)+", ".", slug)
    return slug if slug else "x-" + hashlib.sha256(text.encode()).hexdigest()[:8]


def crockford(seed: str, length: int = 4) -> str:
    """Return `length` Crockford base32 characters that depend on `seed` alone."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(length))


def event_id(seed: str) -> str:
    """Return an event's id that depends on `seed` alone; a letter comes first, or YAML may read a number."""
    return (crockford(seed, 3)[0].translate(_LETTERS) + crockford(seed + "\0", 3)).lower()


_LETTERS = str.maketrans(CROCKFORD[:10], CROCKFORD[10:20])


def ticket_id(draft: Draft, taken: set[str]) -> str:
    """Return the id of an imported ticket: its date, then characters from system and source id.

    Depends on the source alone unless two of a day clash, so that two clones that import the same source
    agree on its ids.
    """
    assert draft.opened_at is not None
    for attempt in range(1000):
        seed = f"{draft.system}\0{draft.source_id}\0{attempt}"
        id = f"{draft.kind.prefix}-{draft.opened_at:%Y%m%d}-{crockford(seed)}"
        if id not in taken:
            return id
    raise AssertionError("a thousand clashes in one day")
