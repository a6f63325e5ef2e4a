"""The site's stylesheets, put together from their parts: what a reader loads holds no comment and no blank line.

A part is a file in theme/styles. A page of a new kind brings a part of its own and names it here.
"""

from __future__ import annotations

import re
from pathlib import Path

from servicebook.publish.shapes import shapes_css

PARTS = Path(__file__).parent / "theme" / "styles"

_WORDS = ("language", "sections", "status", "tables")
_CONTENT = ("home", "clocks", "timeline", "commands", "graph", "calendar", "charts", "article")

SHEETS = {
    "portal.css": ("tokens", "ground", "frame", *_WORDS, "search", "print"),
    "content.css": _CONTENT,
    "guest.css": ("tokens", *_WORDS, *_CONTENT, "search", "guest"),
}
"""Sheets and their parts, in order: every page of our theme has the first, all but the search page the second; another
theme, in which our records are guests, has the third."""


def read_sheet(name: str) -> str:
    """Return a stylesheet as it is published."""
    text = "".join((PARTS / f"{part}.css").read_text("utf-8") for part in SHEETS[name])
    return squeezed(text) + (shapes_css() if "status" in SHEETS[name] else "")


def squeezed(css: str) -> str:
    """Return a stylesheet without comments and without blanks at the ends of lines."""
    without = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "".join(line.strip() + "\n" for line in without.splitlines() if line.strip())
