"""What people do to a ticket, each as a pure function from the file before to the file after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servicebook.actions.event import Stamp, record_event
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.sla.waiting import WAITS_FOR_SUPPLIER
from servicebook.text.set_field import append_item, set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.lifecycles import PAUSE_REASONS

SOLUTION_BLOCK = {"incident": "resolution", "service_request": "fulfilment"}
"""The block that tells how a ticket was solved; the other kinds keep it in fields of their own."""

LINK_FIELDS = {
    "incident": "incident",
    "service_request": "service_request",
    "visit": "visit",
    "problem": "problem",
    "known_error": "known_error",
    "change": "change",
    "release": "release",
    "article": "article",
}
"""The list below `links:` that takes a record of each kind."""

SINGLE_LINKS = ("parent", "duplicate_of", "caused_by_change")
"""Fields below `links:` that hold one id, not a list."""


def acknowledge(
    source: SourceFile,
    facts: Facts,
    stamp: Stamp,
    *,
    via: str = "",
    to: str = "",
    note: str = "",
    take: bool = False,
) -> SourceFile:
    """Somebody has spoken with the customer: `via` which channel, `to` whom. `take` makes it theirs."""
    after = record_event(source, facts, "acknowledged", stamp, via=via, to=to, note=note)
    return SourceFile(after.path, set_field(after.data, ("assigned_to",), stamp.by)) if take else after


def assign(source: SourceFile, facts: Facts, stamp: Stamp, *to: Facts, note: str = "") -> SourceFile:
    """Give the ticket to a person (`assigned_to`), a team (`assignment_group`), or one of each."""
    fields = {"person": "assigned_to", "team": "assignment_group"}
    said: dict[str, str] = {}
    for one in to:
        if one.kind not in fields:
            raise FindingsError(
                "`{to}` is a {kind}: a ticket goes to a person or a team",
                "servicebook list person team",
                to=one.id, kind=one.kind,
            )  # fmt: skip
        if fields[one.kind] in said:
            raise FindingsError(
                "`{id}` goes to one {kind}, not to `{first}` and `{to}`", "servicebook assign {id} {to}",
                id=facts.id, kind=one.kind, first=said[fields[one.kind]], to=one.id,
            )  # fmt: skip
        said[fields[one.kind]] = one.id
    after = record_event(source, facts, "assigned", stamp, **said, note=note)
    data = after.data
    for field, id in said.items():
        data = set_field(data, (field,), id)
    return SourceFile(after.path, data)


def take_note(
    source: SourceFile,
    facts: Facts,
    stamp: Stamp,
    note: str,
    *,
    event: str = "note",
    via: str = "",
    to: str = "",
    reason: str = "",
    present: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> SourceFile:
    """Write down what happened: a note, or any event of the kind such as `remote_session` with who was `present`.

    more: other fields of the line, such as `asset` and `serial_number` of a part that was replaced.
    """
    said = {"via": via, "to": to, "reason": reason, "present": [*present], **(more or {}), "note": note}
    return record_event(source, facts, event, stamp, **said)


def pause(
    source: SourceFile,
    facts: Facts,
    stamp: Stamp,
    reason: str,
    *,
    supplier: str = "",
    until: str = "",
    note: str = "",
) -> SourceFile:
    """Let the ticket wait, for one of PAUSE_REASONS; `until` is the instant agreed on, if any.

    supplier: whom it waits for, with `waiting_supplier` only.
    """
    if reason not in PAUSE_REASONS:
        raise FindingsError(
            "`{reason}` is not a reason to pause",
            "one of: {known}",
            reason=reason or " ", known=", ".join(PAUSE_REASONS),
        )  # fmt: skip
    if supplier and reason != WAITS_FOR_SUPPLIER:
        raise FindingsError("a supplier is waited for by `waiting_supplier` only", "--reason waiting_supplier")
    said = {"supplier": supplier, "until": until, "note": note}
    return record_event(source, facts, "paused", stamp, reason=reason, **said)


def resume(source: SourceFile, facts: Facts, stamp: Stamp, *, note: str = "") -> SourceFile:
    """Take a paused ticket up again."""
    return record_event(source, facts, "resumed", stamp, note=note)


def escalate(
    source: SourceFile,
    facts: Facts,
    stamp: Stamp,
    to: str,
    *,
    kind: str = "",
    step: str = "",
    via: str = "",
    reason: str = "",
    note: str = "",
) -> SourceFile:
    """Bring the ticket to somebody's attention; `kind` says what is short, `step` which clock's step it answers."""
    said = {"to": to, "kind": kind, "step": step, "via": via, "reason": reason, "note": note}
    return record_event(source, facts, "escalated", stamp, **said)


def resolve(
    source: SourceFile, facts: Facts, stamp: Stamp, solution: Mapping[str, Any], *, note: str = ""
) -> SourceFile:
    """Say that the ticket is solved; `solution` goes to the kind's block (`resolution:`, `fulfilment:`)."""
    after = record_event(source, facts, "resolved", stamp, note=note)
    return SourceFile(after.path, _with_solution(after.data, facts, solution))


def reopen(source: SourceFile, facts: Facts, stamp: Stamp, *, reason: str = "", note: str = "") -> SourceFile:
    """Take a resolved ticket up again."""
    return record_event(source, facts, "reopened", stamp, reason=reason, note=note)


def close(source: SourceFile, facts: Facts, stamp: Stamp, outcome: Mapping[str, Any], *, note: str = "") -> SourceFile:
    """Close the ticket and write its clocks' outcome down once: `sla:`, from sla.status.closing_block."""
    after = record_event(source, facts, "closed", stamp, note=note)
    return SourceFile(after.path, set_field(after.data, ("sla",), dict(outcome)) if outcome else after.data)


def link(source: SourceFile, facts: Facts, other: Facts, field: str = "") -> SourceFile:
    """Name `other` under `links:`; the field follows from its kind unless it is said."""
    if other.id == facts.id:
        raise FindingsError("a record is not linked to itself", "servicebook link {id} OTHER", id=facts.id)
    field = field or LINK_FIELDS.get(other.kind, "")
    if not field:
        raise FindingsError(
            "a link to a {kind} has no place under `links:`",
            "name the field: --as parent|duplicate_of|caused_by_change",
            kind=other.kind,
        )  # fmt: skip
    there = facts.get("links", field)
    if other.id == there or (isinstance(there, list) and other.id in there):
        raise FindingsError("`{id}` names `{other}` already", "servicebook show {id}", id=facts.id, other=other.id)
    data = source.data
    if field in SINGLE_LINKS:
        if there:
            raise FindingsError(
                "`{id}` has `{there}` as its {field} already", "edit {path}",
                id=facts.id, there=there, field=field, path=facts.path,
            )  # fmt: skip
        return SourceFile(source.path, set_field(data, ("links", field), other.id))
    if isinstance(there, list):
        return SourceFile(source.path, append_item(data, ("links", field), other.id))
    return SourceFile(source.path, set_field(data, ("links", field), [other.id]))


def _with_solution(data: bytes, facts: Facts, solution: Mapping[str, Any]) -> bytes:
    block = SOLUTION_BLOCK.get(facts.kind)
    told = {key: value for key, value in solution.items() if value not in (None, "", [])}
    for key, value in told.items():
        data = set_field(data, (block, key) if block else (key,), value)
    return data
