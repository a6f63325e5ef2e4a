"""Does a ticket's timeline hold together, and does its status say what the timeline says?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.instants import parse_instant
from servicebook.rules.reading import is_ticket, listed, opened_at, sound_facts
from servicebook.workflow.lifecycles import ASKS_A_PERSON, LIFECYCLES, VERBS
from servicebook.workflow.transitions import events_between, status_of, unlawful_steps

if TYPE_CHECKING:
    from servicebook.loader import Loaded

PAUSING = ("paused", "resumed")
"""Events whose order the clocks' own rules judge."""

WITH_REASON = ("cancelled", "rejected", "reopened", "backed_out")
"""Steps that take something away from somebody, who may ask why."""

SLACK = timedelta(minutes=1)
"""Notice and ticket are written down by two clocks, often to the minute."""


@rule(
    "WFL401",
    "status-contradicts-timeline",
    scope="file",
    message="`status` is `{status}`, the timeline says `{due}`",
    hint="`servicebook fix {path}` adds what is missing: {events} | {asked} needs a person's word: add the event, "
    "and why | what the timeline says is `status: {due}`",
    fixable=True,
)
def status_contradicts_timeline(loaded: Loaded) -> Iterator[Diagnostic]:
    """A `status` that is not what the events on the timeline lead to.

    Why: the timeline is what happened, and clocks run on it. A status that was only typed in stops no
    clock and tells nobody who did it when.

    Example:
        status: closed
        timeline:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}

    Instead:
        status: new
        timeline:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
    """
    facts = sound_facts(loaded)
    if facts is None or not is_ticket(facts):
        return
    written, due = facts.get("status"), status_of(facts.kind, facts.timeline)
    if written is None or due is None or written == due or not facts.timeline:
        return
    road = events_between(LIFECYCLES[facts.kind], due, (written,)) or ()
    asked = listed(event for event in road if event in ASKS_A_PERSON)
    events = "" if asked else listed(road)
    params = {"status": written, "due": due, "events": events, "asked": asked, "path": facts.path}
    yield status_contradicts_timeline.at(facts.path, ("status",), **params)


@rule(
    "WFL402",
    "timeline-without-opening",
    scope="file",
    message="the timeline begins with `{event}`, due was `opened`",
    hint="put the event `opened` first: when was it taken down, by whom",
)
def timeline_without_opening(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket whose first event is not `opened`.

    Why: everything on a ticket is counted from when somebody took it down. Without it nobody can say how
    long the customer waited.

    Example:
        timeline:
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}

    Instead:
        timeline:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
    """
    facts = sound_facts(loaded)
    if facts is None or not is_ticket(facts):
        return
    if facts.timeline and facts.timeline[0].get("event") != "opened":
        event = facts.timeline[0].get("event")
        yield timeline_without_opening.at(facts.path, ("timeline", 0, "event"), event=event)


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
            verb = VERBS.get(road[-1], "")
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
    "WFL405",
    "event-before-opening",
    scope="file",
    message="`{event}` is dated {at}, before the ticket was opened at {opened}",
    hint="correct the event's `at`, or that of `opened`",
)
def event_before_opening(loaded: Loaded) -> Iterator[Diagnostic]:
    """An event dated before the ticket was opened.

    Why: it cannot be: nothing can be done on a ticket that nobody has taken down. One of the two times is
    mistyped, and a clock that trusts it is wrong. What the customer noticed earlier is `reported_at`.

    Example:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-11T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}

    Instead:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
    """
    facts = sound_facts(loaded)
    opened = opened_at(facts) if facts else None
    if facts is None or opened is None:
        return
    for position, entry in enumerate(facts.timeline):
        at = parse_instant(entry.get("at"))
        if at and at < opened:
            params = {"event": entry.get("event"), "at": at.isoformat(), "opened": opened.isoformat()}
            yield event_before_opening.at(facts.path, ("timeline", position, "at"), **params)


@rule(
    "WFL406",
    "event-id-used-twice",
    scope="file",
    message="the event id `{id}` stands on the timeline already, at event {first}",
    hint="give the later event another four characters",
)
def event_id_used_twice(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two events with one id.

    Why: merging unites timelines by event id; of two events with one id it would keep one.

    Example:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-12T08:52:40+08:00, id: k3f9, event: acknowledged, by: li.wei}

    Instead:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    first: dict[str, int] = {}
    for position, entry in enumerate(facts.timeline):
        known = first.setdefault(entry.get("id", ""), position)
        if known != position:
            params = {"id": entry.get("id"), "first": known + 1}
            yield event_id_used_twice.at(facts.path, ("timeline", position, "id"), **params)


@rule(
    "WFL407",
    "opened-twice",
    scope="file",
    message="the ticket is opened a second time; event {first} opened it",
    hint="a ticket that comes back is `reopened`; anything else is a `note`",
)
def opened_twice(loaded: Loaded) -> Iterator[Diagnostic]:
    """A second `opened` event on one timeline.

    Why: a ticket is taken down once; with two openings every figure about it depends on which one is read.

    Example:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-14T08:52:40+08:00, id: m7q2, event: opened, by: li.wei}

    Instead:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
        - {at: 2026-03-14T08:52:40+08:00, id: m7q2, event: note, by: li.wei, note: the caller rang again}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    openings = [n for n, entry in enumerate(facts.timeline) if entry.get("event") == "opened"]
    for position in openings[1:]:
        yield opened_twice.at(facts.path, ("timeline", position, "event"), first=openings[0] + 1)


