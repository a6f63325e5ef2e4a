"""How one field of a file changes and no other byte does: set it, append to its list, or remove it.

Each edit is read back: the file must say exactly what it said before plus the change, else the edit is refused.
"""

from __future__ import annotations

import copy

from servicebook.diagnostics.diagnostic import KeyPath
from servicebook.text.compose import render_field, render_flow, render_item, render_key, render_scalar
from servicebook.text.document import CannotEditError, Document, show
from servicebook.typed import Any

__all__ = ["CannotEditError", "append_item", "remove_field", "set_field"]

_Edit = tuple[int, int, str]


def set_field(data: bytes, where: KeyPath, value: Any) -> bytes:
    """Return the file with the field at `where` set to `value`; absent fields are added, with their parents.

    Comments, order, quotes and line ends of everything else stay. Raises CannotEditError where that cannot
    be kept, and compose.UnwritableError for a value that front matter cannot hold.
    """
    document = Document(data)
    if not where:
        raise CannotEditError("there is no field named")
    while len(where) > 1 and not document.has(where[:-1]):
        where, value = where[:-1], _wrap(where[-1], value)
    if len(where) > 1 and document.value(where[:-1]) is None:
        where, value = where[:-1], _wrap(where[-1], value)
    expected = copy.deepcopy(document.fields)
    _put(expected, where, value)
    if document.has(where):
        if _same(document.value(where), value):
            return data
        edits = _replace(document, where, value)
    elif isinstance(where[-1], int):
        edits = _append(document, where[:-1], value)
    else:
        edits = _add(document, where, where[-1], value)
    return _verified(document, edits, expected, where)


def append_item(data: bytes, where: KeyPath, item: Any) -> bytes:
    """Return the file with `item` as the last of the list at `where`, written as the item before it is.

    The list may be absent, null, empty, in brackets or one item a line or more. Raises CannotEditError otherwise.
    """
    document = Document(data)
    if not document.has(where) or not document.value(where):
        return set_field(data, where, [item])
    if not isinstance(document.value(where), list):
        raise CannotEditError(f"{show(where)} is not a list")
    expected = copy.deepcopy(document.fields)
    _at(expected, where).append(item)
    return _verified(document, _append(document, where, item), expected, where)


def remove_field(data: bytes, where: KeyPath) -> bytes:
    """Return the file without the field or list item at `where`; unchanged when there is none."""
    document = Document(data)
    if not where or not document.has(where):
        return data
    expected = copy.deepcopy(document.fields)
    del _at(expected, where[:-1])[where[-1]]
    edits = _remove_flow(document, where) if document.is_flow(where[:-1]) else _remove_lines(document, where)
    return _verified(document, edits, expected, where)


def _verified(document: Document, edits: list[_Edit], expected: Any, where: KeyPath) -> bytes:
    """Return the edited file when it reads back as expected."""
    new = document.encode(edits)
    try:
        same = _same(Document(new).fields, expected)
    except CannotEditError:
        same = False
    if not same:
        raise CannotEditError(f"{show(where)} cannot be changed without moving what stands around it")
    return new


def _replace(document: Document, where: KeyPath, value: Any) -> list[_Edit]:
    """Put a new value in the place of an old one."""
    start, end = document.start(where), document.end(where)
    in_flow = document.is_flow(where[:-1])
    old = document.text[start:end]
    if not in_flow and not isinstance(where[-1], int):
        lines = render_field(where[-1], value, _column(document, where))
        if len(lines) > 1 or ("\n" in old and not document.is_flow(where)):
            return _replace_lines(document, where, lines)
    new = render_flow(value) if in_flow or isinstance(value, (dict, list, tuple)) else render_scalar(value, flow=False)
    if "\n" in old:
        _refuse_comment(old, where)
    if start == end:
        return [(start, end, _missing_colon(document, where, start) + new)]
    return [(start, end, new)]


def _replace_lines(document: Document, where: KeyPath, lines: list[str]) -> list[_Edit]:
    """Put the lines of a field in the place of its old ones; a comment behind its name stays."""
    name_end = document.key(where)[1]
    colon = document.text.index(":", name_end) + 1
    start, end = document.start(where), document.end(where)
    head = render_key(where[-1]) + ":"
    first = lines[0].lstrip(" ").removeprefix(head)
    if "\n" in document.text[colon:start]:  # the old value begins in a line of its own
        kept = document.text[colon:start].split("\n")[0]
        _refuse_comment(document.text[colon + len(kept) : end], where)
        gone = document.line_start(start) - len(document.newline)
        edits = [(gone, end, "".join(f"\n{line}" for line in lines[1:]))]
        return [(colon, colon, first), *edits] if first else edits
    _refuse_comment(document.text[start:end], where)
    rest = "".join(f"\n{line}" for line in lines[1:])
    line_end = document.next_line(end) - len(document.newline)
    if rest and document.text[end:line_end].strip():  # a comment stands behind the old value
        return [(colon, end, first), (line_end, line_end, rest)]
    return [(colon, end, first + rest)]


