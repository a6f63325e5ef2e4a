"""The text of articles as the site's own Markdown renders it, kept for builds that do without MkDocs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from servicebook.publish.sealed import seal, unseal
from servicebook.publish.view import View

KEPT_ARTICLES = "articles.json"
"""Where they lie, in the folder of kept pages."""

Render = Callable[[str, str], str]
"""From an article's text and the path of its file to HTML."""


class NeedsMkDocsError(Exception):
    """An article is to be rendered, and MkDocs is not here to do it."""


class Articles:
    """A renderer of articles that remembers what it rendered.

    stamp: a digest of what their Markdown hangs on beside them; nothing is remembered from under another one.
    render: MkDocs' own Markdown, None where there is none.
    """

    def __init__(self, view: View, stamp: str, folder: Path, render: Render | None = None) -> None:
        self._view = view
        self._stamp = stamp and f"{stamp} {' '.join(view.labels.languages)}"  # blocks have labels
        self._render = render
        self._kept = _recall(folder / KEPT_ARTICLES, self._stamp)

    def __call__(self, text: str, path: str) -> str:
        """Return an article as HTML; NeedsMkDocsError where nobody is there to render it."""
        key = self._key(text, path)
        kept = self._kept.get(path)
        if kept is None or kept[0] != key:
            if self._render is None:
                raise NeedsMkDocsError(path)
            kept = self._kept[path] = (key, self._render(text, path))
        return kept[1]

    def written(self) -> bytes:
        """Return what is to be kept of them."""
        return seal([self._stamp, self._kept])

    def _key(self, text: str, path: str) -> str:
        """Return a digest of an article's text, and of where the ids and files that it names lead."""
        facts = self._view.records.get(path)
        ids = facts.get("$body", "ids", default=()) if facts else ()
        links = facts.get("$body", "links", default=()) if facts else ()
        there = self._view.desk.has_path
        folder = path.rpartition("/")[0]
        leads = [self._view.address_of_id(str(id)) for id in ids]
        found = [there(_meant(folder, str(target))) for target, *_ in links]
        said = json.dumps([text, leads, found], ensure_ascii=False)
        return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _meant(folder: str, target: str) -> str:
    """Return the path of the file that a relative link means."""
    parts = folder.split("/")
    for part in target.partition("#")[0].split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts = [*parts, part]
    return "/".join(parts)


def _recall(file: Path, stamp: str) -> dict[str, tuple[str, str]]:
    try:
        written, kept = unseal(file.read_bytes())
        return {path: (key, html) for path, (key, html) in kept.items()} if written == stamp and stamp else {}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
