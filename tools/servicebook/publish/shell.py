"""The frame of record pages, as the theme rendered it once, and how pages are put into it."""

from __future__ import annotations

import re
from html import escape

from servicebook.publish.addresses import root_from
from servicebook.publish.record_page import Page

_MARK = re.compile("@@(ROOT|AT)( [^@]*)?@@")
_FILLED = re.compile("@@(TITLE|CONTENT|TRAIL|HEAD)@@")


class Shell:
    """The frame of a page, cut where title, root and content go."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("</head>", "@@HEAD@@</head>", 1)  # of any theme
        self._cut: dict[tuple[str, str], list[bytes]] = {}

    def fill(self, page: Page) -> bytes:
        """Return the whole page: content into the frame, links of the frame made relative to the page."""
        values = {b"TITLE": escape(page.title), b"CONTENT": page.content, b"TRAIL": page.trail, b"HEAD": page.head}
        pieces = list(self._pieces(root_from(page.address), page.below))
        pieces[1::2] = [values[mark].encode() for mark in pieces[1::2]]  # a title may hold the words of a mark
        return b"".join(pieces)

    def _pieces(self, root: str, below: str) -> list[bytes]:
        """Return the frame for pages at some depth and below some list: text and marks in turn, encoded once."""
        found = self._cut.get((root, below))
        if found is None:

            def value(mark: re.Match[str]) -> str:
                if mark[1] == "AT":  # an entry of the navigation: is the page below one of its pages?
                    return ' aria-current="true"' if below and below in (mark[2] or "").split() else ""
                return root

            pieces = _FILLED.split(_MARK.sub(value, self.text))
            found = self._cut[root, below] = [piece.encode() for piece in pieces]
        return found
