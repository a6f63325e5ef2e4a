"""The site's stylesheets, put together from their parts, and its scripts, as readers load them: without comments.

A part is a file in theme/styles. A page of a new kind brings a part of its own and names it here.
"""

from __future__ import annotations

import re
from pathlib import Path

from servicebook.publish.shapes import shapes_css

PARTS = Path(__file__).parent / "theme" / "styles"

_WORDS = ("language", "sections", "status")
_CONTENT = ("tables", "home", "clocks", "timeline", "commands", "graph", "article")
_FIGURES = ("calendar", "charts")

SHEETS = {
    "portal.css": ("tokens", "ground", "frame", *_WORDS, "search"),
    "content.css": (*_CONTENT, "print"),
    "figures.css": _FIGURES,
    "guest.css": ("tokens", *_WORDS, *_CONTENT, *_FIGURES, "search", "guest"),
}
"""Sheets and their parts, in order: every page of our theme has the first, all but the search page the second, lists
with figures (FIGURED) the third; another theme, in which our records are guests, has the last alone."""

FIGURED: tuple[str, ...] = ()
"""The lists (`list: NAME`) that hold charts or a calendar."""


def read_sheet(name: str) -> str:
    """Return a stylesheet as it is published."""
    text = "".join((PARTS / f"{part}.css").read_text("utf-8") for part in SHEETS[name])
    return squeezed(text) + (shapes_css() if "status" in SHEETS[name] else "")


def squeezed(code: str) -> str:
    """Return a stylesheet or script without comments that have their lines to themselves, and without indentation.

    (Nothing of ours that spans lines means its blanks.)
    """
    without = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*$", "", code, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in without.splitlines())
    return "".join(line + "\n" for line in lines if line and not line.startswith("//"))
