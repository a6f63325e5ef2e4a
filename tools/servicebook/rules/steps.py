"""Is each step of a ticket lawful from where it stood, and does it say what its readers will ask?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import LIFECYCLES, WITH_REASON
from servicebook.workflow.transitions import events_between, status_of, unlawful_steps
from servicebook.workflow.verbs import verb_of

if TYPE_CHECKING:
    from servicebook.loader import Loaded

PAUSING = ("paused", "resumed")
"""Events whose order the clocks' own rules judge."""

ANSWERED = ("acknowledged", "rejected", "cancelled")
"""Events by which a customer has been answered."""


@rule(
    "WFL403",
    "step-skipped",
    scope="file",
    message="`{event}` skips `{missing}`",
    hint="`servicebook {verb} {id}` | record `{missing}` before `{event}`",
)
def step_skipped(loaded: Loaded) -> Iterator[Diagnostic]:
    """An event that its state does not allow, because an event before it is missing.

    Why: each step answers a question the next one builds on: a ticket closed without `resolved` has no
    moment at which the customer's trouble ended, so its clocks have nothing to stop at.

    Example:
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
        - {at: 2026-03-13T10:00:00+08:00, id: c1se, event: closed, by: li.wei}

    Instead:
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
        - {at: 2026-03-12T09:40:00+08:00, id: x0ta, event: resolved, by: li.wei}
        - {at: 2026-03-13T10:00:00+08:00, id: c1se, event: closed, by: li.wei}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    for step in unlawful_steps(facts.kind, facts.timeline):
        road = events_between(LIFECYCLES[facts.kind], step.state, step.lawful_from)
        if road and step.event not in PAUSING:
            verb = verb_of(facts.kind, road[-1])
            params = {"event": step.event, "missing": "`, `".join(road), "verb": verb, "id": facts.id}
            yield step_skipped.at(facts.path, ("timeline", step.position, "event"), **params)


@rule(
    "WFL404",
    "step-after-the-end",
    scope="file",
    message="`{event}` stands on a ticket that was `{state}` by then; it is lawful from {due}",
    hint="open a new ticket with `links: {{parent: {id}}}` | or take `{event}` back before it lands",
)
def step_after_the_end(loaded: Loaded) -> Iterator[Diagnostic]:
    """An event on a ticket from whose state no road leads there.

    Why: what is closed, rejected or cancelled was reported so; its outcome must not move afterwards. What
    comes up later is a ticket of its own, linked to this one.

    Example:
        - {at: 2026-03-13T10:00:00+08:00, id: c1se, event: closed, by: li.wei}
        - {at: 2026-03-20T10:00:00+08:00, id: rp3n, event: reopened, by: li.wei}

    Instead:
        a new incident with
        links: {parent: INC-20260312-7F3K}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    for step in unlawful_steps(facts.kind, facts.timeline):
        road = events_between(LIFECYCLES[facts.kind], step.state, step.lawful_from)
        if road is None and step.event not in PAUSING:
            due = listed(step.lawful_from)
            params = {"event": step.event, "state": step.state, "due": due, "id": facts.id}
            yield step_after_the_end.at(facts.path, ("timeline", step.position, "event"), **params)


@rule(
    "WFL408",
    "step-without-reason",
    scope="file",
    needs=WITH_REASON,
    message="`{event}` gives no `reason`",
    hint="add `reason:` or `note:` to the event: one line that the customer could be told",
    incomplete=True,
)
def step_without_reason(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket cancelled, rejected, reopened or backed out, and nobody says why.

    Why: each of these takes something back that somebody was promised; the next reader, often the customer,
    asks why, and by then nobody remembers.

    Example:
        - {at: 2026-03-12T11:00:00+08:00, id: x0ta, event: reopened, by: wang.fang}

    Instead:
        - {at: 2026-03-12T11:00:00+08:00, id: x0ta, event: reopened, by: wang.fang, reason: black again}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    for position, entry in enumerate(facts.timeline):
        event = entry.get("event")
        if event in WITH_REASON and not (entry.get("reason") or entry.get("note")):
            yield step_without_reason.at(facts.path, ("timeline", position, "event"), event=event)


@rule(
    "WFL409",
    "change-started-unapproved",
    scope="file",
    message="the {change_type} change was started while `{state}`; due was `approved`",
    hint="have it approved first | an emergency is `change_type: emergency` and gets its vote afterwards",
    kinds=("change",),
)
def change_started_unapproved(loaded: Loaded) -> Iterator[Diagnostic]:
    """A normal or major change whose work began before it was approved.

    Why: approval is the moment at which others may still say that their own work is in the way. Standard
    changes are approved once, through their template; emergencies are approved afterwards, and say so.

    Example:
        change_type: normal
        timeline: opened, submitted, implementation_started

    Instead:
        change_type: normal
        timeline: opened, submitted, approved, implementation_started
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("change_type") in ("emergency", "standard"):
        return
    for position, entry in enumerate(facts.timeline):
        state = status_of("change", facts.timeline[:position])
        if entry.get("event") == "implementation_started" and state in ("draft", "submitted"):
            params = {"change_type": facts.get("change_type"), "state": state}
            yield change_started_unapproved.at(facts.path, ("timeline", position, "event"), **params)


@rule(
    "WFL412",
    "resolved-unacknowledged",
    scope="file",
    message="the ticket was resolved at {at}, and nobody had acknowledged it",
    hint="add the event `acknowledged`: who told the customer, when and how",
    kinds=("incident", "service_request"),
    incomplete=True,
)
def resolved_unacknowledged(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket that was resolved without a word that somebody had answered the customer.

    Why: the promise of an answer within 30 minutes (clause 1.1-2) is proven by the first human contact; where
    none is on record, the clock counts until the solution. Logs of other systems that begin in the middle of a
    ticket's life show the same.

    Example:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-12T09:40:00+08:00, id: x0ta, event: resolved, by: li.wei}

    Instead:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-12T08:52:40+08:00, id: mq27, event: acknowledged, by: li.wei, via: phone}
        - {at: 2026-03-12T09:40:00+08:00, id: x0ta, event: resolved, by: li.wei}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    for position, event in enumerate(facts.events):
        if event in ANSWERED:
            return
        if event == "resolved":
            at = facts.timeline[position].get("at")
            yield resolved_unacknowledged.at(facts.path, ("timeline", position, "event"), at=at)
            return


RULES: tuple[Rule, ...] = (
    step_skipped,
    step_after_the_end,
    step_without_reason,
    change_started_unapproved,
    resolved_unacknowledged,
)
