"""Which days of a year are off and which are worked in their stead: asked of a library, or read from ICS or JSON.

Only `servicebook hours update` asks; what it gets is written into the desk, and the clocks read the desk alone, so
that an upgrade of a package moves no due time. The package `holidays` knows China's make-up days; on hours of
Monday to Friday it agrees with every day the State Council published for 2007 to 2026, but it leaves out days off
that fall on a weekend anyway: hours that are open at weekends take the published list (`--json`).
The package `icalendar` unfolds and decodes; a reader of our own would have to learn that again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from servicebook.errors import CannotDecideError, UsageError

ONE_DAY = timedelta(days=1)
YEAR_END = (12, 25)
"""From this day on, the notice for the next year may name days of this one (2018-12-29 stands in that of 2019)."""

WORKED = ("班", "补班", "調班", "make-up", "working day", "workday")
"""Words in an event's summary that mark a make-up working day."""


class HolidayList(NamedTuple):
    """One year's days off and make-up working days, sorted, and who says so.

    days, working_days: mostly within `year`; a notice may reach into the last days of the year before.
    """

    year: int
    source: str
    days: tuple[date, ...]
    working_days: tuple[date, ...] = ()


def list_of_country(country: str, year: int, before: Iterable[date] | None = None) -> HolidayList:
    """Return a country's list, as the library `holidays` has it: `CN`, or with a region `GB-SCT`.

    before: the days the desk's list of the year before names; those the library knows besides, at the end of
    that year, come with this list. None when there is no such list.
    Raises UsageError for a country the library does not know or without the library, CannotDecideError for a
    year that nobody has published.
    """
    try:
        import holidays as library
        from holidays.version import __version__ as release
    except ModuleNotFoundError as error:
        raise _not_installed("holidays") from error
    code, _, region = country.upper().partition("-")
    try:
        known = library.country_holidays(code, subdiv=region or None, years=[year - 1, year])
        recent = library.country_holidays(code, subdiv=region or None, years=range(year - 5, year))
    except NotImplementedError as error:
        raise UsageError(
            "no holidays are known for `{country}`", "such as CN, NL, US, GB or GB-SCT", country=country
        ) from error
    noticed = getattr(known, "special_public_holidays", None) or {0: ()}
    if not known.start_year <= year <= known.end_year or (recent.weekend_workdays and year > max(noticed)):
        raise _unpublished(year, country)
    extra = set() if before is None else {d for d in (*known, *known.weekend_workdays) if _ends_year(d, year - 1)}
    extra -= set(before or ())
    days = {d for d in known if d.year == year or d in extra} - known.weekend_workdays
    working = {d for d in known.weekend_workdays if d.year == year or d in extra}
    source = f"PyPI holidays {release}, {country.upper()}"
    return HolidayList(year, source, tuple(sorted(days)), tuple(sorted(working)))


def _ends_year(day: date, year: int) -> bool:
    return day.year == year and (day.month, day.day) >= YEAR_END


def parse_json_list(text: str, year: int, name: str) -> HolidayList:
    """Return the list of `year` from JSON in the form of NateScarlet/holiday-cn: {year, papers, days: [...]}.

    Each day is {name, date, isOffDay}. `name` is the file's, for messages and as the source where the file names
    no papers. Raises UsageError for anything else, CannotDecideError for a year without days.
    """
    try:
        table = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(
            "{name} is not JSON: {error}", "give the file as it was published", name=name, error=error
        ) from error
    entries = table.get("days") if isinstance(table, dict) else table
    if not isinstance(entries, list):
        raise UsageError("{name} has no list `days`", "{{days: [{{name, date, isOffDay}}]}} was due", name=name)
    if isinstance(table, dict) and table.get("year") not in (None, year):
        raise UsageError(
            "{name} is for {other}, not {year}", "--year {other}", name=name, other=table["year"], year=year
        )
    days: set[date] = set()
    working: set[date] = set()
    for entry in entries:
        day, off = _entry_of(entry, name)
        if day.year == year or _ends_year(day, year - 1):
            (days if off else working).add(day)
    papers = table.get("papers") if isinstance(table, dict) else None
    return _published(year, " ".join(map(str, papers or ())) or name, days, working)


