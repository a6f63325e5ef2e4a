"""Links of Python-Markdown found in time that grows with the text: a bracket's partner is looked up, not sought anew.

The library walks from each `[` to its `]`, and from each `](` to its `)`: where there is none, to the end of the text,
thousands of times over. Which text is a link stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown import Markdown
from markdown.inlinepatterns import LinkInlineProcessor

_SQUARE, _ROUND = re.compile(r"[\[\]]"), re.compile("[()]")
_FOOTNOTE = re.compile(r"\[\^([^\]]{0,300})\]")
_QUOTED = 1000
"""So many characters of a target are looked at where quotes stand in it, within which round brackets do not count."""

Link = tuple[str, str | None, int, bool]
"""Target, title, where the link ends, whether it is one."""


def find_links_once(md: Markdown) -> None:
    """Let all patterns for links and images of `md` look partners up."""
    square, round_ = _Partners(_SQUARE), _Partners(_ROUND)
    for pattern in md.inlinePatterns:
        if isinstance(pattern, LinkInlineProcessor):
            # The library asks for both by the pattern.
            setattr(pattern, "getText", _text_by(square))  # noqa: B010
            setattr(pattern, "getLink", _link_by(round_, pattern.getLink))  # noqa: B010
    if "footnote" in md.inlinePatterns:
        md.inlinePatterns["footnote"].compiled_re = _FOOTNOTE


class _Partners:
    """Where each bracket of a text is closed.

    Behind a link that was found, the text goes on as before: places are counted from its end, and hold for all that
    ends the same.
    """

    def __init__(self, brackets: re.Pattern[str]) -> None:
        self._brackets = brackets
        self._tail = ""
        self._closed: dict[int, int] = {}

    def of(self, text: str, opening: int) -> int | None:
        """Return where the bracket that opens at `opening` is closed; None where it never is."""
        tail = text[opening:]
        if not self._tail.endswith(tail):
            self._tail, self._closed = tail, {}
            waiting: list[int] = []
            for match in self._brackets.finditer(tail):
                if match[0] in "[(":
                    waiting.append(match.start())
                elif waiting:
                    self._closed[len(tail) - waiting.pop()] = len(tail) - match.start()
        from_end = self._closed.get(len(tail))
        return None if from_end is None else len(text) - from_end


def _text_by(partners: _Partners) -> Callable[[str, int], tuple[str, int, bool]]:
    def text_of(data: str, index: int) -> tuple[str, int, bool]:
        """Return what stands in a square bracket whose text begins at `index`, where it ends, and whether it does."""
        end = partners.of(data, index - 1)
        return ("", index, False) if end is None else (data[index:end], end + 1, True)

    return text_of


def _link_by(partners: _Partners, find: Callable[[str, int], Link]) -> Callable[[str, int], Link]:
    def link_of(data: str, index: int) -> Link:
        """Return the target and title behind a link's text."""
        if not data.startswith("(", index) or data.find(")", index) < 0:
            return "", None, index, False
        near = data[index : index + _QUOTED]
        if "'" in near or '"' in near or "<" in near:
            return find(data[: index + _QUOTED], index)
        end = partners.of(data, index)
        return ("", None, index, False) if end is None else find(data[: end + 1], index)

    return link_of
