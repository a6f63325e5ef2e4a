"""Do support hours leave no doubt, and do the versions of a promise follow one another?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.rules.reading import sound_facts
from servicebook.sla.hours_form import Fault, parse_pattern
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.records.facts import Facts


def versions_in(loaded: Loaded) -> Iterator[tuple[int, Mapping[str, Any], Facts]]:
    """Yield the versions of a sound agreement or of sound support hours, each with its place."""
    facts = sound_facts(loaded)
    if facts is not None:
        for place, version in enumerate(facts.get("versions", default=())):
            yield place, version, facts


def _faults(loaded: Loaded, name: str) -> Iterator[tuple[str, tuple[str | int, ...], Fault]]:
    """Yield the faults of one name in every version of support hours, with path and place."""
    for place, version, facts in versions_in(loaded):
        for fault in parse_pattern(version)[1]:
            if fault.name == name:
                yield facts.path, ("versions", place, *fault.where), fault


@rule(
    "SLA601",
    "hours-overlap",
    scope="file",
    message="the hours `{value}` begin before those ahead of them end",
    hint='write hours that do not overlap: [["09:00", "12:00"], ["13:00", "18:00"]]',
    kinds=("support_hours",),
)
def hours_overlap(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two ranges of support hours on one day that overlap.

    Why: nobody works twice at the same time. One of the two is a slip, and which one decides when every
    target is due.

    Example:
        mon: [["09:00", "13:00"], ["12:00", "18:00"]]

    Instead:
        mon: [["09:00", "12:00"], ["13:00", "18:00"]]
    """
    for path, where, fault in _faults(loaded, "ranges-overlap"):
        yield hours_overlap.at(path, where, value=fault.value)


@rule(
    "SLA602",
    "hours-without-hours",
    scope="file",
    message="no day has any hours, so nothing promised in them would ever be due",
    hint='give at least one weekday hours: `mon: [["09:00", "18:00"]]`',
    kinds=("support_hours",),
)
def hours_without_hours(loaded: Loaded) -> Iterator[Diagnostic]:
    """Support hours in which nobody ever works.

    Why: a clock only runs within its hours. In these it would stand still for ever and never be missed.

    Example:
        week: {}

    Instead:
        week: {mon: [["09:00", "18:00"]], tue: [["09:00", "18:00"]]}
    """
    for path, where, _ in _faults(loaded, "no-hours"):
        yield hours_without_hours.at(path, where)


@rule(
    "SLA603",
    "hours-unreadable",
    scope="file",
    message="`{value}` is no time zone, date or range that a clock can use",
    hint="`servicebook schema support_hours` says what it takes",
    kinds=("support_hours",),
)
def hours_unreadable(loaded: Loaded) -> Iterator[Diagnostic]:
    """Support hours with a zone, a date or a range that the clocks cannot use.

    Why: without it not one due time in these hours can be told.

    Example:
        dates: {"2026-02-30": [["09:00", "12:00"]]}

    Instead:
        dates: {"2026-02-28": [["09:00", "12:00"]]}
    """
    for name in ("unknown-zone", "unread", "start-is-end"):
        for path, where, fault in _faults(loaded, name):
            yield hours_unreadable.at(path, where, value=fault.value)


@rule(
    "SLA604",
    "holiday-year-missing",
    scope="file",
    severity="warning",
    message="there is no holiday list for {year}",
    hint="add the list of {year} under `holidays:` with its source, also when it is empty",
    kinds=("support_hours",),
)
def holiday_year_missing(loaded: Loaded) -> Iterator[Diagnostic]:
    """Support hours that keep holiday lists, but none for a year they hold in.

    Why: a year without a list is not a year without holidays. Due times in it are a guess, and come out
    too early over every holiday.

    Example:
        effective_from: 2026-01-01
        effective_to: 2027-12-31
        holidays: [{year: 2026, source: State Council, days: ["2026-10-01"]}]

    Instead:
        holidays:
        - {year: 2026, source: State Council, days: ["2026-10-01"]}
        - {year: 2027, source: State Council, days: ["2027-10-01"]}
    """
    listed_anywhere: set[int] = set()
    for _, version, _ in versions_in(loaded):
        listed_anywhere |= {entry["year"] for entry in version.get("holidays") or ()}
    for place, version, facts in versions_in(loaded):
        listed = {entry["year"] for entry in version.get("holidays") or ()}
        if not listed:
            continue
        first = int(str(version["effective_from"])[:4])
        last = int(str(version.get("effective_to") or max(listed))[:4])
        for year in range(max(first, 1970), min(last, 2200) + 1):
            if year not in listed_anywhere:
                yield holiday_year_missing.at(facts.path, ("versions", place, "holidays"), year=year)


