"""How ids come about: the four characters of a ticket's, an event's own, a slug from a name.

Random where people work; from the source alone where records are imported, so that two clones that import the
same source agree.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from servicebook.records.kinds import CROCKFORD, SLUG_PATTERN

_LETTERS = str.maketrans(CROCKFORD[:10], CROCKFORD[10:20])
"""Digits to letters: `1e24`, `0668` and `2923` are numbers to a YAML reader, and would have to be quoted."""


def random_part() -> str:
    """Return four random Crockford characters, as they end a ticket's id."""
    return "".join(CROCKFORD[byte % len(CROCKFORD)] for byte in os.urandom(4))


def seeded_part(seed: str, length: int = 4) -> str:
    """Return `length` Crockford characters (12 at most) that depend on `seed` alone."""
    import hashlib

    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(length))


def new_event_id(taken: Iterable[str]) -> str:
    """Return four random lower-case characters, a letter first, that are none of `taken`."""
    known = set(taken)
    while True:
        part = random_part()
        fresh = (part[0].translate(_LETTERS) + part[1:]).lower()
        if fresh not in known:
            return fresh


def seeded_event_id(seed: str) -> str:
    """Return an event's id, a letter first, that depends on `seed` alone."""
    return (seeded_part(seed, 3)[0].translate(_LETTERS) + seeded_part(seed + "\0", 3)).lower()


def slug_of(text: str, joint: str = "-") -> str:
    """Return a slug for a name: lower case a-z, digits and dots, words joined by `joint`; "" where nothing is left."""
    slug = re.sub(r"[^a-z0-9.]+", joint, text.lower()).strip("-.")
    slug = re.sub(r"-*(?:\.-*)+", ".", slug)
    return slug if not slug or SLUG_PATTERN.fullmatch(slug) else f"x-{slug}"  # such as `con`
