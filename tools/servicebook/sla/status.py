"""How the clocks of a ticket stand: every promise that applies to it, computed from its facts at an instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from servicebook.records.facts import Facts
from servicebook.sla.clock import Course, Event, events_of, has_ties, instant_of, run_clock
from servicebook.sla.entitlement import Cover, cover_of
from servicebook.sla.escalation import next_boundary, step_marks
from servicebook.sla.extensions import extended
from servicebook.sla.hours_form import HoursError
from servicebook.sla.instants import instant_in, length_of, to_micros
from servicebook.sla.segments import Segment, Segments
from servicebook.sla.starts import cycle_of, opening_of
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import Lookup, Target, matches
from servicebook.sla.windows import window_of
from servicebook.sla.within import Within


class Step(NamedTuple):
    """A step of escalation: when it falls (None while paused), its text, whom it tells, whether it came late.

    retroactive: it had passed already when a change of grade brought this target.
    """

    at: datetime | None
    step: str
    tell: tuple[str, ...]
    retroactive: bool = False


class ClockStatus(NamedTuple):
    """How one clock of a ticket stands; instants are in the zone of its support hours.

    state: not-started, running, paused, met, missed or cancelled; `missed` holds whether or not it stopped.
    promise: contract or internal. started_at: None when nothing started it. due_at: None while paused.
    stopped_at: the stop that holds; first_stopped_at: the first one, before a reopening.
    remaining: working time left (for working days: up to the due time), below zero when overdue, None
    once it stopped. elapsed: wall-clock time from start to stop or now; worked: working time of it.
    agreement, hours: the versions it keeps, as cited. segments: add up to `elapsed` and `worked`.
    next_boundary_at: the next instant at which it changes by itself. reason: of the pause that lasts.
    original_due_at: the due time before an extension, else None. earlier: the clocks a change of grade or
    a reopening replaced. unlisted_years: years it runs into whose holidays nobody has published.
    trouble: why it cannot be computed or is only an estimate (`no-hours`, `no-within`, `no-travel`,
    `extension-without-evidence`, `too-early`, `short-notice`), or "".
    """

    name: str
    state: str
    promise: str = "contract"
    clause: str = ""
    started_at: datetime | None = None
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    remaining: timedelta | None = None
    elapsed: timedelta = timedelta()
    worked: timedelta = timedelta()
    agreement: str = ""
    hours: str = ""
    segments: Sequence[Segment] = ()
    next_boundary_at: datetime | None = None
    reason: str = ""
    steps: tuple[Step, ...] = ()
    first_stopped_at: datetime | None = None
    original_due_at: datetime | None = None
    earlier: tuple[ClockStatus, ...] = ()
    unlisted_years: tuple[int, ...] = ()
    trouble: str = ""


def clocks_of(ticket: Facts, desk: Lookup, now: datetime) -> list[ClockStatus]:
    """Return every clock that the ticket's agreements promise, as it stands at `now`, in their order.

    Events later than `now` are not known yet. A ticket without an agreement has no clocks. Nothing in the
    records makes this raise: what cannot be computed is `not-started` with its `trouble`.
    """
    return _clocks(ticket, desk, to_micros(now), {})


def closing_block(ticket: Facts, desk: Lookup) -> dict[str, dict[str, str]]:
    """Return the `sla:` block written once at closing: by clock {due_at, stopped_at, outcome, agreement, hours}.

    Judged at the instant of closing, or else of the last event. Clocks still running then (such as a report
    due after closing) and clocks that never started are left out. Where the ticket has a block already, the
    versions it cites are used: a closed outcome does not move.
    """
    events = events_of(ticket.timeline)
    if not events:
        return {}
    closed = [event.at for event in events if event.name == "closed"]
    written = ticket.data.get("sla")
    cited = written if isinstance(written, dict) else {}
    block = {}
    for status in _clocks(ticket, desk, closed[-1] if closed else events[-1].at, cited):
        if status.state in ("met", "missed", "cancelled"):
            block[status.name] = _outcome(status)
    return block


def _outcome(status: ClockStatus) -> dict[str, str]:
    outcome = {}
    if status.due_at is not None:
        outcome["due_at"] = _shown(status.due_at)
    if status.stopped_at is not None:
        outcome["stopped_at"] = _shown(status.stopped_at)
    outcome["outcome"] = status.state
    outcome["agreement"] = status.agreement
    if status.hours:
        outcome["hours"] = status.hours
    return outcome


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
    ties: bool


def _clocks(ticket: Facts, desk: Lookup, now: int, cited: Mapping[str, Any]) -> list[ClockStatus]:
    events = events_of(ticket.timeline)
    opened = instant_of(ticket.data.get("reported_at"))
    if opened is None:
        opened = events[0].at if events else None
    if opened is None:
        return []
    cover = cover_of(ticket, desk, events, opened)
    case = _Case(ticket, cover, events, now, opened, cited, {}, has_ties(events))
    return [status for name in cover.names() if (status := _clock(case, name)) is not None]


def _clock(case: _Case, name: str) -> ClockStatus | None:
    """Return the clock of a name, through every change of grade; None when no target of it applies."""
    earlier: list[ClockStatus] = []
    phases = _phases(case, name)
    since = case.opened
    for place, (begins, target) in enumerate(phases):
        if begins > case.now and place:
            break
        last = place + 1 == len(phases) or phases[place + 1][0] > case.now
        if target is None:
            continue
        since = begins if place else case.opened
        if not last and not _is_settled(case, target, phases[place + 1][0]):
            earlier.append(_replaced(case, target, phases[place + 1][0]))
            continue
        status = _status(case, target, case.now, since)
        return status._replace(earlier=tuple(earlier)) if earlier else status
    if earlier:
        return earlier[-1]._replace(earlier=tuple(earlier[:-1]))
    return None


def _phases(case: _Case, name: str) -> list[tuple[int, Target | None]]:
    """Return from when on which target of a name applied: at notice, then after each change that moved it."""
    found: list[tuple[int, Target | None]] = []
    for begins, values in case.cover.values:
        chosen = next(
            (target for target in case.cover.targets(name, case.cited) if matches(target, values)),
            None,
        )
        if not found or chosen != found[-1][1]:
            found.append((begins, chosen))
    return found


def _is_settled(case: _Case, target: Target, at: int) -> bool:
    """Whether a clock was met or missed before its target changed at `at`, and has stayed so since."""
    if _status(case, target, at, case.opened).state not in ("met", "missed"):
        return False
    return _status(case, target, case.now, case.opened).state in ("met", "missed")


def _replaced(case: _Case, target: Target, at: int) -> ClockStatus:
    status = _status(case, target, at, case.opened)
    return status._replace(state="cancelled", remaining=None) if status.state != "not-started" else status


def _status(case: _Case, target: Target, now: int, since: int) -> ClockStatus:
    """Return how one target's clock stands at `now`; it applies since `since`."""
    opening = opening_of(target, case.ticket, case.events, now, case.done)
    bare = ClockStatus(target.name, "not-started", target.promise, target.clause, agreement=target.agreement)
    if target.window:
        return _windowed(case, target, bare, now)
    if opening is None:
        return bare
    cited = case.cited.get(target.name)
    wanted = str(cited.get("hours") or "") if isinstance(cited, dict) else ""
    try:
        hours = case.cover.hours(target, opening.at, wanted)
    except HoursError:
        hours = None
    if hours is None:
        return bare._replace(trouble="no-hours")
    amount, trouble = case.cover.amount(target)
    if amount is None:
        return bare._replace(trouble=trouble)
    known = cycle_of(case.events, opening)
    flags = {"early": opening.early, "ends": not opening.by_event, "ties": case.ties}
    course = run_clock(target, amount, hours, opening.at, known, now, **flags)
    course, missing = extended(course, target, hours, known, now)
    case.done[target.name] = course
    return _told(target, course, amount, hours, now, since, trouble or missing)


