"""What is due to be said about tickets: to whom, by which channel, when, and whether it was said.

Derived from the records, like clocks: a message is a fact about a plan, a departure, a promise or a step of a clock, so
nothing has to be kept in step. Who sends it, and by what, is another matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from servicebook.records.facts import Facts, Ref
from servicebook.records.instants import parse_instant
from servicebook.reports.board import Desk as Lookups
from servicebook.reports.board import is_waiting, may_run
from servicebook.reports.returns import whose_returns
from servicebook.settings import Settings
from servicebook.sla.status import clocks_of
from servicebook.typed import Any, NamedTuple, Protocol
from servicebook.workflow.dispatching import approval_of, confirm_by, confirmed_at, moment_of, next_update
from servicebook.workflow.escalations import next_to_tell, reaches
from servicebook.workflow.roles import people_of

CUSTOMER = "customer"
"""Stands in front of a name at the customer's: `customer:Lin Hai`."""

ROLE = "role"
"""Stands in front of a role that nobody holds: `role:service_director`; who has the ticket must find somebody."""

TOPICS = {
    "ask_consent": "ask the customer for consent to the plan",
    "approve_plan": "approve the emergency plan",
    "plan_approved": "the plan is approved: act on it",
    "confirm_approval": "confirm in writing what was approved by phone",
    "departure": "tell the customer of the departure and the arrival",
    "update": "tell the customer how it stands, as promised",
    "call_back": "call the customer back",
    "major_incident": "tell that it is a major incident",
    "escalation": "the escalation must reach you",
    "step": "a step of a clock is reached",
    "report": "submit the handling report",
    "stakeholder": "tell what the communication plan promises",
    "piece_late": "ask the supplier where the piece is",
    "contact": "agree the visit with the customer",
    "reminder": "remind the customer of the visit",
}
"""What can be due to be said, in words."""

ACTORS = ("technical_lead", "parts_manager")
"""Roles that act on an approved plan, and on no other (service plan, 1.2.2)."""

MANAGERS = ("service_manager", "service_director")


class Desk(Lookups, Protocol):
    """What is asked of a snapshot here."""

    settings: Settings

    def referrers(self, kind: str, id: str) -> Iterator[tuple[Facts, Ref]]:
        """Yield who names a record."""


class Message(NamedTuple):
    """One thing to be said: `topic` is one of TOPICS, `to` people, teams, `customer:NAME` or
    `role:ROLE`, `via` channels.

    due_at: when it should be said at the latest. said_at: when it was, None while it waits. detail: the clock and step,
    or the kind of an escalation.
    """

    topic: str
    record: Facts
    to: tuple[str, ...]
    via: tuple[str, ...]
    due_at: datetime
    said_at: datetime | None = None
    detail: str = ""


def messages_of(desk: Desk, tickets: Iterable[Facts], now: datetime) -> list[Message]:
    """Return what is due to be said about tickets, and what was, by due time."""
    some = list(tickets)
    found = [*words_of(desk, some)]
    for ticket in some:
        if may_run(ticket):
            found += _of_clocks(desk, ticket, now)
    return sorted(found, key=message_order)


def words_to_suppliers(desk: Desk, now: datetime) -> Iterator[Message]:
    """Yield what is to be said to suppliers that owe a piece back, on its ticket, open or not, or else on its part.

    It is for who looks after the supplier, and due when the piece is.
    """
    for record, back in whose_returns(desk, now):
        clock = back.clock
        if clock is not None and back.back_at is None and clock.due_at:
            to = next((step.tell for step in clock.steps), ("-",))
            asked = _last(record, "escalated")
            said = asked if asked and asked >= clock.due_at else None
            yield Message(
                "piece_late", record, to, ("phone",), clock.due_at, said, f"{back.rma} {back.supplier}".strip()
            )


def words_of(desk: Desk, tickets: Iterable[Facts]) -> list[Message]:
    """Return what plans, departures, promises and escalations ask to be said; what clocks ask is left out."""
    found: list[Message] = []
    plans = lines_on_events(desk)
    for ticket in tickets:
        if ticket.kind == "incident":
            found += [*_of_plan(desk, ticket), *_to_customer(ticket), *_of_escalations(desk, ticket)]
        for plan, line in plans:
            found += _to_stakeholder(desk, ticket, plan, line)
    return sorted(found, key=message_order)


def message_order(message: Message) -> tuple[datetime, str, str, tuple[str, ...]]:
    """Sort by due time."""
    return (message.due_at, message.record.id, message.topic, message.via)


def is_due(message: Message, now: datetime) -> bool:
    """Whether a message should have been said by now, and was not."""
    return message.said_at is None and message.due_at <= now


def _of_plan(desk: Desk, ticket: Facts) -> Iterator[Message]:
    written = _last(ticket, "plan_written")
    if written and may_run(ticket):
        consent = parse_instant(ticket.get("emergency_plan", "consent", "at"))
        approved = parse_instant(approval_of(ticket).get("at"))
        managers = _people_or_role(desk, ticket, MANAGERS[:1], written)
        yield Message("ask_consent", ticket, managers, ("phone",), written, consent)
        approvers = _people_or_role(desk, ticket, desk.settings.plan_approvers, written)
        yield Message("approve_plan", ticket, approvers, ("phone",), written, approved)
        if approved:
            lead = ticket.get("emergency_plan", "lead")
            actors = tuple(dict.fromkeys([*_people(desk, ticket, ACTORS, approved), *filter(None, [lead])]))
            gone = moment_of(ticket, "departed")
            yield Message("plan_approved", ticket, actors, ("phone",), approved, gone)
    if until := confirm_by(ticket):
        who = (str(approval_of(ticket).get("by")),)
        yield Message("confirm_approval", ticket, who, ("email",), until, confirmed_at(ticket))


