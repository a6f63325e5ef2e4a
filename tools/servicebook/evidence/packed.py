"""Verdicts and what they are made of as JSON and back, by the types of their fields: what is kept between runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

_Codec = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def pack(value: Any, kind: Any) -> str:
    """Return a value of a type (named tuples of plain values, tuples, sets, dates and themselves) as JSON."""
    return json.dumps(_codec(kind)[0](value), separators=(",", ":"))


def unpack(text: str | bytes, kind: Any) -> Any:
    """Return the value that `pack` made of a type; ValueError, TypeError or KeyError for what it did not make."""
    return _codec(kind)[1](json.loads(text))


@cache
def _codec(kind: Any) -> _Codec:
    """Return how a type is written and how it is read."""
    if kind in (str, int, bool) or get_origin(kind) is Literal:
        return _as_it_is, _as_it_is
    if kind is bytes:
        return bytes.hex, bytes.fromhex
    if kind in (date, datetime):
        return kind.isoformat, kind.fromisoformat
    if get_origin(kind) is UnionType:
        (inner,) = (one for one in get_args(kind) if one is not NoneType)
        return _optional(_codec(inner))
    if get_origin(kind) in (tuple, frozenset):
        return _many(get_origin(kind), get_args(kind))
    return _fields(kind)


def _as_it_is(value: Any) -> Any:
    return value


def _optional(inner: _Codec) -> _Codec:
    write, read = inner
    return (
        lambda value: None if value is None else write(value),
        lambda value: None if value is None else read(value),
    )


def _many(made: Callable[[Any], Any], kinds: tuple[Any, ...]) -> _Codec:
    write, read = _codec(kinds[0])
    assert all(kind in (kinds[0], ...) for kind in kinds), kinds
    if write is _as_it_is:
        return (sorted if made is frozenset else list), made
    return (lambda value: [write(one) for one in value]), (lambda value: made(read(one) for one in value))


def _fields(kind: Any) -> _Codec:
    """Return how a named tuple is written: its fields in their order."""
    hints = get_type_hints(kind)
    codecs = [_codec(hints[name]) for name in kind._fields]

    def write(value: Any) -> list[Any]:
        return [one[0](part) for one, part in zip(codecs, value, strict=True)]

    def read(values: Any) -> Any:
        return kind._make(one[1](part) for one, part in zip(codecs, values, strict=True))

    return write, read
