"""Front matter of which every value ends on its own line, read line by line.

A quick reader for the forms that people and this program write most: `name: value`, blocks and lists by their
indent, `{...}` and `[...]` closed on their line, text in quotes without escapes. It knows nothing else and says so
at the first sign of anything else; then libyaml reads (text/front_matter.py). What it does read it reads as
libyaml does: tests hold the two together over generated and collected front matter.
"""

from __future__ import annotations

import re

from servicebook.text.scalars import NOT_TEXT, SPECIAL_STARTS, Trap, read_plain
from servicebook.typed import Any

_KEY = r"[A-Za-z_][A-Za-z0-9_-]{0,99}+"
_START = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=]"
"""What text without quotes may begin with; some signs that YAML allows as well are left to libyaml."""
_IN_FLOW = rf"{_START}[^:,\[\]{{}}#?]*+(?::[^\s:,\[\]{{}}#?][^:,\[\]{{}}#?]*+)*+(?<! )"
_QUOTED = r"\"[^\"\\]*\"|'[^']*'"

_FIELD = re.compile(rf"({_KEY}):(?: +|$)")
_QUOTED_ONLY = re.compile(_QUOTED)
_FLAT_MAP = re.compile(rf"{{{_KEY}: {_IN_FLOW}(?:, {_KEY}: {_IN_FLOW})*+}}")
_FLAT_LIST = re.compile(rf"\[{_IN_FLOW}(?:, {_IN_FLOW})*+\]")
_FLOW_KEY = re.compile(rf"({_KEY}): ")
_FLOW_SCALAR = re.compile(rf"{_QUOTED}|{_IN_FLOW}")

_MOST_BLOCKS = 3
_MOST_FLOWS = 3
"""Levels in which blocks, and braces or brackets in one value, may lie in one another; together they stay below
the depth that front matter may have."""


class _Otherwise(Exception):  # noqa: N818 - no error: another reader is to read this
    """Something stands here that this reader does not know."""


def read_lines(fields: str) -> dict[str, Any] | None:
    """Return the data of front matter, or None where it holds anything but the forms that this reader knows.

    fields: free of tabs, control and invisible characters. None as well where an unquoted word is a trap: it may go
    on in the next line, and be none.
    """
    try:
        return _read(fields.split("\n")) or None
    except (_Otherwise, Trap):
        return None


def _read(lines: list[str]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    here: Any = root
    indent, in_list, waiting = 0, False, ""  # waiting: the field of `here` whose value may stand below it
    outer: list[tuple[Any, int, bool]] = []
    field_at = _FIELD.match
    for line in lines:
        field = field_at(line)
        if field is not None:  # a field of the record itself ends whatever is open
            if outer:
                here, indent, in_list = root, 0, False
                outer.clear()
        else:
            text = line.lstrip(" ")
            if not text or text[0] == "#":
                continue
            depth, is_entry = len(line) - len(text), text.startswith("- ")
            if waiting and (depth > indent or (is_entry and depth == indent)):
                outer.append((here, indent, in_list))
                below: Any = [] if is_entry else {}
                here[waiting] = below
                here, indent, in_list = below, depth, is_entry
            while outer and (depth < indent or (depth == indent and in_list and not is_entry)):
                here, indent, in_list = outer.pop()
            if depth != indent or is_entry != in_list or len(outer) > _MOST_BLOCKS:
                raise _Otherwise
            if is_entry:
                waiting = ""
                text = text[2:].lstrip(" ")
                field = field_at(text)
                if field is None:
                    here.append(_value(text.rstrip(" ")))
                    continue
                outer.append((here, indent, True))
                block: dict[str, Any] = {}
                here.append(block)
                here, indent, in_list = block, len(line) - len(text), False
            elif (field := field_at(text)) is None:
                raise _Otherwise
            line = text
        key = field[1]
        if key in here or key in NOT_TEXT:
            raise _Otherwise
        text = line[field.end() :].rstrip(" ")
        if text:
            here[key], waiting = _value(text), ""
        else:
            here[key], waiting = None, key
    return root


_TEXT, _WORD, _FLOW, _TEXT_IN_QUOTES, _UNKNOWN = range(5)
_STARTS = {
    **dict.fromkeys(SPECIAL_STARTS, _WORD),
    **dict.fromkeys("-?:,]}#&*!|>%@`=", _UNKNOWN),
    **dict.fromkeys("{[", _FLOW),
    **dict.fromkeys("\"'", _TEXT_IN_QUOTES),
}
"""What a value is by its first character, text apart."""
_NO_END = ("", ":")


def _value(text: str) -> Any:
    """Return what stands behind a field's colon or an entry's dash, up to the end of the line."""
    form = _STARTS.get(text[:1], _TEXT)
    if form <= _WORD:
        if ": " in text or " #" in text or text[-1:] in _NO_END:
            raise _Otherwise
        return read_plain(text) if form else text
    if form == _FLOW:
        return _flow(text)
    if form == _UNKNOWN or _QUOTED_ONLY.fullmatch(text) is None:
        raise _Otherwise
    return text[1:-1]


def _flow(text: str) -> Any:
    """Return the mapping or list that a line ends with."""
    if _FLAT_MAP.fullmatch(text):
        pairs = [part.split(": ", 1) for part in text[1:-1].split(", ")]
        flat: dict[str, Any] = dict(pairs)
        if len(flat) != len(pairs) or not NOT_TEXT.isdisjoint(flat):
            raise _Otherwise
        for key, value in flat.items():
            if value[0] in SPECIAL_STARTS:
                flat[key] = read_plain(value)
        return flat
    if _FLAT_LIST.fullmatch(text):
        return [read_plain(word) if word[0] in SPECIAL_STARTS else word for word in text[1:-1].split(", ")]
    value, end = _nested(text, 0, 1)
    if end != len(text):
        raise _Otherwise
    return value


def _nested(text: str, at: int, depth: int) -> tuple[Any, int]:
    """Return the value that begins at `at` of a line, and where it ends."""
    start = text[at : at + 1]
    if start != "{" and start != "[":
        scalar = _FLOW_SCALAR.match(text, at)
        if scalar is None:
            raise _Otherwise
        word = scalar[0]
        if start == '"' or start == "'":
            return word[1:-1], scalar.end()
        return read_plain(word) if start in SPECIAL_STARTS else word, scalar.end()
    if depth > _MOST_FLOWS:
        raise _Otherwise
    return _nested_map(text, at + 1, depth) if start == "{" else _nested_list(text, at + 1, depth)


def _nested_map(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    if text.startswith("}", at):
        return found, at + 1
    while True:
        field = _FLOW_KEY.match(text, at)
        if field is None or (key := field[1]) in found or key in NOT_TEXT:
            raise _Otherwise
        found[key], at = _nested(text, field.end(), depth + 1)
        if text.startswith(", ", at):
            at += 2
        elif text.startswith("}", at):
            return found, at + 1
        else:
            raise _Otherwise


def _nested_list(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    if text.startswith("]", at):
        return found, at + 1
    while True:
        value, at = _nested(text, at, depth + 1)
        found.append(value)
        if text.startswith(", ", at):
            at += 2
        elif text.startswith("]", at):
            return found, at + 1
        else:
            raise _Otherwise
