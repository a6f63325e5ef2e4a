"""The JSON Schemas: they take the worked examples, and refuse what the models refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from servicebook.records.kinds import BY_NAME, KINDS
from servicebook.records.templates import asked_fields
from servicebook.reports.json_schema import DIALECT, schema_of
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile
from servicebook.workflow.lifecycles import LIFECYCLES, events_of

EXAMPLES = Path(__file__).parents[1] / "records" / "examples"
CORE = [kind.name for kind in KINDS]
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
    "null": type(None),
}  # fmt: skip


def example(kind: str) -> dict[str, Any]:
    front, found = parse_front_matter(SourceFile("x.md", (EXAMPLES / f"{kind}.md").read_bytes()))
    assert front is not None
    assert found == []
    return front.data


def faults(schema: dict[str, Any], value: Any, root: dict[str, Any], where: str = "$") -> list[str]:
    """Judge a value by the keywords that our schemas use (a small part of JSON Schema 2020-12)."""
    if "$ref" in schema:
        return faults(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, where)
    if "anyOf" in schema:
        tries = [faults(part, value, root, where) for part in schema["anyOf"]]
        return [] if [] in tries else min(tries, key=len)
    named = schema.get("type", list(TYPES))
    names = [named] if isinstance(named, str) else named
    if not any(isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in names):
        return [f"{where}: {value!r} is not {named}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is none of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: {value!r} is not {schema['const']!r}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{where}: {value!r} is not like {schema['pattern']}")
    if isinstance(value, list):
        for position, entry in enumerate(value):
            found += faults(schema.get("items", {}), entry, root, f"{where}[{position}]")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value]
        for name, entry in value.items():
            rest = schema.get("additionalProperties", True)
            if name in known:
                found += faults(known[name], entry, root, f"{where}.{name}")
            elif rest is False:
                found.append(f"{where}: {name} is unknown")
            elif isinstance(rest, dict):
                found += faults(rest, entry, root, f"{where}.{name}")
    return found


@pytest.mark.parametrize("kind", CORE)
def test_the_schema_takes_the_worked_example(kind: str) -> None:
    schema = schema_of(kind, "en")
    assert faults(schema, example(kind), schema) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", "problem/1"),
        ("id", "INC-2026-1"),
        ("status", "resloved"),
        ("fualt_grade", "severe"),
        ("fault_grade", "critical"),
        ("assets", "transcoder-03"),
        ("timeline", [{"at": "2026-03-12T08:43:05+08:00", "id": "k3f9", "event": "deployed", "by": "li.wei"}]),
        ("timeline", [{"at": "2026-03-12T08:43:05+08:00", "id": "k3f9", "event": "opened"}]),
        ("caller", {"nmae": "Chen"}),
    ],
)
def test_the_schema_refuses(field: str, value: Any) -> None:
    schema = schema_of("incident", "en")
    assert faults(schema, {**example("incident"), field: value}, schema)


@pytest.mark.parametrize("kind", list(BY_NAME))
def test_every_field_has_title_and_description_in_the_readers_language(kind: str) -> None:
    schema = schema_of(kind, "zh")
    assert schema["$schema"] == DIALECT
    for model in (schema, *schema["$defs"].values()):
        for name, field in model["properties"].items():
            assert re.search(r"[\u4e00-\u9fff]|^(RTO|RPO)$", field["title"]), name
            assert re.search(r"[\u4e00-\u9fff]", field["description"]), name
    asked = {name for name, field in schema["properties"].items() if field.get("x-asked")}
    assert asked == set(asked_fields(kind))
    json.dumps(schema)


def test_words_are_named_and_events_are_those_of_the_kind() -> None:
    schema = schema_of("incident", "zh")
    grade = schema["properties"]["fault_grade"]["anyOf"][0]
    assert dict(zip(grade["enum"], grade["enumDescriptions"], strict=True))["severe"] == "严重"
    for kind in LIFECYCLES:
        assert schema_of(kind, "en")["$defs"]["Event"]["properties"]["event"]["enum"] == list(events_of(kind))


def test_references_say_what_they_may_name() -> None:
    fields = schema_of("asset", "en")["properties"]
    assert fields["owner"]["anyOf"][0]["x-refers-to"] == ["person", "team"]
    assert "x-refers-to" not in fields["audience"]["items"]
