"""Which other records a record names: a walk over plain data, compiled once for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from servicebook.records.facts import Ref
from servicebook.typed import Any

Path = tuple[str | int, ...]
Plan = list[Any]
"""Where references lie, in values that JSON can hold (records/reference_plan.py makes it of a model):
["text", kinds, prefix], ["list", plan of an entry], ["dict", plan of a value] or ["block", [[key, plan], ...]]."""

_Step = Callable[[Any, Path, list[Ref]], None]


def finder_of_refs(plan: Plan | None) -> Callable[[Mapping[str, Any]], tuple[Ref, ...]]:
    """Return a walker: front matter as plain data to all references in it, in the order of the plan.

    A value of a shape the model does not allow is passed over, so that data may be walked before it is
    judged. The version behind an `@` is not part of the target.
    """
    walk = _step_of(plan) if plan else None

    def find(data: Mapping[str, Any]) -> tuple[Ref, ...]:
        found: list[Ref] = []
        if walk is not None:
            walk(data, (), found)
        return tuple(found)

    return find


def _step_of(plan: Plan) -> _Step:
    shape, *inside = plan
    if shape == "text":
        return _text_step(tuple(inside[0]), inside[1])
    if shape == "block":
        return _block_step(tuple((key, _step_of(field)) for key, field in inside[0]))
    return _list_step(_step_of(inside[0])) if shape == "list" else _dict_step(_step_of(inside[0]))


def _block_step(fields: tuple[tuple[str, _Step], ...]) -> _Step:
    names = frozenset(key for key, _ in fields)

    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, dict) and not names.isdisjoint(value):
            for key, step in fields:
                inner = value.get(key)
                if inner:
                    step(inner, (*path, key), found)

    return walk


def _text_step(kinds: tuple[str, ...], prefix: str) -> _Step:
    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, str) and value.startswith(prefix):
            found.append(Ref(path, kinds, value[len(prefix) :].partition("@")[0]))

    return walk


def _list_step(inner: _Step) -> _Step:
    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, list):
            for position, entry in enumerate(value):
                inner(entry, (*path, position), found)

    return walk


def _dict_step(inner: _Step) -> _Step:
    def walk(value: Any, path: Path, found: list[Ref]) -> None:
        if isinstance(value, dict):
            for key, entry in value.items():
                inner(entry, (*path, key), found)

    return walk
