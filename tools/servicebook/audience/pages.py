"""Ordinary pages of kb/ as an outer audience may have them: those that say so, no more of their head than needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from servicebook.records.audiences import may_read
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile

KEPT = ("title", "list", "description")
"""What is kept of a page's front matter."""


class Page(NamedTuple):
    """An ordinary page: `audience` and `shown_files` as it says, `head` what else is kept, `body` its text."""

    audience: tuple[str, ...]
    shown_files: tuple[str, ...]
    head: dict[str, str]
    body: str

    def is_for(self, audience: str) -> bool:
        """Whether the page is published to an outer audience."""
        return may_read(self.audience, audience)


def read_page(path: str, data: bytes) -> Page | None:
    """Return a page from the bytes of its file; None where it has no front matter that can be read."""
    front, found = parse_front_matter(SourceFile(path, data))
    if front is None or found:
        return None
    head = {key: str(front.data[key]) for key in KEPT if isinstance(front.data.get(key), str)}
    return Page(_texts(front.data.get("audience")), _texts(front.data.get("shown_files")), head, front.body)


def render_page(page: Page, read: Callable[[str], str]) -> bytes:
    """Return the page as a file for the generator; `read` makes of a text what the audience may read of it."""
    # A JSON text is a YAML text, whatever stands in it.
    head = "".join(f"{key}: {json.dumps(read(value), ensure_ascii=False)}\n" for key, value in page.head.items())
    return f"---\n{head}---\n{read(page.body)}".encode()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else ()