@rule(
    "SLA605",
    "versions-overlap",
    scope="file",
    message="this version begins on {since}, when the one of {other} still holds",
    hint="end the older one the day before, or say `corrects:` if this one mends it",
    kinds=("agreement", "support_hours"),
)
def versions_overlap(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two versions of an agreement or of support hours that hold on the same day.

    Why: a clock keeps the version in force when it started. Where two are, nobody can say which promise
    was made.

    Example:
        - {version: 1, effective_from: 2026-01-01, effective_to: 2026-12-31, support_hours: always}
        - {version: 2, effective_from: 2026-07-01, support_hours: always}

    Instead:
        - {version: 1, effective_from: 2026-01-01, effective_to: 2026-06-30, support_hours: always}
        - {version: 2, effective_from: 2026-07-01, support_hours: always}
    """
    held = [(p, v, f) for p, v, f in versions_in(loaded) if v.get("corrects") is None]
    held.sort(key=lambda item: str(item[1]["effective_from"]))
    for (_, older, _), (place, newer, facts) in pairwise(held):
        since, other = str(newer["effective_from"]), str(older["effective_from"])
        if since == other or str(older.get("effective_to") or "") >= since:
            yield versions_overlap.at(facts.path, ("versions", place, "effective_from"), since=since, other=other)


@rule(
    "SLA606",
    "version-ends-before-it-begins",
    scope="file",
    message="this version ends on {until}, before it begins on {since}",
    hint="correct `effective_to`, or leave it out while the version holds",
    kinds=("agreement", "support_hours"),
)
def version_ends_before_it_begins(loaded: Loaded) -> Iterator[Diagnostic]:
    """A version whose last day lies before its first.

    Why: it would never be in force, and the one before it would go on unnoticed.

    Example:
        effective_from: 2026-07-01
        effective_to: 2026-06-30

    Instead:
        effective_from: 2026-07-01
        effective_to: 2027-06-30
    """
    for place, version, facts in versions_in(loaded):
        since, until = str(version["effective_from"]), version.get("effective_to")
        if until is not None and str(until) < since:
            where = ("versions", place, "effective_to")
            yield version_ends_before_it_begins.at(facts.path, where, since=since, until=until)


@rule(
    "SLA607",
    "corrects-nothing",
    scope="file",
    message="`corrects: {value}` names no version of this record",
    hint="name the version it mends: {known}",
    kinds=("agreement", "support_hours"),
)
def corrects_nothing(loaded: Loaded) -> Iterator[Diagnostic]:
    """A correcting version that names a version which is not there.

    Why: a correction takes the place of the version it names. Naming none it is never used, and the
    mistake it should mend goes on.

    Example:
        - {version: 1, effective_from: 2026-01-01, support_hours: always}
        - {version: 2, effective_from: 2026-03-05, support_hours: always, corrects: 3}

    Instead:
        - {version: 2, effective_from: 2026-03-05, support_hours: always, corrects: 1}
    """
    found = list(versions_in(loaded))
    for place, version, facts in found:
        value = version.get("corrects")
        field = "version" if "version" in version else "effective_from"
        known = [str(other[field]) for at, other, _ in found if at != place]
        if value is not None and str(value) not in known:
            where = ("versions", place, "corrects")
            yield corrects_nothing.at(facts.path, where, value=value, known=", ".join(known) or "-")


RULES: tuple[Rule, ...] = (
    hours_overlap,
    hours_without_hours,
    hours_unreadable,
    holiday_year_missing,
    versions_overlap,
    version_ends_before_it_begins,
    corrects_nothing,
)
