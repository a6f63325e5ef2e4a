"""What the front matter of a file says, with the place of every value, and all that is wrong with it.

`read_plainly` builds the data of a front matter that is as it should be and gives up at anything else; it is the
one that runs over a whole desk: line by line where every value ends on its line (text/yaml_lines.py), else from
libyaml's events. `yaml_positions` reads what it gave up on, with findings, and whatever needs positions.
"""

from __future__ import annotations

import re

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath, Span
from servicebook.text import front_rules as rules
from servicebook.text.fences import FENCE, split_fences
from servicebook.text.limits import CONTROL, INVISIBLE, MAX_FIELD, MAX_VALUES
from servicebook.text.source_file import SourceFile, decode_source
from servicebook.text.yaml_lines import read_lines
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.text.yaml_positions import Reading

_SUSPECT = re.compile(f"[\t{CONTROL}{INVISIBLE}]")


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
            from servicebook.text.yaml_positions import read_with_positions

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
        fields, body = split_fences(text)
    except ValueError:
        found.append(_fence_finding(source.path, text))
        return None, found
    data, more = read_fields(fields, source.path)
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


def read_fields(fields: str, path: str) -> tuple[dict[str, Any] | None, list[Diagnostic]]:
    """Return the data of front matter and what is wrong with it, by the quick reader if that can."""
    if not _SUSPECT.search(fields):
        data = read_plainly(fields)
        if data is not None:
            return data, []
    from servicebook.text.yaml_positions import read_with_positions

    reading = read_with_positions(fields, path)
    return reading.data, reading.told()


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
    """Return the data of front matter without a fault, else None. This is what speed rests on.

    libyaml, which takes as long to import as Python to start, is only asked for what does not end line by line.
    """
    if len(fields) > MAX_FIELD or len(fields) > MAX_VALUES:
        return None
    data = read_lines(fields)
    if data is not None:
        return data
    from servicebook.text.yaml_events import read_events

    return read_events(fields)
