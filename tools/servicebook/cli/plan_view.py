"""A change as those who vote on it see it: the plan, its risk, what stands in its way, what moved since last time."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from servicebook.cli.impact import beside_lines
from servicebook.cli.terminal import colour
from servicebook.cli.verified import say_why
from servicebook.cli.words import speak
from servicebook.evidence.inquiry import Standing
from servicebook.evidence.plans import Plan
from servicebook.evidence.verify import Verifier
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.language.labels import field_label
from servicebook.records.facts import Facts
from servicebook.reports.beside import beside
from servicebook.reports.listing import render_value
from servicebook.store.snapshot import Snapshot
from servicebook.text.frozen_body import body_before_log
from servicebook.workflow.plan_digest import FROZEN


def plan_lines(plan: Plan) -> list[str]:
    """Return the frozen part of a change, a field a line, then the body above the log."""
    lines = []
    for name in FROZEN:
        value = plan.front.data.get(name)
        if isinstance(value, dict):
            lines += [f"{_label(name)} / {_label(key)}: {_shown(inner)}" for key, inner in value.items()]
        elif value not in (None, [], ""):
            lines.append(f"{_label(name)}: {_shown(value)}")
    body = body_before_log(plan.front.body)
    return [*lines, "", *(plain(line) for line in body.splitlines())] if body else lines


def _label(name: str) -> str:
    return field_label(name, terminal_language())


def _shown(value: Any) -> str:
    return plain(" ".join(render_value(value).split()))


def view(desk: Snapshot, change: Facts, plan: Plan, standing: Standing, moved: Sequence[str]) -> str:
    """Return all that somebody should have seen before signing."""
    return "\n".join(_view(desk, change, plan, standing, moved))


def _view(desk: Snapshot, change: Facts, plan: Plan, standing: Standing, moved: Sequence[str]) -> Iterator[str]:
    yield colour(f"{change.id}  {plain(change.title)}", "bold")
    yield f"{speak('plan')}: {plan.digest}"
    yield ""
    yield from plan_lines(plan)
    yield ""
    risk = str(plan.front.data.get("risk") or "-")
    yield colour(
        speak("risk: {risk}", risk=risk), "red" if risk == "high" else "yellow" if risk == "medium" else "green"
    )
    around = beside(desk, change)
    yield from (colour(line, "yellow" if line.startswith("!") else "") for line in beside_lines(change, around))
    for conflict in around.conflicts:
        yield speak("a vote waives it with --waive overlap:{id}", id=conflict.change.id)
    if moved:
        yield ""
        yield colour(speak("what moved since your last word"), "bold")
        yield from moved
    if standing.tally:
        yield ""
        yield from (f"· {say_why(gap.why)}" for gap in standing.tally.gaps)


def moved_since(verifier: Verifier, id: str, person: str, standing: Standing, plan: Plan) -> list[str]:
    """Return what moved since the plan that somebody last spoke on, as a unified diff; nothing when it is the same."""
    said = [cast.statement for cast in standing.casts if cast.statement and cast.statement.person == person]
    last = max(said, key=lambda one: one.seq, default=None)
    if last is None or last.plan == plan.digest:
        return []
    for state in verifier.ledger.states_of_name(f"{id}.md"):
        old = verifier.plans.plan("x.md", state.blob)
        if old and old.digest == last.plan:
            return [
                plain(line)
                for line in difflib.unified_diff(
                    plan_lines(old), plan_lines(plan), last.plan[7:19], plan.digest[7:19], lineterm=""
                )
            ]
    return [speak("the plan you spoke on is not in this history: {plan}", plan=last.plan)]