def _to_customer(ticket: Facts) -> Iterator[Message]:
    caller = (f"{CUSTOMER}:{ticket.get('caller', 'name', default='-')}",)
    if gone := moment_of(ticket, "departed"):
        for channel in ("phone", "sms"):
            said = parse_instant(ticket.get("dispatch", f"told_by_{channel}_at"))
            yield Message("departure", ticket, caller, (channel,), gone, said)
    if (until := next_update(ticket)) and may_run(ticket) and ticket.status != "resolved":
        yield Message("update", ticket, caller, ("phone",), until)
    if (back := parse_instant(ticket.get("caller", "callback_at"))) and may_run(ticket):
        yield Message("call_back", ticket, caller, ("phone",), back, _last(ticket, "called_back"))


def lines_on_events(desk: Desk) -> list[tuple[Facts, dict[str, Any]]]:
    """Return the stakeholders who are to hear of events of tickets, each with the plan that says so (clause 1.4)."""
    plans = (plan for plan in desk.of_kind("communication_plan") if plan.status != "retired")
    return [(plan, line) for plan in plans for line in plan.get("stakeholders", default=()) if line.get("on_events")]


def _to_stakeholder(desk: Desk, ticket: Facts, plan: Facts, line: dict[str, Any]) -> Iterator[Message]:
    """Yield a word on each event that the line names; a later word to that name is that it was said."""
    if line.get("kinds") and ticket.kind not in line["kinds"]:
        return
    if (line.get("fault_grades") and ticket.get("fault_grade") not in line["fault_grades"]) or not may_run(ticket):
        return
    if not _is_under(desk, ticket, plan):
        return
    who = str(line.get("who"))
    to = who if desk.get("person", who) or desk.get("team", who) else f"{CUSTOMER}:{who}"
    heard = [at for entry, at in zip(ticket.timeline, ticket.instants, strict=True) if at and entry.get("to") == who]
    for event, at in _events(ticket):
        if event in line["on_events"]:
            said = next((when for when in heard if when >= at), None)
            yield Message("stakeholder", ticket, (to,), tuple(line.get("via") or ("phone",)), at, said, event)


def _is_under(desk: Desk, ticket: Facts, plan: Facts) -> bool:
    """Whether a plan is for a ticket: by its contract, by the plan's customer where it names none, or by its customer's
    file.
    """
    customer = desk.get("customer", str(ticket.get("customer", default="")))
    if customer and customer.get("communication_plan") == plan.id:
        return True
    contract = desk.get("contract", str(plan.get("contract", default="")))
    same = contract and contract.get("customer") == ticket.get("customer")
    return bool(contract and same and ticket.get("contract", default=contract.id) == contract.id)


def _of_escalations(desk: Desk, ticket: Facts) -> Iterator[Message]:
    rules = desk.settings.escalation
    for reach in reaches(ticket, desk, rules) if "escalated" in ticket.events and may_run(ticket) else ():
        at = ticket.instants[reach.position]
        if reach.missing and at:
            to = next_to_tell(ticket, desk, rules, reach.kind, at)
            yield Message("escalation", ticket, to, ("phone",), at, detail=reach.kind)
    if (major := _last(ticket, "major_incident")) and may_run(ticket):
        told = next((at for e, at in _events(ticket) if e in ("customer_told", "escalated") and at >= major), None)
        yield Message("major_incident", ticket, _people_or_role(desk, ticket, MANAGERS, major), ("phone",), major, told)


def _of_clocks(desk: Desk, ticket: Facts, now: datetime) -> Iterator[Message]:
    for clock in clocks_of(ticket, desk, now):
        if not is_waiting(clock):
            continue
        if clock.name in ("report", "contact", "reminder") and clock.due_at:
            owner = (str(ticket.get("assigned_to") or ticket.get("lead") or ticket.get("assignment_group") or "-"),)
            yield Message(clock.name, ticket, owner, ("email" if clock.name == "report" else "phone",), clock.due_at)
        answered = _last(ticket, "escalated")
        for step in clock.steps:
            if step.at and step.tell:
                said = answered if answered and answered >= step.at else None
                detail = f"{clock.name} {step.step}"
                yield Message("step", ticket, step.tell, ("phone", "email"), step.at, said, detail)


def _people(desk: Desk, ticket: Facts, roles: Iterable[str], at: datetime) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for role in roles for name in people_of(desk, ticket, role, at.date())))


def _people_or_role(desk: Desk, ticket: Facts, roles: Iterable[str], at: datetime) -> tuple[str, ...]:
    """Return who holds one of these roles; where nobody does, the roles."""
    known = tuple(roles)
    return _people(desk, ticket, known, at) or tuple(f"{ROLE}:{role}" for role in known)


def _events(ticket: Facts) -> list[tuple[str, datetime]]:
    return [(event, at) for event, at in zip(ticket.events, ticket.instants, strict=True) if at]


def _last(ticket: Facts, name: str) -> datetime | None:
    return next((at for event, at in reversed(_events(ticket)) if event == name), None)
