"""Conflict markers in a text: where they stand, what each side says there, and which field it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from servicebook.merge.parts import Part, call_name, read_pieces
from servicebook.merge.pieces import Path, show_path
from servicebook.merge.record import BODY, FILE

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MARKER = re.compile(r"(?P<sign>[<|=>])(?P=sign){6}(?: (?P<label>[^\r\n]*))?\r?\n?")
_AFTER = {"": "<", "<": "|=", "|": "=", "=": ">"}
"""Which markers may stand behind which; anything else that looks like one is text, such as a ruled heading."""


class UnfinishedMarkersError(ValueError):
    """Markers that do not belong together: one was deleted, or another conflict stands inside one."""


class Region(NamedTuple):
    """One conflict of a text: what ours and theirs say, each side's label, and what it is about."""

    ours: str
    theirs: str
    ours_label: str
    theirs_label: str
    name: str = ""


Section = str | Region


def read_sections(text: str) -> list[Section]:
    """Return a text as what is settled and what is in conflict, in order, each conflict with a name of its own.

    Understands the styles `merge` and `diff3`. Raises UnfinishedMarkersError.
    """
    sections: list[Section] = []
    state = ""
    held, labels = {"": ""}, {"": ""}
    for line in _LINE.findall(text):
        marker = _MARKER.fullmatch(line)
        sign = marker["sign"] if marker else "-"
        if sign not in _AFTER[state]:
            if sign == "<":
                raise UnfinishedMarkersError(line.strip())
            held[state] += line
            continue
        labels[sign] = (marker["label"] if marker else None) or ""
        if sign == ">":
            sections += [held[""], Region(held["<"], held["="], labels["<"], labels[">"])]
        state = "" if sign == ">" else sign
        held[state] = ""
    if state:
        raise UnfinishedMarkersError(state * 7)
    return _with_names([*sections, held[""]])


def decide(sections: Sequence[Section], side: int) -> str:
    """Return the text with every conflict decided for ours (0) or theirs (1)."""
    return "".join(section if isinstance(section, str) else section[side] for section in sections)


def without_labels(text: str) -> str:
    """Return a text whose markers name no side, to compare two merges of the same commits."""
    return "".join(
        f"{marker['sign'] * 7}\n" if (marker := _MARKER.fullmatch(line)) and marker["sign"] != "=" else line
        for line in _LINE.findall(text)
    )


def _with_names(sections: list[Section]) -> list[Section]:
    """Return the sections with their conflicts named: by the field they stand in, else by the part of the file."""
    seen: Counter[str] = Counter()
    named: list[Section] = []
    texts = [decide(sections, side) for side in (0, 1)]
    fronts = [_front_of(text) for text in texts]
    rest = FILE if any(text.startswith(("---", "\ufeff---")) for text in texts) else BODY
    starts = [0, 0]
    for section in sections:
        if isinstance(section, str):
            starts = [start + len(section) for start in starts]
        else:
            name = _name_of(section, fronts, starts) or rest
            seen[name] += 1
            starts = [start + len(section[side]) for side, start in enumerate(starts)]
            section = section._replace(name=name if seen[name] == 1 else f"{name}.{seen[name]}")
        named.append(section)
    return named


def _front_of(text: str) -> Part | None:
    try:
        return read_pieces(text.encode("utf-8", "surrogateescape")).front
    except ValueError:
        return None


def _name_of(region: Region, fronts: list[Part | None], starts: list[int]) -> str:
    """Return what a conflict is about, seen on the first side that says something there; empty where it is unclear."""
    for side in (0, 1) if region.ours else (1, 0):
        front = fronts[side]
        if front is None:
            continue
        if starts[side] >= len(front.text):
            return BODY
        return show_path(_path_at(front, starts[side]))
    return ""


def _path_at(part: Part, begin: int) -> Path:
    """Return the names on the way to the outermost part that begins at an offset, or that holds it."""
    if part.inside is None or part.inside.in_brackets:
        return ()
    at = len(part.inside.opening)
    for one in part.inside.parts:
        text = at + len(one.lead)
        if begin <= text:
            return (call_name(one),)
        if begin < text + len(one.text):
            return (call_name(one), *_path_at(one, begin - text))
        at = text + len(one.text)
    return ()
