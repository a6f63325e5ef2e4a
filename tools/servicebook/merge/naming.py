"""What the items of a list are known by, which says whether two sides' items are the same one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from servicebook.merge.parts import Part
from servicebook.merge.weave import canonical

TIMELINE = "timeline"
IDENTITIES = ("key", "name", "year", "effective_from", "version")
"""Fields that tell the items of a list apart where every item has another value in them."""
ONE_VALUE = ("window",)
"""Lists that are one value together, such as the two ends of a range."""

Side = list[Part]


class Named(NamedTuple):
    """The parts of three sides by their names, each side in its order, and how they may be united.

    is_list: they are items, not fields. grows: items are only ever added. whole: an item is known by all it
    says, so that an edit makes another.
    """

    sides: tuple[dict[Any, Part], ...]
    is_list: bool = True
    grows: bool = False
    whole: bool = False


def name_items(field: Any, sides: Sequence[Side]) -> Named | None:
    """Return the items of a list by name; None where the list can only be taken as one value."""
    values = [part.value for side in sides for part in side]
    if field in ONE_VALUE or any(isinstance(value, list) for value in values):
        return None
    maps = [value for value in values if isinstance(value, dict)]
    if not maps:
        named = _named([[canonical(part.value) for part in side] for side in sides], sides)
        return Named(named) if named else None
    if len(maps) < len(values):
        return None
    if field == TIMELINE or all(value.get("id") for value in maps):
        return Named(_by_id(sides), grows=True)
    for identity in IDENTITIES:
        if all(_is_plain(value.get(identity)) for value in maps):
            named = _named([[canonical(part.value[identity]) for part in side] for side in sides], sides)
            if named:
                return Named(named)
    return Named(_by_all(sides), whole=True)


def _named(names: list[list[str]], sides: Sequence[Side]) -> tuple[dict[Any, Part], ...] | None:
    """Return the items by their names, None where a name stands twice on one side."""
    if any(len(set(side)) < len(side) for side in names):
        return None
    return tuple(dict(zip(own, side, strict=True)) for own, side in zip(names, sides, strict=True))


def _by_id(sides: Sequence[Side]) -> tuple[dict[Any, Part], ...]:
    """Return events by id; those without one, or with one that stands twice somewhere, by all they say."""
    counts = [Counter(canonical(part.value.get("id")) for part in side) for side in sides]
    twice = {id for count in counts for id, times in count.items() if times > 1}

    def name_of(part: Part) -> str:
        id = part.value.get("id")
        return canonical(id) if id and canonical(id) not in twice else ""

    return tuple(_counted([name_of(part) for part in side], side) for side in sides)


def _by_all(sides: Sequence[Side]) -> tuple[dict[Any, Part], ...]:
    return tuple(_counted([""] * len(side), side) for side in sides)


def _counted(names: list[str], side: Side) -> dict[Any, Part]:
    """Return items by name; by all they say and how often it was said before where the name is empty."""
    found: dict[Any, Part] = {}
    seen: Counter[str] = Counter()
    for name, part in zip(names, side, strict=True):
        told = canonical(part.value)
        found[name or (told, seen[told])] = part
        seen[told] += not name
    return found


def _is_plain(value: Any) -> bool:
    return value is not None and not isinstance(value, (dict, list))
