"""Which part of a record's body a vote is about: everything above the heading `## Log`."""

from __future__ import annotations

import re
from itertools import pairwise

from servicebook.text.headings import key_of_heading

_CANDIDATE = re.compile(r"^ {0,3}##[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_ENCLOSING = ("```", "~~~", "<")
"""What a block begins with that may run over a heading: fences and HTML."""
_BLANK_START = re.compile(r"\A(?:[ \t]*\n)+")
_UNDERLINED = re.compile(r"^ {0,3}-+[ \t]*$", re.MULTILINE)


def body_before_log(body: str) -> str:
    """Return the body, its lines ended by LF, up to its log: without blank lines at either end.

    The log begins at the first heading of the second level, outside of quotes, lists, code and HTML (CommonMark),
    whose title the catalogue knows as `log`: `## Log`, `## 日志`, ...
    """
    text = body.replace("\r\n", "\n")
    return _BLANK_START.sub("", text[: _cut(text)]).rstrip()


def _cut(text: str) -> int | None:
    """Return the offset at which the log begins; None where there is none."""
    underlined = _UNDERLINED.search(text)
    first = next((match for match in _CANDIDATE.finditer(text) if key_of_heading(match[1]) == "log"), None)
    if first is None and not underlined:
        return None
    if first is not None and not underlined and first[0].startswith("##"):
        before = text[: first.start()]
        if not any(sign in before for sign in _ENCLOSING):
            return first.start()
    return _cut_as_parsed(text)


def _cut_as_parsed(text: str) -> int | None:
    from servicebook.text.markdown import parse_blocks

    tokens = parse_blocks(text if text.endswith("\n") else text + "\n", {})
    for token, inline in pairwise(tokens):
        is_second = token.type == "heading_open" and token.tag == "h2" and not token.level
        if is_second and token.map and key_of_heading(inline.content) == "log":
            return sum(len(line) + 1 for line in text.split("\n")[: token.map[0]])
    return None
