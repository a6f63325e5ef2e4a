"""What one version of support hours says: weekly ranges, special dates, holidays and make-up days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from servicebook.patterns import late_pattern
from servicebook.sla.instants import SECOND, read_zone
from servicebook.typed import Any, NamedTuple

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_DAY = 86_400

Ranges = tuple[tuple[int, int], ...]
"""Ranges of wall-clock microseconds since the day's midnight, half-open; the end of one may pass midnight."""

KeyPath = tuple[str | int, ...]


class Fault(NamedTuple):
    """Something wrong in support hours: what (a name the rules know), where, and the value there."""

    name: str
    where: KeyPath
    value: str


class HoursError(ValueError):
    """Support hours that cannot be computed with; `fault` says what is wrong and where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.name} at {'.'.join(map(str, fault.where))}: `{fault.value}`")
        self.fault = fault


class Pattern(NamedTuple):
    """One version of support hours, ready to be asked for a day.

    dates, holidays, working: by the proleptic ordinal of the date. listed_years: the years for which a
    holiday list stands; None where the hours keep no holiday calendar, so that none is missing.
    """

    timezone: str
    week: tuple[Ranges, ...]
    dates: dict[int, Ranges]
    holidays: frozenset[int]
    working: frozenset[int]
    listed_years: frozenset[int] | None

    def ranges_on(self, ordinal: int) -> Ranges:
        """Return the ranges that start on a date: special date, make-up day, holiday, week, in this order."""
        special = self.dates.get(ordinal)
        if special is not None:
            return special
        usual = self.week[(ordinal - 1) % 7]
        if ordinal in self.working:
            return usual or self.week[0] or next((ranges for ranges in self.week if ranges), ())
        return () if ordinal in self.holidays else usual

    @property
    def always(self) -> bool:
        """Whether these are plain hours around the clock, every day."""
        return not self.dates and not self.holidays and all(r == ((0, FULL_DAY * SECOND),) for r in self.week)

    @property
    def empty(self) -> bool:
        """Whether no day has any hours, so that nothing timed in them would ever end."""
        return not any(self.week) and not any(self.dates.values())


_FULL_HOURS = {f"{hour:02}:{minute:02}": (hour * 60 + minute) * 60 for hour in range(24) for minute in (0, 30)}
_FULL_HOURS["24:00"] = FULL_DAY
"""The times at which nearly all hours begin and end; a hook need not import regular expressions for them."""
_TIME = late_pattern(r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?")


def parse_pattern(version: Mapping[str, Any]) -> tuple[Pattern | None, list[Fault]]:
    """Return one version of support hours and all its faults; no pattern when there are any.

    Both forms are read: holidays as plain dates with `working_days` beside them, or as yearly lists
    {year, days, working_days}.
    """
    faults: list[Fault] = []
    timezone = version.get("timezone")
    if not isinstance(timezone, str) or read_zone(timezone) is None:
        faults.append(Fault("unknown-zone", ("timezone",), str(timezone)))
    week = _parse_week(version.get("week") or {}, faults)
    dates = _parse_dates(version.get("dates") or {}, faults)
    holidays, working, years = _parse_holidays(version, faults)
    pattern = Pattern(str(timezone), week, dates, frozenset(holidays), frozenset(working), years)
    if not faults and pattern.empty:
        faults.append(Fault("no-hours", ("week",), ""))
    return (None if faults else pattern), faults


def _parse_week(week: Any, faults: list[Fault]) -> tuple[Ranges, ...]:
    if not isinstance(week, Mapping):
        faults.append(Fault("unread", ("week",), str(week)))
        return ((),) * 7
    for day in week:
        if day not in DAYS:
            faults.append(Fault("unread", ("week", str(day)), str(day)))
    return tuple(_parse_ranges(week.get(day) or [], ("week", day), faults) for day in DAYS)


def _parse_dates(dates: Any, faults: list[Fault]) -> dict[int, Ranges]:
    if not isinstance(dates, Mapping):
        faults.append(Fault("unread", ("dates",), str(dates)))
        return {}
    found = {}
    for text, ranges in dates.items():
        ordinal = _parse_date(text, ("dates", str(text)), faults)
        if ordinal:
            found[ordinal] = _parse_ranges(ranges or [], ("dates", str(text)), faults)
    return found


def _parse_ranges(ranges: Any, where: KeyPath, faults: list[Fault]) -> Ranges:
    if not isinstance(ranges, list):
        faults.append(Fault("unread", where, str(ranges)))
        return ()
    found = []
    for place, pair in enumerate(ranges):
        here = (*where, place)
        times = [_seconds_of(text) for text in pair] if isinstance(pair, list | tuple) else []
        if len(times) != 2 or times[0] is None or times[1] is None or times[0] >= FULL_DAY:
            faults.append(Fault("unread", here, _shown(pair)))
            continue
        start, end = times[0], times[1]
        if start == end:
            faults.append(Fault("start-is-end", here, _shown(pair)))
            continue
        # An end at or before the start lies on the next day; the range belongs to the day it starts.
        found.append((start * SECOND, (end if end > start else end + FULL_DAY) * SECOND))
    found.sort()
    for place, (earlier, later) in enumerate(pairwise(found)):
        if later[0] < earlier[1]:
            faults.append(Fault("ranges-overlap", (*where, place + 1), _shown(ranges[place + 1])))
    return tuple(found)


def _shown(pair: Any) -> str:
    return "-".join(map(str, pair)) if isinstance(pair, list | tuple) else str(pair)


def _seconds_of(text: Any) -> int | None:
    if isinstance(text, str) and text in _FULL_HOURS:
        return _FULL_HOURS[text]
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if not match:
        return None
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    return seconds if seconds <= FULL_DAY else None


def _parse_date(text: Any, where: KeyPath, faults: list[Fault]) -> int:
    if isinstance(text, date):
        return text.toordinal()
    try:
        return date.fromisoformat(text).toordinal()
    except (TypeError, ValueError):
        faults.append(Fault("unread", where, str(text)))
        return 0


def _parse_holidays(
    version: Mapping[str, Any], faults: list[Fault]
) -> tuple[set[int], set[int], frozenset[int] | None]:
    days: set[int] = set()
    working: set[int] = set()
    years: set[int] = set()
    by_year = bool(version.get("holiday_calendar"))
    for where, field, text in _listed_days(version, faults):
        if field == "year":
            by_year = True
            years.add(text)
            continue
        ordinal = _parse_date(text, where, faults)
        if ordinal:
            (days if field == "days" else working).add(ordinal)
    return days, working, (frozenset(years) if by_year else None)


def _listed_days(version: Mapping[str, Any], faults: list[Fault]) -> Iterator[tuple[KeyPath, str, Any]]:
    """Yield every holiday, make-up day and listed year with its place."""
    for field in ("holidays", "working_days"):
        entries = version.get(field) or []
        if not isinstance(entries, list):
            faults.append(Fault("unread", (field,), str(entries)))
            continue
        for place, entry in enumerate(entries):
            if not isinstance(entry, Mapping):
                yield (field, place), "days" if field == "holidays" else "working_days", entry
                continue
            if not isinstance(entry.get("year"), int):
                faults.append(Fault("unread", (field, place, "year"), str(entry.get("year"))))
                continue
            yield (field, place, "year"), "year", entry["year"]
            for inner in ("days", "working_days"):
                days = entry.get(inner) or []
                if not isinstance(days, list):
                    faults.append(Fault("unread", (field, place, inner), str(days)))
                    continue
                for at, text in enumerate(days):
                    yield (field, place, inner, at), inner, text
