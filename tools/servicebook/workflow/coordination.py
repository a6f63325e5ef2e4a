"""Contacts outside the line: sideways to another unit, diagonally to another's superior; leave first, report after."""

from __future__ import annotations

from datetime import datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.typed import Any, NamedTuple

CONTACT, REPORTED = "coordinated", "contact_reported"
DIRECTIONS = ("sideways", "diagonal")
"""Directions of a contact that need leave and a report (service plan, 1.4)."""

SPOKEN = ("hotline", "on_call_mobile", "phone", "in_person")
"""Channels that leave nothing written: what was said goes onto the record afterwards (service plan, 1.5.5-1)."""


class Contact(NamedTuple):
    """One contact outside the line: where it stands on the timeline, when it was, and whether it was reported."""

    position: int
    entry: dict[str, Any]
    at: datetime
    is_reported: bool

    @property
    def by(self) -> str:
        """Who made it."""
        return str(self.entry.get("by", ""))

    @property
    def has_leave(self) -> bool:
        """Whether somebody else than who made it had allowed it."""
        return self.entry.get("approved_by") not in (None, "", self.entry.get("by"))


def contacts_of(ticket: Facts) -> list[Contact]:
    """Return the contacts outside the line on a ticket; a report is of all that the same person made before it."""
    if CONTACT not in ticket.events:
        return []
    found = []
    for position, (entry, at) in enumerate(zip(ticket.timeline, ticket.instants, strict=True)):
        if entry.get("event") == CONTACT and entry.get("kind") in DIRECTIONS and at:
            later = ticket.timeline[position + 1 :]
            told = any(one.get("event") == REPORTED and one.get("by") == entry.get("by") for one in later)
            found.append(Contact(position, entry, at, told))
    return found


class LateWord(NamedTuple):
    """Something spoken that was written down late and is not explained: where it stands, and by how much."""

    position: int
    entry: dict[str, Any]
    late: timedelta


def late_words(ticket: Facts, within: timedelta) -> list[LateWord]:
    """Return what was said by phone or in person and written down later than `within` after it, without a word why.

    The line's own note explains it, or a later `note` that names the line's id: lines are never changed.
    """
    found = []
    for position, (entry, at) in enumerate(zip(ticket.timeline, ticket.instants, strict=True)):
        written = parse_instant(entry.get("recorded_at")) if entry.get("via") in SPOKEN else None
        if written is None or at is None or written - at <= within or entry.get("note"):
            continue
        notes = (str(one.get("note", "")) for one in ticket.timeline[position + 1 :] if one.get("event") == "note")
        if not any(str(entry.get("id")) in note for note in notes):
            found.append(LateWord(position, entry, written - at))
    return found
