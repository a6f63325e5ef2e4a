"""In which form a merged mapping or list is written: in brackets or in lines, and what stands around its parts."""

from __future__ import annotations

from typing import Any

from servicebook.merge.parts import Inside, Part
from servicebook.merge.pieces import WholeClashError, comments_of
from servicebook.text.compose import render_field, render_flow, render_item, render_key


def shape_of(first: Inside, second: Inside) -> Inside:
    """Return the one whose form is kept: the first, or the second where the first is empty."""
    return first if first.parts or not second.parts else second


def frame(base: Inside | None, first: Inside, second: Inside) -> tuple[str, str]:
    """Return what stands before and behind the parts. Raises WholeClashError where two comments there differ."""
    if first.in_brackets != second.in_brackets:
        shape = shape_of(first, second)
        other = second if shape is first else first
        if comments_of(other.opening + other.closing):
            raise WholeClashError
        return shape.opening, shape.closing
    known = base if base is not None and base.in_brackets == first.in_brackets else None
    return (
        _pick(known and known.opening, first.opening, second.opening),
        _pick(known and known.closing, first.closing, second.closing),
    )


def _pick(base: str | None, first: str, second: str) -> str:
    if first == base:
        return second
    if first != second and second != base and comments_of(first + second):
        raise WholeClashError
    return first


def fitted(part: Part, shape: Inside) -> list[Part]:
    """Return the parts inside a part as they stand within `shape`: in its brackets, or at its indent.

    Raises WholeClashError where a comment would not survive it.
    """
    inside = part.inside
    if inside is None:
        raise WholeClashError
    if inside.in_brackets == shape.in_brackets and (shape.in_brackets or inside.indent == shape.indent):
        return inside.parts
    if any(comments_of(one.lead + one.text) for one in inside.parts) or not shape.opening:
        raise WholeClashError
    in_list = isinstance(part.value, list)
    return [one._replace(lead="", text=_render(one, shape, in_list), inside=None) for one in inside.parts]


def _render(part: Part, shape: Inside, in_list: bool) -> str:
    if shape.in_brackets:
        return ("" if in_list else f"{render_key(part.name)}: ") + render_flow(part.value)
    lines = render_item(part.value, shape.indent) if in_list else render_field(part.name, part.value, shape.indent)
    return "".join(f"{line}\n" for line in lines)


def gaps_of(named: dict[Any, Part], inside: Inside) -> dict[Any, str]:
    """Return what stands before each part in brackets, by the part's name."""
    return dict(zip(named, inside.gaps, strict=True)) if inside.in_brackets else {}
