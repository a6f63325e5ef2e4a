"""Who a published site is for, and whether a record says that it may be seen there. Nothing is shown unless said."""

from __future__ import annotations

from collections.abc import Collection

from servicebook.records.facts import Facts

INTERNAL = "internal"
"""The organisation itself, which sees everything."""
PUBLIC = "public"
"""Anybody."""
CUSTOMER = "customer:"
"""What stands before the slug of the customer that a site is for."""

RESTRICTED = "restricted"
"""What stands in the place of a record that an audience may not see: a value of ours, so that it is translated."""
RESTRICTED_IN_TEXT = {"en": "restricted", "zh": "不公开"}
"""The same in a text that people wrote, by the language it is in."""


def is_outer(audience: str) -> bool:
    """Whether an audience is another than the organisation itself."""
    return audience != INTERNAL


def customer_of(audience: str) -> str:
    """Return the customer's slug of `customer:harbour-tv`; empty for other audiences."""
    return audience.removeprefix(CUSTOMER) if audience.startswith(CUSTOMER) else ""


def folder_of(audience: str) -> str:
    """Return an audience as the name of a folder: `customer-harbour-tv`."""
    return audience.replace(":", "-")


def may_read(said: Collection[str], audience: str) -> bool:
    """Whether an audience is among those said; what anybody may read, a customer may read too."""
    return audience == INTERNAL or PUBLIC in said or audience in said


def is_shown(facts: Facts, audience: str, customers_kinds: Collection[str] = ()) -> bool:
    """Whether a record is published to an audience.

    What its `audience` says holds, alone. Where it says nothing, a record of the kinds that the desk shows to customers
    (`customers_kinds`, from its settings) is shown to the customer it belongs to. A record that its model refuses, and
    one that belongs to another customer, is shown to nobody outside, whatever it says.
    """
    if audience == INTERNAL:
        return True
    if "$broken" in facts.data:
        return False
    said, owner = facts.data.get("audience"), facts.data.get("customer")
    if isinstance(said, list):
        named = audience in said and (owner is None or owner == customer_of(audience) or audience == PUBLIC)
        return named or PUBLIC in said
    return said is None and facts.kind in customers_kinds and bool(owner) and owner == customer_of(audience)
