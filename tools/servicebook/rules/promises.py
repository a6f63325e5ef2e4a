"""Can every promise of an agreement be computed, and do its support hours leave no doubt?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.rules.reading import sound_facts
from servicebook.sla.entitlement import hours_book
from servicebook.sla.hours_form import Fault, HoursError, parse_pattern
from servicebook.sla.targets import Lookup, Target, parse_target
from servicebook.sla.within import is_zero
from servicebook.workflow.lifecycles import LIFECYCLES, NOTES

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.records.facts import Facts

GRADES = ("consultation", "degraded", "severe")

EVENTS = frozenset(NOTES) | {step.event for life in LIFECYCLES.values() for step in life.steps}


def _versions(loaded: Loaded) -> Iterator[tuple[int, Mapping[str, Any], Facts]]:
    facts = sound_facts(loaded)
    if facts is not None:
        for place, version in enumerate(facts.get("versions", default=())):
            yield place, version, facts


def _faults(loaded: Loaded, name: str) -> Iterator[tuple[str, tuple[str | int, ...], Fault]]:
    """Yield the faults of one name in every version of support hours, with path and place."""
    for place, version, facts in _versions(loaded):
        for fault in parse_pattern(version)[1]:
            if fault.name == name:
                yield facts.path, ("versions", place, *fault.where), fault


@rule(
    "SLA601",
    "hours-overlap",
    scope="file",
    message="the hours `{value}` begin before those ahead of them end",
    hint="write hours that do not overlap: [[\"09:00\", \"12:00\"], [\"13:00\", \"18:00\"]]",
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
    hint="give at least one weekday hours: `mon: [[\"09:00\", \"18:00\"]]`",
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
    for _, version, _ in _versions(loaded):
        listed_anywhere |= {entry["year"] for entry in version.get("holidays") or ()}
    for place, version, facts in _versions(loaded):
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
    held = [(p, v, f) for p, v, f in _versions(loaded) if v.get("corrects") is None]
    held.sort(key=lambda item: str(item[1]["effective_from"]))
    for (_, older, _), (place, newer, facts) in pairwise(held):
        since, other = str(newer["effective_from"]), str(older["effective_from"])
        if since == other or str(older.get("effective_to") or "") >= since:
            yield versions_overlap.at(
                facts.path, ("versions", place, "effective_from"), since=since, other=other
            )


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
    for place, version, facts in _versions(loaded):
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
        - {version: 2, effective_from: 2026-01-01, support_hours: always, corrects: 3}

    Instead:
        - {version: 2, effective_from: 2026-01-01, support_hours: always, corrects: 1}
    """
    found = list(_versions(loaded))
    for place, version, facts in found:
        value = version.get("corrects")
        field = "version" if "version" in version else "effective_from"
        known = [str(other[field]) for at, other, _ in found if at != place]
        if value is not None and str(value) not in known:
            where = ("versions", place, "corrects")
            yield corrects_nothing.at(facts.path, where, value=value, known=", ".join(known) or "-")


def _clocks(loaded: Loaded) -> Iterator[tuple[str, int, list[tuple[int, Target]]]]:
    """Yield path, version and its clocks with their places."""
    for place, version, facts in _versions(loaded):
        clocks = version.get("clocks") or ()
        yield facts.path, place, [(at, parse_target(clock, version, "")) for at, clock in enumerate(clocks)]


