"""Which events lead from one state to the next, for sources that record states instead of events."""

from __future__ import annotations

from typing import Any

from servicebook.workflow.lifecycles import Lifecycle

State = tuple[str, str]
"""A status, and the reason for the pause while it is on_hold."""


def events_between(life: Lifecycle, before: State, after: State) -> list[tuple[str, dict[str, Any]]]:
    """Return the events, each with its further fields, that a source's step from state to state tells of.

    A step that our lifecycle does not know is told by the event that leads to its end all the same: the rules
    then say so, and the record carries the finding as a declared quirk.
    """
    (status, reason), (target, why) = before, after
    if (status, reason) == (target, why):
        return []
    if status == target == "on_hold":  # it waits for somebody else now
        return [("resumed", {}), ("paused", {"reason": why})]
    if target == life.initial:
        return [("note", {"note": f"back in the first state from {status}"})]
    steps = [step for step in life.steps if step.target == target]
    direct = [step.event for step in steps if status in step.sources]
    if status == "on_hold" and "resumed" in direct:
        direct = ["resumed"]
    if not direct and status in ("resolved", "fulfilled") and target == "on_hold":
        return [("reopened", {}), ("paused", {"reason": why})]
    event = direct[0] if direct else steps[0].event if steps else ""
    if not event:
        return []
    return [(event, {"reason": why} if event == "paused" else {})]
