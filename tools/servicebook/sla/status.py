"""How the clocks of a ticket stand: every promise that applies to it, computed from its facts at an instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.sla.clock import Course, Event, Stretch, events_of, has_ties, instant_of, run_clock
from servicebook.sla.entitlement import Cover, cover_of
from servicebook.sla.extensions import extended
from servicebook.sla.hours_form import HoursError
from servicebook.sla.instants import to_micros
from servicebook.sla.standing import ClockStatus, Reckoning, Step
from servicebook.sla.starts import Opening, cycle_of, opening_of
from servicebook.sla.stints import away_between, stints_of
from servicebook.sla.targets import Lookup, Target, matches
from servicebook.sla.waits import Wait, events_in, waits_of
from servicebook.sla.windows import window_of
from servicebook.sla.within import Within
from servicebook.typed import Any, NamedTuple

__all__ = ["ClockStatus", "Step", "absence_of", "clocks_of", "closing_block", "worst"]

UNSETTLING = frozenset({"paused", "reopened", "extended"})
"""Events that move more than one end of a clock; without them its first stop holds."""


def clocks_of(ticket: Facts, desk: Lookup, now: datetime) -> list[ClockStatus]:
    """Return every clock that the ticket's agreements promise, as it stands at `now`, in their order.

    Events later than `now` are not known yet. A ticket without an agreement has no clocks. Nothing in the
    records makes this raise: what cannot be computed is `not-started` with its `trouble`.
    """
    return _clocks(ticket, events_of(ticket.timeline), desk, to_micros(now), {})


ENDED = ("met", "missed", "cancelled")
"""The states that a closing block tells; a clock in another one has not ended."""


def closing_block(ticket: Facts, desk: Lookup) -> dict[str, dict[str, Any]]:
    """Return the `sla:` block written once at closing: by clock {due_at, stopped_at, outcome, agreement, hours}.

    Judged at the instant of closing, or else of the last event. Clocks still running then (such as a report
    due after closing) and clocks that never started are left out. A clock that started again with a reopening
    tells how it ended last, and under `cycles` how it had ended before, oldest first: a breach is not undone by
    what is met later (sla.md, point 2). Where the ticket has a block already, the versions it cites are used: a
    closed outcome does not move.
    """
    events = events_of(ticket.timeline)
    if not events:
        return {}
    closed = [event.at for event in events if event.name == "closed"]
    written = ticket.data.get("sla")
    cited = written if isinstance(written, dict) else {}
    block = {}
    for status in _clocks(ticket, events, desk, closed[-1] if closed else events[-1].at, cited):
        ended = [cycle for cycle in (*status.cycles, status) if cycle.state in ENDED]
        if ended:
            block[status.name] = _outcome(ended[-1], ended[:-1])
    return block


def _outcome(status: ClockStatus, before: Sequence[ClockStatus]) -> dict[str, Any]:
    outcome: dict[str, Any] = {**_ending(status), "agreement": status.agreement}
    if status.hours:
        outcome["hours"] = status.hours
    if before:
        outcome["cycles"] = [_ending(cycle) for cycle in before]
    return outcome


def _ending(status: ClockStatus) -> dict[str, str]:
    """Return when a clock was due and stopped, as far as it did, and how it ended."""
    times = {"due_at": status.due_at, "stopped_at": status.stopped_at}
    return {**{name: _shown(at) for name, at in times.items() if at is not None}, "outcome": status.state}


def _shown(at: datetime) -> str:
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds")


class _Case(NamedTuple):
    """What one ticket brings to all of its clocks."""

    ticket: Facts
    cover: Cover
    events: list[Event]
    now: int
    opened: int
    cited: Mapping[str, Any]
    done: dict[str, Course]
    fields: dict[str, int | None]
    ties: bool
    plain: bool


def _clocks(ticket: Facts, events: list[Event], desk: Lookup, now: int, cited: Mapping[str, Any]) -> list[ClockStatus]:
    opened = instant_of(ticket.data.get("reported_at"))
    fields: dict[str, int | None] = {} if opened is None else {"reported_at": opened}
    if opened is None:
        opened = events[0].at if events else None
    if opened is None:
        return []
    cover = cover_of(ticket, desk, events, opened)
    plain = not any(event.name in UNSETTLING for event in events)
    case = _Case(ticket, cover, events, now, opened, cited, {}, fields, has_ties(events), plain)
    if len(cover.values) == 1 and not cited:
        targets = cover.chosen()
        return [_status(case, t, now, opened) for t in targets if _concerns(case, t)]
    return [status for name in cover.names(cited) if (status := _clock(case, name)) is not None]


def _concerns(case: _Case, target: Target) -> bool:
    """Whether a clock has anything to do with a ticket: a team's, or a supplier's, when they ever had it."""
    if target.supplier:
        return bool(_waits(case, target))
    return not target.team or bool(stints_of(target.team, case.ticket, case.events, case.now))


def _waits(case: _Case, target: Target) -> list[Wait]:
    waits = waits_of(case.ticket, case.events, case.cover.desk, case.now)
    return [wait for wait in waits if wait.supplier == target.supplier]


def _clock(case: _Case, name: str) -> ClockStatus | None:
    """Return the clock of a name, through every change of grade; None when no target of it applies."""
    earlier: list[ClockStatus] = []
    phases = _phases(case, name)
    since = case.opened
    for place, (begins, target) in enumerate(phases):
        if begins > case.now and place:
            break
        last = place + 1 == len(phases) or phases[place + 1][0] > case.now
        if target is None or not _concerns(case, target):
            continue
        since = begins if place else case.opened
        if not last and not _is_settled(case, target, phases[place + 1][0]):
            earlier.append(_status(case, target, phases[place + 1][0], case.opened).replaced())
            continue
        status = _status(case, target, case.now, since)
        status.earlier = tuple(earlier)
        return status
    if earlier:
        earlier[-1].earlier = tuple(earlier[:-1])
        return earlier[-1]
    return None


def _phases(case: _Case, name: str) -> list[tuple[int, Target | None]]:
    """Return from when on which target of a name applied: at notice, then after each change that moved it."""
    found: list[tuple[int, Target | None]] = []
    targets = case.cover.targets(name, case.cited)
    for begins, values in case.cover.values:
        chosen = next((target for target in targets if matches(target, values)), None)
        if not found or chosen != found[-1][1]:
            found.append((begins, chosen))
    return found


def _is_settled(case: _Case, target: Target, at: int) -> bool:
    """Whether a clock was met or missed before its target changed at `at`, and has stayed so since."""
    if _status(case, target, at, case.opened).state not in ("met", "missed"):
        return False
    return _status(case, target, case.now, case.opened).state in ("met", "missed")


def _status(case: _Case, target: Target, now: int, since: int) -> ClockStatus:
    """Return how one target's clock stands at `now`; it applies since `since`."""
    if target.window:
        return _windowed(case, target, now)
    if target.supplier:
        return _supplied(case, target, now)
    away: tuple[Stretch, ...] = ()
    if target.team:
        stints = stints_of(target.team, case.ticket, case.events, now)
        away = away_between(stints)
        opening = Opening(stints[0][0], None, False, True) if stints else None
        ends = True
    else:
        opening = opening_of(target, case.ticket, case.events, now, case.done, case.fields)
        ends = opening is not None and not opening.by_event
    cycles = () if case.plain else _cycles_before(case, target, opening, now, since)
    if opening is None:
        return ClockStatus(target, cycles=cycles)
    try:
        hours = case.cover.hours(target, opening.at, _hours_cited(case, target), case.now)
    except HoursError:
        hours = None
    if hours is None:
        return ClockStatus(target, trouble="no-hours")
    amount, trouble = case.cover.amount(target, opening.at)
    if amount is None:
        return ClockStatus(target, trouble=trouble)
    known = cycle_of(case.events, opening)
    course = run_clock(
        target, amount, hours, opening.at, known, now,
        early=opening.early, ends=ends, ties=case.ties, plain=case.plain, away=away,
    )  # fmt: skip
    if not case.plain:
        course, missing = extended(course, target, hours, known, now)
        trouble = trouble or missing
    case.done[target.name] = course
    return ClockStatus(target, Reckoning(course, hours.zone, hours, amount, known, now, since), trouble, cycles=cycles)