def _add(document: Document, where: KeyPath, key: str | int, value: Any) -> list[_Edit]:
    """Add a field to the mapping that is its parent."""
    parent = where[:-1]
    fields = document.value(parent)
    if not isinstance(fields, dict):
        raise CannotEditError(f"{show(parent)} holds no fields")
    if document.is_flow(parent):
        text = f"{render_key(key)}: {render_flow(value)}"
        return _insert_flow(document, parent, next(reversed(fields), None), text)
    if not fields:
        return [(document.closing, document.closing, "".join(f"{line}\n" for line in render_field(str(key), value, 0)))]
    lines = render_field(str(key), value, _column(document, (*parent, next(iter(fields)))))
    text = "".join(f"{line}\n" for line in lines)
    at = document.next_line(document.end((*parent, _neighbour(parent, fields, value))))
    return [(at, at, text)]


def _neighbour(parent: KeyPath, fields: dict[str, Any], value: Any) -> str:
    """Return the field that a new one goes below: plain facts of a ticket stand above its timeline."""
    names = list(fields)
    if not parent and not isinstance(value, (dict, list, tuple)) and "timeline" in names[1:]:
        return names[names.index("timeline") - 1]
    return names[-1]


def _append(document: Document, where: KeyPath, item: Any) -> list[_Edit]:
    """Add an item below or behind the last of a list that has some."""
    items = document.value(where)
    if not isinstance(items, list):
        raise CannotEditError(f"{show(where)} is not a list")
    if document.is_flow(where):
        return _insert_flow(document, where, len(items) - 1 if items else None, render_flow(item))
    last = (*where, len(items) - 1)
    indent = document.spans[where].column - 1
    at = document.next_line(document.end(last))
    one_line = document.is_flow(last) or not isinstance(document.value(last), dict)  # as its neighbour stands
    return [(at, at, "".join(f"{line}\n" for line in render_item(item, indent, one_line=one_line)))]


def _insert_flow(document: Document, parent: KeyPath, last: str | int | None, text: str) -> list[_Edit]:
    """Insert a part into brackets, behind the last one."""
    if last is None:
        at = document.start(parent) + 1
        return [(at, at, text)]
    at = document.end((*parent, last))
    return [(at, at, f", {text}")]


def _remove_flow(document: Document, where: KeyPath) -> list[_Edit]:
    """Take a part and one comma out of brackets."""
    parent, name = where[:-1], where[-1]
    inside = document.value(parent)
    names: list[Any] = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
    index = names.index(name)

    def begin(key: str | int) -> int:
        path = (*parent, key)
        return document.key(path)[0] if path in document.keys else document.start(path)

    if index + 1 < len(names):
        start, end = begin(name), begin(names[index + 1])
    elif index:
        start, end = document.end((*parent, names[index - 1])), document.end(where)
    else:
        start, end = begin(name), document.end(where)
    if "\n" in document.text[start:end]:
        _refuse_comment(document.text[start:end], where)
    return [(start, end, "")]


def _remove_lines(document: Document, where: KeyPath) -> list[_Edit]:
    """Take the lines of a field or list item out; a parent left empty becomes {} or []."""
    parent = where[:-1]
    inside = document.value(parent)
    if len(inside) == 1 and parent:
        return _replace(document, parent, type(inside)())
    begin = document.key(where)[0] if where in document.keys else document.start(where)
    start, end = document.line_start(begin), document.next_line(document.end(where))
    before = document.text[start:begin]
    if before.strip(" ") not in ("", "-") or (before.strip(" ") == "-") != isinstance(where[-1], int):
        raise CannotEditError(f"{show(where)} does not stand in lines of its own")
    return [(start, end, "")]


def _column(document: Document, where: KeyPath) -> int:
    """Return how many columns the fields beside `where` are indented."""
    return document.keys[where].column - 1


def _missing_colon(document: Document, where: KeyPath, at: int) -> str:
    """Return what must stand between a name without a value and its new value."""
    if where not in document.keys:
        return " " if document.text[at - 1] not in " [" else ""
    between = document.text[document.key(where)[1] : at]
    if ":" not in between:
        return ": "
    return "" if between.endswith(" ") else " "


def _refuse_comment(stretch: str, where: KeyPath) -> None:
    """Refuse to replace several lines that may hold a comment."""
    if " #" in stretch or "\n#" in stretch:
        raise CannotEditError(f"a comment stands inside {show(where)}; edit it by hand")


def _wrap(key: str | int, value: Any) -> Any:
    if isinstance(key, int) and key:
        raise CannotEditError(f"there is no place for item {key} of a list without items")
    return {key: value} if isinstance(key, str) else [value]


def _at(fields: Any, where: KeyPath) -> Any:
    for key in where:
        fields = fields[key]
    return fields


def _put(fields: Any, where: KeyPath, value: Any) -> None:
    """Set a value in the copy that the edited file is compared with."""
    inside = _at(fields, where[:-1])
    key = where[-1]
    try:
        if isinstance(inside, list) and key == len(inside):
            inside.append(value)
        else:
            inside[key] = value
    except (TypeError, IndexError) as error:
        raise CannotEditError(f"there is no place for {show(where)}") from error


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of one type throughout: 1, 1.0 and true are three things."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)
