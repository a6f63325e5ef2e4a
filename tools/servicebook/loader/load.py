"""From a file's text to its record and fact row; bad data is an answer, not an exception."""

from __future__ import annotations

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.kept_json import dumps
from servicebook.language.display import plain as one_line
from servicebook.loader.findings import no_schema, unknown_schema, wrong_folder
from servicebook.loader.kept_forms import form_of
from servicebook.loader.own_words import as_ours, find_wrong_stage
from servicebook.loader.refused import find_undeclared_custom, near_word, say_refused
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, Kind, kind_of_path
from servicebook.settings import Settings
from servicebook.text.body import Body, pack_body, unpack_body
from servicebook.text.front_matter import FrontMatter, parse_front_matter
from servicebook.text.source_file import SourceFile, decode_source
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.transitions import status_of


class Loaded(NamedTuple):
    """What loading a file gave: as much as could be read, and every finding on the way.

    `facts` is there as soon as kind and id can be told; of a record that its model refuses they hold only
    what names it, with `$broken` set, so that references to it still lead somewhere.
    `sound`: whether the kind's model takes the front matter. `kept_body`: what was read in the body, as a text that
    spares the next load of the same body the reading.
    """

    source: SourceFile
    kind: Kind | None = None
    front: FrontMatter | None = None
    sound: bool = False
    body: Body | None = None
    facts: Facts | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    kept_body: str = ""


def load_record(source: SourceFile, settings: Settings, kept_body: str = "") -> Loaded:
    """Load one record file. A page of kb/ without `schema:` is no record: it only has to be readable.

    kept_body: of an earlier load of the file at the same path; used when the body is still the same.
    """
    folder_kind = kind_of_path(source.path)
    if folder_kind is None and not may_be_record(source.data):
        return Loaded(source, diagnostics=_unreadable_page(source))
    front, found = parse_front_matter(source)
    if front is None:
        return Loaded(source, folder_kind, diagnostics=tuple(found))
    kind, kind_found = _kind(source.path, front, folder_kind)
    found += kind_found
    body, body_found, kept_body = _body(source.path, front, kept_body)
    found += body_found
    if kind is None:
        return Loaded(source, None, front, False, body, None, tuple(found), kept_body)
    refused = form_of(kind.name).refusals(as_ours(front.data, settings))
    found += _said(source.path, front, kind, refused, settings)
    facts = _facts(source, front, kind, body, broken=bool(refused))
    return Loaded(source, kind, front, not refused, body, facts, tuple(found), kept_body)


def _body(path: str, front: FrontMatter, kept: str) -> tuple[Body, list[Diagnostic], str]:
    """Return what the body holds, the findings in it, and both as they are kept."""
    if known := unpack_body(kept, path, front.body, front.body_line):
        return *known, kept
    from servicebook.text.markdown import parse_body

    body, found = parse_body(path, front.body, front.body_line)
    return body, found, pack_body(front.body, front.body_line, body, found)


def _unreadable_page(source: SourceFile) -> tuple[Diagnostic, ...]:
    """Return why a page that is no record cannot be read, if so: the site is made of such pages too."""
    text, found = decode_source(source) if source.data.strip() else ("", [])
    return tuple(found) if text is None else ()


def may_be_record(data: bytes) -> bool:
    """Whether a page outside the kinds' folders claims to be a record: front matter with `schema:`."""
    if not data.startswith((b"---\n", b"---\r\n")):
        return False
    head = data[:4096].split(b"\n---", 1)[0]
    return b"\nschema:" in head


def _kind(path: str, front: FrontMatter, folder_kind: Kind | None) -> tuple[Kind | None, list[Diagnostic]]:
    """Tell a record's kind by its `schema`, held against the folder it lies in."""
    schema = front.data.get("schema")
    if schema is None:
        due = folder_kind.schema if folder_kind else "incident/1"
        return folder_kind, [no_schema.at(path, (), due=due)]
    kind = _BY_SCHEMA.get(schema) if isinstance(schema, str) else None
    if kind is None:
        near = near_word(str(schema), list(_BY_SCHEMA))
        return folder_kind, [unknown_schema.at(path, ("schema",), schema=schema, near=near)]
    if folder_kind != kind:
        return kind, [wrong_folder.at(path, ("schema",), schema=schema, folder=kind.folder)]
    return kind, []


_BY_SCHEMA = {kind.schema: kind for kind in BY_NAME.values()}


def _said(path: str, front: FrontMatter, kind: Kind, refused: list[Any], settings: Settings) -> list[Diagnostic]:
    """Return what the model refused, and what the settings do not declare, in the desk's words."""
    fields = form_of(kind.name).fields
    found = [
        say_refused(path, front, fields, item)
        for item in refused
        if item["loc"] != ("schema",)  # told already, with the remedy
    ]
    found = [*dict.fromkeys(found), *find_undeclared_custom(path, front.data.get("custom"), settings)]
    if front.data.get("stage") is None or not kind.ticket:
        return found
    return found + find_wrong_stage(path, front.data, _status(kind, front.data), settings)


def _facts(source: SourceFile, front: FrontMatter, kind: Kind, body: Body, *, broken: bool) -> Facts | None:
    data = front.data
    id = data.get("id")
    if not isinstance(id, str):
        return None
    id = one_line(id)  # the file's own finding tells what stands there; elsewhere it must not steer a terminal
    title = data.get("title") if isinstance(data.get("title"), str) else ""
    if broken:
        named = {"schema": kind.schema, "id": id, "title": title, "$broken": True}
        raw = dumps(named)
        return Facts(source.path, source.blob, kind.name, id, str(title), "", raw, ())
    plain = data.copy()
    plain["$body"] = {
        "sections": [section.key or section.title for section in body.sections],
        "links": [[link.target, link.line] for link in body.links],
        "ids": list(body.ids),
    }
    status = _status(kind, data)
    refs = form_of(kind.name).refs(data)
    raw = dumps(plain)
    if "null" in raw:
        plain = _without_nulls(plain)
        raw = dumps(plain)
    return Facts(source.path, source.blob, kind.name, id, str(title), status, raw, refs, plain)


def _status(kind: Kind, data: dict[str, Any]) -> str:
    return str(status_of(kind.name, data.get("timeline") or []) or data.get("status") or "active")


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
