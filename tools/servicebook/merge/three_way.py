"""The merge of one part by what three texts say: one side's edit is taken, two sides' edits meet inside it or clash."""

from __future__ import annotations

from typing import Any, NamedTuple

from servicebook.merge.naming import TIMELINE, Named, name_items
from servicebook.merge.parts import Inside, Part, call_name
from servicebook.merge.pieces import (
    Clash,
    Path,
    Piece,
    WholeClashError,
    by_lines,
    comments_of,
    merge_leads,
    merge_wording,
)
from servicebook.merge.shapes import fitted, frame, gaps_of, shape_of
from servicebook.merge.weave import canonical, event_name, events_of, weave


class Child(NamedTuple):
    """What stands inside a part after the merge: its name, the gap before it in brackets, its pieces."""

    name: Any
    gap: str
    pieces: list[Piece]


def merge_parts(base: Part | None, first: Part, second: Part, path: Path, kept: list[Path]) -> list[Piece]:
    """Return the pieces of one part that both sides have, what stands above it included.

    kept: gets the paths of what one side deleted although it only grows, and that stays.
    """
    pieces = _merge_texts(base, first, second, path, kept)
    return [merge_leads(base.lead if base else "", first.lead, second.lead), *pieces]


def _merge_texts(base: Part | None, first: Part, second: Part, path: Path, kept: list[Path]) -> list[Piece]:
    if first.text == second.text:
        return [first.text]
    if base:
        for changed, other in ((first, second), (second, first)):
            if other.text == base.text and not _has_lost_events(path, base, changed):
                return [changed.text]
    if first.inside and second.inside and type(first.value) is type(second.value):
        try:
            return _merge_inside(base, first, second, path, kept)
        except WholeClashError:
            pass
    return _merge_values(base, first, second, path)


def _merge_values(base: Part | None, first: Part, second: Part, path: Path) -> list[Piece]:
    """Return the side that says something new, where the other only words it anew; else the clash of both."""
    clash = Clash(path, (first.text, second.text))
    if canonical(first.value) == canonical(second.value):
        return [merge_wording(first.text, second.text) or clash]
    for changed, other in ((first, second), (second, first)):
        if base and canonical(other.value) == canonical(base.value) and not _has_lost_events(path, base, changed):
            # A comment is something new as well.
            return [changed.text if comments_of(other.text) == comments_of(base.text) else clash]
    return [clash]


def _has_lost_events(path: Path, before: Part, after: Part) -> bool:
    """Whether a timeline lacks a line that it had: it is not taken as it is, even where one side alone moved."""
    if path != (TIMELINE,):
        return False
    there = {event_name(event) for event in events_of({TIMELINE: after.value})}
    return any(event_name(event) not in there for event in events_of({TIMELINE: before.value}))


def _merge_inside(base: Part | None, first: Part, second: Part, path: Path, kept: list[Path]) -> list[Piece]:
    """Return the pieces of a mapping or list in which both sides' edits meet. Raises WholeClashError."""
    assert first.inside is not None and second.inside is not None
    shape = shape_of(first.inside, second.inside)
    opening, closing = frame(base.inside if base else None, first.inside, second.inside)
    children = merge_children(base, first, second, path, kept)
    if not children and not shape.in_brackets:
        if not path or not isinstance(path[-1], str) or not opening:
            raise WholeClashError
        empty = "[]" if isinstance(first.value, list) else "{}"
        return [f"{opening.split(':')[0]}: {empty}\n"]
    pieces: list[Piece] = [opening]
    for position, child in enumerate(children):
        pieces += [(child.gap or ", ") if position and shape.in_brackets else "", *child.pieces]
    return [*pieces, closing]


def merge_children(base: Part | None, first: Part, second: Part, path: Path, kept: list[Path]) -> list[Child]:
    """Return what two mappings or two lists come to, part by part. Raises WholeClashError where they cannot meet."""
    assert first.inside is not None and second.inside is not None
    shape = shape_of(first.inside, second.inside)
    named = _named(path, _inside_base(base, first), fitted(first, shape), fitted(second, shape))
    _, left, right = named.sides
    gaps = {**gaps_of(right, second.inside), **gaps_of(left, first.inside)}
    order = weave(list(left), list(right))
    _require_dash_first(order, left, right, shape, path)
    found: list[Child] = []
    for name in order:
        here = (*path, call_name(left.get(name) or right[name]))
        pieces = _merge_child(named, name, here, kept)
        if pieces is None:
            continue
        if not shape.in_brackets:
            pieces = by_lines(pieces, here)
        elif any(isinstance(piece, Clash) and not all(piece.sides) for piece in pieces):
            raise WholeClashError  # half an item between commas
        found.append(Child(name, gaps.get(name, ""), pieces))
    return found


def _named(path: Path, base: list[Part], first: list[Part], second: list[Part]) -> Named:
    """Return the parts of three sides by their names: a field's own, or what an item is known by."""
    sides = (base, first, second)
    if all(isinstance(part.name, str) for side in sides for part in side):
        return Named(tuple({part.name: part for part in side} for side in sides), is_list=False)
    named = name_items(path[-1] if path else None, sides)
    if named is None:
        raise WholeClashError
    if named.whole:
        _refuse_twofold_edits(*named.sides)
    return named


def _refuse_twofold_edits(base: dict[Any, Part], left: dict[Any, Part], right: dict[Any, Part]) -> None:
    """Raise WholeClashError where both sides may have edited one item: each would leave a version of its own."""
    gone = any(name not in left and name not in right for name in base)
    if gone and any(name not in base for name in left.keys() ^ right.keys()):
        raise WholeClashError


def _inside_base(base: Part | None, like: Part) -> list[Part]:
    """Return the parts that both sides started from; none where the base had nothing of the sort."""
    if base is None or type(base.value) is not type(like.value):
        return []
    if base.inside is None:
        raise WholeClashError
    return base.inside.parts


def _require_dash_first(
    order: list[Any], left: dict[Any, Part], right: dict[Any, Part], shape: Inside, path: Path
) -> None:
    """Raise WholeClashError where the field that stands behind a list's dash would not stand there any more."""
    dashed = path and not shape.in_brackets and not shape.opening
    if dashed and {next(iter(left), None), next(iter(right), None)} != {order[0]}:
        raise WholeClashError


def _merge_child(named: Named, name: Any, path: Path, kept: list[Path]) -> list[Piece] | None:
    """Return the pieces of one field or item, None where it goes."""
    base, left, right = (side.get(name) for side in named.sides)
    if left and right:
        if named.is_list and (named.grows or base is None):
            return _merge_statements(base, left, right, path)
        return merge_parts(base, left, right, path, kept)
    there = left or right
    assert there is not None
    if base is None:
        return [there.lead, there.text]
    if named.grows or path == (TIMELINE,):
        kept.append(path)
        return [there.lead, there.text]
    if there.lead == base.lead and (there.text == base.text or canonical(there.value) == canonical(base.value)):
        return None
    text = there.lead + there.text
    return ["", Clash(path, (text, "") if left else ("", text))]


def _merge_statements(base: Part | None, left: Part, right: Part, path: Path) -> list[Piece]:
    """Return the pieces of an item that is one statement, such as an event: edits of two people do not mix."""
    lead = merge_leads(base.lead if base else "", left.lead, right.lead)
    if base and left.text == base.text:
        return [lead, right.text]
    if left.text == right.text or (base and right.text == base.text):
        return [lead, left.text]
    return [lead, *_merge_values(base, left, right, path)]
