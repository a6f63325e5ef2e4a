"""Who at a customer's may agree to paid work: the contacts whose file says so."""

from __future__ import annotations

from servicebook.records.facts import Facts


def who_may_consent(customer: Facts | None) -> list[str]:
    """Return the names of the contacts that may agree to paid work; empty where the file names nobody."""
    contacts = customer.get("contacts", default=()) if customer else ()
    return [str(one.get("name")) for one in contacts if one.get("may_consent")]


def may_not_consent(customer: Facts | None, name: str) -> bool:
    """Whether a name is that of a contact who may not agree to paid work, while others may.

    A name that the file does not know, such as that of a deputy, is nobody's to judge.
    """
    contacts = customer.get("contacts", default=()) if customer else ()
    may = who_may_consent(customer)
    return bool(may) and name not in may and any(one.get("name") == name for one in contacts)
