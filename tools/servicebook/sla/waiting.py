"""Which supplier a pause of a ticket waits for."""

from __future__ import annotations

from collections.abc import Mapping

from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.sla.targets import Lookup

WAITS_FOR_SUPPLIER = "waiting_supplier"


def waits_by(event: Mapping[str, Any]) -> bool:
    """Whether an event of a timeline begins a wait for a supplier."""
    return event.get("event") == "paused" and event.get("reason") == WAITS_FOR_SUPPLIER


def supplier_of(event: Mapping[str, Any], data: Mapping[str, Any], desk: Lookup) -> str:
    """Return the supplier that a pause waits for: whom it names, else the one that supplied the ticket's assets; ""."""
    if event.get("supplier"):
        return str(event["supplier"])
    assets = [desk.get("asset", slug) for slug in data.get("assets") or ()]
    found = {str(asset.data["supplier"]) for asset in assets if asset is not None and asset.data.get("supplier")}
    return found.pop() if len(found) == 1 else ""
