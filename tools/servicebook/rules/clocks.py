"""Do a ticket's pauses hold together, and is its closing `sla:` block what the clocks say?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.rules.reading import is_ticket, listed, sound_facts
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import LIFECYCLES, PAUSE_REASONS
from servicebook.workflow.transitions import status_of

if TYPE_CHECKING:
    from servicebook.loader import Loaded


def _ticket(loaded: Loaded) -> Facts | None:
    facts = sound_facts(loaded)
    return facts if facts is not None and is_ticket(facts) else None


def _paused_ticket(loaded: Loaded) -> Facts | None:
    """Return the facts of a ticket on whose timeline a pause or the end of one stands."""
    facts = _ticket(loaded)
    return facts if facts is not None and ("paused" in facts.events or "resumed" in facts.events) else None


@rule(
    "SLA621",
    "pause-without-reason",
    scope="file",
    needs=("paused", "resumed"),
    message="the pause gives no reason that a clock could know: `{reason}`",
    hint="write one of {known}",
)
def pause_without_reason(loaded: Loaded) -> Iterator[Diagnostic]:
    """A pause without one of the reasons that agreements know.

    Why: which reasons stop which clock is in the agreement. A pause without one stops none, or, worse, is
    believed to.

    Example:
        - {at: 2026-03-12T10:00:00+08:00, id: x0ta, event: paused, by: li.wei}

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, id: x0ta, event: paused, by: li.wei, reason: waiting_customer}
    """
    facts = _paused_ticket(loaded)
    for place, entry in enumerate(facts.timeline if facts else ()):
        if facts and entry.get("event") == "paused" and entry.get("reason") not in PAUSE_REASONS:
            params = {"reason": entry.get("reason") or "-", "known": listed(PAUSE_REASONS)}
            yield pause_without_reason.at(facts.path, ("timeline", place, "event"), **params)


@rule(
    "SLA622",
    "resumed-without-pause",
    scope="file",
    needs=("paused", "resumed"),
    message="`resumed`, but the ticket was `{state}`, not paused",
    hint="record the pause before it, or take the line out before it lands",
)
def resumed_without_pause(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket taken up again that was not paused.

    Why: somebody believes in a pause that no clock has seen. Either it was never written down, and the
    clocks ran on, or it had ended already.

    Example:
        - {at: 2026-03-12T08:52:40+08:00, id: 7mq2, event: acknowledged, by: li.wei}
        - {at: 2026-03-12T11:00:00+08:00, id: x0ta, event: resumed, by: li.wei}

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_customer}
        - {at: 2026-03-12T11:00:00+08:00, id: x0ta, event: resumed, by: li.wei}
    """
    facts = _paused_ticket(loaded)
    for place, entry in enumerate(facts.timeline if facts else ()):
        if facts and entry.get("event") == "resumed" and "resumed" in _steps(facts.kind):
            state = status_of(facts.kind, facts.timeline[:place])
            if state not in ("on_hold", None):
                yield resumed_without_pause.at(facts.path, ("timeline", place, "event"), state=state)


@rule(
    "SLA623",
    "paused-out-of-turn",
    scope="file",
    needs=("paused", "resumed"),
    message="`paused`, but the ticket was `{state}`",
    hint="only a ticket in work can be paused; a new reason is `resumed` and `paused` again",
)
def paused_out_of_turn(loaded: Loaded) -> Iterator[Diagnostic]:
    """A pause on a ticket that was paused already, or resolved.

    Why: its clocks stand still as it is. Two pauses in a row leave open which reason holds, and which of
    them the next `resumed` ends.

    Example:
        - {at: 2026-03-12T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_customer}
        - {at: 2026-03-12T11:00:00+08:00, id: pz02, event: paused, by: li.wei, reason: waiting_supplier}

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_customer}
        - {at: 2026-03-12T11:00:00+08:00, id: rs01, event: resumed, by: li.wei}
        - {at: 2026-03-12T11:00:00+08:00, id: pz02, event: paused, by: li.wei, reason: waiting_supplier}
    """
    facts = _paused_ticket(loaded)
    if facts is None:
        return
    lawful = {source for step in LIFECYCLES[facts.kind].steps if step.event == "paused" for source in step.sources}
    for place, entry in enumerate(facts.timeline):
        if entry.get("event") == "paused" and lawful:
            state = status_of(facts.kind, facts.timeline[:place])
            if state not in lawful:
                yield paused_out_of_turn.at(facts.path, ("timeline", place, "event"), state=state)


@cache
def _steps(kind: str) -> frozenset[str]:
    return frozenset(step.event for step in LIFECYCLES[kind].steps)


