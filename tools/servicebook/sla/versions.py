"""Which version of support hours or of an agreement holds when: effective_from, corrections, citations.

Two questions, two answers. What was worked between two instants goes piecewise by date: every day has the hours
of its own version (`compile_hours`; `servicebook due --until`). A promise keeps the one version, of its agreement
and of its hours, that was in force when its clock started (`hours_for`, `HoursBook`; tickets and
`servicebook due --within`): it never moves under a running incident, and only a version that says `corrects` moves
it. Sources: decisions.md, Versions; sla.md, point 4.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from servicebook.sla.hours_form import Fault, HoursError, Pattern, parse_pattern
from servicebook.sla.instants import DAY, EPOCH_ORDINAL, from_micros, offset_at, read_zone
from servicebook.sla.support_hours import SupportHours
from servicebook.typed import Any

Version = Mapping[str, Any]


def versions_of(record: Mapping[str, Any]) -> list[Version]:
    """Return the versions of support hours or an agreement, oldest first; the inline form is one version."""
    versions = record.get("versions")
    if not isinstance(versions, list):
        return [record]
    return sorted((v for v in versions if isinstance(v, Mapping)), key=_since)


def _since(version: Version) -> str:
    return str(version.get("effective_from") or "")


def _day_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def is_replaced_by(version: Version, versions: list[Version]) -> Version | None:
    """Return the version that says it corrects this one (by number or by effective_from), or None."""
    names = {str(version[key]) for key in ("version", "effective_from") if key in version}
    for other in reversed(versions):
        if other is not version and other.get("corrects") is not None and str(other["corrects"]) in names:
            return other
    return None


def version_in_force(record: Mapping[str, Any], day: str) -> Version | None:
    """Return the version in force on a date (YYYY-MM-DD), or the one that corrects it; None before the first.

    Sources: sla.md, point 4; decisions.md, Versions.
    """
    versions = versions_of(record)
    chosen: Version | None = None
    for version in versions:
        begins, ends = str(version.get("effective_from") or ""), version.get("effective_to")
        if version.get("corrects") is None and begins <= day and (not ends or day <= str(ends)):
            chosen = version
    return _corrected(chosen, versions)


def _corrected(version: Version | None, versions: list[Version]) -> Version | None:
    for _ in versions:
        later = is_replaced_by(version, versions) if version is not None else None
        if later is None:
            break
        version = later
    return version


def compile_hours(record: Mapping[str, Any]) -> SupportHours:
    """Return a record of support hours (or the inline form) with every version on its own dates.

    For questions about the past as a whole. A running promise keeps one version: `hours_for`.
    Raises HoursError for hours that cannot be computed with.
    """
    versions = versions_of(record)
    pieces: list[tuple[int, Pattern]] = []
    for version in versions:
        if version.get("corrects") is None:
            chosen = _corrected(version, versions) or version
            since = _day_of(version.get("effective_from"))
            pieces.append((since.toordinal() if since else 0, _pattern_of(chosen)))
    if not pieces:
        raise HoursError(Fault("no-hours", ("versions",), ""))
    return SupportHours(pieces)


def hours_for(record: Mapping[str, Any], at: datetime, slug: str = "", cited: str = "") -> SupportHours:
    """Return the hours a promise made at `at` keeps: the one version in force then, whatever comes later.

    Only for years that this version has no holiday list for, the list of a later version is taken: the
    promise never moves, but the calendar of a year is often published after it was made. `cited`, such as
    cn-office@2026-01-01, names the version instead. Before the first version, that first one counts.
    Raises HoursError for hours that cannot be computed with.
    """
    versions = versions_of(record)
    if not versions:
        raise HoursError(Fault("no-hours", ("versions",), ""))
    wanted = cited.partition("@")[2]
    version = next((v for v in versions if wanted and str(v.get("effective_from")) == wanted), None)
    if version is None:
        version = version_in_force(record, at.astimezone(read_zone(_zone_of(versions))).date().isoformat())
    version = version or versions[0]
    pattern = _pattern_of(version)
    for later in versions:
        if later is not version and _since(later) >= _since(version):
            pattern = _with_lists(pattern, later)
    since = version.get("effective_from")
    return SupportHours([(0, pattern)], f"{slug}@{since}" if slug and since else slug)


def _zone_of(versions: list[Version]) -> str:
    name = str(versions[-1].get("timezone"))
    return name if read_zone(name) else "UTC"


def _pattern_of(version: Version) -> Pattern:
    pattern, faults = parse_pattern(version)
    if pattern is None:
        raise HoursError(faults[0])
    return pattern


def _with_lists(pattern: Pattern, later: Version) -> Pattern:
    """Return the pattern with the holiday lists of a later version for the years it has none itself."""
    if pattern.listed_years is None:
        return pattern
    other, _ = parse_pattern(later)
    new = (other.listed_years or frozenset()) - pattern.listed_years if other else frozenset()
    if not other or not new:
        return pattern
    holidays = {o for o in other.holidays if date.fromordinal(o).year in new}
    working = {o for o in other.working if date.fromordinal(o).year in new}
    return pattern._replace(
        holidays=pattern.holidays | holidays,
        working=pattern.working | working,
        listed_years=pattern.listed_years | new,
    )


def _published(version: Version) -> list[tuple[str, Any]]:
    """Return the holiday lists of a version with the day each was published on; empty for long known."""
    lists = version.get("holidays")
    pairs = ((entry.get("published_on") if isinstance(entry, Mapping) else "", entry) for entry in lists or ())
    return [(str(day or ""), entry) for day, entry in pairs]


def _known_on(record: Mapping[str, Any], day: str) -> Mapping[str, Any]:
    """Return a record without the holiday lists published after a day."""
    kept = [{**v, "holidays": [entry for on, entry in _published(v) if on <= day]} for v in versions_of(record)]
    return {**record, "versions": kept}


class HoursBook:
    """A support-hours record asked many times: which compiled version a promise made at an instant keeps."""

    __slots__ = ("_compiled", "_in_force", "_published", "_record", "_since", "_versions", "slug")

    def __init__(self, record: Mapping[str, Any], slug: str) -> None:
        self._record = record
        self.slug = slug
        self._published = max((on for v in versions_of(record) for on, _ in _published(v)), default="")
        zone = _zone_of(versions_of(record) or [{}])
        self._since, self._versions = boundaries_of(record, zone)
        self._compiled: dict[str, SupportHours] = {}
        self._in_force: dict[int, SupportHours] = {}

    def at(self, micros: int, cited: str = "", judged_at: int | None = None) -> SupportHours:
        """Return the hours that a promise made at an instant keeps; `cited` names the version instead.

        judged_at: when the outcome that cites it was written: holiday lists published later were not known then,
        and move it no more. Raises HoursError for hours that cannot be computed with.
        """
        place = max(bisect_right(self._since, micros) - 1, 0)
        if not cited and place in self._in_force:
            return self._in_force[place]
        version = self._versions[place] if self._versions else {}
        record, key = self._record, cited or _since(version)
        if cited and judged_at is not None and self._published:
            judged_on = from_micros(judged_at, UTC).date().isoformat()
            if judged_on < self._published:
                record = _known_on(record, judged_on)
                key += f" {sum(len(known['holidays']) for known in record['versions'])}"
        hours = self._compiled.get(key)
        if hours is None:
            day = _day_of(_since(version)) or date(1970, 1, 1)
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            hours = self._compiled[key] = hours_for(record, noon, self.slug, cited or f"@{key}")
        if not cited:
            self._in_force[place] = hours
        return hours


def boundaries_of(record: Mapping[str, Any], zone_name: str) -> tuple[list[int], list[Version]]:
    """Return from which instants on (midnight in the zone, microseconds) which version is in force.

    Before the first version that one counts, and in a gap the one before it: a promise is never without.
    """
    zone = read_zone(zone_name)
    days = {"": None}
    for version in versions_of(record):
        days[_since(version)] = None
        last = _day_of(version.get("effective_to"))
        if last is not None:
            days[(last + timedelta(days=1)).isoformat()] = None
    since: list[int] = []
    chosen: list[Version] = []
    for day in sorted(days):
        version_then = version_in_force(record, day)
        if version_then is None:
            continue
        first = _day_of(day)
        midnight = (first.toordinal() - EPOCH_ORDINAL) * DAY if first else -(10**18)
        since.append(midnight - (offset_at(zone, midnight) if zone and first else 0))
        chosen.append(version_then)
    return since, chosen
