"""What a timeline makes of a ticket: its state after each event, and which steps were unlawful."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from servicebook.typed import Any, NamedTuple
from servicebook.workflow.lifecycles import LIFECYCLES, Lifecycle


class UnlawfulStep(NamedTuple):
    """An event that its state does not allow: its position on the timeline, and the state it met."""

    position: int
    event: str
    state: str
    lawful_from: tuple[str, ...]


def state_after(life: Lifecycle, state: str, event: str) -> str | None:
    """Return the state that `event` leads to from `state`; None where the step is unlawful."""
    steps = [step for step in life.steps if step.event == event]
    if not steps:
        return state
    return next((step.target for step in steps if state in step.sources), None)


def status_of(kind: str, timeline: Sequence[dict[str, Any]]) -> str | None:
    """Return the status a timeline says, taking unlawful steps at their word; None for kinds without a life.

    Order is that of recording (position in the file), which only grows; clocks sort by `at` instead.
    """
    life = LIFECYCLES.get(kind)
    if life is None:
        return None
    turns, state = _turns_of(kind), life.initial
    for entry in timeline:
        event = entry.get("event")
        if isinstance(event, str) and (turn := turns.get(event)):
            state = turn.get(state) or turn[""]
    return state


@cache
def _turns_of(kind: str) -> dict[str, dict[str, str]]:
    """Return for each step of a kind's life where it leads from each lawful state, and from any other under ""."""
    turns: dict[str, dict[str, str]] = {}
    for step in LIFECYCLES[kind].steps:
        turn = turns.setdefault(step.event, {"": step.target})
        for source in step.sources:
            turn.setdefault(source, step.target)
    return turns


def unlawful_steps(kind: str, timeline: Sequence[dict[str, Any]]) -> list[UnlawfulStep]:
    """Return the events that were not lawful when they were recorded, in order."""
    life = LIFECYCLES.get(kind)
    if life is None:
        return []
    found = []
    turns, state = _turns_of(kind), life.initial
    for position, entry in enumerate(timeline):
        turn = turns.get(event := entry.get("event", ""))
        if turn is None:
            continue
        if state not in turn:
            sources = tuple(source for step in life.steps if step.event == event for source in step.sources)
            found.append(UnlawfulStep(position, event, state, sources))
        state = turn.get(state) or turn[""]
    return found


def events_between(life: Lifecycle, state: str, targets: Sequence[str]) -> tuple[str, ...] | None:
    """Return the fewest events that lead from `state` to one of `targets`; None where no road does."""
    roads: list[tuple[str, tuple[str, ...]]] = [(state, ())]
    seen = {state}
    for here, road in roads:
        if here in targets:
            return road
        for step in life.steps:
            if here in step.sources and step.target not in seen:
                seen.add(step.target)
                roads.append((step.target, (*road, step.event)))
    return None
