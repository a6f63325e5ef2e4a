"""What an inspection's results come to, held against the checklist of its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from servicebook.typed import Any

Item = Mapping[str, Any]
"""One entry of a plan's checklist: key, text, and what is due of it (expected, min, max)."""
Result = Mapping[str, Any]
"""One entry of an inspection's results: key, value, ok, note."""


def judge(item: Item, value: Any) -> bool | None:
    """Return whether what was found is in order; None where the plan does not say, so that a person must.

    A figure is held against `min` and `max`, a word against `expected`, yes and no speak for themselves.
    """
    low, high = item.get("min"), item.get("max")
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and (low is not None or high is not None):
        return (low is None or value >= low) and (high is None or value <= high)
    if str(value).casefold() == str(item.get("expected", "")).casefold():
        return True
    return None


def is_out_of_bounds(item: Item, value: Any) -> bool:
    """Whether a figure lies outside of what the plan allows."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and judge(item, value) is False


def open_items(checklist: Iterable[Item], results: Iterable[Result]) -> list[str]:
    """Return the keys of a checklist of which no result is written, in its order."""
    told = {result.get("key") for result in results}
    return [str(item["key"]) for item in checklist if "key" in item and item["key"] not in told]


def failed_items(results: Iterable[Result]) -> list[str]:
    """Return the keys of what was not in order, in the order of the results."""
    return [str(result["key"]) for result in results if result.get("ok") is False and "key" in result]


def twice(entries: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Return the entries whose key stands further up already: their position and the key."""
    seen: set[str] = set()
    found = []
    for position, entry in enumerate(entries):
        key = str(entry.get("key", ""))
        if key in seen:
            found.append((position, key))
        seen.add(key)
    return found


def range_of(item: Item) -> str:
    """Return what is due of an item, as people read it: `≤ 80 %`, `20 to 30 °C`, `none`; empty when nothing is."""
    unit = f" {item['unit']}" if item.get("unit") else ""
    low, high = item.get("min"), item.get("max")
    if low is not None and high is not None:
        return f"{_figure(low)}–{_figure(high)}{unit}"
    if high is not None:
        return f"≤ {_figure(high)}{unit}"
    if low is not None:
        return f"≥ {_figure(low)}{unit}"
    return str(item.get("expected", ""))


def _figure(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
