"""Bodies of the commonest shape (headings, paragraphs, flat lists, fenced code), rendered without the whole parser.

Most records hold nothing else, and the parser tries a dozen rules on every line. Whatever else a body holds, it is left
to the parser as a whole; tests hold both side by side.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from markdown_it.common.utils import escapeHtml

from servicebook.publish.han_lines import is_joined

Inline = Callable[[str], str]
"""From the text of a paragraph, heading or list item to its HTML."""

_STRANGE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ufeff]")
"""Controls, tabs and blanks that the parser may treat in a way of its own."""
_HEADING = re.compile(r"(#{1,6}) +([^ ].*)")
_FENCE = re.compile(r"```([A-Za-z0-9+.-]*)")
_BEGINS = re.compile(r"[^\s`#>*+_=~<\[|:\-\d\\]|`(?!``)|\d(?!\d{0,8}[.)](?: |$))")
"""How a line begins that can only be a paragraph's."""
_MARKED = re.compile(r"[*_\[<&~\\]|``| $", re.MULTILINE)
"""What needs the parser within a line: emphasis, links, entities, escapes, longer code marks, blanks at the end."""


def render_plain(text: str, ids: Inline, inline: Inline) -> str | None:
    """Return the HTML of a body; None where it holds what only the parser knows.

    ids: escapes a text and makes links of the ids of records in it; inline: what the parser makes of one line of text.
    """
    if _STRANGE.search(text):
        return None
    parts: list[str] = []
    lines, place = text.split("\n"), 0
    may_list = True
    while place < len(lines):
        line = lines[place]
        first = line[:1]
        if not line:
            place += 1
        elif first == "#":
            heading = _HEADING.fullmatch(line)
            if heading is None or line[-1] in "# ":
                return None
            level = max(2, len(heading[1]))  # the page's title is its only first heading
            parts.append(f"<h{level}>{_inline(heading[2], ids, inline)}</h{level}>\n")
            place += 1
            may_list = True
        elif first == "-":
            end = _end_of_list(lines, place) if may_list else None
            if end is None:
                return None
            items = [f"<li>{_inline(item[2:], ids, inline)}</li>\n" for item in lines[place:end]]
            parts.append(f"<ul>\n{''.join(items)}</ul>\n")
            place, may_list = end, False
        elif line.startswith("```"):
            end = _end_of_fence(lines, place)
            if end is None:
                return None
            kind = f' class="language-{line[3:]}"' if line[3:] else ""
            code = "".join(f"{one}\n" for one in lines[place + 1 : end])
            parts.append(f"<pre><code{kind}>{escapeHtml(code)}</code></pre>\n")
            place, may_list = end + 1, True
        else:
            end = place
            while end < len(lines) and _BEGINS.match(lines[end]):
                end += 1
            if end == place:
                return None
            parts.append(f"<p>{_inline(chr(10).join(lines[place:end]), ids, inline)}</p>\n")
            place, may_list = end, True
    return "".join(parts)


def _end_of_list(lines: list[str], place: int) -> int | None:
    """Return where a list of one-line items ends, at an empty line; None where it is no such list."""
    end = place
    while end < len(lines) and lines[end]:
        line = lines[end]
        if not line.startswith("- ") or not _BEGINS.match(line, 2):
            return None
        end += 1
    return end


def _end_of_fence(lines: list[str], place: int) -> int | None:
    """Return the line that ends fenced code; None where the fence or what is in it looks strange."""
    if not _FENCE.fullmatch(lines[place]):
        return None
    for end in range(place + 1, len(lines)):
        if lines[end].lstrip().startswith("```"):
            return end if lines[end] == "```" else None
    return None


def _inline(text: str, ids: Inline, inline: Inline) -> str:
    text = text.rstrip(" ")
    if _MARKED.search(text):
        return inline(text)
    parts = text.split("`")
    if len(parts) == 1:
        return _text(text, ids)
    if len(parts) % 2 == 0 or any(code[0] in " \n" for code in parts[1::2]):
        return inline(text)
    html = [_code(part) if place % 2 else _text(part, ids) for place, part in enumerate(parts)]
    return "".join(html)


def _code(text: str) -> str:
    joined = text.replace("\n", " ")
    return f"<code>{escapeHtml(joined)}</code>"


def _text(text: str, ids: Inline) -> str:
    """Return running text; a line break between Chinese signs is none."""
    if "\n" not in text:
        return ids(text)
    pieces = text.split("\n")
    html = ids(pieces[0])
    for before, after in pairwise(pieces):
        html += ("" if is_joined(before, after) else "\n") + ids(after)
    return html