def _windowed(case: _Case, target: Target, bare: ClockStatus, now: int) -> ClockStatus:
    """Return a clock that counts backwards from a planned time, in calendar days of the site's zone."""
    planned = instant_of(case.ticket.data.get(target.start))
    zone = case.cover.zone(target)
    if planned is None or zone is None:
        return bare
    window = window_of(target, planned, case.events[0].at if case.events else now, zone, case.events, now)
    if window is None:
        return bare._replace(trouble="no-within")
    stopped = None if window.stopped is None else instant_in(window.stopped, zone)
    boundary = window.opens if now < window.opens else window.closes
    waiting = window.state in ("not-started", "running")
    return bare._replace(
        state=window.state,
        started_at=instant_in(window.opens, zone),
        due_at=instant_in(window.closes, zone),
        stopped_at=stopped,
        remaining=length_of(window.closes - now) if window.state == "running" else None,
        elapsed=length_of(max((window.stopped or min(now, window.closes)) - window.opens, 0)),
        next_boundary_at=instant_in(boundary, zone) if waiting and boundary > now else None,
        trouble=window.trouble,
    )


def _told(
    target: Target, course: Course, amount: Within, hours: SupportHours, now: int, since: int, trouble: str
) -> ClockStatus:
    zone = hours.zone

    def at(micros: int | None) -> datetime | None:
        return None if micros is None else instant_in(micros, zone)

    live = course.left is not None
    marks = step_marks(target.steps, course, amount, hours) if live else ()
    pause = next((cut for cut in course.cuts if cut.kind == "paused" and cut.end is None), None)
    boundary = next_boundary(now, course, marks) if live else None
    if live and pause is not None and pause.until is not None:
        boundary = pause.until
    reach = max(course.due or course.end, course.end)
    return ClockStatus(
        target.name,
        course.state,
        target.promise,
        target.clause,
        at(course.start),
        at(course.due),
        at(course.stopped),
        None if course.left is None else length_of(course.left),
        length_of(max(course.end - course.start, 0)),
        length_of(course.worked),
        target.agreement,
        hours.citation,
        Segments(course, hours),
        at(boundary),
        pause.reason if pause is not None and live else "",
        tuple(Step(at(m.at), m.step, m.tell, m.at is not None and m.at < since) for m in marks),
        at(course.first_stopped),
        at(course.original),
        unlisted_years=hours.unlisted_years(course.start, reach) if hours.listed else (),
        trouble=trouble,
    )


def worst(statuses: Sequence[ClockStatus]) -> ClockStatus | None:
    """Return the clock to look at first: the missed one that has not stopped, else the one due soonest."""
    live = [status for status in statuses if status.remaining is not None]
    return min(live, key=lambda status: status.remaining or timedelta(), default=None)
