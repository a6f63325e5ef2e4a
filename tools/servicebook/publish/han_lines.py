"""Where a line of a file ends between Han characters, no blank is meant: Chinese is written without, browsers show one.

Both renderers ask here. Only a break between two signs of Chinese text is joined, never one beside a Latin word.
"""

from __future__ import annotations

import re

from servicebook.search.tokens import HAN

SIGN = f"[{HAN}\u3000-\u303f\uff01-\uff60\u2014\u2018\u2019\u201c\u201d\u2026]"
"""A Han character or a mark of Chinese punctuation; dashes, quotes and ellipses are shared with Latin text."""
_BREAK = re.compile(rf"(?<={SIGN})[ \t]*\n[ \t]*(?={SIGN})")
_LAST, _FIRST = re.compile(rf"{SIGN}$"), re.compile(rf"^{SIGN}")


def joined(text: str) -> str:
    """Return a text without the line breaks between Chinese signs."""
    return _BREAK.sub("", text)


def is_joined(before: str, after: str) -> bool:
    """Whether a line break between two pieces of text means nothing."""
    return bool(_LAST.search(before) and _FIRST.match(after))
