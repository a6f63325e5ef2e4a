"""How a movement gets into the ledger of a part, and what it means for the ticket it is for."""

from __future__ import annotations

from collections.abc import Mapping

from servicebook.actions.event import Stamp, record_event, render_at
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.records.ids import new_event_id
from servicebook.text.set_field import append_item, set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.stock import VERBS, Fault, ledger_of

EVENTS = {"ship": "part_shipped", "arrive": "part_arrived"}
"""What a movement for a ticket is on the ticket's timeline: clocks of spare parts stop at these events."""

REFUSALS = {
    "short": ("`{id}`: {had} there to {verb}, not {quantity}", "servicebook part {id} | servicebook part receive {id}"),
    "elsewhere": ("the piece `{serial}` of `{id}` is `{had}`, for `{ticket}`", "servicebook part {id}"),
    "unknown": (
        "no piece `{serial}` of `{id}` has come in", "there are: {known} | servicebook part receive {id} --serial NEW"
    ),
    "nothing": ("a broken piece of `{id}` cannot be {type}", "servicebook part scrap {id} --broken"),
}  # fmt: skip
"""Why a movement cannot be, by the fault that the ledger would have, and the remedy."""


def move_part(source: SourceFile, part: Facts, stamp: Stamp, verb: str, said: Mapping[str, Any]) -> SourceFile:
    """Return the part's file with one more movement; `said` are its other fields, empty ones are left out.

    Raises FindingsError where the ledger would not hold, or a part tracked by serial number is moved without one.
    """
    entry = {
        "at": render_at(stamp.at),
        "id": new_event_id(str(one.get("id", "")) for one in part.get("movements", default=())),
        "type": VERBS[verb],
        "by": stamp.by,
        **{key: value for key, value in said.items() if value not in (None, "", 1)},
    }
    if part.get("tracked_by") == "serial" and not entry.get("serial"):
        raise FindingsError(
            "`{id}` is tracked by serial number: say which piece", "--serial NUMBER | there are: {known}",
            id=part.id, known=_known(part),
        )  # fmt: skip
    movements = [*part.get("movements", default=()), entry]
    after = {**part.data, "movements": movements}
    old = {(fault.position, fault.what) for fault in ledger_of(part.data).faults}
    for fault in ledger_of(after).faults:
        if (fault.position, fault.what) not in old:
            raise _refusal(part, fault, verb, movements[fault.position])
    data = append_item(source.data, ("movements",), entry)
    if part.get("on_hand") is not None:
        data = set_field(data, ("on_hand",), ledger_of(after).on_hand)
    return SourceFile(source.path, data)


def tell_ticket(
    source: SourceFile, ticket: Facts, stamp: Stamp, verb: str, part: Facts, *, serial: str = "", replaces: str = ""
) -> SourceFile:
    """Return the ticket's file with what the movement means for it; unchanged where it means nothing.

    replaces: the serial number of the piece that came out for `serial`.
    """
    event = "part_replaced" if replaces else EVENTS.get(verb, "")
    if not event:
        return source
    after = record_event(source, ticket, event, stamp, part=part.id, serial_number=serial)
    if not replaces:
        return after
    line = {"part": part.id, "old_serial": replaces, "new_serial": serial}
    return SourceFile(after.path, append_item(after.data, ("resolution", "parts_replaced"), line))


def _refusal(part: Facts, fault: Fault, verb: str, movement: Mapping[str, Any]) -> FindingsError:
    message, hint = REFUSALS[fault.what]
    params = {"quantity": movement.get("quantity", 1), "type": movement.get("type"), "serial": movement.get("serial")}
    rest = {"had": fault.had, "ticket": fault.ticket or "-", "known": _known(part), "verb": verb, "id": part.id}
    return FindingsError(message, hint, **params, **rest)


def _known(part: Facts) -> str:
    """Return the serial numbers of the pieces in the stores."""
    pieces = ledger_of(part.data).pieces
    return ", ".join(sorted(number for number, at in pieces.items() if at.state in ("free", "reserved"))) or "-"
