"""Which lines of a text an audience may read: blocks `::: internal` and `::: audience customer` taken out.

When in doubt a line is hidden: a block that is never closed hides the rest, one whose name is not known hides what it
holds, a line that only looks like an opening (behind characters that nobody sees, in a quote, in code) opens, and
only a plain `:::` at the very place of its opening closes. Reading otherwise than a page's own renderer does can
therefore hide too much and never show too much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import NamedTuple

from servicebook.records.audiences import CUSTOMER, INTERNAL, PUBLIC
from servicebook.text.headings import key_of_heading

AUDIENCE = "audience"
"""The first word of a block that names who may read it; the next are `public`, `customer` or `customer:SLUG`."""

_CUSTOMER = re.compile(r"customer:[a-z0-9][a-z0-9.-]*")
_BREAK = re.compile(r"(\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")
"""All that any reader of the text may take for the end of a line."""
_CONTAINERS = re.compile(r"(?:[\s>*+#|\-]|\d{1,9}[.)])*")
"""Marks that may stand before a block: of quotes, lists, headings, tables."""
_OPENING = re.compile(r":{3,}")
_CLOSING = re.compile(r"(?P<prefix>(?:[ \t]*(?:>|[*+-](?=[ \t])|\d{1,9}[.)](?=[ \t])))*)[ \t]*(?P<colons>:{3,})[ \t]*")
_HEADING = re.compile(r"(#{1,2})[ \t]+(.*?)(?:[ \t]+#*)?[ \t]*")
_LOOSE_HEADING = re.compile(r"[\s>*+-]*#{1,2}(?!#)")
_UNDERLINE = re.compile(r"[ \t>]*(?:-+|=+)[ \t]*")
_FENCE = re.compile(r"(?P<before>[ \t>*+\-]*?)(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<rest>.*)")


class _Code(NamedTuple):
    """Which fenced code is open, by two readings: as CommonMark has it, and by any line that looks like a fence."""

    strict: str = ""
    loose: str = ""


class _Block(NamedTuple):
    """An open block: whether it is granted, what its closing line must look like, and the code it was opened in."""

    granted: bool
    prefix: str
    indent: int
    colons: int
    code: _Code


def shown_text(text: str, audience: str, sections: Collection[str] | None = None) -> str:
    """Return what an audience may read of a Markdown text; the lines of block marks are left out.

    sections: keys of the only sections of the second level that may be read (text/headings.py), None for all. What
    stands in a block that names the audience is shown wherever it stands.
    """
    if audience == INTERNAL or (sections is None and not _may_hold_block(text)):
        return text
    return "".join(line for line, is_shown in _Reader(audience, sections).lines(text) if is_shown)


def hidden_lines(text: str, audience: str) -> list[str]:
    """Return the lines of a text that stand in blocks which an audience may not read."""
    return [line for line, is_shown in _Reader(audience, None).lines(text) if not is_shown]


def is_known_block(name: str) -> bool:
    """Whether a block of this name (what stands behind `:::`) is one that the desk knows."""
    first, *words = name.replace(",", " ").split() or [""]
    if first != AUDIENCE:
        return name == INTERNAL
    return bool(words) and all(word in (PUBLIC, INTERNAL, "customer") or _CUSTOMER.fullmatch(word) for word in words)


class _Reader:
    """One reading of a text, line by line: which blocks, which code and which section a line stands in."""

    def __init__(self, audience: str, sections: Collection[str] | None) -> None:
        self._audience = audience
        self._sections = sections
        self._blocks: list[_Block] = []
        self._code = _Code()
        self._in_section = sections is None

    def lines(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the lines that are text, each with whether it may be read."""
        pieces = _BREAK.split(text)
        before = ""
        for line, end in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
            if self._is_text(line, end):
                if not self._blocks and self._sections is not None:
                    self._enter_section(line, before)
                is_granted = all(block.granted for block in self._blocks)
                yield line + end, is_granted and (bool(self._blocks) or self._in_section)
            before = line

    def _is_text(self, line: str, end: str) -> bool:
        """Whether a line is text; one that opens or closes a block is not."""
        blocks = self._blocks
        if blocks and not any(self._code) and _closes(line, end, blocks[-1]):
            self._code = blocks.pop().code
            return False
        if opened := _opening(line, self._audience, self._code):
            blocks.append(opened)
            self._code = _Code()
            return False
        if not blocks and _CLOSING.fullmatch(line):
            return False  # it closes nothing
        prefix, indent = (blocks[-1].prefix, blocks[-1].indent) if blocks else ("", 0)
        self._code = _code_after(line, self._code, prefix, indent)
        return True

    def _enter_section(self, line: str, before: str) -> None:
        """Look whether a section begins in this line; one that may be read only where it is plainly a heading."""
        assert self._sections is not None
        heading = _HEADING.fullmatch(line)
        if heading and not any(self._code):
            self._in_section = len(heading[1]) == 2 and key_of_heading(heading[2]) in self._sections
        elif _LOOSE_HEADING.match(line) or (before.strip() and _UNDERLINE.fullmatch(line)):
            self._in_section = False


