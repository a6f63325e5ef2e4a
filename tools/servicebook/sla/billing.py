"""Who pays for a ticket: covered or not at the time of notice, what is free and what is charged, by which clause.

Pure arithmetic over the data of contracts, assets and the ticket.
Source: service plan, 1.1-1, 1.1-5, 1.1-6, 1.3.5, 1.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from servicebook.sla.cover import PAYABLE, CoverTerm, day_written, terms_of
from servicebook.typed import Any, Literal, NamedTuple

Data = Mapping[str, Any]

Reason = Literal["covered", "human_caused", "expired", "not_started", "other_side", "not_delivered", "no_contract"]
"""Why a ticket is covered or not: the customer's own doing, all terms over, none begun yet, the contract covers goods
and the fault is one of software or the other way round, the contract is about other assets and services, or there is
no contract at all."""

REPAIRED = ("labour", "parts")
"""What the mending of a fault takes; a fault of the product after the term is about these."""


SIDES = {
    "hardware": "goods", "power": "goods", "network": "goods", "server_damage": "goods", "network_link_down": "goods",
    "software": "software", "configuration": "software", "data": "software", "page_error": "software",
    "program_error": "software", "data_error_or_loss": "software", "application": "software", "database": "software",
    "virtual_machine": "software", "container_host": "software",
}  # fmt: skip
"""Cause codes, categories and classes of assets to the side of the cover that their faults fall on; others on both."""

ELSEWHERE = {"goods": ("software",), "software": ("goods", "manufacturer")}
"""The scopes that say nothing about a fault of the other side."""


class Charge(NamedTuple):
    """Who pays for one sort of cost. free: None where nothing decides it. by: the term that says so, if any does.

    open_clauses: the clauses that contradict each other on it and are not settled.
    """

    name: str
    free: bool | None
    contract: str = ""
    scope: str = ""
    clause: str = ""
    open_clauses: tuple[str, ...] = ()


class Holding(NamedTuple):
    """A scope of a contract's cover that is about the ticket or asset, whether it holds on the day or not."""

    contract: str
    term: CoverTerm


class Verdict(NamedTuple):
    """What the contracts say on a day: covered or not and why, who pays for what, and all scopes that were asked."""

    day: date
    covered: bool
    reason: Reason
    charges: tuple[Charge, ...]
    holdings: tuple[Holding, ...]

    @property
    def free(self) -> tuple[str, ...]:
        """What costs the customer nothing."""
        return tuple(charge.name for charge in self.charges if charge.free)

    @property
    def billable(self) -> tuple[str, ...]:
        """What the customer pays, or may have to pay as long as nothing decides it."""
        return tuple(charge.name for charge in self.charges if not charge.free)

    def charge(self, name: str) -> Charge:
        """Return who pays for one of labour, parts, travel, custom_work."""
        return next(charge for charge in self.charges if charge.name == name)


def verdict_of(
    ticket: Data,
    contracts: Sequence[tuple[str, Data]],
    assets: Sequence[tuple[str, Data]],
    categories: Mapping[str, str] = MappingProxyType({}),
) -> Verdict:
    """Return who pays for a ticket; `contracts` and `assets` are (id, data) of those that may be about it.

    categories: the desk's own categories of faults, each with the one of ours that it stands for.

    The day is that of the notice, on the customer's own calendar. Where several scopes hold, what one of them gives
    free is free: a promise is not taken back by another one. `resolution.human_caused` ends free repair.
    """
    if ours := categories.get(str(ticket.get("category"))):
        ticket = {**ticket, "category": ours}
    day = day_written(ticket.get("reported_at")) or _first_day(ticket) or date.max
    holdings = tuple(_holdings(ticket, contracts, assets))
    resolution = ticket.get("resolution")
    human = isinstance(resolution, Mapping) and resolution.get("human_caused") is True
    return _verdict(day, holdings, dict(contracts), human, _unheld(ticket, contracts, assets))


def verdict_for_asset(asset: tuple[str, Data], contracts: Sequence[tuple[str, Data]], day: date) -> Verdict:
    """Return who would pay if a fault of the asset were reported on a day."""
    sort = asset[1].get("asset_type")
    ticket = {
        "assets": [asset[0]],
        "service": asset[1].get("service"),
        "asset_type": sort if sort in SIDES else "hardware",
    }
    holdings = tuple(_holdings(ticket, contracts, [asset]))
    return _verdict(day, holdings, dict(contracts), human=False, unheld=_unheld(ticket, contracts, [asset]))


