"""Can every promise of an agreement be computed, and is exactly one made to each ticket?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.rules.hours import versions_in
from servicebook.sla.targets import Target, parse_target
from servicebook.sla.windows import days_of
from servicebook.sla.within import is_zero
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import LIFECYCLES, NOTES

if TYPE_CHECKING:
    from servicebook.loader import Loaded

GRADED = {"fault_grade": ("consultation", "degraded", "severe"), "priority": ("P1", "P2", "P3", "P4")}
"""Fields of a ticket by which targets differ, and all the values they can have."""

EVENTS = frozenset(NOTES) | {step.event for life in LIFECYCLES.values() for step in life.steps}


def _clocks(loaded: Loaded) -> Iterator[tuple[str, int, list[tuple[int, Target]]]]:
    """Yield path, version and its clocks with their places."""
    for place, version, facts in versions_in(loaded):
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
    message="the clock `{name}` has targets by `{field}`, but none for `{grade}`",
    hint="add a target for `{grade}`, or name it in one that is there",
    kinds=("agreement",),
)
def grade_without_target(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock whose targets differ by fault grade or priority and leave one out.

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
            for field, grade in _left_out([when for _, when in own]):
                where = ("versions", version, "clocks", own[0][0], "applies_when")
                yield grade_without_target.at(path, where, name=name, field=field, grade=grade)


def _left_out(conditions: list[dict[str, frozenset[str]]]) -> Iterator[tuple[str, str]]:
    """Yield each value that none of several targets is for, of the fields that all of them name and differ in."""
    for field, values in GRADED.items():
        if len({when.get(field) for when in conditions}) > 1 and all(field in when for when in conditions):
            covered = frozenset[str]().union(*(when[field] for when in conditions))
            yield from ((field, value) for value in values if value not in covered)


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
    "SLA618",
    "team-clock-start",
    scope="file",
    message="the clock `{name}` counts the time of a team, but starts at `{start}`",
    hint="write `start: assigned`: it starts when the team gets the ticket",
    kinds=("agreement",),
)
def team_clock_start(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock of one team that does not start with the team getting the ticket.

    Why: what a team promises the desk counts from when it has the ticket, and its stints add up. Counted
    from the customer's notice, it would pay for the time that others had it.

    Example:
        - {name: takeover, team: live-operations, start: reported_at, stop: [acknowledged], within: 15m}

    Instead:
        - {name: takeover, team: live-operations, start: assigned, stop: [acknowledged], within: 15m}
    """
    for path, version, clocks in _clocks(loaded):
        for place, target in clocks:
            if target.team and target.start != "assigned":
                where = ("versions", version, "clocks", place, "start")
                yield team_clock_start.at(path, where, name=target.name, start=target.start)


@rule(
    "SLA619",
    "window-unreadable",
    scope="file",
    message="the window of `{name}` is `{window}`, two numbers of days were due",
    hint="write the earliest and the latest day before the planned time: `window: [5d, 3d]`",
    kinds=("agreement",),
)
def window_unreadable(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock that counts backwards whose window is not two numbers of days.

    Why: the window opens so many days before the planned time and closes so many days before it. With one
    number, or hours, nobody can tell when the customer has to be called.

    Example:
        window: [3d]

    Instead:
        window: [5d, 3d]
    """
    for path, version, clocks in _clocks(loaded):
        for place, target in clocks:
            if target.window and not days_of(target.window):
                where = ("versions", version, "clocks", place, "window")
                yield window_unreadable.at(path, where, name=target.name, window=", ".join(target.window))


RULES: tuple[Rule, ...] = (
    zero_target,
    clock_never_stops,
    clock_named_twice,
    targets_overlap,
    grade_without_target,
    unknown_clock_event,
    team_clock_start,
    window_unreadable,
)
