"""The blocks of a body that is made of the plainest Markdown only, without a parser.

Paragraphs, headings, fenced code, and flat lists whose items are one paragraph: that is what nearly every ticket's
text is made of. Anything else (quotes, tables, HTML, indented or nested blocks, rulers, definitions of links) is
left to markdown-it. What is read here is read as markdown-it reads it; tests hold the two together.
"""

from __future__ import annotations

import re
from typing import NamedTuple

WHITE = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What CommonMark takes from the ends of a block's text."""


class Block(NamedTuple):
    """A block token with what is read of it: the fields have the names and meanings of markdown-it's."""

    type: str
    map: list[int] | None = None
    content: str = ""
    tag: str = ""
    markup: str = ""
    level: int = 0


_HEADING = re.compile(r"(#{1,6}) +(.*[^# ]) *")
_FENCE = re.compile(r"(`{3,}|~{3,})([^`]*)")
_ITEM = re.compile(r"([-*+]|[0-9]{1,9}[.)]) {1,4}(?! )(?=.)")
_MARKER = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])(?: |$)")
_RULER = re.compile(r"[-=*_+|: ]+")
_NO_PARAGRAPH = re.compile(r"#|[<>|]|```|~~~|(?:[-*+]|[0-9]{1,9}[.)])(?: |$)|[-=*_+: ]+$")
"""What a line of a list's item may not begin with: it could be another block, or the end of this one."""

_PARAGRAPH, _MARKED, _LINED, _HASH, _FENCED, _UNKNOWN = range(6)
_KINDS = {
    **dict.fromkeys("-*+0123456789", _MARKED),
    **dict.fromkeys("_=|:", _LINED),
    "#": _HASH,
    **dict.fromkeys("`~", _FENCED),
    **dict.fromkeys(" <>", _UNKNOWN),
}
"""What a line may be by its first character, the line of a paragraph apart."""


class _Reader:
    """The blocks of some lines as far as they have been read: the open list and the open paragraph."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.found: list[Block] = []
        self.marker = ""  # of the open list: - * + . )
        self.indent = ""  # of what belongs to the list's last item
        self.text: list[str] = []  # of the open paragraph
        self.first = 0
        self._defines: bool | None = None  # whether a definition may stand anywhere, once that was asked

    def may_define(self, line: str) -> bool:
        """Whether a paragraph that begins with this text may be the definition of a link."""
        if line[0] == "[" and self._defines is None:
            self._defines = any("]:" in other for other in self.lines)
        return line[0] == "[" and bool(self._defines)

    def end_paragraph(self, line: int) -> None:
        """End the open paragraph, if one is open, before a line."""
        if self.text:
            place, level = [self.first, line], 2 if self.marker else 0
            self.found.append(Block("paragraph_open", place, level=level))
            self.found.append(Block("inline", place, "\n".join(self.text).strip(WHITE)))
            self.text = []

    def end_all(self, line: int) -> None:
        """End the open paragraph and the open list before a line."""
        self.end_paragraph(line)
        if self.marker:
            self.found.append(Block("bullet_list_close" if self.marker in "-*+" else "ordered_list_close"))
            self.marker = ""

    def heading(self, number: int) -> bool:
        """Read a heading; False where the line is none, or closed by further signs."""
        match = _HEADING.fullmatch(self.lines[number])
        if match is None:
            return False
        self.end_all(number)
        place = [number, number + 1]
        self.found.append(Block("heading_open", place, tag=f"h{len(match[1])}"))
        self.found.append(Block("inline", place, match[2].strip(WHITE)))
        return True

    def fence(self, number: int) -> int:
        """Read fenced code; return the line behind it, or 0 where it does not end or is written unusually."""
        match = _FENCE.fullmatch(self.lines[number])
        if match is None:
            return 0
        mark = match[1]
        for last in range(number + 1, len(self.lines)):
            line = self.lines[last].strip(" ")
            if line.startswith(mark):
                if line.strip(mark[0]) or self.lines[last][0] == " ":
                    return 0
                self.end_all(number)
                content = "".join([f"{inner}\n" for inner in self.lines[number + 1 : last]])
                self.found.append(Block("fence", [number, last + 1], content, "code", mark))
                return last + 1
        return 0

    def item(self, number: int) -> bool:
        """Read the first line of a list's item; False where it may be anything more than one paragraph."""
        line = self.lines[number]
        match = _ITEM.match(line)
        if match is None or _RULER.fullmatch(line) or _NO_PARAGRAPH.match(line, match.end()):
            return False
        marker = match[1][-1]
        if self.text and not self.marker and marker in ".)":
            return False  # only a 1 may interrupt a paragraph
        text = line[match.end() :]
        if self.may_define(text):
            return False
        if marker == self.marker:
            self.end_paragraph(number)
        else:
            self.end_all(number)
            self.found.append(Block("bullet_list_open" if marker in "-*+" else "ordered_list_open", [number, 0]))
            self.marker = marker
        self.indent = " " * match.end()
        self.text, self.first = [text], number
        return True


def plain_blocks(lines: list[str]) -> list[Block] | None:
    """Return the block tokens of a body in their order, those that end a block left out unless it is a list.

    lines: the body's, free of tabs and control characters, the last one empty. None where the body holds anything
    but the blocks that this reader knows.
    """
    reader = _Reader(lines)
    number, count = 0, len(lines)
    while number < count:
        line = lines[number]
        kind = _KINDS.get(line[:1], _PARAGRAPH)
        if kind == _PARAGRAPH:
            if not line:
                reader.end_paragraph(number)
            elif not _take(reader, number, line):
                return None
        elif kind == _HASH:
            if not reader.heading(number):
                return None
        elif kind == _FENCED and line.startswith(("```", "~~~")):
            number = reader.fence(number)
            if not number:
                return None
            continue
        elif kind == _MARKED and _MARKER.match(line):
            if not reader.item(number):
                return None
        elif kind == _UNKNOWN:
            if not _go_on(reader, line):
                return None
        elif (_RULER.fullmatch(line) and line.strip(":")) or not _take(reader, number, line):
            return None
        number += 1
    reader.end_all(count - 1)
    return reader.found


def _take(reader: _Reader, number: int, line: str) -> bool:
    """Add a line to the open paragraph or begin one; False where it would go on with a list's item unmarked."""
    if reader.text:
        if reader.marker:
            return False
        reader.text.append(line)
        return True
    if reader.may_define(line):
        return False
    reader.end_all(number)
    reader.text, reader.first = [line], number
    return True


def _go_on(reader: _Reader, line: str) -> bool:
    """Add an indented line to the paragraph of the list's last item; False where it is anything else."""
    width = len(reader.indent)
    if not reader.text or not reader.marker or not line.startswith(reader.indent) or line[width : width + 1] in " ":
        return False
    if _NO_PARAGRAPH.match(line, width):
        return False
    reader.text.append(line[width:])
    return True
