"""What a file says as a record: text to model and fact row; bad data is an answer, not an exception."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, Kind, kind_of_path
from servicebook.records.models import model_of
from servicebook.records.record import Record
from servicebook.records.references import refs_of
from servicebook.settings import Settings
from servicebook.text.front_matter import FrontMatter, locate, parse_front_matter
from servicebook.text.markdown import Body, parse_body
from servicebook.text.source_file import SourceFile
from servicebook.workflow.transitions import status_of


class Loaded(NamedTuple):
    """What loading a file gave: as much as could be read, and every finding on the way.

    `facts` is there as soon as kind and id can be told; of a record that its model refuses they hold only
    what names it, with `$broken` set, so that references to it still lead somewhere.
    `record` is there only when the model accepts the front matter.
    """

    source: SourceFile
    kind: Kind | None = None
    front: FrontMatter | None = None
    record: Record | None = None
    body: Body | None = None
    facts: Facts | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


def load_record(source: SourceFile, settings: Settings) -> Loaded:
    """Load one record file. A page of kb/ without `schema:` is no record: everything but `source` is None."""
    folder_kind = kind_of_path(source.path)
    if folder_kind is None and not may_be_record(source.data):
        return Loaded(source)
    front, found = parse_front_matter(source)
    if front is None:
        return Loaded(source, folder_kind, diagnostics=tuple(found))
    kind, kind_found = _kind(source.path, front, folder_kind)
    found += kind_found
    body, body_found = parse_body(source.path, front.body, front.body_line)
    found += body_found
    if kind is None:
        return Loaded(source, None, front, None, body, None, tuple(found))
    record, model_found = _validated(source.path, front, kind, settings)
    found += model_found
    facts = _facts(source, front, kind, body, broken=record is None)
    return Loaded(source, kind, front, record, body, facts, tuple(found))


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
    kind = next((kind for kind in BY_NAME.values() if kind.schema == schema), None)
    if kind is None:
        near = _near(str(schema), [kind.schema for kind in BY_NAME.values()])
        return folder_kind, [unknown_schema.at(path, ("schema",), schema=schema, near=near)]
    if folder_kind != kind:
        return kind, [wrong_folder.at(path, ("schema",), schema=schema, folder=kind.folder)]
    return kind, []


def _validated(path: str, front: FrontMatter, kind: Kind, settings: Settings) -> tuple[Record | None, list[Diagnostic]]:
    model = model_of(kind.name)
    custom_found = list(_undeclared_custom(path, front.data.get("custom"), settings))
    try:
        return model.model_validate(front.data), custom_found
    except ValidationError as error:
        found = [
            _translated(path, front, model, item)
            for item in error.errors(include_url=False)
            if item["loc"] != ("schema",)  # told already, with the remedy
        ]
        return None, [*dict.fromkeys(found), *custom_found]


def _translated(path: str, front: FrontMatter, model: type[Record], item: Any) -> Diagnostic:
    """Say one pydantic error in the desk's words, at the nearest place in the file that exists."""
    where: KeyPath = tuple(item["loc"])
    kind, context = item["type"], item.get("ctx", {})
    field = ".".join(str(key) for key in where)
    value = _shown(item.get("input"))
    if kind == "extra_forbidden":
        near = _near(str(where[-1]), _known_fields(model, where[:-1]))
        return unknown_field.at(path, _key_span(front, where), field=field, near=near)
    if kind == "missing":
        return missing_field.at(path, where, field=field)
    if kind == "naive_instant":
        return naive_instant.at(path, where, field=field, value=value)
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "`")
        choices = [choice.strip("` ") for part in expected.split(",") for choice in part.split(" or ")]
        return unknown_value.at(path, where, field=field, value=value, due=expected, near=_near(value, choices))
    due = _DUE.get(kind, item["msg"]).format_map(context)
    return wrong_value.at(path, where, field=field, value=value, due=due)


_DUE = {
    "instant": "an instant with offset, such as 2026-03-12T08:41:00+08:00",
    "date": "a date YYYY-MM-DD",
    "duration": "a duration such as 30m or 1h30m",
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map of fields",
    "model_attributes_type": "a map of fields",
    "string_too_short": "at least {min_length} character(s)",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "text of the form {pattern}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "at least {min_length} item(s)",
    "too_long": "at most {max_length} items",
}
"""What was due, by pydantic's error type; templates take the error's context."""


def _undeclared_custom(path: str, custom: Any, settings: Settings) -> Iterator[Diagnostic]:
    if not isinstance(custom, dict):
        return
    for name, value in custom.items():
        declared = settings.custom.get(name)
        if declared is None:
            near = _near(str(name), list(settings.custom))
            yield undeclared_custom.at(path, ("custom", name), field=name, near=near)
        elif not _CUSTOM_CHECKS[declared](value):
            yield wrong_value.at(path, ("custom", name), field=f"custom.{name}", value=_shown(value), due=declared)


_CUSTOM_CHECKS = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str) and _parses("read_date", value),
    "instant": lambda value: isinstance(value, str) and _parses("read_instant", value),
    "list": lambda value: isinstance(value, list),
}


def _parses(reader: str, value: str) -> bool:
    from pydantic_core import PydanticCustomError

    from servicebook.records import record

    try:
        getattr(record, reader)(value)
    except PydanticCustomError:
        return False
    return True


