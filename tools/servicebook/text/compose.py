"""How values become front matter: a new record's text, and any value on one line.

Text is put in quotes only where some reader of YAML, 1.1 or 1.2, would take it for something else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from servicebook.patterns import late_pattern
from servicebook.text.limits import CONTROL, INVISIBLE
from servicebook.text.scalars import Trap, read_plain
from servicebook.typed import Any

WIDTH = 100
"""Lists and mappings stay on one line up to so many columns; events of a timeline always do."""

_HIDDEN = late_pattern(f"[{CONTROL}{INVISIBLE}\t\n]")
_ESCAPED = late_pattern(f"[\x7f-\x9f\u2028\u2029\ufffe\uffff{INVISIBLE}]")
_PLAIN_START = late_pattern(r"[\w（《“‘「【/(￥]")
_NOT_PLAIN = late_pattern(r": |:$| #|^---|^\s|\s$")
_NOT_IN_FLOW = late_pattern(r"[,\[\]{}:\"'`]")
_INSTANT = late_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_YAML_1_1 = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


class UnwritableError(ValueError):
    """A value that front matter cannot hold so that it reads back the same."""


def compose_record(fields: Mapping[str, Any], body: str) -> str:
    """Return the text of a new record: the fields in the order given, fenced, then `body`.

    Raises UnwritableError for what is no JSON value, and for numbers of more than 15 digits.
    """
    lines = render_block(fields, 0) or ["{}"]
    ending = "" if not body or body.endswith("\n") else "\n"
    return "\n".join(["---", *lines, "---", body]) + ending


def render_flow(value: Any) -> str:
    """Return a value as YAML on one line, fit to stand anywhere, inside brackets too."""
    if isinstance(value, Mapping):
        pairs = (f"{render_key(key)}: {render_flow(one)}" for key, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(render_flow(one) for one in value) + "]"
    return render_scalar(value, flow=True)


def render_field(key: str, value: Any, indent: int) -> list[str]:
    """Return the lines of one field of a block mapping that stands `indent` columns from the left."""
    head = f"{' ' * indent}{render_key(key)}:"
    if isinstance(value, str) and (block := _literal(value, indent)):
        return [f"{head} {block[0]}", *block[1:]]
    if not isinstance(value, (Mapping, list, tuple)):
        return [f"{head} {render_scalar(value, flow=False)}"]
    flow = f"{head} {render_flow(value)}"
    records = not isinstance(value, Mapping) and any(isinstance(one, Mapping) for one in value)
    if not value or (len(flow) <= WIDTH and not records):
        return [flow]
    if isinstance(value, Mapping):
        return [head, *render_block(value, indent + 2)]
    return [head, *(line for one in value for line in render_item(one, indent, one_line=key == "timeline"))]


def render_block(fields: Mapping[str, Any], indent: int) -> list[str]:
    """Return the lines of a block mapping."""
    return [line for key, value in fields.items() for line in render_field(key, value, indent)]


def render_item(value: Any, indent: int, *, one_line: bool = True) -> list[str]:
    """Return the lines of one item of a block list; on one line where asked or where it fits."""
    margin = " " * indent
    flow = f"{margin}- {render_flow(value)}"
    if not one_line and isinstance(value, Mapping) and value and len(flow) > WIDTH:
        first, *rest = render_block(value, indent + 2)
        return [f"{margin}- {first.lstrip(' ')}", *rest]
    return [flow]


def render_key(key: Any) -> str:
    """Return the name of a field as YAML. Raises UnwritableError when it is not text, or too long for YAML."""
    if not isinstance(key, str) or len(key) > 200:
        raise UnwritableError(f"the name of a field is {str(key)[:40]!r}, due was text of up to 200 characters")
    return render_scalar(key, flow=True)


def render_scalar(value: Any, *, flow: bool) -> str:
    """Return one text, number, bool or null as YAML on one line; `flow`: inside brackets."""
    if isinstance(value, str):
        return value if is_plain(value, flow=flow) else quote(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    raise UnwritableError(f"a value of type {type(value).__name__} has no place in front matter")


@lru_cache(maxsize=8192)  # names of fields, states and people come by the thousand in an import
def is_plain(text: str, *, flow: bool) -> bool:
    """Whether `text` may stand without quotes and mean itself to every reader of YAML."""
    if not _PLAIN_START.match(text) or _NOT_PLAIN.search(text) or _HIDDEN.search(text):
        return False
    if flow and _NOT_IN_FLOW.search(text) and not _INSTANT.fullmatch(text):
        return False
    if text.lower() in _YAML_1_1:
        return False
    try:
        return isinstance(read_plain(text), str)
    except Trap:
        return False


def quote(text: str) -> str:
    """Return `text` in double quotes, on one line, everything that nobody sees escaped."""
    import json  # few texts need quotes

    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", quoted)


def _literal(text: str, indent: int) -> list[str]:
    """Return a text of several lines as the lines of a block scalar, or [] where quotes must do."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if len(lines) < 2 or not lines[0] or not lines[-1] or lines[0][0] == " ":
        return []
    if any(_HIDDEN.search(line) or line != line.rstrip() for line in lines):
        return []
    margin = " " * (indent + 2)
    return ["|" if body != text else "|-", *(margin + line if line else "" for line in lines)]


def _number(value: float) -> str:
    """Return a number in plain digits."""
    text = repr(value)
    if isinstance(value, float) and math.isfinite(value) and "e" in text:
        text = f"{value:.20f}".rstrip("0")
        text += "0" if text.endswith(".") else ""
    try:
        if read_plain(text) == value:
            return text
    except Trap:
        pass
    raise UnwritableError(f"the number {text[:40]} has more digits than every reader keeps; write it as text")
