"""A change as those who vote on it see it: the plan, its risk, what stands in its way, what moved since last time."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from servicebook.cli.impact import beside_lines
from servicebook.cli.terminal import colour
from servicebook.cli.verified import say_why
from servicebook.cli.words import speak
from servicebook.evidence.plans import Plan
from servicebook.evidence.verification import Standing
from servicebook.evidence.verify import Verifier
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.language.labels import field_label
from servicebook.records.facts import Facts
from servicebook.reports.beside import beside
from servicebook.reports.listing import render_value
from servicebook.store.snapshot import Snapshot
from servicebook.text.front_matter import FrontMatter
from servicebook.text.frozen_body import body_before_log
from servicebook.workflow.plan_digest import FROZEN
from servicebook.workflow.policy import POLICY_FIELDS, TEMPLATE_FIELDS


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


def view_rules(verifier: Verifier, record: Facts, standing: Standing) -> str:
    """Return the rules of a board against those in force, or a template, as whoever votes on it sees it."""
    return "\n".join(_view_rules(verifier, record, standing))


def _view_rules(verifier: Verifier, record: Facts, standing: Standing) -> Iterator[str]:
    yield colour(f"{record.kind}/{record.id}  {plain(record.title)}", "bold")
    if standing.case is None or standing.tally is None:
        return
    yield f"{speak('plan')}: {standing.case.plan}"
    yield ""
    ledger = verifier.ledger
    fields = POLICY_FIELDS if record.kind == "board" else TEMPLATE_FIELDS
    new = _rule_lines(ledger.front(record.path, ledger.blob(record.path, ledger.end)), fields)
    link = verifier.chain.trusted(record.id) if record.kind == "board" else None
    if link:
        old = _rule_lines(ledger.front(record.path, ledger.blob(record.path, link.position + 1)), fields)
        sides = (standing.case.policy.digest[7:19], standing.case.plan[7:19])
        yield from difflib.unified_diff(old, new, *sides, lineterm="", n=1)
    else:
        yield from new
    yield ""
    yield from (f"· {say_why(gap.why)}" for gap in standing.tally.gaps)


def _rule_lines(front: FrontMatter | None, fields: Sequence[str]) -> list[str]:
    """Return the fields that a digest covers, an entry of a list a line, and for a template its text."""
    lines = []
    for name in fields if front else ():
        value = front.data.get(name) if front else None
        if isinstance(value, list):
            lines += [f"{_label(name)}: {_shown(entry)}" for entry in value]
        elif value not in (None, ""):
            lines.append(f"{_label(name)}: {_shown(value)}")
    body = front.body.strip().splitlines() if front and fields is TEMPLATE_FIELDS else []
    return [*lines, *map(plain, body)]