def _entry_of(entry: Any, name: str) -> tuple[date, bool]:
    if isinstance(entry, dict) and isinstance(entry.get("isOffDay"), bool):
        try:
            return date.fromisoformat(entry["date"]), entry["isOffDay"]
        except (KeyError, TypeError, ValueError):
            pass
    raise UsageError("{name}: `{entry}` is no day", "{{name, date, isOffDay}} was due", name=name, entry=entry)


def parse_ics_list(data: bytes, year: int, name: str, before: Iterable[date] | None = None) -> HolidayList:
    """Return the list of `year` from an iCalendar file of whole-day events.

    A make-up working day is told by X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY or a word of WORKED in its
    summary. `before` as for `list_of_country`.
    Raises UsageError for a file that is none, for an event that repeats or has a time of day; CannotDecideError
    for a year without events.
    """
    try:
        from icalendar import Calendar
    except ModuleNotFoundError as error:
        raise _not_installed("icalendar") from error
    try:
        calendar = Calendar.from_ical(data)
    except (ValueError, IndexError) as error:
        raise UsageError("{name} is not iCalendar: {error}", "export it as .ics", name=name, error=error) from error
    days: set[date] = set()
    working: set[date] = set()
    for event in calendar.walk("VEVENT"):
        (working if _is_worked(event) else days).update(_days_of(event, name))
    late = set() if before is None else {day for day in days | working if _ends_year(day, year - 1)} - set(before)
    days = {day for day in days if day.year == year or day in late} - working
    working = {day for day in working if day.year == year or day in late}
    title = str(calendar.get("X-WR-CALNAME") or calendar.get("PRODID") or "")
    return _published(year, f"{name}: {title}" if title else name, days, working)


def _days_of(event: Any, name: str) -> Iterator[date]:
    summary = str(event.get("SUMMARY") or event.get("UID") or "VEVENT")
    start = event.decoded("DTSTART", None)
    if event.get("RRULE") is not None:
        raise UsageError(
            "{name}: `{summary}` repeats by a rule", "export the year's single days", name=name, summary=summary
        )
    if not isinstance(start, date) or isinstance(start, datetime):
        raise UsageError("{name}: `{summary}` is no whole day", "holidays are whole days", name=name, summary=summary)
    end = event.decoded("DTEND", None)
    last = end - ONE_DAY if isinstance(end, date) and not isinstance(end, datetime) and end > start else start
    if last - start > 60 * ONE_DAY:
        raise UsageError(
            "{name}: `{summary}` lasts longer than two months", "check its DTEND", name=name, summary=summary
        )
    while start <= last:
        yield start
        start += ONE_DAY


def _is_worked(event: Any) -> bool:
    if str(event.get("X-APPLE-SPECIAL-DAY") or "").upper() == "ALTERNATE-WORKDAY":
        return True
    summary = str(event.get("SUMMARY") or "").lower()
    return any(word in summary for word in WORKED)


def _published(year: int, source: str, days: set[date], working: set[date]) -> HolidayList:
    if not any(day.year == year for day in days | working):
        raise _unpublished(year, source)
    return HolidayList(year, source, tuple(sorted(days)), tuple(sorted(working)))


def _unpublished(year: int, source: str) -> CannotDecideError:
    return CannotDecideError(
        "nobody has published the holidays of {year}: {source} has none",
        "run it again when they are announced; till then due times in {year} are a guess (SLA604, SLA633)",
        year=year,
        source=source,
    )


def _not_installed(name: str) -> UsageError:
    return UsageError("{name} is not installed", "pip install 'servicebook[holidays]'", name=name)
