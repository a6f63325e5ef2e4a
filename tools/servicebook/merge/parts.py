"""A record's front matter cut into parts that keep their bytes: a part a field or item, with what stands above it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from servicebook.diagnostics.diagnostic import KeyPath
from servicebook.text.document import Document

_DASH = re.compile(r" *- *")
_NOTHING_BUT_COMMENTS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
_REST_OF_HEADER = re.compile(r"[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n")


class CannotMergeError(ValueError):
    """These files cannot be merged field by field; Git's merge of lines has to do."""


class Part(NamedTuple):
    """One field of a mapping or one item of a list.

    `lead`: the comments and blank lines above it. `text`: all of it as it stands, whole lines where it stands
    in lines of its own, else `key: value` or `value`. `inside`: its own parts, None where it has none or they
    stand so that they cannot be told apart.
    """

    name: Any
    lead: str
    text: str
    value: Any
    inside: Inside | None


class Inside(NamedTuple):
    """What a mapping or list consists of: opening + parts (each behind its gap, in brackets) + closing."""

    in_brackets: bool
    indent: int
    opening: str
    parts: list[Part]
    gaps: list[str]
    closing: str


class Pieces(NamedTuple):
    """A whole record: its front matter as one part (fences in opening and closing), and the body below."""

    front: Part
    body: str


def read_pieces(data: bytes) -> Pieces:
    """Return the pieces of a file. Raises CannotMergeError or CannotEditError where there are none to tell apart."""
    document = Document(data)
    text, begin = document.text, document.next_line(0)
    inside = None if document.empty or document.is_flow(()) else _in_lines(document, (), begin, begin)
    if inside is None:
        raise CannotMergeError("the front matter is not one field a line")
    end = document.closing
    last = sum(len(part.lead) + len(part.text) for part in inside.parts) + begin
    if not _NOTHING_BUT_COMMENTS.fullmatch(text[last:end]):
        raise CannotMergeError("the front matter ends in something else than a field")
    body = text.find("\n", end) + 1 or len(text)
    inside = inside._replace(opening=text[:begin], closing=text[last:body])
    return Pieces(Part("", "", text[:body], document.fields, inside), text[body:])


def _in_lines(document: Document, where: KeyPath, begin: int, start: int) -> Inside | None:
    """Return the parts of a mapping or list that stands in lines of its own, from offset `begin` on.

    start: where the part itself begins; the first field of a list's item stands on that line, behind the dash.
    """
    text, value = document.text, document.value(where)
    in_list = isinstance(value, list)
    parts: list[Part] = []
    at = begin
    for name in range(len(value)) if in_list else value:
        path = (*where, name)
        first = document.start(path) if in_list else document.key(path)[0]
        line = document.line_start(first)
        margin = text[line:first]
        dashed = in_list or (line == start and begin == start and bool(where))
        if line < at or not (_DASH.fullmatch(margin) if dashed else not margin.strip(" ")):
            return None
        end = document.next_line(document.end(path))
        lead = text[at:line]
        if end <= line or not _NOTHING_BUT_COMMENTS.fullmatch(lead):
            return None
        parts.append(Part(name, lead, text[line:end], value[name], _inside(document, path, line, end)))
        at = end
    indent = (document.spans[where].column if in_list else document.keys[(*where, parts[0].name)].column) - 1
    return Inside(False, indent, text[start:begin], parts, [], "")


def _inside(document: Document, where: KeyPath, start: int, end: int) -> Inside | None:
    """Return the parts of what stands from offset `start` to `end`; None for a scalar, and where they blur."""
    value = document.value(where)
    if not isinstance(value, (dict, list)):
        return None
    try:
        if document.is_flow(where):
            return _in_brackets(document, where, start, end)
        if where in document.keys:
            name_end = document.key(where)[1]
            begin = document.next_line(name_end)
            if not _REST_OF_HEADER.fullmatch(document.text[name_end:begin]):
                return None
            return _in_lines(document, where, begin, start)
        return _in_lines(document, where, start, start) if isinstance(value, dict) else None
    except (KeyError, IndexError):
        return None


def _in_brackets(document: Document, where: KeyPath, start: int, end: int) -> Inside | None:
    text, value = document.text, document.value(where)
    open_at, close_at = document.start(where), document.end(where)
    if not value:
        return Inside(True, 0, text[start : open_at + 1], [], [], text[close_at - 1 : end])
    if "\n" in text[open_at:close_at] and "#" in text[open_at:close_at]:
        return None
    parts: list[Part] = []
    gaps: list[str] = []
    at = open_at + 1
    for name in range(len(value)) if isinstance(value, list) else value:
        path = (*where, name)
        first = document.start(path) if isinstance(value, list) else document.key(path)[0]
        last = document.end(path)
        if last <= first or first < at:
            return None
        gaps.append(text[at:first])
        parts.append(Part(name, "", text[first:last], value[name], _inside(document, path, first, last)))
        at = last
    return Inside(True, 0, text[start : open_at + 1] + gaps[0], parts, ["", *gaps[1:]], text[at:end])


def call_name(part: Part) -> Any:
    """Return what people call a part: a field's name, an event's id, else the place it has in its list."""
    if isinstance(part.name, str) or not isinstance(part.value, dict):
        return part.name
    return next((str(part.value[field]) for field in ("id", "key", "name") if part.value.get(field)), part.name)
