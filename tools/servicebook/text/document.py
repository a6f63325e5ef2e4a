"""Where the keys and values of a file stand as offsets of its text, so that an edit can leave the rest alone."""

from __future__ import annotations

from servicebook.diagnostics.diagnostic import KeyPath
from servicebook.text.fences import split_fences
from servicebook.text.yaml_positions import read_with_positions
from servicebook.typed import Any

_BOM = "\ufeff"


class CannotEditError(ValueError):
    """An edit that would have to move more than the place it is about; the message says what stands in the way."""


class Document:
    """One file as text with LF or CRLF as it stands, and offsets (code points) of its front matter's parts."""

    def __init__(self, data: bytes) -> None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CannotEditError("the file is not UTF-8") from error
        self.mark = _BOM if text.startswith(_BOM) else ""
        self.text = text.removeprefix(_BOM)
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        try:
            fields, _ = split_fences(self.text.replace("\r\n", "\n"))
        except ValueError as error:
            raise CannotEditError(str(error)) from error
        self.empty = not fields.strip()
        reading = read_with_positions(fields, "")
        if reading.data is None and not self.empty:
            raise CannotEditError("the front matter is not YAML that can be read")
        if any(one.code == "FMT132" for one in reading.found):
            raise CannotEditError("a field stands twice in the front matter")
        self.fields: dict[str, Any] = reading.data or {}
        self.spans, self.keys = reading.spans, reading.key_spans
        self._starts = [0]
        for line in self.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.closing = self._starts[fields.count("\n") + 1]
        """Offset of the closing fence."""

    def encode(self, edits: list[tuple[int, int, str]]) -> bytes:
        """Return the file with stretches (start, end) replaced, written from the last to the first."""
        text = self.text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new.replace("\n", self.newline) + text[end:]
        return (self.mark + text).encode()

    def value(self, path: KeyPath) -> Any:
        """Return the value at a path. Raises CannotEditError when there is none."""
        value: Any = self.fields
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError) as error:
                raise CannotEditError(f"there is no {show(path)}") from error
        return value

    def has(self, path: KeyPath) -> bool:
        """Whether there is a value at a path, null too."""
        return not path or path in self.spans

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place of the file."""
        return self._starts[line - 1] + column - 1

    def start(self, path: KeyPath) -> int:
        """Return where a value begins."""
        span = self.spans[path]
        return self.offset(span.line, span.column)

    def end(self, path: KeyPath) -> int:
        """Return where a value ends; block values end with their last line that is not blank."""
        value = self.value(path)
        if not self.is_flow(path) and isinstance(value, (dict, list)) and value:
            last = next(reversed(value)) if isinstance(value, dict) else len(value) - 1
            return self.end((*path, last))
        span = self.spans[path]
        end = self.offset(span.end_line, span.end_column)
        if self.text[self.start(path) : end][:1] in ("|", ">"):
            return self.start(path) + len(self.text[self.start(path) : end].rstrip())
        return end

    def key(self, path: KeyPath) -> tuple[int, int]:
        """Return the stretch of a field's name."""
        span = self.keys[path]
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def is_flow(self, path: KeyPath) -> bool:
        """Whether the value at a path is written in brackets, or stands inside some."""
        for length in range(1, len(path) + 1):
            part = path[:length]
            if isinstance(self.value(part), (dict, list)) and self.text[self.start(part)] in "[{":
                return True
        return not path and not self.empty and self.text[self.start(())] == "{"

    def line_start(self, offset: int) -> int:
        """Return where the line of `offset` begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def next_line(self, offset: int) -> int:
        """Return where the line after that of `offset` begins, or the closing fence."""
        return min(self.text.find("\n", offset) + 1, self.closing) if "\n" in self.text[offset:] else self.closing


def show(path: KeyPath) -> str:
    """Return a path as people write it, such as timeline[3].at."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".") or "front matter"