def _unheld(ticket: Data, contracts: Sequence[tuple[str, Data]], assets: Sequence[tuple[str, Data]]) -> Reason:
    """Return why a ticket that no scope is about is about none."""
    if not contracts:
        return "no_contract"
    sideless = {**ticket, "category": None, "resolution": None, "asset_type": None}
    return "other_side" if any(_holdings(sideless, contracts, assets)) else "not_delivered"


def _verdict(day: date, holdings: tuple[Holding, ...], contracts: Data, human: bool, unheld: Reason) -> Verdict:
    """Return the verdict of a day. unheld: the reason where no scope is about the ticket."""
    in_force = [holding for holding in holdings if holding.term.holds_on(day)]
    if in_force:
        reason: Reason = "human_caused" if human else "covered"
    elif not holdings:
        reason = unheld
    else:
        begun = any(holding.term.first and holding.term.first <= day for holding in holdings)
        reason = "expired" if begun else "not_started"
    charges = []
    for name in PAYABLE:
        if human:
            charges.append(Charge(name, False, *_words_of(in_force[0])) if in_force else Charge(name, False))
        elif reason == "expired" and name in REPAIRED:
            charges.append(_best(name, _after_expiry(name, holdings, contracts)))
        else:
            charges.append(_best(name, _in_force(name, in_force, contracts)))
    return Verdict(day, bool(in_force) and not human, reason, tuple(charges), holdings)


def _best(name: str, told: Iterable[Charge]) -> Charge:
    """Return the charge that is best for the customer, whatever the order; paid where nothing is told."""
    order = (True, None, False)
    return min(told, key=lambda charge: (order.index(charge.free), charge[2:]), default=Charge(name, False))


def _in_force(name: str, in_force: Sequence[Holding], contracts: Data) -> Iterable[Charge]:
    for holding in in_force:
        if name in holding.term.free | holding.term.paid:
            yield _settled(Charge(name, name in holding.term.free, *_words_of(holding)), name, contracts)


def _after_expiry(name: str, holdings: Sequence[Holding], contracts: Data) -> Iterable[Charge]:
    """Yield who pays for mending a fault of the product after all terms: what each contract's reading says."""
    question = "post_expiry_product_fault"
    for holding in holdings:
        charge = _settled(Charge(name, holding.term.after == "free", *_words_of(holding)), question, contracts)
        if holding.term.after or charge.clause != holding.term.clause:
            yield charge


def _words_of(holding: Holding) -> tuple[str, str, str]:
    return holding.contract, holding.term.scope, holding.term.clause


def _settled(charge: Charge, question: str, contracts: Data) -> Charge:
    """Return a charge by the reading chosen where clauses of its contract contradict each other on the question."""
    for conflict in contracts.get(charge.contract, {}).get("conflicts") or ():
        if conflict.get("question") == question:
            clauses = tuple(str(clause) for clause in conflict.get("clauses") or ())
            reading = conflict.get("reading")
            free = None if reading is None else reading == "free"
            return charge._replace(
                free=free, clause=", ".join(clauses), open_clauses=() if conflict.get("settled_on") else clauses
            )
    return charge


def _holdings(
    ticket: Data, contracts: Iterable[tuple[str, Data]], assets: Sequence[tuple[str, Data]]
) -> Iterable[Holding]:
    """Yield the scopes of cover that are about the ticket's assets or service.

    A fault of hardware is not mended by the cover of software, nor the other way round; a renewal is about both.
    Goods are the assets that a contract lists; where it lists none, or the ticket names none, its services decide,
    as they do for software and renewal. The maker's warranty goes with the asset.
    """
    named = [str(id) for id in ticket.get("assets") or ()]
    others = ELSEWHERE.get(_side(ticket), ())
    assets = [(id, data) for id, data in assets if id in named]
    for id, contract in contracts:
        delivered = set(contract.get("assets") or ())
        own = [data for asset, data in assets if asset in delivered]
        by_asset = bool(own) or not delivered
        services = set(contract.get("services") or ())
        by_service = not services or ticket.get("service") in services or bool(own)
        for term in terms_of(contract, own if delivered else [data for _, data in assets]):
            if term.scope in others:
                continue
            if by_asset if named and term.scope in ("goods", "manufacturer") else by_service:
                yield Holding(id, term)


def _side(ticket: Data) -> str:
    """Return on which side of the cover the fault lies: its cause, once it is known, before its category."""
    resolution = ticket.get("resolution")
    cause = resolution.get("cause_code") if isinstance(resolution, Mapping) else None
    return (
        SIDES.get(str(cause)) or SIDES.get(str(ticket.get("category"))) or SIDES.get(str(ticket.get("asset_type")), "")
    )


def _first_day(ticket: Data) -> date | None:
    timeline = ticket.get("timeline") or ()
    return day_written(timeline[0].get("at")) if timeline else day_written(ticket.get("planned_start_at"))
