"""What a timeline makes of a ticket: its state after each event, and which steps were unlawful."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

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
    state = life.initial
    for entry in timeline:
        event = entry.get("event", "")
        state = state_after(life, state, event) or next(
            (step.target for step in life.steps if step.event == event), state
        )
    return state


def unlawful_steps(kind: str, timeline: Sequence[dict[str, Any]]) -> list[UnlawfulStep]:
    """Return the events that were not lawful when they were recorded, in order."""
    life = LIFECYCLES.get(kind)
    if life is None:
        return []
    found = []
    state = life.initial
    for position, entry in enumerate(timeline):
        event = entry.get("event", "")
        after = state_after(life, state, event)
        if after is None:
            steps = [step for step in life.steps if step.event == event]
            found.append(UnlawfulStep(position, event, state, tuple(s for step in steps for s in step.sources)))
            after = steps[0].target
        state = after
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
