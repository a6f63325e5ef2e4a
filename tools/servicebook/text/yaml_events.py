"""The data of front matter as libyaml reads it, without places: for what does not end line by line."""

from __future__ import annotations

from collections.abc import Callable

from servicebook.patterns import late_pattern
from servicebook.text.libyaml import (
    CParser,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
    get_version_string,
)
from servicebook.text.limits import CONTROL, MAX_DEPTH
from servicebook.text.scalars import SPECIAL_STARTS, Trap, read_plain
from servicebook.typed import Any

_CONTROL = late_pattern(f"[{CONTROL}]")


def libyaml_version() -> str:
    """Return the version of the library that reads YAML, which is not that of the package around it."""
    return str(get_version_string())


def read_events(fields: str) -> dict[str, Any] | None:
    """Return the data of front matter without a fault, else None."""
    try:
        return build_plainly(fields)
    except (YAMLError, Trap):
        return None


def build_plainly(fields: str) -> dict[str, Any] | None:
    """Return the data of front matter as libyaml reads it; None at the first thing out of the way.

    Raises YAMLError for what is no YAML, Trap for an unquoted word that two readers take for different things.
    """
    return _build(CParser(fields), escapes="\\" in fields)


def _build(parser: CParser, escapes: bool) -> dict[str, Any] | None:
    """Build the data of one plain document from libyaml's events; None at the first thing out of the way."""
    next_event: Callable[[], Any] = parser.get_event
    next_event()
    start = next_event()
    if type(start) is not DocumentStartEvent or start.explicit:
        return None
    event = next_event()
    if type(event) is not MappingStartEvent or event.anchor is not None or event.tag is not None:
        return None
    root: dict[str, Any] = {}
    here: Any = root
    in_mapping, key = True, None
    outer: list[tuple[Any, bool]] = []
    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            value: Any = event.value
            if event.anchor is not None or event.tag is not None:
                return None
            if not event.style:
                if not value or value[0] in SPECIAL_STARTS:
                    value = read_plain(value)
            elif escapes and _CONTROL.search(value):
                return None
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            if not outer:
                break
            here, in_mapping = outer.pop()
            continue
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor is not None or event.tag is not None or len(outer) + 2 > MAX_DEPTH:
                return None
            value = {} if kind is MappingStartEvent else []
        else:
            return None
        if not in_mapping:
            here.append(value)
        elif key is None:
            if type(value) is not str or value in here:
                return None
            key = value
            continue
        else:
            here[key] = value
            key = None
        if kind is not ScalarEvent:
            outer.append((here, in_mapping))
            here, in_mapping = value, kind is MappingStartEvent
    end = next_event()
    return root if not end.explicit and type(next_event()) is StreamEndEvent else None
