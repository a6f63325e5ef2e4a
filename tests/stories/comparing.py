"""Where a record that was made by the verbs says something else than the sample desk's record of the same name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile

FOLLOWS = ("customer", "site", "service", "contract", "assignment_group", "impact", "urgency", "priority")
"""Fields that `new` derives where nobody says them, and that a record by hand may leave out."""
TOLD_BY = {
    "plan_written": ("emergency_plan",),
    "consented": ("emergency_plan", "consent"),
    "approved_by_phone": ("emergency_plan", "approval"),
    "plan_approved": ("emergency_plan", "approval"),
    "customer_told": ("dispatch",),
    "left": ("dispatch", "left_at"),
}
"""Event to the field that tells the same: older tickets of the sample came from paper, with the field alone."""
TELLS = {
    "handling_report": ("submitted_at", "submitted_to", "via"),
    "dispatch": ("departed_at", "arrived_at", "left_at"),
}
"""Block to its fields that an event tells as well: older tickets of the sample have the event alone."""
SAID_MORE = {
    "customer_told": ("via",),
    "approved_by_phone": ("via", "to"),
    "report_submitted": ("via", "to"),
}
"""Event to what a verb writes down of it, and a line by hand may leave out."""

_SECONDS = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d")


def fields_and_body(text: str) -> tuple[dict[str, Any], str]:
    """Return what a file says: its fields, and the text below them."""
    front, found = parse_front_matter(SourceFile("x.md", text.encode()))
    assert front and not found, found
    return dict(front.data), front.body


def differences(sample: Mapping[str, Any], played: Mapping[str, Any]) -> Iterator[str]:
    """Yield where two records differ, a line each; what a record by hand may leave out is no difference."""
    yield from _events(sample, played)
    for name in dict.fromkeys([*sample, *played]):
        ours, theirs = sample.get(name), played.get(name)
        if name == "timeline" or (ours is None and name in FOLLOWS):
            continue
        if ours is None and name in TELLS:
            theirs = {key: value for key, value in theirs.items() if key not in TELLS[name]} or None
        ours, theirs = _plain(name, ours, ours), _plain(name, theirs, ours)
        if ours != theirs:
            yield f"{name}: {ours!r} / {theirs!r}"


def _events(sample: Mapping[str, Any], played: Mapping[str, Any]) -> Iterator[str]:
    """Compare timelines line by line, but for ids; an event that a field of the sample tells may come in addition."""
    ours = Counter(map(_line, sample.get("timeline", ())))
    for event in played.get("timeline", ()):
        name = event["event"]
        more = SAID_MORE.get(name, ())
        lines = [_line(event), _line({key: value for key, value in event.items() if key not in more})]
        found = next((line for line in lines if ours[line]), None)
        if found:
            ours[found] -= 1
        elif name not in TOLD_BY or _at(sample, TOLD_BY[name]) is None:
            yield f"not in the sample: {dict(lines[0])}"
    yield from (f"not played: {dict(line)}" for line in +ours)


def _line(event: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in event.items() if key != "id"))


def _plain(name: str, value: Any, ours: Any) -> Any:
    """Return a value as it is compared: links without order, blocks to the minute, without what goes without saying."""
    if name == "links" and isinstance(value, Mapping):
        return {key: sorted(one) if isinstance(one, list) else one for key, one in value.items()}
    if name in ("emergency_plan", "dispatch"):
        return _to_the_minute(value)
    if name == "costs" and value:
        return [
            {key: one for key, one in line.items() if key != "done_on" or "done_on" in there}
            for line, there in zip(value, ours or value, strict=False)
        ]
    if name == "movements":
        return [_line({"quantity": 1, **line}) for line in value or ()]
    return value


def _to_the_minute(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) <= {"amount", "currency"}:
            return {"currency": "CNY", **value}
        return {key: _to_the_minute(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_to_the_minute(one) for one in value]
    return _SECONDS.sub(r"\1", value) if isinstance(value, str) else value


def _at(record: Any, where: tuple[str, ...]) -> Any:
    for key in where:
        record = record.get(key) if isinstance(record, Mapping) else None
    return record
