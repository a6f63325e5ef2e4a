"""How a new record comes into being: its first fields in their order, its first event, its first body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from servicebook.actions.event import Stamp, render_at
from servicebook.records.ids import new_event_id
from servicebook.records.kinds import Kind, path_of
from servicebook.text.compose import compose_record
from servicebook.text.source_file import SourceFile
from servicebook.workflow.lifecycles import LIFECYCLES

FIRST_STATES = {"known_error": "active", "article": "draft", "agreement": "draft", "contract": "active"}
"""The state a standing record starts in, where it is not `active`."""


def open_record(
    kind: Kind, id: str, fields: Mapping[str, Any], body: str, stamp: Stamp, order: Sequence[str]
) -> SourceFile:
    """Return the file of a new record.

    order: the kind's field names as its model has them; fields are written in that order.
    A ticket gets its `opened` event, told by `via` when the contact type is a channel.
    """
    first: dict[str, Any] = {"schema": kind.schema, "id": id}
    told = {**_start(kind, stamp, fields), **fields}
    for name in order:
        if name not in first and told.get(name) not in (None, "", [], {}):
            first[name] = told[name]
    return SourceFile(path_of(kind, id), compose_record(first, body).encode())


def _start(kind: Kind, stamp: Stamp, fields: Mapping[str, Any]) -> dict[str, Any]:
    life = LIFECYCLES.get(kind.name)
    if life is None:
        return {"status": FIRST_STATES.get(kind.name, "active")}
    opened: dict[str, Any] = {
        "at": render_at(stamp.recorded_at),
        "id": new_event_id(()),
        "event": "opened",
        "by": stamp.by,
    }
    if fields.get("contact_type"):
        opened["via"] = fields["contact_type"]
    return {"status": life.initial, "timeline": [opened]}