@rule(
    "SLA611",
    "zero-target",
    scope="file",
    message="the clock `{name}` allows no time at all",
    hint="write how long it may take, such as `within: 30m`",
    kinds=("agreement",),
)
def zero_target(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock whose target is zero.

    Why: it would be missed as it starts. What must be there before something else begins is a check, not
    a clock.

    Example:
        within: 0m

    Instead:
        within: 30m
    """
    for path, version, clocks in _clocks(loaded):
        for place, target in clocks:
            if not target.window and (target.within is None or is_zero(target.within)):
                yield zero_target.at(path, ("versions", version, "clocks", place, "within"), name=target.name)


@rule(
    "SLA612",
    "clock-never-stops",
    scope="file",
    message="nothing stops the clock `{name}`",
    hint="name the events that stop it, such as `stop: [acknowledged]`",
    kinds=("agreement",),
)
def clock_never_stops(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock without an event that stops it.

    Why: it can only be missed.

    Example:
        stop: []

    Instead:
        stop: [resolved]
    """
    for path, version, clocks in _clocks(loaded):
        for place, target in clocks:
            if not target.stop:
                where = ("versions", version, "clocks", place, "stop")
                yield clock_never_stops.at(path, where, name=target.name)


@rule(
    "SLA613",
    "clock-named-twice",
    scope="file",
    message="two clocks are called `{name}` and are for the same tickets",
    hint="give one of them a name of its own, or different tickets under `applies_when`",
    kinds=("agreement",),
)
def clock_named_twice(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two clocks of one name that apply to exactly the same tickets.

    Why: of one promise a ticket has one clock. The second would never be looked at.

    Example:
        - {name: response, start: reported_at, stop: [acknowledged], within: 30m}
        - {name: response, start: reported_at, stop: [acknowledged], within: 1h}

    Instead:
        - {name: response, start: reported_at, stop: [acknowledged], within: 30m}
    """
    for path, version, clocks in _clocks(loaded):
        for (_, one), (place, other) in combinations(clocks, 2):
            if one.name == other.name and dict(one.applies_when) == dict(other.applies_when):
                where = ("versions", version, "clocks", place, "name")
                yield clock_named_twice.at(path, where, name=other.name)


@rule(
    "SLA614",
    "targets-overlap",
    scope="file",
    message="two targets of the clock `{name}` apply to the same tickets: {shared}",
    hint="let exactly one target apply to each ticket: take the shared values out of one `applies_when`",
    kinds=("agreement",),
)
def targets_overlap(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two targets of one clock that both apply to some tickets.

    Why: exactly one target counts. Where two apply, the customer reads the shorter and the desk the longer.

    Example:
        - {name: restore, applies_when: {fault_grade: [severe]}, start: reported_at, stop: [resolved], within: 4h}
        - {name: restore, applies_when: {fault_grade: [severe, degraded]}, start: reported_at, stop: [resolved],
           within: 8h}

    Instead:
        - {name: restore, applies_when: {fault_grade: [severe]}, start: reported_at, stop: [resolved], within: 4h}
        - {name: restore, applies_when: {fault_grade: [degraded]}, start: reported_at, stop: [resolved],
           within: 8h}
    """
    for path, version, clocks in _clocks(loaded):
        for (_, one), (place, other) in combinations(clocks, 2):
            mine, theirs = dict(one.applies_when), dict(other.applies_when)
            if one.name != other.name or mine == theirs:
                continue
            if all(mine[field] & theirs[field] for field in mine.keys() & theirs.keys()):
                shared = _shared(mine, theirs)
                where = ("versions", version, "clocks", place, "applies_when")
                yield targets_overlap.at(path, where, name=other.name, shared=shared)


def _shared(mine: dict[str, frozenset[str]], theirs: dict[str, frozenset[str]]) -> str:
    found = []
    for field in sorted(mine.keys() | theirs.keys()):
        values = mine.get(field, theirs.get(field, frozenset())) & theirs.get(field, mine.get(field, frozenset()))
        found.append(f"{field} {', '.join(sorted(values))}")
    return "; ".join(found)


@rule(
    "SLA615",
    "grade-without-target",
    scope="file",
    severity="warning",
    message="the clock `{name}` has targets by fault grade, but none for `{grade}`",
    hint="add a target for `{grade}`, or name the grade in one that is there",
    kinds=("agreement",),
)
def grade_without_target(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock whose targets differ by fault grade and leave one grade out.

    Why: an incident of that grade would have no such clock, and nobody would notice that nothing was
    promised for it. A clock with a single target may be for some grades only.

    Example:
        - {name: restore, applies_when: {fault_grade: [severe]}, start: reported_at, stop: [resolved], within: 4h}
        - {name: restore, applies_when: {fault_grade: [degraded]}, start: reported_at, stop: [resolved],
           within: 8h}

    Instead:
        - {name: restore, applies_when: {fault_grade: [severe]}, start: reported_at, stop: [resolved], within: 4h}
        - {name: restore, applies_when: {fault_grade: [degraded, consultation]}, start: reported_at,
           stop: [resolved], within: 8h}
    """
    for path, version, clocks in _clocks(loaded):
        for name in dict.fromkeys(target.name for _, target in clocks):
            own = [(place, dict(target.applies_when)) for place, target in clocks if target.name == name]
            if len({when.get("fault_grade") for _, when in own}) < 2:
                continue
            if any("fault_grade" not in when for _, when in own):
                continue
            covered = frozenset[str]().union(*(when["fault_grade"] for _, when in own))
            for grade in GRADES:
                if grade not in covered:
                    where = ("versions", version, "clocks", own[0][0], "applies_when")
                    yield grade_without_target.at(path, where, name=name, grade=grade)


@rule(
    "SLA616",
    "unknown-clock-event",
    scope="file",
    message="the clock `{name}` waits for `{event}`, which no timeline knows",
    hint="did you mean `{near}`? | `servicebook schema incident` lists the events",
    kinds=("agreement",),
)
def unknown_clock_event(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock that starts, stops or is cancelled by an event that cannot be recorded.

    Why: it would never start, or never stop.

    Example:
        stop: [acknowledge]

    Instead:
        stop: [acknowledged]
    """
    for path, version, clocks in _clocks(loaded):
        names = {target.name for _, target in clocks}
        for place, target in clocks:
            start = target.start.partition("+")[0].strip()
            asked = [("stop", event) for event in sorted(target.stop)]
            asked += [("cancel", event) for event in sorted(target.cancel)]
            if not start.endswith(("_at", "_on")) and start not in names:
                asked.append(("start", start))
            for field, event in asked:
                if event not in EVENTS:
                    where = ("versions", version, "clocks", place, field)
                    yield unknown_clock_event.at(path, where, name=target.name, event=event, near=_near(event))


def _near(event: str) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(event, sorted(EVENTS), 1, 0.5)), "acknowledged")


@rule(
    "SLA617",
    "working-days-around-the-clock",
    scope="relation",
    severity="warning",
    message="the clock `{name}` counts working days in `{hours}`, where every day is one",
    hint="name a `working_calendar` with weekends and holidays",
    kinds=("agreement",),
)
def working_days_around_the_clock(facts: Facts, desk: Lookup) -> Iterator[Diagnostic]:
    """A target in working days whose calendar knows no day off.

    Why: 24x7 support hours make every day a working day, so 'within 2 working days' would be due on a
    Sunday. Working days need a calendar of their own.

    Example:
        support_hours: always
        clocks: [{name: spare-arrived, start: reported_at, stop: [part_arrived], within: 2 working days}]

    Instead:
        support_hours: always
        working_calendar: cn-office
        clocks: [{name: spare-arrived, start: reported_at, stop: [part_arrived], within: 2 working days}]
    """
    for version_place, version in enumerate(facts.get("versions", default=())):
        for place, clock in enumerate(version.get("clocks") or ()):
            target = parse_target(clock, version, "")
            if target.within is None or target.within.days is None:
                continue
            hours = desk.get("support_hours", target.calendar)
            try:
                compiled = hours_book(hours).at(0) if hours is not None else None
            except HoursError:
                compiled = None
            if hours is not None and compiled is not None and compiled.always:
                where = ("versions", version_place, "clocks", place, "within")
                yield working_days_around_the_clock.at(facts.path, where, name=target.name, hours=hours.id)


RULES: tuple[Rule, ...] = (
    hours_overlap,
    hours_without_hours,
    hours_unreadable,
    holiday_year_missing,
    versions_overlap,
    version_ends_before_it_begins,
    corrects_nothing,
    zero_target,
    clock_never_stops,
    clock_named_twice,
    targets_overlap,
    grade_without_target,
    unknown_clock_event,
    working_days_around_the_clock,
)
