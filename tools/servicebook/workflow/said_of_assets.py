"""What changes and audits say that a field of an asset's record became, and where the record does not show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from servicebook.records.facts import Facts, Ref
from servicebook.records.instants import parse_instant
from servicebook.typed import NamedTuple, Protocol

SUCCESS = ("successful", "successful_with_issues")
"""Closure codes of a change by which its assets are what it says that they become."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class Desk(Protocol):
    """Where records and who names them are looked up: a Snapshot."""

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of a kind by id or alias."""

    def referrers(self, kind: str, id: str) -> Iterable[tuple[Facts, Ref]]:
        """Yield who names a record, and by which reference."""


class Said(NamedTuple):
    """That a field of an asset became something; `found` is what its record says instead."""

    asset: str
    field: str
    becomes: str
    found: str = ""


def said_by(facts: Facts, name: str, value: str) -> Iterator[tuple[int, Said]]:
    """Yield what a list of a record says of assets, each with its place: of a change, or of an audit."""
    for place, entry in enumerate(facts.get(name, default=())):
        if isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("asset", "field", value)):
            yield place, Said(entry["asset"], entry["field"], entry[value])


def is_done(change: Facts) -> bool:
    """Whether what a change says of its assets is so: it was closed, and not taken back."""
    return change.status == "closed" and change.get("review", "closure_code") in SUCCESS


def unshown(change: Facts, desk: Desk) -> Iterator[tuple[int, Said]]:
    """Yield what a closed change says of assets and their records do not show, unless a later one says otherwise."""
    if not is_done(change):
        return
    for place, said in said_by(change, "asset_changes", "becomes"):
        asset = desk.get("asset", said.asset)
        found = str(asset.get(said.field, default="-")) if asset else said.becomes
        if asset and found != said.becomes and not _is_superseded(change, asset, said.field, desk):
            yield place, said._replace(asset=asset.id, found=found)


def _is_superseded(change: Facts, asset: Facts, field: str, desk: Desk) -> bool:
    others = {other.id: other for other, _ in desk.referrers("asset", asset.id) if other.kind == "change"}
    names = (asset.id, *asset.get("aliases", default=()))
    return any(
        is_done(other) and ended_at(other) > ended_at(change)
        and any(said.asset in names and said.field == field for _, said in said_by(other, "asset_changes", "becomes"))
        for other in others.values()
        if other.id != change.id
    )  # fmt: skip


def ended_at(ticket: Facts) -> datetime:
    """Return when a ticket came to its end: closed, or signed off, for the last time."""
    ends = (event.get("at") for event in reversed(ticket.timeline) if event.get("event") in ("closed", "signed_off"))
    return parse_instant(next(ends, None)) or _NEVER
