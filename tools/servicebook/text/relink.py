"""How the links of a page stay true when files move: the page itself, or what it links to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from servicebook.text.front_matter import parse_front_matter
from servicebook.text.links import path_of_link
from servicebook.text.markdown import parse_body
from servicebook.text.source_file import SourceFile, decode_source


def relink(source: SourceFile, new_page: str, moved: Callable[[str], str]) -> bytes:
    """Return the page's bytes as they lie at `new_page`, its links following `moved` (old path to new path).

    Links that lead where they did stay as they are written, and so does a page that is no readable text.
    """
    text, _ = decode_source(source)
    if text is None:
        return source.data
    page = source.data.decode("utf-8")
    for target in _targets(source, text):
        path = path_of_link(source.path, target)
        if path is None or path.startswith("../"):
            continue
        there = moved(path)
        if there == path and (target.startswith("/") or posixpath.dirname(new_page) == posixpath.dirname(source.path)):
            continue
        written = _written(target, there, new_page)
        page = re.sub(rf"(?<=[(<\s]){re.escape(target)}(?=[)>\s])", written.replace("\\", r"\\"), page)
    return page.encode()


def _targets(source: SourceFile, text: str) -> list[str]:
    """Return the targets of links and images, each once, the longest first."""
    front, _ = parse_front_matter(source)
    body, _ = parse_body(source.path, front.body if front else text, 1)
    return sorted({link.target for link in (*body.links, *body.images)}, key=lambda target: (-len(target), target))


def _written(target: str, path: str, page: str) -> str:
    """Return a link to `path` as `target` was written: from the root or from its page, with what follows # or ?."""
    bare = re.split(r"[#?]", target, maxsplit=1)[0]
    if "%" in bare:
        from urllib.parse import quote

        path = quote(path)
    start = "/" + path if bare.startswith("/") else posixpath.relpath(path, posixpath.dirname(page) or ".")
    return start + target[len(bare) :]
