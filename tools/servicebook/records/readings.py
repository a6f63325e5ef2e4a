"""How the text of a field is read: instants, days, durations, zones, targets; what cannot be read is refused.

The models call these, and so does what is kept of a model between processes (loader/form.py): nothing here needs
the model or the library that it is made with.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from servicebook.patterns import late_pattern
from servicebook.typed import Any


class NotReadError(ValueError):
    """A value that cannot be read; `due` is the word for what was due (loader/refused.py says it in full)."""

    def __init__(self, due: str) -> None:
        super().__init__(due)
        self.due = due


def read_instant(value: Any) -> datetime:
    """Return the aware instant an ISO 8601 text gives; a text without offset is refused."""
    if isinstance(value, datetime) and value.tzinfo:
        return value
    if not isinstance(value, str):
        raise NotReadError("instant")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        raise NotReadError("instant") from error
    if instant.tzinfo is None:
        raise NotReadError("naive_instant")
    return instant


def read_date(value: Any) -> date:
    """Return the date an ISO 8601 text (YYYY-MM-DD) gives."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise NotReadError("date")


_DURATION = late_pattern(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def read_duration(value: Any) -> timedelta:
    """Return the duration that `45s`, `90m`, `8h`, `1h30m` or `2d` gives (d is 24 h of wall clock)."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value else None
    if not match:
        raise NotReadError("duration")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def read_zone(value: str) -> str:
    """Return the name of a time zone, proven against the zone database."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:
        raise NotReadError("zone") from error
    return value


_LENGTH = r"(\d+d)?(\d+h)?(\d+m)?(\d+s)?"
_WITHIN = late_pattern(
    rf"travel|(travel \+ )?(?=\d){_LENGTH}|P(?=.*\d)(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?|\d+ working days?"
)


def read_within(value: Any) -> Any:
    """Return a target as it stands, when it is a length of time or a table of them by distance class."""
    table = value.get("distance_class", value) if isinstance(value, dict) else {"": value}
    sound = isinstance(table, dict) and all(
        isinstance(length, str) and _WITHIN.fullmatch(length) for length in table.values()
    )
    if not sound or not table:
        raise NotReadError("within")
    return value


def read_range(pair: list[str]) -> list[str]:
    """Return an opening and a closing time as they stand, when they are not the same."""
    if pair[0] == pair[1]:
        raise NotReadError("range")
    return pair
