"""What a new record's given fields already say about the ones nobody gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from servicebook.actions.event import render_at
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.settings import priority_by
from servicebook.workflow.routing import Row, team_by

CURRENT = ("active", "planned")


class Desk(Protocol):
    """What is asked of a snapshot here."""

    def get(self, kind: str, id: str) -> Facts | None:
        """Return one record."""

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of kinds, by path."""


URGENCY = {"severe": "high", "degraded": "medium", "consultation": "low"}
"""How soon a fault hurts by its grade, until somebody says otherwise."""

IMPACT = {
    "severe": {"critical": "high", "high": "high", "medium": "medium", "low": "medium"},
    "degraded": {"critical": "high", "high": "medium", "medium": "medium", "low": "low"},
    "consultation": {"critical": "low", "high": "low", "medium": "low", "low": "low"},
}
"""How much a fault affects by its grade and the criticality of its service, until somebody says otherwise."""


def derived_fields(
    fields: Mapping[str, Any],
    names: set[str],
    desk: Desk,
    matrix: Mapping[str, Mapping[str, str]],
    routing: Sequence[Row] = (),
    kind: str = "",
) -> dict[str, Any]:
    """Return the fields that follow from `fields`, of those in `names` (the kind's) that are not given.

    Service, site and customer follow from the assets, where none says another, the contract and a single site from
    the customer, impact and urgency from the fault grade and how critical the service is, the priority from these
    two by the desk's matrix, and the team from its routing, else from the service.
    """
    known = dict(fields)

    def derive(name: str, value: Any) -> None:
        if name in names and value and not known.get(name):
            known[name] = value

    assets = _assets(desk, known.get("assets"))
    for name in ("customer", "service", "site"):
        derive(name, _only(list(dict.fromkeys(said for asset in assets if (said := asset.get(name))))))
    customer = known.get("customer")
    if customer:
        derive("site", _only(_sites_of(desk, customer)))
        derive("contract", _only(_contracts_of(desk, customer, known.get("service"))))
    service = desk.get("service", known["service"]) if isinstance(known.get("service"), str) else None
    if grade := known.get("fault_grade"):
        criticality = service.get("criticality", default="medium") if service else "medium"
        derive("impact", IMPACT.get(grade, {}).get(criticality))
        derive("urgency", URGENCY.get(grade))
    derive("priority", priority_by(matrix, known.get("impact"), known.get("urgency")) or None)
    derive("assignment_group", team_by(routing, kind, known))
    if service:
        derive("assignment_group", service.get("support_group"))
    return {name: value for name, value in known.items() if name not in fields or fields[name] != value}


def recorded_late(kind: str, fields: Mapping[str, Any], now: datetime, within: timedelta) -> dict[str, str]:
    """Return `recorded_at` for the record of a meeting that had been over for more than `within` at `now`."""
    over = parse_instant(fields.get("ends_at") or fields.get("held_at")) if kind == "meeting" else None
    if over is None or fields.get("recorded_at") or now - over <= within:
        return {}
    return {"recorded_at": render_at(now)}


def _assets(desk: Desk, ids: Any) -> list[Facts]:
    return [asset for id in ids if (asset := desk.get("asset", id))] if isinstance(ids, list) else []


def _only(ids: list[str]) -> str:
    return ids[0] if len(ids) == 1 else ""


def _sites_of(desk: Desk, customer: str) -> list[str]:
    return [site.id for site in desk.of_kind("site") if site.get("customer") == customer and site.status in CURRENT]


def _contracts_of(desk: Desk, customer: str, service: Any) -> list[str]:
    """Return the customer's running contracts; where several run, those that pay for the service."""
    running = [c for c in desk.of_kind("contract") if c.get("customer") == customer and c.status in CURRENT]
    if len(running) > 1:
        running = [c for c in running if service in c.get("services", default=[])]
    return [contract.id for contract in running]
