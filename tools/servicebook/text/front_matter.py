"""What the front matter of a file says, with the place of every value, and all that is wrong with it.

`read_plainly` builds the data of a front matter that is as it should be and gives up at anything else; it is the
one that runs over a whole desk: line by line where every value ends on its line (text/yaml_lines.py), else from
libyaml's events. `yaml_positions` reads what it gave up on, with findings, and whatever needs positions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from frontmatter.default_handlers import YAMLHandler
from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath, Span
from servicebook.text import front_rules as rules
from servicebook.text.fences import FENCE, split_fences
from servicebook.text.scalars import SPECIAL_STARTS, Trap, read_plain
from servicebook.text.source_file import SourceFile, decode_source
from servicebook.text.yaml_lines import read_lines
from servicebook.text.yaml_positions import (
    CONTROL,
    INVISIBLE,
    MAX_DEPTH,
    MAX_FIELD,
    MAX_VALUES,
    Reading,
    read_with_positions,
)

_SUSPECT = re.compile(f"[\t{CONTROL}{INVISIBLE}]")
_CONTROL = re.compile(f"[{CONTROL}]")


class StrictHandler(YAMLHandler):
    """python-frontmatter's handler with our fences and strict YAML; it reads and never writes."""

    FM_BOUNDARY = FENCE

    def split(self, text: str) -> tuple[str, str]:
        """Return front matter and body. Raises ValueError when `text` does not begin with fenced lines."""
        return split_fences(text)

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        """Return the fields. Raises ValueError with the codes of what is wrong with them."""
        data, found = _read(fm, "")
        if data is None or found:
            raise ValueError(", ".join(finding.code for finding in found))
        return data

    def export(self, metadata: dict[str, object], **_: object) -> str:
        """Refuse to write: it would drop comments and sort keys; text.set_field changes one field."""
        raise NotImplementedError("front matter is written by text.compose and text.set_field")


HANDLER = StrictHandler()


class FrontMatter:
    """The fields of one file, and the body below them.

    `data`: str, int, float, bool, None, list and dict only. `body_line`: the line of the file that the body
    begins in, from 1. `spans` and `key_spans` (of values, of their names) are found when first asked for.
    """

    __slots__ = ("_reading", "_text", "body", "body_line", "data")

    def __init__(self, data: dict[str, Any], text: str, body: str, body_line: int) -> None:
        self.data = data
        self.body = body
        self.body_line = body_line
        self._text = text
        self._reading: Reading | None = None

    @property
    def spans(self) -> dict[KeyPath, Span]:
        """The place of every value in the file."""
        return self._positions().spans

    @property
    def key_spans(self) -> dict[KeyPath, Span]:
        """The place of every key in the file."""
        return self._positions().key_spans

    def _positions(self) -> Reading:
        if self._reading is None:
            self._reading = read_with_positions(self._text, "")
        return self._reading


def parse_front_matter(source: SourceFile) -> tuple[FrontMatter | None, list[Diagnostic]]:
    """Return the front matter of a file and every finding on the way; None where no fields could be read.

    Never raises, whatever the bytes are.
    """
    text, found = decode_source(source)
    if text is None:
        return None, found
    try:
        fields, body = HANDLER.split(text)
    except ValueError:
        found.append(_fence_finding(source.path, text))
        return None, found
    data, more = _read(fields, source.path)
    found += more
    if data is None:
        return None, found
    return FrontMatter(data, fields, body, fields.count("\n") + 3), found


def locate(front: FrontMatter, where: KeyPath) -> Span:
    """Return the place of `where`, or of the nearest enclosing field that exists; line 1 for the record.

    A value of several lines is shown by its key.
    """
    for length in range(len(where), 0, -1):
        path = where[:length]
        value, key = front.spans.get(path), front.key_spans.get(path)
        if value and value.line == value.end_line and (length == len(where) or key is None):
            return value
        if key or value:
            place = key or value
            assert place is not None
            return place
    return Span(1, 1, 1, 4)


def _read(fields: str, path: str) -> tuple[dict[str, Any] | None, list[Diagnostic]]:
    """Return the data of front matter and what is wrong with it, by the quick reader if that can."""
    if not _SUSPECT.search(fields):
        data = read_plainly(fields)
        if data is not None:
            return data, []
    reading = read_with_positions(fields, path)
    return reading.data, reading.found


def _fence_finding(path: str, text: str) -> Diagnostic:
    """Return what is wrong with the fences of a text that could not be split."""
    lines = text.split("\n")
    if FENCE.match(text):
        guesses = (number for number, line in enumerate(lines, 1) if number > 1 and re.match(r"#|\s*$", line))
        line = next(guesses, len(lines) + 1)
        return rules.missing_closing_fence.at(path, Span(1, 1, 1, 4), line=line)
    first = next(number for number, line in enumerate(lines, 1) if line.strip() or number == len(lines))
    if len(FENCE.findall(text)) > 1 and FENCE.match(lines[first - 1]):
        return rules.front_matter_not_first.at(path, Span(first, 1, first, 4), line=first)
    return rules.missing_front_matter.at(path, Span(1, 1, 1, len(lines[0]) + 1))


def read_plainly(fields: str) -> dict[str, Any] | None:
    """Return the data of front matter without a fault, else None. This is what speed rests on."""
    if len(fields) > MAX_FIELD or len(fields) > MAX_VALUES:
        return None
    try:
        data = read_lines(fields)
        return data if data is not None else build_plainly(fields)
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
