"""Are enough people on duty and on the way, each once, and are they those who can do it (clauses 1.5.1 and 1.5.4)?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import is_broken, listed
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.duty import Demand, Gap, Shift, Span, gaps_of, rosters_of, shifts_of
from servicebook.workflow.roles import People, is_here, lacks_skill, roles_on

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot


@rule(
    "REF591",
    "on-duty-after-leaving",
    scope="relation",
    severity="warning",
    message="`{person}` is on duty from {start}, and does not work here any more",
    hint="give the shift to somebody else in `shifts` | or set the person's record right",
    kinds=("roster",),
)
def on_duty_after_leaving(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A shift of somebody whose record says `active: false`; REF503 finds a record that is retired.

    Why: the line looks filled, and nobody will answer the telephone.

    Example:
        shifts: [{start: "2026-03-23T08:00:00+08:00", end: ..., person: sun.li}]      (sun.li: active: false)

    Instead:
        shifts: [{start: "2026-03-23T08:00:00+08:00", end: ..., person: li.wei}]
    """
    for shift in _shifts(facts):
        person = desk.get("person", shift.person)
        if person is not None and person.status != "retired" and not is_here(person):
            params = {"person": person.id, "start": shift.start.isoformat()}
            yield on_duty_after_leaving.at(facts.path, ("shifts", shift.position, "person"), **params)