def _facts(source: SourceFile, front: FrontMatter, kind: Kind, body: Body, *, broken: bool) -> Facts | None:
    data = front.data
    id = data.get("id")
    if not isinstance(id, str):
        return None
    title = data.get("title") if isinstance(data.get("title"), str) else ""
    if broken:
        named = {"schema": kind.schema, "id": id, "title": title, "$broken": True}
        raw = json.dumps(named, ensure_ascii=False, separators=(",", ":"))
        return Facts(source.path, source.blob, kind.name, id, str(title), "", raw, ())
    plain = _without_nulls(data)
    plain["$body"] = {
        "sections": [section.key or section.title for section in body.sections],
        "links": [[link.target, link.line] for link in body.links],
        "ids": list(body.ids),
    }
    status = status_of(kind.name, data.get("timeline") or []) or data.get("status") or "active"
    refs = refs_of(model_of(kind.name))(data)
    raw = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return Facts(source.path, source.blob, kind.name, id, str(title), status, raw, refs)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def _known_fields(model: Any, where: KeyPath) -> list[str]:
    """Return the names a block takes at a place, following the models down the path."""
    from typing import get_args

    for key in where:
        if isinstance(key, int):
            continue
        field = next((f for name, f in model.model_fields.items() if (f.alias or name) == key), None)
        inner = [field.annotation] if field else []
        while inner and not any(hasattr(part, "model_fields") for part in inner):
            inner = [part for outer in inner for part in get_args(outer)]
        model = next((part for part in inner if hasattr(part, "model_fields")), None)
        if model is None:
            return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _key_span(front: FrontMatter, where: KeyPath) -> Span:
    return front.key_spans.get(where) or locate(front, where)


def _near(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return near[0] if near else ""


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


@found_on_the_way(
    "REC201",
    "unknown-field",
    message="`{field}` is not a field of this kind",
    hint="did you mean `{near}`? | `servicebook schema` lists the fields; your own go under `custom:`",
)
def unknown_field() -> None:
    """A field that the record's kind does not have.

    Why: a misspelt field is read by nobody, so its promise is lost silently.

    Example:
        fualt_grade: severe

    Instead:
        fault_grade: severe
    """


@found_on_the_way(
    "REC202",
    "missing-field",
    message="`{field}` is missing",
    hint="add `{field}:`; `servicebook schema` says what it takes",
)
def missing_field() -> None:
    """A field without which the record cannot be told or filed.

    Why: id, title and schema name a record; without a customer nobody knows whose promise runs.

    Example:
        schema: incident/1
        id: INC-20260312-7F3K

    Instead:
        schema: incident/1
        id: INC-20260312-7F3K
        title: Channel 3 is black
    """


@found_on_the_way(
    "REC203",
    "wrong-value",
    message="`{field}` is `{value}`, due was {due}",
    hint="write {due}",
)
def wrong_value() -> None:
    """A value of another type or form than the field takes.

    Why: clocks, lists and figures are computed from these values; one that must be guessed at is wrong
    somewhere.

    Example:
        reported_at: yesterday evening

    Instead:
        reported_at: 2026-03-12T08:41:00+08:00
    """


@found_on_the_way(
    "REC204",
    "naive-instant",
    message="`{field}` is `{value}`, an instant without offset",
    hint="add the offset of the place it happened at, such as +08:00",
)
def naive_instant() -> None:
    """An instant that does not say which offset it is in.

    Why: a promise of 30 minutes cannot be kept in a time that is 8 hours wide (design: clocks, zone).

    Example:
        reported_at: 2026-03-12T08:41:00

    Instead:
        reported_at: 2026-03-12T08:41:00+08:00
    """


@found_on_the_way(
    "REC205",
    "unknown-value",
    message="`{field}` is `{value}`, due was {due}",
    hint="did you mean `{near}`? | due: {due}",
)
def unknown_value() -> None:
    """A word that is none of the words the field takes.

    Why: targets, routing and figures key on these words.

    Example:
        fault_grade: critical

    Instead:
        fault_grade: severe
    """


@found_on_the_way(
    "REC206",
    "no-schema",
    message="the record does not say what it is: `schema` is missing",
    hint="add `schema: {due}` as the first line",
)
def no_schema() -> None:
    """A file in a kind's folder without `schema:`.

    Why: the schema names kind and version of the form, so that forms can grow and old files stay readable.

    Example:
        id: INC-20260312-7F3K

    Instead:
        schema: incident/1
        id: INC-20260312-7F3K
    """


@found_on_the_way(
    "REC207",
    "unknown-schema",
    message="`schema` is `{schema}`, which names no kind",
    hint="did you mean `{near}`? | `servicebook schema` lists the kinds",
)
def unknown_schema() -> None:
    """A schema that no kind has.

    Why: without its kind a record cannot be checked.

    Example:
        schema: incidnet/1

    Instead:
        schema: incident/1
    """


@found_on_the_way(
    "REC208",
    "wrong-folder",
    message="`{schema}` lies outside its folder `{folder}/`",
    hint="git mv it below {folder}/",
)
def wrong_folder() -> None:
    """A record that lies in another kind's folder, or in none.

    Why: people and tools find a record by its id alone, because the folder follows from the kind.

    Example:
        kb/articles/live-streaming.md with `schema: service/1`

    Instead:
        kb/services/live-streaming.md
    """


@found_on_the_way(
    "REC209",
    "undeclared-custom-field",
    message="`custom.{field}` is not declared in the settings",
    hint='declare it: `custom = {{ {field} = "text" }}` under [tool.servicebook] | did you mean `{near}`?',
)
def undeclared_custom() -> None:
    """A field under `custom:` that the desk's settings do not declare.

    Why: own fields are welcome, misspelt ones are not; a declaration tells them apart.

    Example:
        custom: {cost_centre: 4711}

    Instead:
        custom: {cost_center: "4711"}   # with cost_center = "text" under [tool.servicebook] custom
    """


RULES: tuple[Rule, ...] = (
    unknown_field,
    missing_field,
    wrong_value,
    naive_instant,
    unknown_value,
    no_schema,
    unknown_schema,
    wrong_folder,
    undeclared_custom,
)
