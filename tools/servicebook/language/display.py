"""What a text looks like where it is shown: nothing in it that steers a terminal, and how many columns it takes."""

from __future__ import annotations

WIDE_BLANKS = "\u3000\u00a0"
"""Blanks that Python counts as not printable; Chinese text is full of the first."""


def plain(text: str) -> str:
    """Return a text on one line in which no character steers a terminal: such characters are shown as `�`.

    Marks that turn the direction of writing around are among them: they are as treacherous as escapes.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in WIDE_BLANKS else " " if c in "\t\n\r" else "\ufffd" for c in text)


def text_columns(text: str) -> int:
    """Return how many columns a text takes: wide characters two, combining marks none.

    By the tables of Python itself, because the hook runs without site packages; tables on a terminal ask
    `wcwidth`, which knows emoji too.
    """
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
