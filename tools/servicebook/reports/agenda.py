"""What a person or a team should do now, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.board import FAR_AHEAD, Desk, clock_rows, is_overdue
from servicebook.reports.listing import is_open
from servicebook.reports.messages import TOPICS, Message
from servicebook.sla.status import ClockStatus
from servicebook.typed import Any, NamedTuple

REVIEW_AHEAD = timedelta(days=7)
CHANGE_AHEAD = timedelta(days=3)
INSPECTION_AHEAD = timedelta(days=3)
GAP_AHEAD = timedelta(days=14)
TESTED_EVERY = timedelta(days=365)
TEST_AHEAD = timedelta(days=30)
"""How often the continuity plan of a service is to be tested, and how long before it is said."""
REVIEWED = {
    "known_error": ("review_on", "review"),
    "service": ("review_on", "look_again"),
    "supplier": ("review_on", "look_again"),
    "article": ("valid_to", "look_again"),
}
"""Kind to the field with the day on which somebody looks at a record again, and the task that it is."""
SETTLED_AFTER = timedelta(days=2)
"""A resolved ticket that nobody has called back for this long can be closed."""


class Task(NamedTuple):
    """One thing to do: `what` is one of TASKS, `at` when it is due (or was), None where nothing is promised.

    detail: what tells it from another task of its sort on the record; of a report to be made, the words that make it;
    of a wait, the supplier. since: from when on it waits.
    """

    what: str
    record: Facts
    at: datetime | None
    clock: ClockStatus | None = None
    detail: str = ""
    since: datetime | None = None


TASKS = {
    "overdue": "the promised time has passed",
    "clock": "a clock runs",
    "acknowledge": "nobody has answered the customer",
    "appointment": "the pause is over",
    "supplier_late": "the supplier is late",
    "waits": "waits for its supplier",
    "vote": "the change waits for your vote",
    "visit": "the visit is to be prepared",
    "change": "the change starts soon",
    "change_overrun": "the change should be finished",
    "close": "resolved, waits to be closed",
    "missed": "the inspection was missed",
    "inspection": "the inspection is due",
    "roster_gap": "too few are on duty then",
    "follow_up": "the customer waits for word",
    "promise": "somebody promised it by then",
    "contact_report": "the contact outside the line is to be reported",
    "late_word": "say why it was written down so late",
    "report_write": "the report is to be written",
    "report_review": "the report is to be reviewed",
    "report_submit": "the report is to be submitted",
    "plan_review": "the communication plan wants a review",
    "review": "the known error wants a review",
    "call_on": "the customer is due a visit",
    "continuity": "the continuity plan wants a test",
    "look_again": "it is to be looked at again",
    "renewal": "the contract runs out",
    "sent_back": "the supplier owes a part back",
    "restock": "the part is below its minimum",
}
"""What can be due, in the order of pressing at the same instant."""

REMINDERS = ("acknowledge", "visit")
"""What a clock of the same record says better."""

HOUSEKEEPING = (
    "review", "plan_review", "call_on", "continuity", "look_again", "renewal", "sent_back", "restock",
)  # fmt: skip
"""What waits for everything else."""


def agenda_of(
    desk: Desk,
    now: datetime,
    whom: Callable[[Facts], bool] = lambda _: True,
    words: Sequence[Message] = (),
    more: Sequence[Task] = (),
) -> list[Task]:
    """Return everything that is due now for whom it concerns, the soonest first.

    A record has one task of each sort: of its clocks the soonest, and where one runs for which somebody must answer, no
    reminder beside it that nobody has.
    words: what waits to be said by or to whom it concerns. more: tasks found elsewhere, of whom it concerns.
    """
    tasks: dict[tuple[str, str, str], Task] = {}
    said = [Task(one.topic, one.record, one.due_at) for one in words if one.said_at is None]
    for task in [*_clock_tasks(desk, now, whom), *said, *_other_tasks(desk, now, whom), *more]:
        timed = (task.record.path, "clock", "")
        if task.what not in REMINDERS or timed not in tasks:
            tasks.setdefault(timed if task.clock else (task.record.path, task.what, task.detail), task)
    return sorted(tasks.values(), key=_order)


def _order(task: Task) -> tuple[int, datetime, str]:
    # A running promise goes before housekeeping, however old the housekeeping is.
    pressing = task.what in ("overdue", "clock", "appointment") or task.what in TOPICS
    rank = 0 if pressing else 2 if task.what in HOUSEKEEPING else 1
    return (rank, task.at or FAR_AHEAD, task.record.id)


def _clock_tasks(desk: Desk, now: datetime, whom: Callable[[Facts], bool]) -> Iterator[Task]:
    for row in clock_rows(desk, now, whom):
        # A supplier's clock stands with the ticket that waits for it: reports/waiting.py.
        if row.clock.state != "paused" and not row.clock.target.supplier:
            what = "overdue" if is_overdue(row.clock) else "clock"
            yield Task(what, row.ticket, row.clock.due_at, row.clock)


def _other_tasks(desk: Desk, now: datetime, whom: Callable[[Facts], bool]) -> Iterator[Task]:
    for ticket in desk.live(TICKET_KINDS):
        if whom(ticket) and (task := _ticket_task(ticket, now)):
            yield task
    yield from _inspection_tasks(desk, now, whom)
    yield from _standing_tasks(desk, now, whom)
    yield from _roster_tasks(desk, now, whom)
    for service in desk.of_kind("service"):
        tested_on = service.get("continuity", "tested_on")
        if service.status == "active" and tested_on and whom(service):
            at = datetime.fromisoformat(tested_on).replace(tzinfo=now.tzinfo) + TESTED_EVERY
            if at <= now + TEST_AHEAD:
                yield Task("continuity", service, at)
    for kind, (field, what) in REVIEWED.items():
        for record in desk.of_kind(kind):
            review_on = record.get(field)
            if record.status == "active" and review_on:
                at = datetime.fromisoformat(review_on).replace(tzinfo=now.tzinfo)
                if at <= now + REVIEW_AHEAD and whom(record):
                    yield Task(what, record, at)


def _standing_tasks(desk: Desk, now: datetime, whom: Callable[[Facts], bool]) -> Iterator[Task]:
    """Yield contracts that run out, and parts that are to be bought or come back from their supplier."""
    if next(desk.of_kind("contract"), None) is not None:
        from servicebook.reports.renewals import of_contracts  # most desks have no contract: they need no list

        for one in of_contracts(desk, now.date()):
            if one.what in ("contract", "option") and whom(one.record):
                yield Task("renewal", one.record, datetime.combine(one.on, time(), now.tzinfo))
    if next(desk.of_kind("part"), None) is not None:
        from servicebook.reports.parts import part_rows

        for row in part_rows(desk, now):
            late = next((back.due_at for back in row.sent_back if back.due_at and back.due_at <= now), None)
            if (late or row.is_low) and whom(row.part):
                yield Task("sent_back" if late else "restock", row.part, late)


def _inspection_tasks(desk: Desk, now: datetime, whom: Callable[[Facts], bool]) -> Iterator[Task]:
    """Yield the inspections that come or are late; a plan whose day has no record is an affair of its team."""
    if next(desk.of_kind("inspection_plan"), None) is None:
        return
    from servicebook.reports.inspections import calendar_of  # most desks have no plan: they need no calendar

    for day in calendar_of(desk, now, ahead=INSPECTION_AHEAD):
        record = day.inspection or day.plan
        if day.state in ("due", "planned", "late", "missed") and (whom(record) or whom(day.plan)):
            at = datetime.combine(day.due_on, time(), now.tzinfo)
            yield Task("missed" if day.state == "missed" else "inspection", record, at)


def _roster_tasks(desk: Desk, now: datetime, whom: Callable[[Facts], bool]) -> Iterator[Task]:
    """Yield the first gap ahead of each team that keeps rosters: an affair of its manager."""
    for name in sorted({str(roster.get("team")) for roster in desk.of_kind("roster") if roster.status != "retired"}):
        team = desk.get("team", name)
        if team is not None and team.status != "retired" and whom(team):
            from servicebook.rules.rosters import gaps_between  # most desks have no roster: they need no hours

            if gaps := gaps_between(desk, team, now, now + GAP_AHEAD):
                yield Task("roster_gap", team, gaps[0].start)


def _ticket_task(ticket: Facts, now: datetime) -> Task | None:
    if ticket.kind == "change":
        return _change_task(ticket, now)
    last = ticket.timeline[-1] if ticket.timeline else {}
    at = parse_instant(last.get("at"))
    if ticket.status in ("resolved", "fulfilled"):
        return Task("close", ticket, at) if at and at + SETTLED_AFTER <= now else None
    until = next((parse_instant(e.get("until")) for e in reversed(ticket.timeline) if e.get("event") == "paused"), None)
    if ticket.status == "on_hold" and until and until <= now:
        return Task("appointment", ticket, until)
    unanswered = all(entry.get("event") != "acknowledged" for entry in ticket.timeline)
    if ticket.kind in ("incident", "service_request") and is_open(ticket) and unanswered:
        return Task("acknowledge", ticket, parse_instant(ticket.get("reported_at")) or at)
    return None


def _change_task(change: Facts, now: datetime) -> Task | None:
    start, end = parse_instant(change.get("planned_start_at")), parse_instant(change.get("planned_end_at"))
    if change.status == "in_implementation" and end and end <= now:
        return Task("change_overrun", change, end)
    if change.status in ("submitted", "approved") and start and start <= now + CHANGE_AHEAD:
        return Task("change", change, start)
    return None


def concerns(desk: Desk, who: str) -> Callable[[Facts], bool]:
    """Return a test whether a record is the affair of a person or a team.

    A person's are those assigned to them, and those of their teams that nobody has; a team's are its own. The record
    of a team is the affair of the team and of who leads it.
    """
    teams = {who} if desk.get("team", who) else teams_of(desk, who)
    alone = desk.get("person", who) is not None

    def test(facts: Facts) -> bool:
        if facts.kind == "team":
            return who in (facts.id, facts.get("manager"))
        owner = next((facts.get(field) for field in OWNERS if facts.get(field)), None)
        if facts.kind == "part":  # who looks after its supplier buys it
            supplier = desk.get("supplier", str(facts.get("supplier", default="")))
            owner = supplier.get("account_manager") if supplier else None
        if facts.kind == "known_error" and owner is None:  # nobody accepted it yet: who answers for its problem does
            problem = desk.get("problem", str(facts.get("problem", default="")))
            owner = problem.get("problem_manager") if problem else None
        if (alone and owner == who) or owner in teams:
            return True
        group = facts.get("assignment_group")
        return group in teams and (not alone or owner is None)

    return test


OWNERS = (
    "assigned_to",
    "inspected_by",
    "problem_manager",
    "release_manager",
    "accepted_by",
    "lead",
    "owner",
    "service_owner",
    "project_manager",
    "surveyed_by",
    "service_manager",
    "account_manager",
)
"""Fields that say whose affair a record is, the first that is set counts."""


def teams_of(desk: Desk, person: str) -> set[str]:
    """Return the teams of a person, whichever of the two records says so."""
    facts = desk.get("person", person)
    named = set(facts.get("teams", default=[])) if facts else set()
    return named | {team.id for team in desk.of_kind("team") if _has_member(team, person)}


def members_of(desk: Desk, team: str) -> set[str]:
    """Return the people of a team, whichever of the two records says so; nobody where it is no team."""
    facts = desk.get("team", team)
    if facts is None:
        return set()
    own: list[Any] = facts.get("members", default=[])
    named = {str(member.get("person") if isinstance(member, dict) else member) for member in own}
    return named | {person.id for person in desk.of_kind("person") if team in person.get("teams", default=())}


def _has_member(team: Facts, person: str) -> bool:
    members: list[Any] = team.get("members", default=[])
    return any(person in (member, isinstance(member, dict) and member.get("person")) for member in members)