def grants(name: str, audience: str) -> bool:
    """Whether a block of this name (what stands behind `:::`) may be read by an audience."""
    first, *words = name.replace(",", " ").split() or [""]
    if audience == INTERNAL:
        return True
    if first != AUDIENCE:
        return False
    is_customer = audience.startswith(CUSTOMER)
    return PUBLIC in words or audience in words or (is_customer and "customer" in words)


def _may_hold_block(text: str) -> bool:
    return "::" in text or (":" in text and not text.isascii()) or any(sign in text for sign in "：﹕︓")


def _opening(line: str, audience: str, code: _Code) -> _Block | None:
    """Return the block that a line opens, or seems to open; what is not plainly written is granted to nobody."""
    if ":" not in line and line.isascii():
        return None
    plain = _seen(line)
    containers = _CONTAINERS.match(plain)
    rest = plain[containers.end() :] if containers else plain
    colons = _OPENING.match(rest)
    if colons is None or not (name := rest[colons.end() :].strip()):
        return None
    at = line.find(":::")
    prefix, indent = _place(line[: max(at, 0)])
    is_plain = plain == line and at >= 0 and name == name.strip("{}")
    return _Block(is_plain and grants(name, audience), prefix, indent, len(colons[0]), code)


def _closes(line: str, end: str, block: _Block) -> bool:
    """Whether a line closes a block: nothing but colons, as many at least, in the same quote or item as it began."""
    match = _CLOSING.fullmatch(line)
    if match is None or len(match["colons"]) < block.colons or end not in ("\n", "\r\n", "\r", ""):
        return False
    prefix, indent = _place(line[: match.start("colons")])
    return prefix == block.prefix and (indent == block.indent or max(indent, block.indent) < 4)


def _place(before: str) -> tuple[str, int]:
    """Return the marks of containers before a block, without blanks, and how far it is indented behind them."""
    blanks = len(before) - len(before.rstrip())
    return "".join(before.split()), blanks


def _code_after(line: str, code: _Code, within: str, indented: int) -> _Code:
    """Return which code is open behind a line; `within` and `indented` are the place of the block around it.

    A block closes only where both readings see none: each alone could be led to take an opening for a closing.
    """
    match = _FENCE.fullmatch(line)
    if match is None:
        return code
    mark, rest = match["mark"], match["rest"].strip()
    prefix, indent = _place(match["before"])
    strict, loose = code
    if prefix == within and (indent < 4 or indent == indented):
        strict = mark if not strict else "" if mark == strict and not rest else strict
    longer = loose and mark[0] == loose[0] and len(mark) >= len(loose)
    loose = mark if not loose else "" if longer and not rest else loose
    return _Code(strict, loose)


def _seen(line: str) -> str:
    """Return a line as it is seen: without characters that take no room, full-width signs as plain ones."""
    if line.isascii():
        return line
    shown = "".join(sign for sign in line if unicodedata.category(sign) not in ("Cf", "Cc", "Mn", "Me") or sign == "\t")
    return unicodedata.normalize("NFKC", shown)
