"""Which contracts may pay for a ticket or an asset of the desk, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.sla.billing import Charge, Holding, Verdict, verdict_for_asset, verdict_of
from servicebook.typed import Any

PAID_FOR = ("incident", "service_request", "problem", "visit")
"""Kinds of tickets on whose work the question is who pays for it."""


def verdict_on(desk: Desk, ticket: Facts) -> Verdict:
    """Return who pays for a ticket: by the contract that it names, else by those of its customer."""
    named = desk.get("contract", str(ticket.get("contract", default="")))
    contracts = [named] if named else contracts_of(desk, str(ticket.get("customer", default="")))
    assets = [desk.get("asset", str(id)) for id in ticket.get("assets", default=())]
    own = getattr(getattr(desk, "settings", None), "categories", {})
    return verdict_of(ticket.data, _data(contracts), _data([asset for asset in assets if asset]), own)


def verdict_on_asset(desk: Desk, asset: Facts, day: date) -> Verdict:
    """Return who would pay if a fault of the asset were reported on a day, by all contracts of its customer."""
    customer = str(asset.get("customer", default=""))
    contracts = [
        one
        for one in (contracts_of(desk, customer) if customer else desk.of_kind("contract"))
        if customer or asset.id in one.get("assets", default=())
    ]
    return verdict_for_asset((asset.id, asset.data), _data(contracts), day)


def contracts_of(desk: Desk, customer: str) -> list[Facts]:
    """Return the contracts of a customer that were ever in force."""
    found = desk.of_kind("contract") if customer else ()
    return [one for one in found if one.status != "draft" and one.get("customer") == customer]


def _data(records: list[Facts]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(record.id, record.data) for record in records]


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict in JSON values."""
    return {
        "day": verdict.day.isoformat(),
        "covered": verdict.covered,
        "reason": verdict.reason,
        "free": list(verdict.free),
        "billable": list(verdict.billable),
        "charges": [_charge_data(charge) for charge in verdict.charges],
        "terms": [_holding_data(holding, verdict.day) for holding in verdict.holdings],
    }


def _charge_data(charge: Charge) -> dict[str, Any]:
    return {**charge._asdict(), "open_clauses": list(charge.open_clauses)}


def _holding_data(holding: Holding, day: date) -> dict[str, Any]:
    term = holding.term
    return {
        "contract": holding.contract,
        "scope": term.scope,
        "first": term.first.isoformat() if term.first else None,
        "last": term.last.isoformat() if term.last else None,
        "holds": term.holds_on(day),
        "free": sorted(term.free),
        "paid": sorted(term.paid),
        "clause": term.clause,
    }
