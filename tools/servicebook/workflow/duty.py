"""Who is on duty when, by a team's rosters, and where fewer are than there must be (clause 1.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.typed import NamedTuple
from servicebook.workflow.roles import People, is_here, lacks_skill, roles_on

Span = tuple[datetime, datetime]
"""From an instant to another, the second not included."""

Periods = Sequence[tuple[Span, Facts]]
"""Rosters with the days that they tell of."""


class Shift(NamedTuple):
    """One person on duty for a while: line `position` of a roster, after its swaps."""

    start: datetime
    end: datetime
    person: str
    role: str
    backup: str
    roster: Facts
    position: int


class Demand(NamedTuple):
    """How many must be on duty; only those with the role or the skill count, where one is named."""

    people: int
    role: str = ""
    skill: str = ""

    def __str__(self) -> str:
        """Return it in short, as messages have it: `1 × routing`."""
        return f"{self.people} × {self.role or self.skill}" if self.role or self.skill else str(self.people)


class Gap(NamedTuple):
    """A time with fewer on duty than there must be; `roster` is whose period it lies in, None where none reaches."""

    start: datetime
    end: datetime
    demand: Demand
    there: int
    roster: Facts | None


def shifts_of(roster: Facts) -> list[Shift]:
    """Return the shifts of a roster, the soonest first; those with no sound start and end are left out."""
    swaps = {
        (parse_instant(swap.get("start")), swap.get("from")): str(swap.get("to") or "")
        for swap in roster.get("swaps", default=())
    }
    found = []
    for position, line in enumerate(roster.get("shifts", default=())):
        start, end = parse_instant(line.get("start")), parse_instant(line.get("end"))
        if start and end and start < end:
            person = swaps.get((start, line.get("person"))) or str(line.get("person") or "")
            role, backup = str(line.get("role") or ""), str(line.get("backup") or "")
            found.append(Shift(start, end, person, role, backup, roster, position))
    return sorted(found, key=lambda shift: (shift.start, shift.person, shift.position))


def rosters_of(desk: People, team: str) -> list[Facts]:
    """Return the rosters of a team that are in use, the earliest period first."""
    found = [facts for facts in desk.of_kind("roster") if facts.get("team") == team and facts.status != "retired"]
    return sorted(found, key=lambda facts: (str(facts.get("period_start", default="")), facts.id))


def demands_of(roster: Facts | None, team: Facts | None) -> list[Demand]:
    """Return how many of whom must be on duty: as the roster says, where it says nothing as its team does."""
    if roster is not None and (lines := roster.get("minimum", default=())):
        return [Demand(int(one["people"]), str(one.get("role") or ""), str(one.get("skill") or "")) for one in lines]
    if team is None:
        return []
    people = int(team.get("minimum_on_duty", default=0))
    skills = [Demand(1, skill=skill) for skill in team.get("skills_required", default=())]
    return [Demand(people), *skills] if people else skills


def counts(desk: People, shift: Shift, demand: Demand) -> bool:
    """Whether somebody on a shift is one of those whom a demand asks for; who has left is nobody."""
    person = desk.get("person", shift.person)
    if person is None or not is_here(person):
        return False
    has_role = not demand.role or demand.role == shift.role or demand.role in roles_on(person, shift.start.date())
    return has_role and not (demand.skill and lacks_skill(person, demand.skill))


def gaps_of(desk: People, team: Facts, periods: Periods, within: Iterable[Span]) -> list[Gap]:
    """Return where fewer of a team are on duty than there must be, the soonest first.

    `periods`: the team's rosters. `within`: when the team has to be there at all, apart and in order.
    """
    shifts = [shift for _, roster in periods for shift in shifts_of(roster)]
    edges = {edge for period, _ in periods for edge in period}.union(*((one.start, one.end) for one in shifts))
    gaps: list[Gap] = []
    for span in within:
        marks = sorted({*span, *(edge for edge in edges if span[0] < edge < span[1])})
        near = [shift for shift in shifts if shift.start < span[1] and span[0] < shift.end]
        for start, end in pairwise(marks):
            roster = next((roster for period, roster in periods if period[0] <= start < period[1]), None)
            there = on_duty_at(near, start)
            gaps += _lacking(desk, (start, end), there, roster, demands_of(roster, team))
    return _joined(gaps)


def _lacking(
    desk: People, span: Span, there: Sequence[Shift], roster: Facts | None, demands: Iterable[Demand]
) -> Iterator[Gap]:
    for demand in demands:
        people = {shift.person for shift in there if counts(desk, shift, demand)}
        if len(people) < demand.people:
            yield Gap(*span, demand, len(people), roster)


def _joined(gaps: Iterable[Gap]) -> list[Gap]:
    """Return gaps with those as one that follow each other and are alike."""
    open_ones: dict[tuple[Demand, int, Facts | None], Gap] = {}
    joined: list[Gap] = []
    for gap in gaps:
        alike = (gap.demand, gap.there, gap.roster)
        last = open_ones.get(alike)
        if last is not None and last.end == gap.start:
            open_ones[alike] = gap._replace(start=last.start)
        else:
            joined += [last] if last is not None else []
            open_ones[alike] = gap
    joined += open_ones.values()
    return sorted(joined, key=lambda gap: (gap.start, gap.end, gap.demand))


def on_duty_at(shifts: Iterable[Shift], instant: datetime) -> list[Shift]:
    """Return the shifts that run at an instant."""
    return [shift for shift in shifts if shift.start <= instant < shift.end]


def next_on_duty(shifts: Iterable[Shift], instant: datetime) -> list[Shift]:
    """Return the shifts that begin at the first handover after an instant."""
    ahead = [shift for shift in shifts if shift.start > instant]
    first = min((shift.start for shift in ahead), default=None)
    return [shift for shift in ahead if shift.start == first]


def handovers(shifts: Iterable[Shift], start: datetime, end: datetime) -> list[datetime]:
    """Return when somebody takes over from somebody else, within a time."""
    shifts = list(shifts)
    begins, ends = {shift.start for shift in shifts}, {shift.end for shift in shifts}
    return sorted(instant for instant in begins & ends if start <= instant < end)
