"""From the model of a kind to its form: the schema that pydantic made of it, as data without functions or classes."""

from __future__ import annotations

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pydantic_core

from servicebook.loader.form import CLASS, FUNCTION, READINGS
from servicebook.records.models import model_of
from servicebook.records.record import Block, Record
from servicebook.records.reference_plan import plan_of_refs

_NOT_FOR_JUDGING = ("metadata", "serialization", "default", "default_factory", "default_factory_takes_data")
"""What a schema says for others: makers of JSON Schemas, writers, and whoever looks at a validated record."""


def form_data(kind: str) -> dict[str, Any]:
    """Return a kind's form in values that JSON can hold, by the names of PARTS (loader/kept_forms.py).

    Raises ValueError for a model that says what a form cannot: an unknown function, a default that is validated.
    """
    model = model_of(kind)
    return {
        "core": _as_data(model.__pydantic_core_schema__, {}),
        "core_version": pydantic_core.__version__,
        "refs": plan_of_refs(model),
        "fields": _fields_of(model),
        "words": {field.alias or name: _words_of(field.annotation) for name, field in model.model_fields.items()},
    }


def _as_data(schema: Any, names: dict[str, str]) -> Any:
    """Return a part of a schema as data; `names` gives the parts that others refer to names without addresses."""
    if isinstance(schema, dict):
        return _dict_as_data(schema, names)
    if isinstance(schema, list | tuple):
        return [_as_data(item, names) for item in schema]
    if schema is None or isinstance(schema, str | int | float | bool):
        return schema
    if isinstance(schema, type) and issubclass(schema, Record | Block):
        return {CLASS: schema.__name__}
    if callable(schema) and getattr(schema, "__module__", "") == READINGS:
        return {FUNCTION: schema.__name__}
    raise ValueError(f"a form cannot hold {schema!r}")


def _dict_as_data(schema: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    if schema.get("type") == "default" and schema.get("validate_default"):
        raise ValueError("a form cannot hold a default that is validated")
    data = {key: _as_data(value, names) for key, value in schema.items() if key not in _NOT_FOR_JUDGING}
    for key in ("ref", "schema_ref"):
        if isinstance(name := data.get(key), str):
            data[key] = names.setdefault(name, f"{name.partition(':')[0]}:{len(names)}")
    if schema.get("type") == "default":
        data["default"] = None  # that there is one lets the field be absent; which one, nobody asks
    return data


def _fields_of(model: Any) -> dict[str, Any]:
    """Return the names a block takes, each with the names of the block that stands there, if one does."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = [field.annotation]
        while inner and not any(hasattr(part, "model_fields") for part in inner):
            inner = [part for outer in inner for part in get_args(outer)]
        block = next((part for part in inner if hasattr(part, "model_fields")), None)
        fields[field.alias or name] = _fields_of(block) if block else None
    return fields


def _words_of(annotation: Any) -> list[str]:
    """Return the words that a field takes, or a list of which it takes; none where it takes any value."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    inner = [part for part in get_args(annotation) if part is not type(None)]
    plain = get_origin(annotation) in (list, Union, UnionType)
    return _words_of(inner[0]) if plain and len(inner) == 1 else []
