"""What the wall clock of a zone shows at an instant: instants as whole microseconds, offsets by stretch.

Arithmetic on integers is exact and several times faster than on datetimes, and it never meets the trap
that subtracting two datetimes of one zone ignores its changes of offset.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from servicebook.typed import NamedTuple

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""The years that are computed: before them zones had no rules, after them nobody promises anything."""

YEAR_STARTS = [
    (datetime(year, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY for year in range(FIRST_YEAR, LAST_YEAR + 2)
]
"""Where each UTC year begins, and where the last one ends."""


def to_micros(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970 in UTC."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def from_micros(micros: int, zone: tzinfo) -> datetime:
    """Return microseconds since 1970 as an aware instant in `zone`."""
    return (EPOCH + timedelta(microseconds=micros)).astimezone(zone)


def instant_in(micros: int, zone: ZoneInfo) -> datetime:
    """Return an instant as the zone's wall clock shows it, carrying the plain offset and not the zone.

    Python subtracts and compares two datetimes of one zone by their wall clocks, which is an hour off across
    a change of offset, and calls no repeated hour equal to anything. With a plain offset both are right.
    """
    return _around(zone, micros)[3] + timedelta(microseconds=micros)


def iso_in(micros: int, zone: ZoneInfo) -> str:
    """Return an instant as the zone's wall clock shows it, as ISO 8601 to the second; pages tell many thousands."""
    if not YEAR_STARTS[0] <= micros < YEAR_STARTS[-1]:
        return from_micros(micros, zone).isoformat(timespec="seconds")
    offset = offset_in(zone, micros)
    day, time = divmod(micros + offset, DAY)
    minutes, second = divmod(time // SECOND, 60)
    return f"{_date_text(day)}T{_time_text(minutes)}:{second:02d}{_offset_text(offset)}"


@lru_cache(maxsize=4096)
def _date_text(day: int) -> str:
    return date.fromordinal(day + EPOCH_ORDINAL).isoformat()


@cache
def _time_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@cache
def _offset_text(offset: int) -> str:
    return _epoch_at(offset).isoformat()[19:]


def offset_in(zone: ZoneInfo, micros: int) -> int:
    """Return the offset from UTC, in microseconds, that a zone keeps at an instant, from its known stretches."""
    return _around(zone, micros)[2]


_recent: dict[ZoneInfo, tuple[int, int, int, datetime]] = {}
"""By zone the stretch last asked for: where it starts and ends, its offset, and 1970 written with that offset."""

_asked: dict[ZoneInfo, int] = {}
_FEW = 64  # to know a zone's stretches takes as long as asking it so often; a hook asks for less


def _around(zone: ZoneInfo, micros: int) -> tuple[int, int, int, datetime]:
    """Return the known stretch around an instant, or the instant alone while the zone was asked only a few times."""
    known = _recent.get(zone)
    if known is not None and known[0] <= micros < known[1]:
        return known
    asked = _asked[zone] = _asked.get(zone, 0) + 1
    if asked < _FEW:
        offset = offset_at(zone, micros)
        return micros, micros + 1, offset, _epoch_at(offset)
    known = _recent[zone] = _surroundings(zone, micros)
    return known


def _surroundings(zone: ZoneInfo, micros: int) -> tuple[int, int, int, datetime]:
    """Return the stretch of one offset around an instant, over up to three years on either side."""
    year = year_at(micros)
    own = stretches_of(zone, year)
    found = next((stretch for stretch in own if micros < stretch.end), own[-1])
    low, high = found.start, found.end
    for step in (1, -1):
        reached = found is own[-1 if step > 0 else 0]
        for near in range(year + step, year + 4 * step, step):
            beside = stretches_of(zone, near) if reached and FIRST_YEAR <= near <= LAST_YEAR else ()
            if len(beside) != 1 or beside[0].offset != found.offset:
                break
            low, high = min(low, beside[0].start), max(high, beside[0].end)
    return low, high, found.offset, _epoch_at(found.offset)


@cache
def _epoch_at(offset: int) -> datetime:
    """Return 1970 in UTC with an offset (microseconds) for its zone: adding to it keeps the offset."""
    return EPOCH.astimezone(timezone(timedelta(microseconds=offset)))


def length_of(micros: int) -> timedelta:
    """Return a length in microseconds as a timedelta."""
    return timedelta(microseconds=micros)


def micros_of(length: timedelta) -> int:
    """Return a timedelta in microseconds."""
    return (length.days * 86_400 + length.seconds) * SECOND + length.microseconds


@cache
def read_zone(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name such as Asia/Shanghai, or None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        return None


class Stretch(NamedTuple):
    """A stretch of time with one offset from UTC; all in microseconds, the end exclusive."""

    start: int
    end: int
    offset: int


def offset_at(zone: tzinfo, micros: int) -> int:
    """Return the zone's offset from UTC at an instant, in microseconds."""
    offset = from_micros(micros, zone).utcoffset()
    return micros_of(offset) if offset else 0


@cache
def stretches_of(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    """Return the stretches of one offset that cover a UTC year with four days on either side.

    The zone is asked once a day and each change found by halving, because zoneinfo does not tell its
    transitions; two changes within one day do not occur in the tz database since 1900.
    """
    first = YEAR_STARTS[year - FIRST_YEAR] - 4 * DAY
    last = YEAR_STARTS[year - FIRST_YEAR + 1] + 4 * DAY
    found: list[Stretch] = []
    start, offset = first, offset_at(zone, first)
    for probe in range(first + DAY, last + DAY, DAY):
        later = offset_at(zone, probe)
        if later != offset:
            change = _change_between(zone, probe - DAY, probe, offset)
            found.append(Stretch(start, change, offset))
            start, offset = change, later
    found.append(Stretch(start, last, offset))
    return tuple(found)


def _change_between(zone: tzinfo, low: int, high: int, offset: int) -> int:
    """Return the first whole second after `low` whose offset is no longer `offset`."""
    while high - low > SECOND:
        middle = (low + high) // 2 // SECOND * SECOND
        if offset_at(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def instants_of(stretches: tuple[Stretch, ...], wall_start: int, wall_end: int) -> list[tuple[int, int]]:
    """Return when the wall clock shows a time in [wall_start, wall_end): none, one or two stretches of UTC.

    A wall time skipped in spring is never shown; one repeated in autumn is shown twice.
    """
    found = []
    for stretch in stretches:
        start = max(wall_start - stretch.offset, stretch.start)
        end = min(wall_end - stretch.offset, stretch.end)
        if start < end:
            found.append((start, end))
    return found


def instant_of_wall(stretches: tuple[Stretch, ...], wall: int) -> int:
    """Return the first instant at which the wall clock shows `wall` or, where that is skipped, more."""
    return min(max(wall - s.offset, s.start) for s in stretches if wall - s.offset < s.end)


def year_at(micros: int) -> int:
    """Return the UTC year of an instant, held within the years that are computed."""
    place = bisect_right(YEAR_STARTS, micros)
    if 0 < place < len(YEAR_STARTS):
        return FIRST_YEAR - 1 + place
    return FIRST_YEAR if place == 0 else LAST_YEAR
