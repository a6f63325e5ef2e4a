"""What an inspection looked at, told in the words of its plan's checklist beside their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from servicebook.publish.elements import figure, record_id
from servicebook.publish.labels import written
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.workflow.checklist import range_of

Items = Mapping[str, Mapping[str, Any]]
"""The entries of a plan's checklist by their keys."""


def items_of(view: View, inspection: Facts) -> Items:
    """Return what an inspection's plan has to be looked at; nothing where the audience may not see the plan."""
    plan = view.get("inspection_plan", str(inspection.get("plan") or ""))
    listed = plan.get("checklist", default=()) if plan else ()
    return {str(item["key"]): item for item in listed if "key" in item and item.get("text")}


def results_told(view: View, inspection: Facts) -> Callable[[tuple[str | int, ...], Any], str]:
    """Return what tells a part of what an inspection found in the words of its plan; it gives "" for all else."""
    items = items_of(view, inspection)

    def told(where: tuple[str | int, ...], value: Any) -> str:
        field, part = where[0], where[-1]
        if items and (field, part) == ("results", "key"):
            return item_html(items, str(value))
        if items and field == "failed_items" and isinstance(value, str):
            return item_html(items, value)
        if items and (field, part) == ("results", "value"):
            return reading_html(items, str(inspection.get(*where[:-1], "key") or ""), value)
        return ""

    return told


def item_html(items: Items, key: str) -> str:
    """Return what an item is about, with the key that commands know it by; the key alone where nothing says."""
    item = items.get(key)
    return f"{written(str(item['text']))} {record_id(key)}" if item else record_id(key)


def reading_html(items: Items, key: str, value: Any) -> str:
    """Return a measured figure with its unit; "" for anything else, which is told as it is written."""
    unit = items.get(key, {}).get("unit")
    is_measured = isinstance(value, int | float) and not isinstance(value, bool)
    return figure(value, str(unit)) if unit and is_measured else ""


def failure_html(items: Items, result: Mapping[str, Any]) -> str:
    """Return what was not in order: the item, what was found or noted, and what had been due."""
    key, value = str(result.get("key") or ""), result.get("value")
    item = items.get(key)
    if not item:
        return written(": ".join(str(part) for part in (key, result.get("note") or value) if part))
    found = reading_html(items, key, value) or (written(str(value)) if value not in (None, "") else "")
    due = written(f"({range_of(item)})", "span", "nw") if found and range_of(item) else ""
    note = written(str(result["note"])) if result.get("note") else ""
    said = " · ".join(part for part in (f"{found} {due}".strip(), note) if part)
    return f"{written(str(item['text']))}{f': {said}' if said else ''}"
