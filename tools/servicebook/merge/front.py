"""The front matter of a merge: its fields, and what follows from them: the status and the closing block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from servicebook.merge.parts import CannotMergeError, Part
from servicebook.merge.pieces import FIRST, SECOND, Clash, Path, Piece, has_clash, text_of
from servicebook.merge.shapes import frame
from servicebook.merge.three_way import Child, merge_children
from servicebook.merge.weave import canonical, event_name, events_of
from servicebook.text.document import Document
from servicebook.workflow.lifecycles import LIFECYCLES
from servicebook.workflow.transitions import status_of

UNMOVED_BY = frozenset(
    ("title", "title_zh", "status", "sla", "tags", "audience", "links", "aliases", "error_codes", "custom")
)
"""Fields that move no clock: a closing block stays true whatever they say (the status follows from events)."""


class MergedFront(NamedTuple):
    """Merged front matter, fences included: its pieces; the paths one side deleted and that stay; whether the
    closing block went."""

    pieces: list[Piece]
    kept: list[Path]
    dropped: bool


def merge_fronts(base: Part | None, first: Part, second: Part) -> MergedFront:
    """Return the merge of two front matters. Raises ValueError where one cannot be made, or would lose an event."""
    assert first.inside is not None and second.inside is not None
    kept: list[Path] = []
    children = merge_children(base, first, second, (), kept)
    opening, closing = frame(base.inside if base else None, first.inside, second.inside)

    def assembled(parts: list[Child]) -> list[Piece]:
        return [opening, *(piece for child in parts for piece in child.pieces), closing]

    pieces = assembled([child for child in children if child.name != "sla"])
    sides = (FIRST, SECOND) if has_clash(pieces) else (FIRST,)
    said = [Document(text_of(pieces, side).encode()).fields for side in sides]
    for fields in said:
        _require_all_events(fields, first.value, second.value)
    children = [_settled_status(child, said, first, second) if child.name == "status" else child for child in children]
    settled = [one for child in children if (one := _settled_outcome(child, said, first, second))]
    return MergedFront(assembled(settled), kept, dropped=len(settled) < len(children))


def _require_all_events(merged: Mapping[str, Any], *sides: Mapping[str, Any]) -> None:
    """Raise CannotMergeError should an event of a side be missing: the last guard before anything is written."""
    there = {event_name(event) for event in events_of(merged)}
    if any(event_name(event) not in there for side in sides for event in events_of(side)):
        raise CannotMergeError("an event would be lost")


def _settled_status(child: Child, said: list[dict[str, Any]], first: Part, second: Part) -> Child:
    """Return the status that the merged timeline says, where each side's followed from its own timeline.

    One that somebody typed without an event is merged as any other field.
    """
    kind = kind_of(first.value)
    if kind not in LIFECYCLES or kind != kind_of(second.value):
        return child
    if any(status_of(kind, events_of(side.value)) != side.value.get("status") for side in (first, second)):
        return child
    texts = [_status_text(str(status_of(kind, events_of(fields))), first, second) for fields in said]
    lead = child.pieces[0]
    if texts[0] == texts[-1]:
        return child._replace(pieces=[lead, texts[0]])
    return child._replace(pieces=[lead, Clash(("status",), (texts[0], texts[1]))])


def _status_text(status: str, first: Part, second: Part) -> str:
    """Return the line of a status as a side has it, else as the first side would write it."""
    parts = [part for side in (first, second) if (part := part_named(side, "status"))]
    for part in parts:
        if part.value == status:
            return part.text
    name, colon, value = parts[0].text.partition(":")
    return name + colon + value.replace(str(parts[0].value), status, 1)


def _settled_outcome(child: Child, said: list[dict[str, Any]], first: Part, second: Part) -> Child | None:
    """Return a field as it is, but a ticket's closing block only where nothing moved that its clocks rest on.

    None: the block has to be written anew from the merged record.
    """
    if child.name != "sla" or kind_of(first.value) not in LIFECYCLES:
        return child
    core = _core(said[0])
    if len(said) > 1 and core != _core(said[1]):
        return None
    still = [side for side in (first, second) if _core(side.value) == core]
    if len(still) == 2:
        return None if has_clash(child.pieces) else child
    part = part_named(still[0], "sla") if still else None
    return child._replace(pieces=[part.lead, part.text]) if part else None


def _core(fields: Mapping[str, Any]) -> str:
    return canonical({name: value for name, value in fields.items() if name not in UNMOVED_BY})


def part_named(part: Part, name: str) -> Part | None:
    """Return the field of a front matter by its name."""
    return next((one for one in part.inside.parts if one.name == name), None) if part.inside else None


def kind_of(fields: Mapping[str, Any]) -> str:
    """Return the kind of record that front matter is about; empty where it does not say."""
    return str(fields.get("schema") or "").partition("/")[0]
