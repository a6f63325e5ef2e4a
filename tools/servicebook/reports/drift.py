"""Where records of assets and what was said of them drift apart: by changes, since a baseline, without an owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.landscape import Landscape, ties_of
from servicebook.workflow.said_of_assets import is_done, said_by, unshown

COMPARED = (
    "status", "version", "model", "serial_number", "location", "site", "service", "owner", "supplier", "relations",
)  # fmt: skip
"""The fields of an asset that are under control."""

VERIFIED_WITHIN = timedelta(days=365)
"""How old the last comparison of a record with the thing may be."""


class Drift(NamedTuple):
    """One difference: a field of an asset, what was said of it and what its record says.

    by: the change or audit that accounts for it, or that said otherwise; empty where nothing does.
    """

    asset: str
    field: str
    due: str
    found: str
    by: str


def beside_changes(desk: Snapshot) -> Iterator[Drift]:
    """Yield where closed changes say one thing of an asset and its record another."""
    for change in desk.of_kind("change"):
        if '"asset_changes"' in change.raw:
            for _, said in unshown(change, desk):
                yield Drift(said.asset, said.field, said.becomes, said.found, change.id)


def since_baseline(desk: Snapshot, tree: str) -> Iterator[Drift]:
    """Yield what differs between the assets of a tree and those of the desk, with what accounts for it.

    A baseline is a commit, by a tag or an id: nothing is copied, and nobody can alter it afterwards.
    """
    before = desk.as_tree(tree)
    said = dict(_said(desk))
    for path in sorted(item.path for item in desk.moved_since(tree) if item.path.startswith("kb/assets/")):
        old, new = before.at_path(path), desk.at_path(path)
        facts = new or old
        if facts is None or facts.kind != "asset":
            continue
        for field in COMPARED:
            was, now = _shown(old, field), _shown(new, field)
            if was != now:
                by = said.get((facts.id, field, now), "") or _named_by(desk, facts, old is None)
                yield Drift(facts.id, field, was, now, by)


def _said(desk: Snapshot) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield what closed changes and audits say that a field became, with the record that says so."""
    for facts in desk.of_kind("change", "inspection"):
        name, value = ("asset_changes", "becomes") if facts.kind == "change" else ("found", "value")
        if f'"{name}"' in facts.raw and (facts.status == "done" or is_done(facts)):
            for _, said in said_by(facts, name, value):
                yield (said.asset, said.field, said.becomes), facts.id


def _named_by(desk: Snapshot, asset: Facts, is_new: bool) -> str:
    """Return a closed change that names a new asset: it brought it."""
    if not is_new:
        return ""
    return next((other.id for other, _ in desk.referrers("asset", asset.id) if is_done(other)), "")


def _shown(facts: Facts | None, field: str) -> str:
    if facts is None:
        return "-"
    value: Any = facts.status if field == "status" else facts.get(field, default="-")
    return ", ".join(f"{tie} {name}" for tie, name in ties_of(facts)) or "-" if field == "relations" else str(value)


def orphans(desk: Snapshot) -> Iterator[Facts]:
    """Yield the assets in use that serve no service in use and are tied to nothing."""
    land = Landscape(desk)
    for asset in desk.with_status("active", ("asset",)):
        land.read_around([land.key(asset.id)])
        service = desk.get("service", asset.get("service", default=""))
        served = service is not None and service.status in ("active", "")
        if not served and not ties_of(asset) and not land.is_named(asset.id):
            yield asset


def stale_owners(desk: Snapshot, today: date) -> Iterator[tuple[Facts, str]]:
    """Yield the assets in use whose owner is gone, with the owner: a person who left, a team without members."""
    for asset in desk.with_status("active", ("asset",)):
        owner = asset.get("owner", default="")
        person, team = desk.get("person", owner), desk.get("team", owner)
        gone = person is None and team is None
        if person is not None:
            gone = person.status == "retired" or person.get("active") is False or _all_ended(person, today)
        elif team is not None:
            gone = team.status == "retired" or not team.get("members")
        if gone:
            yield asset, owner


def _all_ended(person: Facts, today: date) -> bool:
    roles = person.get("roles", default=())
    return bool(roles) and all(str(role.get("to", "9999")) < today.isoformat() for role in roles)


def unverified(desk: Snapshot, today: date) -> Iterator[tuple[Facts, str]]:
    """Yield the assets in use not compared with the thing for a year, with the day of the last time or nothing."""
    oldest = (today - VERIFIED_WITHIN).isoformat()
    for asset in desk.with_status("active", ("asset",)):
        day = str(asset.get("verified", "verified_on", default=""))
        if day < oldest:
            yield asset, day
