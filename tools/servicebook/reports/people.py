"""Who can do what, and who is where and free when: read from people, rosters, dispatches, visits and inspections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import TICKET_KINDS
from servicebook.records.readings import NotReadError, read_duration
from servicebook.reports.agenda import teams_of
from servicebook.reports.board import Desk
from servicebook.reports.listing import is_open
from servicebook.typed import NamedTuple
from servicebook.workflow.dispatching import moment_of
from servicebook.workflow.duty import shifts_of
from servicebook.workflow.roles import is_here

LEVELS = ("basic", "independent", "expert")
"""How well a skill is mastered, the least first."""


class Errand(NamedTuple):
    """What somebody is at, or will be. state: `on_site`, `on_the_way`, `inspects`, `on_duty`, or `planned` for later.

    start, end: when it began or will, and when it should be over; None where nothing says so.
    """

    state: str
    record: Facts
    start: datetime | None
    end: datetime | None

    @property
    def site(self) -> str:
        """The site it is at, empty where the record names none."""
        return str(self.record.get("site") or "")


class Whereabouts(NamedTuple):
    """A person at an instant: what they are at, the most binding first; what comes next; how many tickets they have."""

    person: Facts
    teams: tuple[str, ...]
    errands: list[Errand]
    ahead: list[Errand]
    open_tickets: int

    @property
    def is_away(self) -> bool:
        """Whether they are out or bound, so that they cannot be sent elsewhere."""
        return any(errand.state in BOUND for errand in self.errands)

    @property
    def free_at(self) -> datetime | None:
        """When the last of what binds them should be over; None when nothing does, or nobody knows."""
        ends = [errand.end for errand in self.errands if errand.state in BOUND]
        return max((end for end in ends if end), default=None) if None not in ends else None


BOUND = ("on_site", "on_the_way", "inspects")
STATES = (*BOUND, "on_duty", "planned")


def staff(desk: Desk, team: str = "", skill: str = "") -> Iterator[Facts]:
    """Yield who works here in a team: of one team, and with one skill, where they are named."""
    for person in desk.of_kind("person"):
        teams = teams_of(desk, person.id)
        if is_here(person) and teams and (not team or team in teams) and (not skill or level_of(person, skill)):
            yield person


def level_of(person: Facts, skill: str) -> str:
    """Return how well a person masters a skill; `basic` where the record does not say, empty where they do not."""
    for held in person.get("skills", default=()):
        if str(held.get("skill", "")).casefold() == skill.casefold():
            return str(held.get("level") or LEVELS[0])
    return ""


def skills_of(people: Iterable[Facts]) -> dict[str, list[Facts]]:
    """Return the skills of people, each with who masters it: the best first; skills by the fewest who do."""
    found: dict[str, list[Facts]] = {}
    for person in people:
        for held in person.get("skills", default=()):
            found.setdefault(str(held.get("skill", "")), []).append(person)
    for skill, masters in found.items():
        masters.sort(key=lambda person: (-LEVELS.index(level_of(person, skill)), person.id))
    return dict(sorted(found.items(), key=lambda item: (len(item[1]), item[0])))


def wanted_skills(desk: Desk, team: str = "") -> set[str]:
    """Return the skills that teams must have on duty, that plans of inspections and visits ahead ask for."""
    teams = [one for one in desk.of_kind("team") if one.status != "retired" and (not team or one.id == team)]
    plans = [one for one in desk.of_kind("inspection_plan") if one.status != "retired"]
    mine = [plan for plan in plans if not team or plan.get("assignment_group") == team]
    ahead = filter(is_open, desk.of_kind("visit"))
    visits = [visit for visit in ahead if not team or visit.get("assignment_group") == team]
    return {
        *(skill for visit in visits for skill in visit.get("skills_needed", default=())),
        *(skill for one in teams for skill in one.get("skills_required", default=())),
        *(skill for plan in mine for skill in plan.get("required_skills", default=())),
    }


def whereabouts(desk: Desk, now: datetime, people: Iterable[Facts]) -> list[Whereabouts]:
    """Return where people are at `now`, those who can be sent first, then by how much they have to do."""
    errands = list(_errands(desk, now))
    tickets: dict[str, int] = {}
    for ticket in desk.live(TICKET_KINDS):
        if is_open(ticket) and (who := ticket.get("assigned_to")):
            tickets[who] = tickets.get(who, 0) + 1
    rows = []
    for person in people:
        own = [errand for who, errand in errands if who == person.id]
        own.sort(key=lambda one: (STATES.index(one.state), one.start.timestamp() if one.start else 0, one.record.id))
        here = [one for one in own if one.state != "planned"]
        teams = tuple(sorted(teams_of(desk, person.id)))
        rows.append(Whereabouts(person, teams, here, own[len(here) :], tickets.get(person.id, 0)))
    return sorted(rows, key=lambda row: (row.is_away, row.open_tickets, row.person.id))


def _errands(desk: Desk, now: datetime) -> Iterator[tuple[str, Errand]]:
    for incident in desk.of_kind("incident"):
        # Thousands are passed over that have no plan: that is told by the text of their row.
        if '"emergency_plan"' in incident.raw and (errand := _dispatched(incident, now)):
            plan = incident.get("emergency_plan")
            yield from ((who, errand) for who in _crew(plan.get("lead"), plan.get("engineers")))
    for visit in desk.of_kind("visit"):
        if errand := _visiting(visit, now):
            yield from ((who, errand) for who in _crew(visit.get("lead"), visit.get("engineers")))
    for inspection in desk.of_kind("inspection"):
        if inspection.status == "in_progress" and (who := inspection.get("inspected_by")):
            yield who, Errand("inspects", inspection, parse_instant(inspection.get("started_at")), None)
    for roster in desk.of_kind("roster"):
        for shift in shifts_of(roster) if roster.status != "retired" else ():
            if shift.start <= now < shift.end:
                yield shift.person, Errand("on_duty", roster, shift.start, shift.end)


def _crew(lead: str | None, engineers: Iterable[str] | None) -> list[str]:
    return list(dict.fromkeys([*([lead] if lead else []), *(engineers or ())]))


def _dispatched(incident: Facts, now: datetime) -> Errand | None:
    """Return the errand of a team that has left and is not back: it ends with the duration that the plan expects."""
    departed, arrived, left = (moment_of(incident, name) for name in ("departed", "arrived", "left"))
    if departed is None or departed > now or (left and left <= now) or not is_open(incident):
        return None
    if arrived is None or arrived > now:
        return Errand("on_the_way", incident, departed, None)
    try:
        length = read_duration(incident.get("emergency_plan", "expected_duration", default=""))
    except NotReadError:
        return Errand("on_site", incident, arrived, None)
    return Errand("on_site", incident, arrived, arrived + length)


def _visiting(visit: Facts, now: datetime) -> Errand | None:
    fields = ("planned_departure_at", "planned_start_at", "planned_end_at")
    departs, starts, ends = (parse_instant(visit.get(field)) for field in fields)
    states = {"departed": "on_the_way", "on_site": "on_site", "planned": "planned"}
    if visit.status not in states:
        return None
    return Errand(states[visit.status], visit, departs or starts, ends)
