"""Does a ticket's timeline hold together, and does its status say what the timeline says?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.instants import parse_instant
from servicebook.rules import steps
from servicebook.rules.reading import is_ticket, listed, opened_at, sound_facts
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import ASKS_A_PERSON, LIFECYCLES
from servicebook.workflow.transitions import events_between

if TYPE_CHECKING:
    from servicebook.loader import Loaded

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
    written, due = facts.data.get("status"), facts.status  # a ticket's row has the status that its timeline says
    if written is None or written == due or not facts.timeline:
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
    if facts is not None and facts.events and facts.events[0] != "opened":
        yield timeline_without_opening.at(facts.path, ("timeline", 0, "event"), event=facts.events[0])


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
    for position, at in enumerate(facts.instants):
        if at and at < opened:
            params = {"event": facts.events[position], "at": at.isoformat(), "opened": opened.isoformat()}
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
    if facts.events.count("opened") < 2:
        return
    openings = [position for position, event in enumerate(facts.events) if event == "opened"]
    for position in openings[1:]:
        yield opened_twice.at(facts.path, ("timeline", position, "event"), first=openings[0] + 1)


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


RULES: tuple[Rule, ...] = (
    *steps.RULES,
    status_contradicts_timeline,
    timeline_without_opening,
    event_before_opening,
    event_id_used_twice,
    opened_twice,
    opened_before_notice,
    ticket_without_timeline,
)
