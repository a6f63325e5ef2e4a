"""What runs out: contracts, options to renew, scopes of cover, makers' warranties, parts on the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.sla.cover import day_written, terms_of
from servicebook.typed import Any, NamedTuple

AHEAD = timedelta(days=90)
"""How far ahead the list looks (service plan, 1.1-5)."""

WHAT = {
    "contract": "the contract ends",
    "option": "last day of the option to renew",
    "cover": "a scope of cover ends",
    "warranty": "the maker's warranty ends",
    "agreement": "the agreement ends",
    "shelf_life": "the part may not be used after",
    "review": "the supplier is to be looked at again",
}
"""What can run out, in words."""


class Ending(NamedTuple):
    """Something that runs out: `what` is one of WHAT, `on` its last day; scope: of a cover that ends."""

    record: Facts
    what: str
    on: date
    scope: str = ""

    def is_over(self, day: date) -> bool:
        """Whether the last day has passed."""
        return self.on < day


def endings(desk: Desk, day: date, ahead: timedelta = AHEAD, customer: str = "") -> list[Ending]:
    """Return what runs out from `day` on within `ahead`, and what is over and still in force, by day: contracts, and
    reviews of suppliers that nobody held.

    customer: only what is about one of them.
    """
    found = [*of_contracts(desk, day, ahead), *_of_others(desk, day, ahead)]
    near = [one for one in found if customer in ("", one.record.get("customer"))]
    return sorted(near, key=lambda one: (one.on, one.record.id, one.what))


def of_contracts(desk: Desk, day: date, ahead: timedelta = AHEAD) -> Iterator[Ending]:
    """Yield what runs out on contracts in force, and those that are over."""
    for contract in desk.of_kind("contract"):
        if contract.status == "active":
            yield from (one for one in _on_contract(contract, day) if one.on <= day + ahead)


def _on_contract(contract: Facts, day: date) -> Iterator[Ending]:
    ends = day_written(contract.get("expires_on"))
    if ends:
        yield Ending(contract, "contract", ends)
    option = day_written(contract.get("renewal", "option_by_on"))
    if option and option >= day:
        yield Ending(contract, "option", option)
    for term in terms_of(contract.data):
        if term.last and term.last >= day and term.last != ends:
            yield Ending(contract, "cover", term.last, term.scope)


FIELDS: dict[str, tuple[str, tuple[str | int, ...]]] = {
    "asset": ("warranty", ("warranty", "end")),
    "agreement": ("agreement", ("versions", -1, "effective_to")),
    "part": ("shelf_life", ("shelf_life_on",)),
    "supplier": ("review", ("review_on",)),
}
"""Kind to what runs out on it, and the field that says when."""


def _of_others(desk: Desk, day: date, ahead: timedelta) -> Iterator[Ending]:
    for record in desk.of_kind(*FIELDS):
        what, keys = FIELDS[record.kind]
        on = day_written(record.get(*keys)) if f'"{keys[0]}"' in record.raw else None
        if not on or record.status in ("retired", "expired", "draft"):
            continue
        if on <= day + ahead and (day <= on or what == "review"):
            yield Ending(record, what, on)


def ending_data(one: Ending, day: date) -> dict[str, Any]:
    """Return a row in JSON values."""
    return {
        "on": one.on.isoformat(),
        "days": (one.on - day).days,
        "what": one.what,
        "scope": one.scope or None,
        "kind": one.record.kind,
        "id": one.record.id,
        "title": one.record.title,
        "customer": one.record.get("customer"),
    }
