"""What an editor must know of a kind's front matter: its JSON Schema (2020-12), in the reader's language."""

from __future__ import annotations

from typing import Any

from servicebook.language.catalogue import say
from servicebook.language.labels import field_label, label_of, value_label
from servicebook.records.kinds import BY_NAME, CROCKFORD, Kind
from servicebook.records.models import model_of
from servicebook.settings import Settings
from servicebook.workflow.lifecycles import LIFECYCLES, STATES_OF_STANDING_RECORDS, events_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind_name: str, language: str, settings: Settings | None = None) -> dict[str, Any]:
    """Return the JSON Schema of the front matter of a kind, with titles and descriptions in `language`.

    Beside the model it says what the kind adds: its id form, its states, the events of its timeline; and what a desk's
    settings add: categories, stages and fields of its own.
    `x-asked` marks what `new` asks, `x-refers-to` the kinds a reference may name.
    """
    kind = BY_NAME[kind_name]
    schema = model_of(kind_name).model_json_schema(by_alias=True)
    for definition in schema.get("$defs", {}).values():
        _describe(definition, language)
    _describe(schema, language)
    _narrow(schema, kind)
    if settings:
        _extend(schema["properties"], settings, language)
    name = say("fields", label_of(kind_name), language)
    rest = {key: value for key, value in schema.items() if key not in ("title", "description")}
    return {"$schema": DIALECT, "$id": f"{kind_name}.schema.json", "title": name, **rest}


def _describe(model: dict[str, Any], language: str) -> None:
    """Give every field of one model its label and description, and its words what they are called."""
    model.pop("title", None)
    model.pop("description", None)
    for name, field in model.get("properties", {}).items():
        field["title"] = field_label(name, language)
        if "description" in field:
            field["description"] = say("fields", field["description"], language)
        for mark in ("asked", "derived"):
            if mark in field:
                field[f"x-{mark}"] = field.pop(mark)
        _name_words(name, field, language)


def _name_words(name: str, schema: dict[str, Any], language: str) -> None:
    if "enum" in schema and language != "en":
        schema["enumDescriptions"] = [value_label(name, word, language) for word in schema["enum"]]
    for part in (*schema.get("anyOf", ()), schema.get("items")):
        if isinstance(part, dict):
            _name_words(name, part, language)


_OWN_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"}, "number": {"type": "number"}, "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"}, "instant": {"type": "string", "format": "date-time"},
    "list": {"type": "array"},
}  # fmt: skip


def _extend(fields: dict[str, Any], settings: Settings, language: str) -> None:
    """Add what a desk declares of its own; nothing else goes under `custom`."""
    for name, words in (("category", settings.categories), ("stage", settings.stages)):
        if words and name in fields:
            part = next(one for one in (*fields[name].get("anyOf", ()), fields[name]) if one.get("type") == "string")
            own = [*part.get("enum", ()), *words]
            part.pop("pattern", None)
            if "enumDescriptions" in part:
                part["enumDescriptions"] += [value_label(name, word, language) for word in words]
            part["enum"] = own
    if "custom" in fields:
        fields["custom"]["properties"] = {
            name: {"title": field_label(name, language), **_OWN_TYPES[form]} for name, form in settings.custom.items()
        }
        fields["custom"]["additionalProperties"] = False


def _narrow(schema: dict[str, Any], kind: Kind) -> None:
    """Say what the kind knows and its model leaves to rules."""
    fields = schema["properties"]
    fields["schema"]["const"] = kind.schema
    fields["schema"].pop("pattern", None)
    if kind.prefix:
        fields["id"]["pattern"] = rf"^{kind.prefix}-\d{{8}}-[{CROCKFORD}]{{4}}$"
    else:
        fields["id"]["pattern"] = r"^[a-z0-9][a-z0-9.]*(-[a-z0-9.]+)*$"
    life = LIFECYCLES.get(kind.name)
    states = life.states if life else STATES_OF_STANDING_RECORDS.get(kind.name, ("active", "retired"))
    if "enum" not in str(fields["status"]):
        fields["status"]["enum"] = [*states, None]
    if life:
        schema["$defs"]["Event"]["properties"]["event"]["enum"] = list(events_of(kind.name))
        schema["$defs"]["Event"]["properties"]["event"].pop("enumDescriptions", None)
