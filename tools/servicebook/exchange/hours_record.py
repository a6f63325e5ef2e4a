"""How a year's holiday list gets into a support-hours record: added, or as a correction of what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from servicebook.errors import UsageError
from servicebook.exchange.holiday_lists import HolidayList
from servicebook.sla.hours_form import parse_pattern
from servicebook.sla.versions import is_replaced_by
from servicebook.text.set_field import append_item
from servicebook.text.source_file import SourceFile


class Listed(NamedTuple):
    """A record with a list in it: the file after, the versions it was added to, those it made a correction of."""

    source: SourceFile
    added: tuple[str, ...]
    corrected: tuple[str, ...]


def with_list(
    source: SourceFile, record: Mapping[str, Any], published: HolidayList, today: date, published_on: date | None = None
) -> Listed:
    """Return the record with a year's list in every version that holds in that year.

    A version without a list of the year gets it; no promise kept till now reached that far. Where another list
    stands, it stays as it was, and a new version from `today` says that it corrects the one it was in: closed
    tickets keep what they cite, open clocks are computed anew. Source: sla.md, point 4.
    Raises UsageError for hours around the clock, for a year in which no version holds, and where a version from
    `today` stands already.
    """
    versions = [version for version in record.get("versions") or () if isinstance(version, Mapping)]
    entry = entry_of(published, published_on)
    data, added, corrected = source.data, [], []
    for place, version in enumerate(versions):
        if is_replaced_by(version, versions) or not _holds_in(_corrected_by(version, versions), published.year):
            continue
        _require_days_off(version)
        since = str(version.get("effective_from"))
        known = list_in(version, published.year)
        if known is None:
            data = append_item(data, ("versions", place, "holidays"), entry)
            added.append(since)
        elif not _means_the_same(version, entry):
            _require_unused(versions, today)
            data = append_item(data, ("versions",), _correction(version, entry, today))
            corrected.append(since)
    if not any(_holds_in(_corrected_by(version, versions), published.year) for version in versions):
        raise UsageError("no version of these hours holds in {year}", "add a version first", year=published.year)
    return Listed(source._replace(data=data), tuple(added), tuple(corrected))


def entry_of(published: HolidayList, published_on: date | None = None) -> dict[str, Any]:
    """Return a list as a support-hours record holds it."""
    entry: dict[str, Any] = {"year": published.year, "source": published.source}
    if published_on:
        entry["published_on"] = published_on.isoformat()
    entry["days"] = [day.isoformat() for day in published.days]
    if published.working_days:
        entry["working_days"] = [day.isoformat() for day in published.working_days]
    return entry


def list_in(version: Mapping[str, Any], year: int) -> Mapping[str, Any] | None:
    """Return the list of a year in a version, or None."""
    return next((entry for entry in version.get("holidays") or () if entry.get("year") == year), None)


def days_listed(record: Mapping[str, Any], year: int) -> list[date] | None:
    """Return all days that the lists of a year name, days off and make-up days; None when there is no list."""
    lists = [found for version in record.get("versions") or () if (found := list_in(version, year)) is not None]
    if not lists:
        return None
    texts = {text for found in lists for field in ("days", "working_days") for text in found.get(field) or ()}
    return sorted(date.fromisoformat(text) for text in texts)


def _correction(version: Mapping[str, Any], entry: Mapping[str, Any], today: date) -> dict[str, Any]:
    year = entry["year"]
    lists = [entry if old.get("year") == year else old for old in version.get("holidays") or ()]
    kept = {name: value for name, value in version.items() if name not in ("effective_to", "note", "corrects")}
    since = str(version.get("effective_from"))
    # Cited by its own first day, it takes the place of the other on all of that one's days.
    return {
        **kept,
        "effective_from": today.isoformat(),
        "holidays": lists,
        "corrects": since,
        "note": f"the holidays of {year} as they are in the end",
    }


def _corrected_by(version: Mapping[str, Any], versions: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the version whose days a version holds on: its own, or those of the one it corrects in the end."""
    for _ in versions:
        named = version.get("corrects")
        other = next((v for v in versions if named is not None and str(v.get("effective_from")) == str(named)), None)
        if other is None:
            break
        version = other
    return version


def _holds_in(version: Mapping[str, Any], year: int) -> bool:
    first, last = str(version.get("effective_from") or ""), str(version.get("effective_to") or "9999")
    return first <= f"{year}-12-31" and last >= f"{year}-01-01"


def _means_the_same(version: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Whether another list of the year would leave every day's hours as they are.

    A notice names the weekend days of a holiday, the library does not: on Monday to Friday both say the same.
    """
    others = [old for old in version["holidays"] if old.get("year") != entry["year"]]
    one, _ = parse_pattern(version)
    other, _ = parse_pattern({**version, "holidays": [*others, entry]})
    if one is None or other is None:
        return False
    named = one.holidays ^ other.holidays | one.working ^ other.working
    return all(one.ranges_on(day) == other.ranges_on(day) for day in named)


def _require_days_off(version: Mapping[str, Any]) -> None:
    pattern, _ = parse_pattern(version)
    if pattern is not None and pattern.always:
        raise UsageError("these hours are around the clock", "a holiday list would close them on every holiday")


def _require_unused(versions: list[Mapping[str, Any]], today: date) -> None:
    if any(str(version.get("effective_from")) == today.isoformat() for version in versions):
        raise UsageError(
            "a version of {day} stands there already, and a second one could not be told from it when cited",
            "commit that one, and correct it tomorrow",
            day=today.isoformat(),
        )
