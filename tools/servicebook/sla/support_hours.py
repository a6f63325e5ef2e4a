"""When a desk works, compiled: prefix sums of working time a year, and bisect, so that spans cost no walk."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import accumulate
from zoneinfo import ZoneInfo

from servicebook.sla.hours_form import Fault, HoursError, Pattern
from servicebook.sla.instants import (
    DAY,
    EPOCH_ORDINAL,
    FIRST_YEAR,
    LAST_YEAR,
    YEAR_STARTS,
    from_micros,
    instant_of_wall,
    instants_of,
    offset_in,
    read_zone,
    stretches_of,
    year_at,
)
from servicebook.typed import NamedTuple


class _Table(NamedTuple):
    """The working stretches of some UTC years in a row: starts, ends, and the working time before each start.

    base, total: the working time before the first and after the last; the zero lies where the first year
    asked for began, so that years put in front count below it. first, last: the years. low, high: their bounds.
    """

    starts: list[int]
    ends: list[int]
    before: list[int]
    base: int
    total: int
    first: int
    last: int
    low: int
    high: int


class SupportHours:
    """Support hours ready for arithmetic; instants and lengths are whole microseconds.

    `pieces` are (first ordinal, pattern): each pattern holds from that date on. An instant is within the
    hours when the wall clock of the zone then shows a time within a range of its day.
    """

    __slots__ = (
        "_closings", "_dates", "_known", "_last_named", "_table", "_years", "always", "citation", "listed", "pieces",
        "zone",
    )  # fmt: skip

    def __init__(self, pieces: list[tuple[int, Pattern]], citation: str = "") -> None:
        zone = read_zone(pieces[0][1].timezone)
        if zone is None:
            raise HoursError(Fault("unknown-zone", ("timezone",), pieces[0][1].timezone))
        self.zone: ZoneInfo = zone
        self.pieces = pieces
        self.citation = citation
        self.listed = any(pattern.listed_years is not None for _, pattern in pieces)
        self.always = all(pattern.always for _, pattern in pieces)
        self._known = self._listed_stretch()
        self._years: dict[int, list[tuple[int, int]]] = {}
        self._dates: dict[int, list[int]] = {}
        self._closings: dict[int, int] = {}
        self._table: _Table | None = None
        named = [first for first, _ in pieces]
        for _, pattern in pieces:
            named += [*pattern.dates, *pattern.working, *pattern.holidays]
        self._last_named = max((date.fromordinal(o).year for o in named if o > 0), default=FIRST_YEAR)

    # Working time

    def between(self, start: int, end: int) -> int:
        """Return the working time between two instants; negative when the end lies before the start."""
        if self.always:
            return end - start
        if end < start:
            return -self.between(end, start)
        table = self._table
        if table is None or start < table.low or end >= table.high:
            table = self._reaching(start, end)
        return _done(table, end) - _done(table, start)

    def after(self, start: int, amount: int) -> int | None:
        """Return the first instant with `amount` (not negative) working time behind it since `start`.

        An exact fit ends at closing time; nothing to do ends at the first working instant. None when
        the hours never offer that much.
        """
        if self.always:
            return start + amount if start + amount < YEAR_STARTS[-1] else None
        table = self._table
        if table is None or start < table.low or start >= table.high:
            table = self._reaching(start, start)
        if not amount:
            return self._opening(start, table)
        amount += _done(table, start)
        while amount > table.total:
            if not self._goes_on(table):
                return None
            table = self._with_year(table, table.last + 1)
        place = bisect_left(table.before, amount) - 1
        return table.starts[place] + amount - table.before[place]

    def before(self, end: int, amount: int) -> int | None:
        """Return the last instant with `amount` (above zero) working time between it and `end`."""
        if self.always:
            return end - amount if end - amount >= YEAR_STARTS[0] else None
        table = self._reaching(end, end)
        left = _done(table, end) - amount
        while left < table.base:
            if table.first == FIRST_YEAR:
                return None
            table = self._with_year(table, table.first - 1)
        place = bisect_right(table.before, left) - 1
        return table.starts[place] + left - table.before[place]

    def _opening(self, start: int, table: _Table) -> int | None:
        place = bisect_right(table.starts, start) - 1
        if place >= 0 and start < table.ends[place]:
            return start
        while place + 1 >= len(table.starts):
            if not self._goes_on(table):
                return None
            table = self._with_year(table, table.last + 1)
        return table.starts[place + 1]

    def _goes_on(self, table: _Table) -> bool:
        """Whether a year after those of the table can have hours."""
        return table.last < LAST_YEAR and (bool(self._year(table.last)) or table.last <= self._last_named)

    # Days

    def ordinal_of(self, instant: int) -> int:
        """Return the date in the zone at an instant, as its ordinal."""
        return (instant + offset_in(self.zone, instant)) // DAY + EPOCH_ORDINAL

    def is_working_date(self, ordinal: int) -> bool:
        """Whether any hours start on a date."""
        return bool(self.pattern_on(ordinal).ranges_on(ordinal))

    def pattern_on(self, ordinal: int) -> Pattern:
        """Return the version in force on a date."""
        place = bisect_right(self.pieces, ordinal, key=lambda piece: piece[0]) - 1
        return self.pieces[max(place, 0)][1]

    def working_date(self, ordinal: int, count: int) -> int | None:
        """Return the `count`th working date after a date (before it when negative), by ordinals."""
        year = date.fromordinal(ordinal).year
        dates = self._dates_of(year)
        place = bisect_right(dates, ordinal) + count - 1 if count > 0 else bisect_left(dates, ordinal) + count
        while not 0 <= place < len(dates):
            step = 1 if place >= 0 else -1
            if step > 0:
                place -= len(dates)
            year += step
            if not FIRST_YEAR <= year <= LAST_YEAR or (not dates and year > self._last_named + 1):
                return None
            dates = self._dates_of(year)
            if step < 0:
                place += len(dates)
        return dates[place]

    def closing_of(self, ordinal: int) -> int:
        """Return when the hours that start on a working date end; overnight ones the next morning."""
        known = self._closings.get(ordinal)
        if known is None:
            end = max(end for _, end in self.pattern_on(ordinal).ranges_on(ordinal))
            wall = (ordinal - EPOCH_ORDINAL) * DAY + end
            stretches = stretches_of(self.zone, date.fromordinal(ordinal).year)
            shown = instants_of(stretches, wall - 1, wall)
            known = self._closings[ordinal] = shown[-1][1] if shown else instant_of_wall(stretches, wall)
        return known

    def at_wall(self, ordinal: int, wall: int) -> int:
        """Return the first instant of a date at which the wall clock shows `wall` or, where skipped, more."""
        stretches = stretches_of(self.zone, date.fromordinal(ordinal).year)
        return instant_of_wall(stretches, (ordinal - EPOCH_ORDINAL) * DAY + wall)

    def unlisted_years(self, start: int, end: int) -> tuple[int, ...]:
        """Return the years between two instants whose holiday list is missing."""
        if self.always or self._known[0] <= start <= end < self._known[1]:
            return ()
        first, last = (from_micros(instant, self.zone).year for instant in (start, end))
        found = []
        for year in range(first, last + 1):
            listed = self.pattern_on(date(year, 12, 31).toordinal()).listed_years
            if listed is not None and year not in listed:
                found.append(year)
        return tuple(found)

    def openings(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the stretches within the hours from `start` to `end`, in order."""
        if self.always:
            return [(start, end)] if start < end else []
        if start >= end:
            return []
        table = self._reaching(start, end)
        first, last = bisect_right(table.ends, start), bisect_left(table.starts, end)
        return [(max(table.starts[n], start), min(table.ends[n], end)) for n in range(first, last)]

    def _listed_stretch(self) -> tuple[int, int]:
        """Return a stretch in which no holiday list is missing (a day inside its years); empty when unsure."""
        years = sorted(self.pieces[0][1].listed_years or ())
        if len(self.pieces) > 1 or not years or years[-1] - years[0] + 1 != len(years):
            return 0, 0
        first, last = date(years[0], 1, 1).toordinal(), date(years[-1], 12, 31).toordinal()
        return (first + 1 - EPOCH_ORDINAL) * DAY, (last - 1 - EPOCH_ORDINAL) * DAY

    # Tables

    def _dates_of(self, year: int) -> list[int]:
        found = self._dates.get(year)
        if found is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            found = self._dates[year] = [o for o in range(first, last + 1) if self.is_working_date(o)]
        return found

    def _reaching(self, start: int, end: int) -> _Table:
        """Return the table with every year from one instant to another, held within those that are computed."""
        first, last = year_at(start), year_at(end)
        table = self._table
        if table is None:
            bound = YEAR_STARTS[first - FIRST_YEAR]
            table = self._with_year(_Table([], [], [], 0, 0, first, first - 1, bound, bound), first)
        while table.last < last:
            table = self._with_year(table, table.last + 1)
        while table.first > first:
            table = self._with_year(table, table.first - 1)
        return table

    def _with_year(self, table: _Table, year: int) -> _Table:
        """Return the table, and keep it, with one year more behind or in front; hours across New Year stay whole."""
        found = self._year(year)
        starts, ends = [start for start, _ in found], [end for _, end in found]
        time = sum(ends) - sum(starts)
        ahead = year > table.last
        base = table.total if ahead else table.base - time
        before = list(accumulate((end - start for start, end in found), initial=base))[:-1]
        if ahead:
            table = _joined(table, starts, ends, before)
            table = table._replace(total=base + time, last=year, high=YEAR_STARTS[year + 1 - FIRST_YEAR])
        else:
            older = table._replace(starts=starts, ends=ends, before=before)
            table = _joined(older, table.starts, table.ends, table.before)
            table = table._replace(base=base, first=year, low=YEAR_STARTS[year - FIRST_YEAR])
        self._table = table
        return table

    def _year(self, year: int) -> list[tuple[int, int]]:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._compile_year(year)
        return found

    def _compile_year(self, year: int) -> list[tuple[int, int]]:
        """Return the working stretches of a UTC year in order, cut off at its bounds."""
        low, high = YEAR_STARTS[year - FIRST_YEAR], YEAR_STARTS[year - FIRST_YEAR + 1]
        first = low // DAY + EPOCH_ORDINAL - 2
        last = high // DAY + EPOCH_ORDINAL + 2
        found: list[tuple[int, int]] = []
        for place, (since, pattern) in enumerate(self.pieces):
            until = self.pieces[place + 1][0] if place + 1 < len(self.pieces) else last
            day = first if place == 0 else max(first, since)
            found += _stretches(pattern, day, min(last, until), year)
        return _merged([(max(start, low), min(end, high)) for start, end in found if start < high and end > low])


