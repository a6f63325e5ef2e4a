"""Which other records a record names: a walk over plain data, compiled once for each model."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Union

from pydantic import BaseModel

from servicebook.records.facts import Ref
from servicebook.records.record import RefTo

Path = tuple[str | int, ...]
_Step = Callable[[Any, Path, list[Ref]], None]


@cache
def refs_of(model: type[BaseModel]) -> Callable[[Mapping[str, Any]], tuple[Ref, ...]]:
    """Return a walker: front matter as plain data to all references in it, in the order of the model.

    A value of a shape the model does not allow is passed over, so that data may be walked before it is
    judged. The version behind an `@` is not part of the target.
    """
    walk = _model_step(model)

    def find(data: Mapping[str, Any]) -> tuple[Ref, ...]:
        found: list[Ref] = []
        if walk is not None:
            walk(data, (), found)
        return tuple(found)

    return find


@cache
def _model_step(model: type[BaseModel]) -> _Step | None:
    steps: list[tuple[str, _Step]] = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        direct = next((mark for mark in field.metadata if isinstance(mark, RefTo)), None)
        step = _text_step(direct) if direct else _step_of(field.annotation)
        if step is not None:
            steps.append((key, step))
    if not steps:
        return None
    fields = tuple(steps)

    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, dict):
            for key, step in fields:
                inner = value.get(key)
                if inner:
                    step(inner, (*path, key), found)

    return walk


def _step_of(annotation: Any) -> _Step | None:
    """Return the walk over values of a type; None where no reference can lie in it."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *marks = typing.get_args(annotation)
        mark = next((mark for mark in marks if isinstance(mark, RefTo)), None)
        return _text_step(mark) if mark else _step_of(inner)
    if origin in (Union, types.UnionType):
        return next((step for part in typing.get_args(annotation) if (step := _step_of(part))), None)
    if origin is list:
        return _list_step(_step_of(typing.get_args(annotation)[0]))
    if origin is dict:
        return _map_step(_step_of(typing.get_args(annotation)[1]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model_step(annotation)
    return None


def _text_step(mark: RefTo) -> _Step:
    kinds, prefix = mark

    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, str) and value.startswith(prefix):
            found.append(Ref(path, kinds, value[len(prefix) :].partition("@")[0]))

    return walk


def _list_step(step: _Step | None) -> _Step | None:
    if step is None:
        return None
    inner = step

    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, list):
            for position, entry in enumerate(value):
                inner(entry, (*path, position), found)

    return walk


def _map_step(step: _Step | None) -> _Step | None:
    if step is None:
        return None
    inner = step

    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, dict):
            for key, entry in value.items():
                inner(entry, (*path, key), found)

    return walk
