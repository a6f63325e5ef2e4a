"""How a contact outside the line gets onto a ticket: with the leave it was made on, and its report afterwards."""

from __future__ import annotations

from servicebook.actions.event import Stamp, record_event
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.text.source_file import SourceFile
from servicebook.workflow.coordination import CONTACT, REPORTED, contacts_of


def coordinate(
    source: SourceFile, facts: Facts, stamp: Stamp, *, to: str, direction: str, leave: str, via: str, note: str
) -> SourceFile:
    """Write down whom somebody spoke to outside the line, and who had allowed it.

    Raises FindingsError without leave, and for a leave that somebody gave themselves.
    """
    if not leave or leave == stamp.by:
        raise FindingsError(
            "a {direction} contact needs leave beforehand, by somebody else than `{person}`", "--leave PERSON",
            direction=direction, person=stamp.by,
        )  # fmt: skip
    return record_event(
        source, facts, CONTACT, stamp, via=via, to=to, kind=direction, approved_by=leave, note=note
    )  # fmt: skip


def report_contact(source: SourceFile, facts: Facts, stamp: Stamp, *, to: str, via: str, note: str) -> SourceFile:
    """Say that somebody reported their contacts outside the line. Raises FindingsError where none is left to report."""
    if not any(one.by == stamp.by and not one.is_reported for one in contacts_of(facts)):
        raise FindingsError(
            "`{person}` has no contact on `{id}` that is still to be reported", "servicebook show {id}",
            person=stamp.by, id=facts.id,
        )  # fmt: skip
    return record_event(source, facts, REPORTED, stamp, via=via, to=to, note=note)
