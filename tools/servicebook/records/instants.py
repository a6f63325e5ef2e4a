"""When something was, as files say it: ISO 8601 with an offset; a text without one names no instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from servicebook.typed import Any

CLOCKS_DIFFER = timedelta(minutes=5)
"""Two machines' clocks differ by as much; what is told later than this was told late, or lies ahead."""


def parse_instant(value: Any) -> datetime | None:
    """Return the aware instant of an ISO 8601 text; None for anything else."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return instant if instant.tzinfo else None


def is_same_instant(one: Any, other: Any) -> bool:
    """Whether two values are equal, or texts of one instant that are written with different offsets."""
    if one == other:
        return True
    instant = parse_instant(one)
    return instant is not None and instant == parse_instant(other)


def is_same_value(one: Any, other: Any) -> bool:
    """Whether two values say the same, to any depth; one instant may be written with another offset."""
    if one == other:
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(is_same_value(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same_value, one, other))
    return is_same_instant(one, other)
