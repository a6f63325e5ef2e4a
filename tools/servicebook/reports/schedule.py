"""What is planned when: changes, releases, visits, inspections, freezes, protected broadcasts and duty, as one list.

ITIL calls it the change schedule; the calendar page, the calendars to subscribe to and the API read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.workflow.duty import shifts_of
from servicebook.workflow.quiet_times import broadcasts_of
from servicebook.workflow.roles import People

DEPLOYMENT = timedelta(hours=1)
"""How long a release is shown that says only when it is deployed."""

CALLED_OFF = ("cancelled", "rejected")
UNDECIDED = {"change": ("draft", "submitted"), "release": ("planned", "in_build", "in_test")}
"""The states in which a ticket of a kind has a day but no decision yet; visits and inspections need none."""


class Planned(NamedTuple):
    """One entry of the schedule.

    what: a kind of ticket, or `freeze`, `broadcast`, `duty`. record: whose file says so. part: which entry of that
    file, "" for the record itself. start, end: instants, or days (whole days, the last one not included).
    standing: `confirmed`, `tentative` (not yet decided) or `cancelled`. services, teams: ids of whom it concerns;
    no services for a freeze of all of them. person: who is on duty.
    """

    what: str
    record: Facts
    part: str
    title: str
    title_zh: str
    start: datetime | date
    end: datetime | date
    standing: str
    services: tuple[str, ...]
    teams: tuple[str, ...]
    person: str = ""

    @property
    def begins_on(self) -> date:
        """The day it begins on, in the zone its start is written in."""
        return self.start.date() if isinstance(self.start, datetime) else self.start


def schedule_of(desk: People) -> list[Planned]:
    """Return everything that is or was planned, in the order of its start; what was called off is marked so."""
    found = [planned for read in _SOURCES for planned in read(desk)]
    return sorted(found, key=lambda one: (one.begins_on, str(one.start), one.record.id, one.part))


def _changes(desk: People) -> Iterator[Planned]:
    for change in desk.of_kind("change"):
        yield from _ticket(desk, change, "planned_start_at", "planned_end_at")


def _releases(desk: People) -> Iterator[Planned]:
    for release in desk.of_kind("release"):
        if start := parse_instant(release.get("planned_deploy_at")):
            yield _of_ticket(desk, release, start, start + DEPLOYMENT)


def _visits(desk: People) -> Iterator[Planned]:
    for visit in desk.of_kind("visit"):
        yield from _ticket(desk, visit, "planned_start_at", "planned_end_at")


def _ticket(desk: People, ticket: Facts, starts: str, ends: str) -> Iterator[Planned]:
    """Yield a ticket that has a planned start; one without an end is shown for an hour."""
    start, end = parse_instant(ticket.get(starts)), parse_instant(ticket.get(ends))
    if start:
        yield _of_ticket(desk, ticket, start, end if end and end > start else start + DEPLOYMENT)


def _inspections(desk: People) -> Iterator[Planned]:
    for inspection in desk.of_kind("inspection"):
        due = _day(inspection.get("due_on"))
        plan = desk.get("inspection_plan", str(inspection.get("plan")))
        if due:
            teams = tuple(filter(None, [str(plan.get("assignment_group") or "") if plan else ""]))
            yield _of_ticket(desk, inspection, due, due + timedelta(days=1))._replace(teams=teams)


def _freezes(desk: People) -> Iterator[Planned]:
    for board in desk.of_kind("board"):
        for entry in board.get("freeze_windows", default=()):
            start, end = parse_instant(entry.get("start_at")), parse_instant(entry.get("end_at"))
            if start and end and start < end and board.status != "retired":
                services = (*entry.get("services", ()), *_services_of(desk, entry.get("assets", ())))
                yield Planned(
                    "freeze", board, str(entry.get("name")), str(entry.get("reason") or entry.get("name")), "",
                    start, end, "confirmed", tuple(dict.fromkeys(services)), (),
                )  # fmt: skip


def _broadcasts(desk: People) -> Iterator[Planned]:
    for customer in desk.of_kind("customer"):
        for quiet in broadcasts_of(customer):
            part = f"{quiet.start.isoformat()} {quiet.name}"
            yield Planned("broadcast", customer, part, quiet.name, "", quiet.start, quiet.end, "confirmed", (), ())


def _duty(desk: People) -> Iterator[Planned]:
    for roster in desk.of_kind("roster"):
        team = str(roster.get("team") or "")
        for shift in shifts_of(roster) if roster.status != "retired" else ():
            person = desk.get("person", shift.person)
            name = person.title if person else shift.person
            name_zh = str(person.get("title_zh") or "") if person else ""
            part = f"{shift.position}"
            yield Planned(
                "duty", roster, part, name, name_zh, shift.start, shift.end, "confirmed", (), (team,), shift.person
            )


def _of_ticket(desk: People, ticket: Facts, start: datetime | date, end: datetime | date) -> Planned:
    standing = "cancelled" if ticket.status in CALLED_OFF else "confirmed"
    if standing == "confirmed" and ticket.status in UNDECIDED.get(ticket.kind, ()):
        standing = "tentative"
    services = (str(ticket.get("service") or ""), *_services_of(desk, ticket.get("assets", default=())))
    teams = (str(ticket.get("assignment_group") or ""),)
    return Planned(
        ticket.kind, ticket, "", ticket.title or ticket.id, str(ticket.get("title_zh") or ""), start, end, standing,
        tuple(dict.fromkeys(filter(None, services))), tuple(filter(None, teams)),
    )  # fmt: skip


def _services_of(desk: People, assets: list[str]) -> list[str]:
    """Return the services that assets serve, as their records name them."""
    found = [desk.get("asset", str(asset)) for asset in assets]
    return [str(asset.get("service")) for asset in found if asset and asset.get("service")]


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


_SOURCES: tuple[Callable[[People], Iterator[Planned]], ...] = (
    _changes, _releases, _visits, _inspections, _freezes, _broadcasts, _duty,
)  # fmt: skip