@rule(
    "SLA624",
    "pause-ends-before-it-starts",
    scope="file",
    needs=("paused", "resumed"),
    message="the pause that starts at {start} ends at {end}",
    hint="correct the later of the two times before it lands",
)
def pause_ends_before_it_starts(loaded: Loaded) -> Iterator[Diagnostic]:
    """A pause that is over before it begins: by its `until`, or by the `resumed` after it.

    Why: it cuts nothing out of the clock, though somebody counted on it.

    Example:
        - {at: 2026-03-12T11:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_customer}
        - {at: 2026-03-12T10:00:00+08:00, id: rs01, event: resumed, by: li.wei}

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_customer}
        - {at: 2026-03-12T11:00:00+08:00, id: rs01, event: resumed, by: li.wei}
    """
    facts = _paused_ticket(loaded)
    start: datetime | None = None
    for place, entry in enumerate(facts.timeline if facts else ()):
        at, name = parse_instant(entry.get("at")), entry.get("event")
        if facts is None or at is None:
            continue
        if name == "paused":
            start, end = at, parse_instant(entry.get("until"))
            field = "until"
        elif name == "resumed":
            end, field = at, "at"
        else:
            continue
        if start is not None and end is not None and end < start:
            params = {"start": start.isoformat(), "end": end.isoformat()}
            yield pause_ends_before_it_starts.at(facts.path, ("timeline", place, field), **params)
        if name == "resumed":
            start = None


@rule(
    "SLA625",
    "pause-outlives-ticket",
    scope="file",
    needs=("paused",),
    severity="warning",
    message="the pause was agreed until {until}, the ticket ended at {end}",
    hint="a ticket's end ends its pause: nothing needs to be done unless one of the times is wrong",
)
def pause_outlives_ticket(loaded: Loaded) -> Iterator[Diagnostic]:
    """A pause agreed to last longer than its ticket, and never ended.

    Why: the clocks stop at the end of the ticket all the same, but the appointment may still stand in
    somebody's calendar.

    Example:
        - {at: 2026-03-12T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: agreed_appointment,
           until: "2026-03-20T10:00:00+08:00"}
        - {at: 2026-03-12T12:00:00+08:00, id: cn01, event: cancelled, by: li.wei, reason: not needed}

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: agreed_appointment,
           until: "2026-03-12T11:00:00+08:00"}
        - {at: 2026-03-12T12:00:00+08:00, id: cn01, event: cancelled, by: li.wei, reason: not needed}
    """
    facts = _paused_ticket(loaded)
    open_pause: tuple[int, datetime] | None = None
    for place, entry in enumerate(facts.timeline if facts else ()):
        if facts is None:
            return
        name, at = entry.get("event"), parse_instant(entry.get("at"))
        if name == "paused":
            until = parse_instant(entry.get("until"))
            open_pause = (place, until) if until is not None else None
        elif name in ("closed", "cancelled", "rejected") and open_pause and at is not None and open_pause[1] > at:
            params = {"until": open_pause[1].isoformat(), "end": at.isoformat()}
            yield pause_outlives_ticket.at(facts.path, ("timeline", open_pause[0], "until"), **params)
        elif name in ("resumed", "acknowledged", "resolved"):
            open_pause = None


@rule(
    "SLA626",
    "steps-out-of-order",
    scope="file",
    severity="warning",
    message="`{event}` is dated {at}, before `{earlier}` at {before}, which was recorded ahead of it",
    hint="correct the time that is wrong; for an event written down late add `recorded_at`",
)
def steps_out_of_order(loaded: Loaded) -> Iterator[Diagnostic]:
    """A step of a ticket that happened before the step recorded ahead of it.

    Why: the state follows the order of recording, clocks follow the times. Where the two differ, the ticket
    is closed in one reading and not yet resolved in the other. A `resumed` before its pause has a rule of
    its own.

    Example:
        - {at: 2026-03-12T12:00:00+08:00, id: x0ta, event: resolved, by: li.wei}
        - {at: 2026-03-12T11:00:00+08:00, id: y1tb, event: closed, by: li.wei}

    Instead:
        - {at: 2026-03-12T12:00:00+08:00, id: x0ta, event: resolved, by: li.wei}
        - {at: 2026-03-12T13:00:00+08:00, id: y1tb, event: closed, by: li.wei}
    """
    facts = _ticket(loaded)
    if facts is None:
        return
    times = [at for at in facts.instants if at is not None]
    if times == sorted(times):
        return
    latest: tuple[datetime, str] | None = None
    steps = _steps(facts.kind)
    for place, (at, name) in enumerate(zip(facts.instants, facts.events, strict=True)):
        if at is None or name not in steps:
            continue
        late = "recorded_at" in facts.timeline[place] or (name == "resumed" and latest and latest[1] == "paused")
        if latest is not None and at < latest[0] and not late:
            params = {"event": name, "at": at.isoformat(), "earlier": latest[1], "before": latest[0].isoformat()}
            yield steps_out_of_order.at(facts.path, ("timeline", place, "at"), **params)
        if latest is None or at >= latest[0]:
            latest = (at, name)


RULES: tuple[Rule, ...] = (
    pause_without_reason,
    resumed_without_pause,
    paused_out_of_turn,
    pause_ends_before_it_starts,
    pause_outlives_ticket,
    steps_out_of_order,
)
