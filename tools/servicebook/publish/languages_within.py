"""Chinese within an English page says that it is Chinese, so that it is read aloud, set and broken as such."""

from __future__ import annotations

import re

from servicebook.publish.han_lines import SIGN
from servicebook.publish.labels import main_language

_BLOCKS = "p|li|th|h[1-6]|dt|dd|summary|figcaption"
_BLOCK = re.compile(
    rf"<(?P<tag>{_BLOCKS})(?P<attributes>(?:\s[^>]*)?)>(?P<inner>.*?)"
    rf"(?=</?(?:{_BLOCKS}|td|ul|ol|dl|table|div|pre|blockquote)\b)",
    re.DOTALL,
)
_TAG = re.compile(r"(<code\b.*?</code>|<[^>]*>)", re.DOTALL)
_RUN = re.compile(rf"{SIGN}+")


def with_languages(html: str, language: str) -> str:
    """Return the HTML of a text in `language` with `lang` where it turns to Chinese: on a whole paragraph or item, else
    on the words alone; what says both side by side (`Fields · 字段`) has the Chinese half of it marked.

    Cells of tables stay as they are: the reference has hundreds on a page, and their column's head is marked.
    """
    return html if language != "en" else _BLOCK.sub(_marked, html)


def _marked(block: re.Match[str]) -> str:
    inner, attributes = block["inner"], block["attributes"]
    words = _TAG.sub("", inner)
    if not _RUN.search(words) or "lang=" in attributes:
        return block[0]
    if " · " not in words and main_language(words) != "en":
        return f"<{block['tag']}{attributes} lang=zh>{inner}"
    pieces = _TAG.split(inner)
    pieces[::2] = [_RUN.sub(r'<span lang=zh>\g<0></span>', piece) for piece in pieces[::2]]
    return f"<{block['tag']}{attributes}>{''.join(pieces)}"
