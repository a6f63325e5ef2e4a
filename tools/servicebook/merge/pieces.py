"""What a merge leaves of a text: pieces that are settled, and clashes that a person has to settle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

Path = tuple[Any, ...]
"""The names on the way to a part: of fields, and of items what people call them."""

FIRST, SECOND = 0, 1

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line as Git and YAML have it: other characters that end lines elsewhere stand within one."""


class WholeClashError(ValueError):
    """What two sides did to a part cannot be told apart inside it: the part as a whole clashes."""


class Clash(NamedTuple):
    """The two texts of which a person has to choose, and the part they stand for."""

    path: Path
    sides: tuple[str, str]


Piece = str | Clash


def text_of(pieces: Sequence[Piece], side: int) -> str:
    """Return the pieces as one text, every clash decided for the FIRST or the SECOND side."""
    return "".join(piece.sides[side] if isinstance(piece, Clash) else piece for piece in pieces)


def has_clash(pieces: Sequence[Piece]) -> bool:
    """Whether there is something left to settle."""
    return any(isinstance(piece, Clash) for piece in pieces)


def by_lines(pieces: list[Piece], path: Path) -> list[Piece]:
    """Return the pieces of a part in lines of its own (the first is what stands above it), clashes of whole lines.

    A clash inside a line becomes one of the whole part.
    """
    before = ""
    for piece in pieces:
        if not isinstance(piece, Clash):
            before = piece or before
        elif all(text.endswith("\n") for text in (before, *piece.sides) if text):
            before = ""
        else:
            rest = pieces[1:]
            return [pieces[0], Clash(path, (text_of(rest, FIRST), text_of(rest, SECOND)))]
    return pieces


def show_path(path: Path) -> str:
    """Return what a part is called, such as timeline.q6qh."""
    return ".".join(str(name) for name in path)


def comments_of(text: str) -> list[str]:
    """Return what may be comments in a piece of YAML; a `#` in quotes counts too, which only costs a question."""
    return re.findall(r"(?:^|\s)#[^\n]*", text) if "#" in text else []


def merge_wording(first: str, second: str) -> str:
    """Return one of two wordings of one value; nothing where each has comments of its own."""
    if comments_of(first) and comments_of(second) and comments_of(first) != comments_of(second):
        return ""
    return second if comments_of(second) and not comments_of(first) else first


def merge_leads(base: str, first: str, second: str) -> str:
    """Return the comments above a part: one side's edit of them, or both sides' lines."""
    if first in (second, base):
        return second
    if second == base:
        return first
    known = set(_LINE.findall(first))
    return first + "".join(line for line in _LINE.findall(second) if line not in known)
