"""The records of a site as JSON files for other programs: one a kind, of dated kinds one a month, and their schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from servicebook import digest_of_code
from servicebook.publish.kept_rows import kept_rows
from servicebook.publish.made import Made, stamp_of
from servicebook.publish.moments import Moments
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, KINDS
from servicebook.sla.status import ClockStatus
from servicebook.store.verdicts import ROOMS

FOLDER = "api/v1"
INDEX = f"{FOLDER}/index.json"
SCHEMA = f"{FOLDER}/schema.json"

_DATED = re.compile(r"[A-Z]+-(\d{4})(\d\d)\d\d")
_MAKERS = (*ROOMS, "publish")
"""The rooms whose code rows are made by."""
_TAIL = 4
"""So many letters and digits end the id of a ticket."""

Clocks = Mapping[str, list[ClockStatus]]
"""The clocks of open tickets, by path."""

_INSTANT = {"type": "string", "format": "date-time"}
_FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "id": ("The record's id, which never changes", {"type": "string"}),
    "kind": ("The kind of record", {"enum": [kind.name for kind in KINDS]}),
    "title": ("What it is, in one line", {"type": "string"}),
    "title_zh": ("The title in Chinese, where it has one", {"type": "string"}),
    "status": ("Where the record stands in its life", {"type": "string"}),
    "url": ("Its page: absolute where the site's address is known, else from the site's root", {"type": "string"}),
    "changed_at": ("When its file last changed", _INSTANT),
    "opened_at": ("When it was opened", _INSTANT),
    "closed_at": ("When it was closed", _INSTANT),
    "priority": ("Its priority, written or by the desk's matrix", {"type": "string"}),
    "service": ("The service it concerns, by id", {"type": "string"}),
    "customer": ("The customer it belongs to, by id", {"type": "string"}),
    "assets": ("The assets it concerns, by id", {"type": "array", "items": {"type": "string"}}),
    "clocks": ("Its clocks", {"type": "array", "items": {"$ref": "#/$defs/clock"}}),
}
"""Fields of a row: what they say, and their type; a field with nothing to say is left out."""

_CLOCK: dict[str, tuple[str, dict[str, Any]]] = {
    "name": ("What is promised, such as response", {"type": "string"}),
    "state": ("How it stands", {"enum": ["not-started", "running", "paused", "met", "missed", "cancelled"]}),
    "due_at": ("When it is due; a paused clock has no such instant", _INSTANT),
    "stopped_at": ("When it stopped", _INSTANT),
}
_REQUIRED = ("id", "kind", "title", "url", "changed_at")


def api_files(view: View, moments: Moments, clocks: Clocks, folder: Path) -> Iterator[Made[bytes]]:
    """Yield every file of the API. folder: where pages are kept, and the rows of these files.

    No file tells when or from which commit it was made, so that it changes only when a record of it does.
    """
    files: dict[str, list[Facts]] = {}
    kinds: dict[str, list[str]] = {}
    for kind in KINDS:
        for facts in view.of_kind(kind.name):
            name = file_of(facts)
            if name not in files:
                files[name] = []
                kinds.setdefault(kind.name, []).append(name)
            files[name].append(facts)
    shown = [(one.kind, one.id) for one in view.of_kind("service", "customer", "asset")]
    common = (moments.site_url, shown, view.settings.priority_matrix)
    terms = stamp_of(view, (), *common, view.settings.timezone, digest_of_code(_MAKERS))
    for name, members in files.items():
        running = ((one.path, clocks[one.path]) for one in members if one.path in clocks)
        standing = {path: [(c.name, c.state, c.due_at, c.stopped_at) for c in some] for path, some in running}
        stamp = stamp_of(view, members, standing, *common)
        row = partial(_row, view, moments, clocks)
        keep = partial(kept_rows, folder, f"api-{name.removesuffix('.json')}", terms)
        yield Made(f"{FOLDER}/{name}", stamp, partial(_records, moments, members, standing, row, keep))
    listed = [
        {"kind": kind, "count": sum(len(files[name]) for name in names), "files": sorted(names)}
        for kind, names in kinds.items()
    ]
    index = {"name": view.settings.name, "schema": "schema.json", "kinds": listed}
    yield Made(INDEX, stamp_of(view, (), index), lambda: _json(index))
    yield Made(SCHEMA, stamp_of(view, (), schema()), lambda: _json(schema()))


def file_of(facts: Facts) -> str:
    """Return the name of the file that holds a record."""
    day, _, tail = facts.id.rpartition("-")
    return _file_of(facts.kind, day, is_id=len(tail) == _TAIL and tail.isalnum())


def _records(
    moments: Moments,
    members: list[Facts],
    standing: Mapping[str, object],
    row: Callable[[Facts], dict[str, Any]],
    keep: Callable[[Mapping[str, str], Callable[[str], dict[str, Any]]], list[dict[str, Any]]],
) -> bytes:
    """Return a file of records. standing: what the clocks of open tickets say, by path. keep: gives rows by path."""
    by_path = {facts.path: facts for facts in members}
    stamps = {
        path: f"{facts.blob} {moments.changed_at(facts)} {standing.get(path, '')}" for path, facts in by_path.items()
    }
    rows = keep(stamps, lambda path: row(by_path[path]))
    return _json({"records": sorted(rows, key=lambda row: str(row["id"]))})


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file of records."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Records of a Servicebook desk",
        "type": "object",
        "required": ["records"],
        "additionalProperties": False,
        "properties": {"records": {"type": "array", "items": {"$ref": "#/$defs/record"}}},
        "$defs": {
            "record": _object(_FIELDS, _REQUIRED),
            "clock": _object(_CLOCK, ("name", "state")),
        },
    }


def api_fields() -> dict[str, str]:
    """Return what each field of a row says, in English, for the reference page."""
    return {name: said for name, (said, _) in _FIELDS.items()}


def _object(fields: Mapping[str, tuple[str, dict[str, Any]]], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {name: {"description": said, **shape} for name, (said, shape) in fields.items()},
    }


@lru_cache(maxsize=4096)  # by day, and many records have the same
def _file_of(kind: str, day: str, *, is_id: bool) -> str:
    """Return the file of a record: its kind, and the month in its id where the kind is dated.

    day: the id up to its last part. is_id: whether that is as in the id of a ticket.
    """
    dated = _DATED.fullmatch(day) if is_id and BY_NAME[kind].dated else None
    return f"{kind}-{dated[1]}-{dated[2]}.json" if dated else f"{kind}.json"


def _row(view: View, moments: Moments, clocks: Clocks, facts: Facts) -> dict[str, Any]:
    told = {
        "id": facts.id,
        "kind": facts.kind,
        "title": facts.title or facts.id,
        "title_zh": facts.get("title_zh"),
        "status": facts.status,
        "url": moments.address(facts),
        "changed_at": moments.changed_at(facts).isoformat(timespec="seconds"),
        "opened_at": _event(facts, "opened"),
        "closed_at": _event(facts, "closed"),
        "priority": view.priority_of(facts) if BY_NAME[facts.kind].ticket else "",
        "service": _visible(view, "service", facts.get("service")),
        "customer": _visible(view, "customer", facts.get("customer")),
        "assets": [id for id in facts.get("assets", default=()) if _visible(view, "asset", id)],
        "clocks": [_clock(view, one) for one in clocks.get(facts.path, ())] or _closed(facts),
    }
    return {name: value for name, value in told.items() if value or name in _REQUIRED}


def _visible(view: View, kind: str, id: object) -> str:
    """Return an id only of a record that this site shows."""
    return str(id) if isinstance(id, str) and view.get(kind, id) else ""


def _event(facts: Facts, name: str) -> str:
    return next((str(one.get("at")) for one in reversed(facts.timeline) if one.get("event") == name), "")


def _clock(view: View, clock: ClockStatus) -> dict[str, str]:
    told = {"name": clock.name, "state": clock.state}
    for name, at in (("due_at", clock.due_at), ("stopped_at", clock.stopped_at)):
        if at:
            told[name] = at.astimezone(view.zone).isoformat(timespec="seconds")
    return told


def _closed(facts: Facts) -> list[dict[str, str]]:
    """Return the clocks of a closed ticket, as its closing block has them: a clock a name, with its last outcome."""
    found = []
    for name, said in facts.get("sla", default={}).items():
        if said.get("outcome"):
            told = {field: str(said[field]) for field in ("due_at", "stopped_at") if said.get(field)}
            found.append({"name": name, "state": str(said["outcome"]), **told})
    return found


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
