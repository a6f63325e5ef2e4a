"""Findings of one file as a text that can be kept, and back: code, place and values, never prose, never the path."""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.kept_json import dumps, loads


def pack_found(found: Sequence[Diagnostic]) -> str:
    """Return the findings on one file as a text without their path; empty for none."""
    return dumps([_pack(item) for item in found]) if found else ""


def unpack_found(path: str, found: str) -> tuple[Diagnostic, ...]:
    """Return the findings on the file at `path` that were packed into a text."""
    if not found:
        return ()
    return tuple(_unpack(path, item) for item in loads(found))


def _pack(item: Diagnostic) -> list[object]:
    return [item.code, isinstance(item.where, Span), item.where, item.params]


def _unpack(path: str, item: list[object]) -> Diagnostic:
    code, is_span, where, params = item
    assert isinstance(code, str) and isinstance(where, list) and isinstance(params, list)
    pairs = tuple((str(key), str(value)) for key, value in params)
    return Diagnostic(path, code, Span(*where) if is_span else tuple(where), pairs)