@rule(
    "WFL408",
    "step-without-reason",
    scope="file",
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
    if facts is None or facts.kind != "change" or facts.get("change_type") in ("emergency", "standard"):
        return
    for position, entry in enumerate(facts.timeline):
        state = status_of("change", facts.timeline[:position])
        if entry.get("event") == "implementation_started" and state in ("draft", "submitted"):
            params = {"change_type": facts.get("change_type"), "state": state}
            yield change_started_unapproved.at(facts.path, ("timeline", position, "event"), **params)


@rule(
    "WFL410",
    "opened-before-notice",
    scope="file",
    message="`reported_at` is {reported}, after the ticket was opened at {opened}",
    hint="`reported_at` is when the customer gave notice: at or before the event `opened`",
)
def opened_before_notice(loaded: Loaded) -> Iterator[Diagnostic]:
    """A notice that the customer gave after the ticket was opened for it.

    Why: the response clock starts at the customer's notice. Dated later than the ticket itself, it makes the
    desk look faster than it was.

    Example:
        reported_at: 2026-03-12T09:41:00+08:00
        timeline:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}

    Instead:
        reported_at: 2026-03-12T08:41:00+08:00
        timeline:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    reported, opened = parse_instant(facts.get("reported_at")), opened_at(facts)
    if reported and opened and reported > opened + SLACK:
        params = {"reported": reported.isoformat(), "opened": opened.isoformat()}
        yield opened_before_notice.at(facts.path, ("reported_at",), **params)


@rule(
    "WFL411",
    "ticket-without-timeline",
    scope="file",
    message="the ticket has no timeline",
    hint="add `timeline:` with the event `opened` | `servicebook new {kind}` writes a ticket with all it needs",
)
def ticket_without_timeline(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket on which nothing ever happened.

    Why: state, clocks and figures are read from the timeline. A ticket without one was never taken down.

    Example:
        schema: incident/1
        status: new

    Instead:
        schema: incident/1
        timeline:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
    """
    facts = sound_facts(loaded)
    if facts and is_ticket(facts) and not facts.timeline:
        yield ticket_without_timeline.at(facts.path, ("timeline",), kind=facts.kind)


ANSWERED = ("acknowledged", "rejected", "cancelled")
"""Events by which a customer has been answered."""


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
    if facts is None or facts.kind not in resolved_unacknowledged.kinds:
        return
    for position, entry in enumerate(facts.timeline):
        if entry.get("event") in ANSWERED:
            return
        if entry.get("event") == "resolved":
            yield resolved_unacknowledged.at(facts.path, ("timeline", position, "event"), at=entry.get("at"))
            return


RULES: tuple[Rule, ...] = (
    status_contradicts_timeline,
    timeline_without_opening,
    step_skipped,
    step_after_the_end,
    event_before_opening,
    event_id_used_twice,
    opened_twice,
    step_without_reason,
    change_started_unapproved,
    opened_before_notice,
    ticket_without_timeline,
    resolved_unacknowledged,
)
