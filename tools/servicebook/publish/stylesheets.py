"""The site's stylesheets, put together from their parts, and its scripts, as readers load them: without comments.

A part is a file in theme/styles. A page of a new kind brings a part of its own and names it here.
"""

from __future__ import annotations

import re
from pathlib import Path

from rjsmin import jsmin  # type: ignore[import-untyped] # it has no annotations

from servicebook.publish.shapes import shapes_css

PARTS = Path(__file__).parent / "theme" / "styles"

_WORDS = ("language", "status")
_CONTENT = ("sections", "tables", "text", "home", "clocks", "timeline", "commands", "graph", "article")
_FIGURES = ("calendar", "charts")

SHEETS = {
    "portal.css": ("tokens", "dark", "ground", "frame", "head", *_WORDS, "search"),
    "content.css": (*_CONTENT, "print"),
    "figures.css": _FIGURES,
    "guest.css": ("tokens", "dark", "head", *_WORDS, *_CONTENT, *_FIGURES, "search", "guest"),
}
"""Sheets and their parts, in order: every page of our theme has the first, all but the search page the second, lists
with figures (FIGURED) the third; another theme, in which our records are guests, has the last alone."""

FIGURED: tuple[str, ...] = ("changes", "dashboard")
"""The lists (`list: NAME`) that hold charts or a calendar."""


def read_sheet(name: str) -> str:
    """Return a stylesheet as it is published."""
    text = "".join(_read_part(part, name) for part in SHEETS[name])
    return squeezed(text) + (shapes_css() if "status" in SHEETS[name] else "")


def _read_part(part: str, sheet: str) -> str:
    text = (PARTS / f"{part}.css").read_text("utf-8")
    if part != "dark":  # on paper it is always light
        return text
    if sheet == "guest.css":  # a guest does as its host: Material says so on the body, others are light
        return f"@media screen{{[data-md-color-scheme=slate]{{\n{text}}}}}\n"
    system = f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{\n{text}}}}}\n"
    return f"{system}@media screen{{:root[data-theme=dark]{{\n{text}}}}}\n"


def squeezed(css: str) -> str:
    """Return a stylesheet without comments and without blanks at the ends of its lines."""
    without = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "".join(line.strip() + "\n" for line in without.splitlines() if line.strip())


def squeezed_script(code: str) -> str:
    """Return a script without comments and needless blanks."""
    short: str = jsmin(code)
    return short
