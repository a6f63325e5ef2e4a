"""Whom each kind of escalation must reach, and whom it has not reached yet (service plan, 1.2.2, special points)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from servicebook.patterns import late_pattern
from servicebook.records.facts import Facts
from servicebook.settings import ESCALATION
from servicebook.typed import NamedTuple
from servicebook.workflow.roles import People, acts_as, named_for, people_of, roles_on

KINDS = tuple(ESCALATION)

_NAME = late_pattern(r"[^,;，；、]+")


class Reach(NamedTuple):
    """How far the escalations of one kind on a ticket have come: the first event, the roles still to be told."""

    kind: str
    position: int
    missing: tuple[str, ...]


def names_told(text: str) -> list[str]:
    """Return the names in the `to` of an event, which may be several set off by commas, Chinese ones too."""
    return [name.strip() for name in _NAME.findall(text)]


def reaches(facts: Facts, desk: People, rules: Mapping[str, Sequence[str]]) -> list[Reach]:
    """Return, for each special kind that a ticket was escalated by, whom it has not reached.

    rules: kind to the roles that must hear of it (the setting `escalation`). A role counts as told when somebody
    who has it, or the role itself, stands in `to` of an event of that kind; a deputy counts for it where they have
    none of the other roles, since two voices are asked for. A role that nobody on the desk has asks for nobody.
    """
    found = []
    for kind, roles in rules.items():
        told = [
            (position, name)
            for position, entry in enumerate(facts.timeline)
            if entry.get("event") == "escalated" and entry.get("kind") == kind
            for name in names_told(str(entry.get("to") or ""))
        ]
        if told:
            missing = tuple(role for role in roles if not _is_told(desk, facts, role, told, roles))
            found.append(Reach(kind, told[0][0], missing))
    return found


def _is_told(desk: People, facts: Facts, role: str, told: list[tuple[int, str]], roles: Sequence[str]) -> bool:
    for position, name in told:
        at = facts.instants[position]
        if name == role or (at and _hears(desk, facts, name, role, roles, at.date())):
            return True
    last = facts.instants[told[-1][0]]
    return last is not None and not people_of(desk, facts, role, last.date())


def _hears(desk: People, facts: Facts, name: str, role: str, roles: Sequence[str], day: date) -> bool:
    person = desk.get("person", name)
    if person is None:
        return False
    held = roles_on(person, day)
    own = [one for one in roles if one in held or named_for(desk, facts, one) == person.id]
    return role in own if own else acts_as(desk, name, (role,), day)


def next_to_tell(
    facts: Facts, desk: People, rules: Mapping[str, Sequence[str]], kind: str, at: datetime
) -> tuple[str, ...]:
    """Return the people of the first role that an escalation of `kind` has not reached; none when all have heard."""
    found = next((reach for reach in reaches(facts, desk, rules) if reach.kind == kind), None)
    for role in rules.get(kind, ()) if found is None else found.missing:
        if people := people_of(desk, facts, role, at.date()):
            return tuple(people)
    return ()
