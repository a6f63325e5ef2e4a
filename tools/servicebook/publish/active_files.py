"""Files that would run something when a browser opens them; they are published as text, under another name."""

from __future__ import annotations

import re
from collections.abc import Callable

from servicebook.publish.addresses import ACTIVE, as_text

DRAWINGS = (".svg",)
_RUNS = re.compile(
    rb"<\s*(?:[\w-]+:)?(?:script|foreignobject|iframe|object|embed|handler|set|animate)\b|\bon\w+\s*=|(?:java|vb)script\s*:"
    rb"|data\s*:|<!entity|<\?xml-stylesheet|href\s*=\s*[\"']?\s*(?!#)[^#\"'\s]",
    re.I,
)
"""What makes a drawing more than one; entities and animations can write the rest."""


def runs_something(path: str, read: Callable[[], bytes]) -> bool:
    """Whether a file could run something, or fetch from elsewhere: any of these kinds but a drawing of mere shapes."""
    if not path.lower().endswith(ACTIVE):
        return False
    if not path.lower().endswith(DRAWINGS):
        return True
    data = read()
    return b"\0" in data or b"&#" in data or _RUNS.search(data) is not None


def as_text_beside_page(path: str, read: Callable[[], bytes]) -> str:
    """Return what the name of a file that belongs to an ordinary page gets on the site; mere drawings stay drawings."""
    if ".files/" not in path or (path.lower().endswith(DRAWINGS) and not runs_something(path, read)):
        return ""
    return as_text(path)
