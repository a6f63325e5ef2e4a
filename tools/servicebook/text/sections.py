"""The sections of a body by what their headings mean, for comparing one text with another."""

from __future__ import annotations

from itertools import pairwise

from servicebook.text.headings import key_of_heading
from servicebook.text.markdown import parse_blocks


def sections_of(body: str) -> dict[str, tuple[str, str]]:
    """Return the sections of the second level as CommonMark sees them, by key: title and text, blank ends cut off.

    The key is the catalogue's (`test` for `## 测试方案`), else the title in lower case; of two alike the texts follow
    each other.
    """
    text = body.replace("\r\n", "\n")
    lines = text.split("\n")
    heads = [
        (token.map[0], token.map[1], inline.content.strip())
        for token, inline in pairwise(parse_blocks(text + "\n", {}))
        if token.type == "heading_open" and token.tag == "h2" and not token.level and token.map
    ]
    found: dict[str, tuple[str, str]] = {}
    for place, (_, start, title) in enumerate(heads):
        end = heads[place + 1][0] if place + 1 < len(heads) else len(lines)
        key = key_of_heading(title) or title.lower()
        before = f"{found[key][1]}\n" if key in found else ""
        found[key] = (title, before + "\n".join(lines[start:end]).strip("\n").rstrip())
    return found
