"""Words that a page shows to readers of every language although they are of one: ours without their Chinese, and an
author's without the language they are in."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_WORD = re.compile("[A-Za-z]{2}")
_SAME_EVERYWHERE = re.compile(r".*\d.*|\(\.ics\)|\(Atom\)|· RMA|\S+@\S+")
"""What is alike in every language: figures with their unit, ids, formats, addresses."""
_UNSPOKEN = frozenset(("code", "pre", "kbd", "script", "style", "title", "desc"))
_VOID = frozenset(("meta", "link", "br", "img", "input", "hr"))


def unspoken(page: str) -> list[str]:
    """Return the words on a page that stand in no element with a `lang` of its own."""
    reader = _Reader()
    reader.feed(page)
    return [text for text in reader.found if not _SAME_EVERYWHERE.fullmatch(text)]


class _Reader(HTMLParser):
    """Keeps the words outside elements that say their language; ids are no words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element."""
        if tag not in _VOID:
            said = {name: value or "" for name, value in attrs}
            apart = tag in _UNSPOKEN or said.get("class", "") in ("id", "nw") or (tag != "html" and "lang" in said)
            self._open.append((tag, apart))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element without content."""

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and what was left open in it."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep words that no element has told the language of."""
        if _WORD.search(data) and not any(apart for _, apart in self._open):
            self.found.append(" ".join(data.split()))