@rule(
    "REF592",
    "on-duty-without-role-or-skill",
    scope="relation",
    severity="warning",
    message="`{person}` is on duty from {start} for {lacking}, which their record does not have on that day",
    hint="give the shift to somebody who can | add it to kb/people/{person}.md where it is there",
    kinds=("roster",),
)
def on_duty_without_role_or_skill(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A shift that names a role or a skill which the person does not have on that day.

    Why: the minimum is counted by role and skill. Who is put down for what they cannot do fills a gap on paper only.

    Example:
        - {start: "2026-03-23T08:00:00+08:00", end: ..., person: wang.fang, skills: [routing]}

    Instead:
        - {start: "2026-03-23T08:00:00+08:00", end: ..., person: zhao.lei, skills: [routing]}
    """
    lines = facts.get("shifts", default=())
    for shift in _shifts(facts):
        person = desk.get("person", shift.person)
        if person is None or is_broken(person):
            continue
        lacking = [skill for skill in lines[shift.position].get("skills", ()) if lacks_skill(person, skill)]
        if shift.role and shift.role not in roles_on(person, shift.start.date()):
            lacking.insert(0, shift.role)
        if lacking:
            params = {"person": person.id, "start": shift.start.isoformat(), "lacking": listed(lacking)}
            yield on_duty_without_role_or_skill.at(facts.path, ("shifts", shift.position, "person"), **params)


@rule(
    "REF593",
    "visit-without-the-skill",
    scope="relation",
    message="the visit needs `{skill}`, and none of {people} masters it",
    hint="send somebody along who does: servicebook who --skill '{skill}' | or take it out of `skills_needed`",
    kinds=("visit",),
    incomplete=True,
)
def visit_without_the_skill(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A visit that is still to come, or under way, and whose team lacks a skill that it says it needs.

    Why: the wrong people on site find out there (service plan, 1.2.2, special point 2); before departure another can
    still be sent along. Skills stand in the people's records.

    Example:
        skills_needed: [storage]
        lead: li.wei      (li.wei: transcoding)

    Instead:
        skills_needed: [storage]
        lead: li.wei
        engineers: [li.wei, he.jun]
    """
    names = dict.fromkeys(filter(None, [*facts.get("engineers", default=()), facts.get("lead")]))
    people = [person for name in names if (person := desk.get("person", name))]
    if not people or facts.status not in ("planned", "departed", "on_site"):
        return
    for position, skill in enumerate(facts.get("skills_needed", default=())):
        if all(lacks_skill(person, skill) for person in people):
            where = ("skills_needed", position)
            yield visit_without_the_skill.at(facts.path, where, skill=skill, people=listed(names))


@rule(
    "DSK858",
    "on-duty-twice",
    scope="desk",
    severity="warning",
    message="`{person}` is on duty here from {start}, and in `{other}` until {end}",
    hint="give one of the two to somebody else, or let them follow each other",
    kinds=("roster",),
)
def on_duty_twice(desk: Snapshot) -> Iterator[Diagnostic]:
    """One person in two shifts at a time, in one roster or in two.

    Why: both count as filled, and whichever telephone rings second is answered by nobody.

    Example:
        shifts:
        - {start: "2026-03-23T08:00:00+08:00", end: "2026-03-23T20:00:00+08:00", person: li.wei}
        - {start: "2026-03-23T18:00:00+08:00", end: "2026-03-24T08:00:00+08:00", person: li.wei}

    Instead:
        shifts:
        - {start: "2026-03-23T08:00:00+08:00", end: "2026-03-23T20:00:00+08:00", person: li.wei}
        - {start: "2026-03-23T20:00:00+08:00", end: "2026-03-24T08:00:00+08:00", person: wang.fang}
    """
    shifts = [shift for roster in desk.of_kind("roster") for shift in _shifts(roster)]
    last: dict[str, Shift] = {}
    for shift in sorted(shifts, key=lambda one: (one.person, one.start, one.roster.id, one.position)):
        before = last.get(shift.person)
        if before is not None and shift.start < before.end:
            params = {"person": shift.person, "start": shift.start.isoformat(), "other": before.roster.id}
            where = ("shifts", shift.position, "start")
            yield on_duty_twice.at(shift.roster.path, where, **params, end=before.end.isoformat())
        if before is None or before.end < shift.end:
            last[shift.person] = shift


@rule(
    "DSK859",
    "roster-gap",
    scope="desk",
    severity="warning",
    message="{demand} must be on duty, and {there} is from {start} to {end}; {n} such times in the roster",
    hint="fill `shifts` | servicebook roster {team} shows every gap | lower `minimum` where it asks for too much",
    kinds=("roster", "team", "person", "support_hours"),
)
def roster_gap(desk: Snapshot) -> Iterator[Diagnostic]:
    """A published roster in whose days fewer are on duty than its `minimum`, or its team's, asks for.

    Why: enough people with the right skills at all times is a promise (clause 1.5.1), and a gap is filled more
    easily weeks ahead than on the night itself. Only the team's support hours count; a team's first roster is judged
    from its first shift on.

    Example:
        period_start: 2026-03-23
        period_end: 2026-03-23
        minimum: [{people: 1}]
        shifts: [{start: "2026-03-23T00:00:00+08:00", end: "2026-03-23T20:00:00+08:00", person: li.wei}]

    Instead:
        shifts:
        - {start: "2026-03-23T00:00:00+08:00", end: "2026-03-23T20:00:00+08:00", person: li.wei}
        - {start: "2026-03-23T20:00:00+08:00", end: "2026-03-24T08:00:00+08:00", person: wang.fang}
    """
    for roster in desk.of_kind("roster"):
        period, team = period_of(roster), desk.get("team", str(roster.get("team", default="")))
        if not roster.get("published_on") or roster.status == "retired" or period is None or team is None:
            continue
        found: dict[Demand, list[Gap]] = {}
        for gap in gaps_between(desk, team, *period):
            if gap.roster == roster:
                found.setdefault(gap.demand, []).append(gap)
        for demand, gaps in found.items():
            span = {"start": gaps[0].start.isoformat(), "end": gaps[0].end.isoformat()}
            params = {"demand": str(demand), "there": gaps[0].there, "n": len(gaps), "team": team.id}
            yield roster_gap.at(roster.path, ("shifts",), **params, **span)


def gaps_between(desk: People, team: Facts, start: datetime, end: datetime) -> list[Gap]:
    """Return a team's gaps in its support hours between two instants, from its first shift on."""
    from servicebook.sla.presence import spans_of  # most desks have no roster, and need no hours then

    periods = [(period, roster) for roster in rosters_of(desk, team.id) if (period := period_of(roster))]
    first = min((shift.start for _, roster in periods for shift in shifts_of(roster)), default=start)
    hours = desk.get("support_hours", str(team.get("support_hours", default="")))
    return gaps_of(desk, team, periods, spans_of(hours, max(start, first), end))


def period_of(roster: Facts) -> Span | None:
    """Return the days of a roster by the clock of its zone; None where it names none."""
    from servicebook.sla.presence import days_of

    fields = ("zone", "period_start", "period_end")
    zone, first, last = (str(roster.get(field, default="")) for field in fields)
    return days_of(zone or "UTC", first, last)


def _shifts(roster: Facts) -> list[Shift]:
    return [] if roster.status == "retired" or is_broken(roster) else shifts_of(roster)


RULES = (
    on_duty_after_leaving,
    on_duty_without_role_or_skill,
    visit_without_the_skill,
    on_duty_twice,
    roster_gap,
)
