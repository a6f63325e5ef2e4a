"""What a target allows: `30m`, `PT90M`, `2 working days`, `travel + 1h`, or hours by distance class."""

from __future__ import annotations

from collections.abc import Mapping

from servicebook.patterns import late_pattern
from servicebook.sla.instants import SECOND
from servicebook.typed import Any, NamedTuple


class Within(NamedTuple):
    """The length of a target: working time in microseconds, or whole working days.

    days: working days instead of `time`. travel: the site's travel time is added to `time`.
    by_class: working time by the site's distance class instead.
    """

    time: int = 0
    days: int | None = None
    travel: bool = False
    by_class: tuple[tuple[str, int], ...] = ()


_DIGITS = 12
"""More digits than these mean more years than any calendar here has."""
_UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_N = rf"(\d{{1,{_DIGITS}}})"
_SHORT = late_pattern(rf"(?:{_N}d)? ?(?:{_N}h)? ?(?:{_N}m(?:in)?)? ?(?:{_N}s)?")
_ISO = late_pattern(rf"P(?:{_N}W)?(?:{_N}D)?(?:T(?:{_N}H)?(?:{_N}M)?(?:{_N}S)?)?")
_DAYS = late_pattern(r"([+-]?\d{1,12}) (?:working|business) days?")

LONGEST = 1000 * 366 * 86_400
"""The longest length that is read, in seconds: longer ones outlast all years that are computed with."""


def parse_length(text: Any) -> int | None:
    """Return `45s`, `90m`, `8h`, `1h30m`, `-10m` or ISO 8601 `PT90M` in microseconds, else None.

    A length of more than a thousand years is None too: nothing can be computed with it.
    """
    if not isinstance(text, str) or not text:
        return None
    sign = -1 if text.startswith("-") else 1
    bare = text.lstrip("+-").strip() if text[:1] in "+-" else text.strip()
    if (unit := _UNITS.get(bare[-1:])) and len(bare) <= _DIGITS + 1 and bare[:-1].isdecimal():
        length = int(bare[:-1]) * unit  # as nearly all are written: `8h`
        return sign * length * SECOND if length <= LONGEST else None
    short = _SHORT.fullmatch(bare)
    if short and any(short.groups()):
        weeks, parts = "0", short.groups()
    else:
        iso = _ISO.fullmatch(bare)
        if not iso or not any(iso.groups()):
            return None
        weeks, parts = iso[1] or "0", iso.groups()[1:]
    days, hours, minutes, seconds = (int(part or 0) for part in parts)
    length = (int(weeks) * 7 + days) * 86_400 + hours * 3600 + minutes * 60 + seconds
    return sign * length * SECOND if length <= LONGEST else None


def parse_within(value: Any) -> Within | None:
    """Return what a target's `within` says, or None when it says nothing that can be computed."""
    if isinstance(value, Mapping):
        table = value.get("distance_class", value)
        if not isinstance(table, Mapping):
            return None
        lengths = {str(key): parse_length(text) for key, text in table.items()}
        if not lengths or None in lengths.values():
            return None
        return Within(by_class=tuple((key, length) for key, length in lengths.items() if length is not None))
    if not isinstance(value, str):
        return None
    days = value.strip().endswith(("day", "days")) and _DAYS.fullmatch(value.strip())
    if days:
        return Within(days=int(days[1]))
    travel, plus, rest = value.partition("+")
    if travel.strip() == "travel":
        extra = parse_length(rest.strip()) if plus else 0
        return None if extra is None else Within(time=extra, travel=True)
    length = parse_length(value)
    return None if length is None else Within(time=length)


def is_zero(within: Within) -> bool:
    """Whether the target allows no time at all, which a file must not say."""
    if within.by_class:
        return any(not length for _, length in within.by_class)
    return within.days == 0 if within.days is not None else not within.time and not within.travel