def _hours_cited(case: _Case, target: Target) -> str:
    """Return the version of support hours that a written outcome of the clock names, or ""."""
    cited = case.cited.get(target.name)
    return str(cited.get("hours") or "") if isinstance(cited, dict) else ""


def _supplied(case: _Case, target: Target, now: int) -> ClockStatus:
    """Return a supplier's clock: each wait is a cycle of its own, which ends at the latest with the wait.

    The ticket's pause does not stop it, for that is when the supplier has to act.
    """
    found: list[ClockStatus] = []
    for wait in (wait for wait in _waits(case, target) if wait.start <= now):
        try:
            hours = case.cover.hours(target, wait.start, _hours_cited(case, target), case.now)
        except HoursError:
            hours = None
        amount, trouble = case.cover.amount(target, wait.start)
        if hours is None or amount is None:
            found.append(ClockStatus(target, trouble=trouble if hours else "no-hours"))
            continue
        ends = target._replace(stop=target.stop | {"resumed"})
        seen = events_in(wait, case.events)
        course = run_clock(ends, amount, hours, wait.start, seen, now, early=False, ends=False, ties=False, plain=True)
        found.append(ClockStatus(target, Reckoning(course, hours.zone, hours, amount, seen, now, wait.start), trouble))
    last = found.pop() if found else ClockStatus(target)
    last.cycles = tuple(found)
    return last


