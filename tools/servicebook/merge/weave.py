"""In which order two sides' parts stand after a merge, so that it does not matter which side is called ours."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

from servicebook.records.instants import parse_instant

Name = TypeVar("Name", bound=Hashable)


def weave(first: Sequence[Name], second: Sequence[Name]) -> list[Name]:
    """Return every name of both sequences once, each side's order kept; where both go on, `first` goes first.

    Where the two contradict one another, `first` is right.
    """
    ours, theirs = set(first), {name: place for place, name in enumerate(second)}
    order: list[Name] = []
    done = 0
    for name in first:
        place = theirs.get(name, -1)
        if place >= done:
            order += [other for other in second[done:place] if other not in ours]
            done = place + 1
        order.append(name)
    return order + [other for other in second[done:] if other not in ours]


def seniority(side: Mapping[str, Any], others: Sequence[Mapping[str, Any]], data: bytes) -> tuple[Any, ...]:
    """Return what two sides of a merge are sorted by: the older first, which is the same whoever asks.

    The older side is the one whose first event that nobody else has was recorded first (`recorded_at`, else
    `at`); a side without one comes after. Between equals the texts decide, so that there is always an answer.
    """
    known = {event_name(event) for other in others for event in events_of(other)}
    fresh = [event for event in events_of(side) if event_name(event) not in known]
    recorded = parse_instant(fresh[0].get("recorded_at") or fresh[0].get("at")) if fresh else None
    moment = recorded.timestamp() if recorded else float("inf")
    return (moment, [canonical(event) for event in fresh], data)


def events_of(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the events of a record's timeline, whatever else may stand there."""
    timeline = fields.get("timeline")
    return [event for event in timeline if isinstance(event, dict)] if isinstance(timeline, list) else []


def event_name(event: Mapping[str, Any]) -> str:
    """Return what an event is known by: its id, or all of it where it has none."""
    return canonical(event["id"]) if event.get("id") else canonical(event)


def canonical(value: Any) -> str:
    """Return a text that two values of front matter share only when they are equal: 1, 1.0 and true are three."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
