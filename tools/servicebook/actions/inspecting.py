"""What people do to an inspection: made from its plan, ticked off item by item, a failed item made an incident."""

from __future__ import annotations

from collections.abc import Mapping

from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.text.set_field import append_item, set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.checklist import range_of

COMPARING = ("config_audit", "stocktake")
"""Inspections that compare records of assets with the things themselves."""

TAKEN_OVER = ("customer", "service", "assets")
"""Fields that an inspection has from its plan."""


def fields_from_plan(plan: Facts, due_on: str) -> dict[str, Any]:
    """Return the fields of the inspection of a plan on a day (YYYY-MM-DD)."""
    taken = {name: plan.get(name) for name in TAKEN_OVER if plan.get(name)}
    commas = {"title": ", ", "title_zh": "，"}
    title = {name: f"{plan.get(name)}{comma}{due_on}" for name, comma in commas.items() if plan.get(name)}
    audience = {"audience": plan.get("audience")} if plan.get("audience") else {}
    return {**title, **audience, "plan": plan.id, **taken, "due_on": due_on}


def tick(source: SourceFile, facts: Facts, results: Mapping[str, Mapping[str, Any]]) -> SourceFile:
    """Write results, by key: one that is there already is written anew in its place, others are added."""
    data = source.data
    there = [str(result.get("key", "")) for result in facts.get("results", default=())]
    for key, result in results.items():
        entry = {"key": key, **{name: value for name, value in result.items() if value not in (None, "")}}
        if key in there:
            data = set_field(data, ("results", there.index(key)), entry)
        elif there:
            data = append_item(data, ("results",), entry)
        else:
            data = set_field(data, ("results",), [entry])
        if key not in there:
            there.append(key)
    return SourceFile(source.path, data)


def fields_of_failure(inspection: Facts, plan: Facts, key: str) -> dict[str, Any]:
    """Return the fields of the incident that a failed item leads to.

    Raises FindingsError when nothing is written of the item, or it is in order.
    """
    items: list[dict[str, Any]] = plan.get("checklist", default=[])
    item = next((item for item in items if item.get("key") == key), {})
    result = next((one for one in inspection.get("results", default=()) if one.get("key") == key), None)
    if result is None or result.get("ok") is not False:
        raise FindingsError(
            "`{key}` of `{id}` did not fail", "servicebook tick {id} {key}=VALUE --failed {key}",
            key=key, id=inspection.id,
        )  # fmt: skip
    found = result.get("value")
    unit = f" {item['unit']}" if item.get("unit") and isinstance(found, (int, float)) else ""
    said = str(item.get("text") or key) + (f": {found}{unit}" if found is not None else "")
    due = f" ({range_of(item)})" if range_of(item) else ""
    taken = {name: inspection.get(name) for name in TAKEN_OVER if inspection.get(name)}
    return {"title": said + due, **taken, "contact_type": "inspection"}


def is_proven(inspection: Facts, plan: Facts, asset: Facts) -> bool:
    """Whether a configuration audit or a stocktake found an asset as its record says."""
    if plan.get("inspection_type") not in COMPARING:
        return False
    found = [one for one in inspection.get("found", default=()) if one.get("asset") == asset.id]
    return all(str(asset.get(str(one.get("field")), default="")) == str(one.get("value")) for one in found)


def with_verified(source: SourceFile, by: str, on: str) -> SourceFile:
    """Say on an asset who compared its record with the thing, and on which day (YYYY-MM-DD)."""
    return SourceFile(source.path, set_field(source.data, ("verified",), {"verified_on": on, "by": by}))


def name_incident(source: SourceFile, facts: Facts, incident: str) -> SourceFile:
    """Name the incident that an inspection opened."""
    if facts.get("incidents_opened", default=()):
        return SourceFile(source.path, append_item(source.data, ("incidents_opened",), incident))
    return SourceFile(source.path, set_field(source.data, ("incidents_opened",), [incident]))
