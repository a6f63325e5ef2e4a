"""Where the references of a kind lie, as plain data: read off its model's annotations."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, Union

from pydantic import BaseModel

from servicebook.records.record import RefTo
from servicebook.records.references import Plan


def plan_of_refs(model: type[BaseModel]) -> Plan | None:
    """Return where references lie in a model's front matter, in the order of the model; None for nowhere."""
    fields: list[Any] = []
    for name, field in model.model_fields.items():
        direct = next((mark for mark in field.metadata if isinstance(mark, RefTo)), None)
        plan = _of_mark(direct) if direct else _of_annotation(field.annotation)
        if plan is not None:
            fields.append([field.alias or name, plan])
    return ["block", fields] if fields else None


def _of_annotation(annotation: Any) -> Plan | None:
    """Return where references lie in values of a type; None where none can."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *marks = typing.get_args(annotation)
        mark = next((mark for mark in marks if isinstance(mark, RefTo)), None)
        return _of_mark(mark) if mark else _of_annotation(inner)
    if origin in (Union, types.UnionType):
        return next((plan for part in typing.get_args(annotation) if (plan := _of_annotation(part))), None)
    if origin in (list, dict):
        inside = _of_annotation(typing.get_args(annotation)[0 if origin is list else 1])
        return inside and [origin.__name__, inside]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return plan_of_refs(annotation)
    return None


def _of_mark(mark: RefTo) -> Plan:
    return ["text", list(mark.kinds), mark.prefix]
