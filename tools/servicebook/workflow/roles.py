"""Who holds a role on a day, who may stand in, and whom of a ticket's people a role means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from servicebook.records.facts import Facts
from servicebook.typed import Protocol


class People(Protocol):
    """Where people and what names them are looked up: a Snapshot, or anything with its `get` and `of_kind`."""

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of a kind by id or alias."""

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of kinds, by path."""


NAMED_BY = {
    "project_manager": ("contract", "project_manager"),
    "service_manager": ("customer", "service_manager"),
    "account_manager": ("customer", "account_manager"),
}
"""Role to where a ticket's own records name who has it: field of the ticket, which is the kind, and field there."""


def roles_on(person: Facts, day: date) -> frozenset[str]:
    """Return the roles that a person has on a day; a role without dates is held always, the last day counts."""
    said = day.isoformat()
    return frozenset(
        str(held.get("role"))
        for held in person.get("roles", default=())
        if (held.get("from") or "") <= said <= (held.get("to") or "9999-12-31")
    )


def is_here(person: Facts) -> bool:
    """Whether a person works here: the record is in use, and does not say `active: false`."""
    return person.status != "retired" and person.get("active") is not False


def lacks_skill(person: Facts, skill: str) -> bool:
    """Whether a skill stands in none of a person's `skills`; capitals make no difference."""
    return all(str(held.get("skill", "")).casefold() != skill.casefold() for held in person.get("skills", default=()))


def holders(desk: People, role: str, day: date) -> list[Facts]:
    """Return who has a role on a day, by path; retired records do not count."""
    return [person for person in desk.of_kind("person") if person.status != "retired" and role in roles_on(person, day)]


def acts_as(desk: People, person: str, roles: Iterable[str], day: date) -> bool:
    """Whether a person has one of the roles on a day, or is the deputy of somebody who has.

    The person alone is looked up first: only who does not have the role makes everybody be asked.
    """
    wanted = tuple(roles)
    facts = desk.get("person", person)
    if facts is None:
        return False
    if not roles_on(facts, day).isdisjoint(wanted):
        return True
    names = (facts.id, *facts.get("aliases", default=()))
    return any(holder.get("deputy") in names for role in wanted for holder in holders(desk, role, day))


def named_for(desk: People, ticket: Facts, role: str) -> str:
    """Return whom a ticket's contract or customer names for a role, or nothing."""
    if role not in NAMED_BY:
        return ""
    field, name = NAMED_BY[role]
    record = desk.get(field, str(ticket.get(field, default="")))
    return str(record.get(name) or "") if record is not None else ""


def people_of(desk: People, ticket: Facts, role: str, day: date) -> list[str]:
    """Return who has a role for a ticket: whom its contract or customer names, else everybody who has it."""
    named = named_for(desk, ticket, role)
    return [named] if named else [person.id for person in holders(desk, role, day)]