def _cycles_before(
    case: _Case, target: Target, opening: Opening | None, now: int, since: int
) -> tuple[ClockStatus, ...]:
    """Return how a clock that starts again with each reopening had ended in the cycles before, oldest first.

    Starting again undoes no breach, so what a cycle came to stays in sight. Source: sla.md, point 2.
    """
    if target.team or (opening is not None and opening.since is None):
        return ()
    reopened = max((event.at for event in case.events if event.name == "reopened" and event.at <= now), default=None)
    if reopened is None:
        return ()
    before = _status(case._replace(done=dict(case.done)), target, reopened - 1, since)
    if before.started_at is None:
        return before.cycles
    return (*before.cycles, before)


def _windowed(case: _Case, target: Target, now: int) -> ClockStatus:
    """Return a clock that counts backwards from a planned time, in calendar days of the site's zone."""
    planned = instant_of(case.ticket.data.get(target.start))
    zone = case.cover.zone(target)
    if planned is None or zone is None:
        return ClockStatus(target)
    window = window_of(target, planned, case.events[0].at if case.events else now, zone, case.events, now)
    if window is None:
        return ClockStatus(target, trouble="no-within")
    end = max(window.stopped or min(now, window.closes), window.opens)
    left = window.closes - now if window.state == "running" else None
    course = Course(window.state, window.opens, window.closes, window.stopped, None, end, (), left)
    return ClockStatus(target, Reckoning(course, zone, None, Within(), (), now, now, True), window.trouble)


def worst(statuses: Sequence[ClockStatus]) -> ClockStatus | None:
    """Return the clock to look at first: the missed one that has not stopped, else the one due soonest."""
    live = [status for status in statuses if status.remaining is not None]
    return min(live, key=lambda status: status.remaining or timedelta(), default=None)


def absence_of(ticket: Facts, desk: Lookup) -> str:
    """Return why a ticket has no clocks: `no-start`, `no-agreement`, `not-in-force`, `no-target`; "" when it has some.

    no-start: neither notice nor any event has an instant. not-in-force: no version of its agreements was in
    force at the notice. no-target: they promise nothing for such a ticket.
    """
    events = events_of(ticket.timeline)
    opened = instant_of(ticket.data.get("reported_at"))
    if opened is None and not events:
        return "no-start"
    opened = events[0].at if opened is None else opened
    cover = cover_of(ticket, desk, events, opened)
    if not cover.books:
        return "no-agreement"
    if not cover.names({}):
        return "not-in-force"
    last = max(opened, events[-1].at if events else opened)
    return "" if _clocks(ticket, events, desk, last, {}) else "no-target"