def _joined(table: _Table, starts: list[int], ends: list[int], before: list[int]) -> _Table:
    """Return the table with stretches behind its own; where the last and the first touch they are one."""
    kept, rest = table.ends, 0
    if kept and starts and kept[-1] == starts[0]:
        kept, rest = kept[:-1], 1
    return table._replace(
        starts=[*table.starts, *starts[rest:]], ends=[*kept, *ends], before=[*table.before, *before[rest:]]
    )


def _done(table: _Table, instant: int) -> int:
    """Return the working time up to an instant, counted from the table's zero."""
    place = bisect_right(table.starts, instant) - 1
    if place < 0:
        return table.base
    start, end = table.starts[place], table.ends[place]
    return table.before[place] + (instant if instant < end else end) - start


def _stretches(pattern: Pattern, first: int, end: int, year: int) -> list[tuple[int, int]]:
    """Return the instants of the ranges that start on the dates [first, end), in UTC."""
    zone = read_zone(pattern.timezone)
    if zone is None:
        return []
    walls = []
    for ordinal in range(first, end):
        midnight = (ordinal - EPOCH_ORDINAL) * DAY
        walls += [(midnight + start, midnight + close) for start, close in pattern.ranges_on(ordinal)]
    stretches = stretches_of(zone, year)
    if len(stretches) == 1:
        offset = stretches[0].offset
        return [(start - offset, close - offset) for start, close in _merged(walls)]
    return [found for start, close in _merged(walls) for found in instants_of(stretches, start, close)]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ranges in order, those that touch or overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
