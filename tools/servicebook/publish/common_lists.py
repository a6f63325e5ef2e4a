"""Lists and fences of ordinary pages as CommonMark and all forges read them, for Python-Markdown, which is stricter.

There a list wants a blank line above it and four columns for each level, and a fence that is never closed is text. The
lines are set so before it reads them: records and pages look alike, and both as on the forge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown import Markdown
from markdown.preprocessors import Preprocessor

_BEFORE_FENCED_CODE, _AFTER_FENCED_CODE = 26, 19
_DEEP = 4
"""Columns of a level in Python-Markdown; from so many on, more indentation is code."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_ITEM = re.compile(r"( *)([-*+]|\d{1,9}\.)( +)(?=\S)")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *")
_PLAIN = re.compile(r" {0,3}(?![>|#:\s]|!!!|\?\?\?|===)")
"""The first line of a paragraph, as far as a line tells."""


def use_common_lists(md: Markdown) -> None:
    """Teach Python-Markdown the lists and fences of CommonMark."""
    md.preprocessors.register(_Fences(md), "servicebook_fences", _BEFORE_FENCED_CODE)
    md.preprocessors.register(_Lists(md), "servicebook_lists", _AFTER_FENCED_CODE)


class _Fences(Preprocessor):
    """Closes a fence that is never closed: what follows it is code, to the end."""

    def run(self, lines: list[str]) -> list[str]:
        fence = ""
        for line in lines:
            match = _FENCE.fullmatch(line)
            if match and not fence and not (match[1][0] == "`" and "`" in match[2]):
                fence = match[1]
            elif match and fence and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        return [*lines, fence] if fence else lines


class _Lists(Preprocessor):
    """Sets a blank line above lists that begin below a paragraph, and each level in by four columns."""

    def run(self, lines: list[str]) -> list[str]:
        return list(_set_lists(lines))


def _set_lists(lines: list[str]) -> Iterator[str]:
    columns: list[int] = []  # where the text of each open item begins in the file, the outermost first
    is_paragraph, before = False, ""
    for line in lines:
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        level = sum(column <= indent for column in columns)
        base = columns[level - 1] if level else 0
        item = _ITEM.match(line) if indent - base < _DEEP and not _RULE.fullmatch(line) else None
        if item and is_paragraph and item[2][0].isdigit() and item[2] != "1.":
            item = None  # a line of a paragraph that begins with a number
        if item:
            if is_paragraph:
                yield ""
            wide = len(item[3]) if len(item[3]) <= _DEEP else 1  # more is code in the item
            columns[level:] = [indent + len(item[2]) + wide]
            yield f"{' ' * _DEEP * level}{item[2]} {line[columns[level] :]}"
        elif not text:
            yield line
        elif level < len(columns) and before.strip() and _PLAIN.match(text):
            yield f"{' ' * _DEEP * len(columns)}{text}"  # goes on with the paragraph of the item above
        else:
            del columns[level:]
            yield f"{' ' * _DEEP * level}{line[base:]}"
        starts = not before.strip() and not columns and bool(_PLAIN.match(line))
        is_paragraph = bool(text) and not columns and (is_paragraph or starts)
        before = line
