"""One clock over one ticket's events: running, paused, met, missed or cancelled, and the stretches that say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from servicebook.sla.instants import EPOCH, SECOND, to_micros
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import Target
from servicebook.sla.within import Within
from servicebook.sla.working_time import Cut, due_after, due_in_days, merged_cuts, worked
from servicebook.typed import Any, NamedTuple


class Event(NamedTuple):
    """An event of a timeline, its instants in microseconds."""

    at: int
    name: str
    reason: str
    until: int | None
    entry: dict[str, Any]


class Stretch(NamedTuple):
    """A stretch that does not count: `paused` with its reason, `resolved` while wrongly thought done, `elsewhere`.

    until: when a pause that lasts was agreed to end.
    """

    start: int
    end: int | None
    kind: str
    reason: str
    until: int | None = None


class Course(NamedTuple):
    """How one clock ran, in microseconds.

    state: running, paused, met, missed or cancelled. end: where it stopped, was cancelled, or `now`.
    stopped: the stop that holds; first_stopped: the first one, before any reopening. cuts: the stretches
    that did not count. left: working time to the target, below zero when overdue; None once it stopped.
    original: the due time before an extension.
    """

    state: str
    start: int
    due: int | None
    stopped: int | None
    first_stopped: int | None
    end: int
    cuts: tuple[Stretch, ...]
    left: int | None
    original: int | None = None


ENDS_PAUSE = frozenset({"resumed", "acknowledged", "resolved", "reopened", "closed", "cancelled", "rejected"})
"""Events that lead out of on_hold (workflow/lifecycles.py), and so end a pause."""

HEEDED = ENDS_PAUSE | {"paused"}
"""Events that may concern every clock, beside those that its agreement names."""

UNDONE_BY_REOPENING = frozenset({"resolved"})
"""Stops that a reopening takes back."""


def instant_of(value: Any) -> int | None:
    """Return an ISO 8601 text with offset in microseconds; None for anything else."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return to_micros(at) if at.tzinfo else None


def events_of(timeline: Iterable[Any]) -> list[Event]:
    """Return a timeline's events by the instant they happened; those of one instant as they were recorded."""
    found: list[Event] = []
    last, in_order = 0, True
    for entry in timeline:
        try:
            since = datetime.fromisoformat(entry["at"]) - EPOCH
        except (TypeError, ValueError, KeyError):
            continue  # no instant, or one without an offset: told by the rules
        at = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
        if at < last:
            in_order = False
        last = at
        until = instant_of(entry["until"]) if "until" in entry else None
        found.append(Event(at, entry.get("event", ""), entry.get("reason", ""), until, entry))
    if not in_order:
        found.sort(key=lambda event: event.at)
    return found


def run_clock(
    target: Target,
    amount: Within,
    hours: SupportHours,
    start: int,
    events: Sequence[Event],
    now: int,
    *,
    early: bool = True,
    ends: bool = True,
    ties: bool = True,
    plain: bool = False,
    away: Sequence[Stretch] = (),
) -> Course:
    """Return how a clock that started at `start` stands at `now`.

    amount: the target, travel and distance class already worked in. hours: for working days, those of the
    working calendar. early: a stop before the start counts (work done before the notice, a part shipped
    before its mark). ends: closing the ticket ends the clock. ties: events of one instant may be among them.
    plain: nothing was paused or reopened. away: when the ticket lay with other teams than the clock's.
    Later events than `now` are not known yet.
    """
    known = _in_order(events, target) if ties else events
    stretches: tuple[Stretch, ...] = ()
    if plain and not away:
        stopped, cancelled = _first_end(target, start, known, now, early, ends)
        first_stopped, paused = stopped, False
    else:
        track = _followed(target, start, known, now, early, ends, away)
        stopped, cancelled, first_stopped = track.stopped, track.cancelled, track.first_stopped
        stretches, paused = track.stretches(away), track.waits
    end = stopped if stopped is not None else cancelled if cancelled is not None else now
    cuts = merged_cuts((cut.start, cut.end) for cut in stretches) if stretches else ()
    due = due_of(target, amount, hours, start, cuts)
    if due is not None and end > due:
        state = "missed"
    elif stopped is not None:
        state = "met"
    elif cancelled is not None:
        state = "cancelled"
    else:
        state = "paused" if paused else "running"
    live = stopped is None and cancelled is None
    left = _left(target, amount, hours, start, cuts, now) if live else None
    return Course(state, start, due, stopped, first_stopped, end, stretches, left)


def _first_end(
    target: Target, start: int, events: Sequence[Event], now: int, early: bool, ends: bool
) -> tuple[int | None, int | None]:
    """Return the first stop and the first cancellation, one of them None, where nothing can take them back."""
    for event in events:
        at, name = event.at, event.name
        if at > now:
            break
        if name in target.stop:
            if early or at >= start:
                return at, None
        elif at >= start and (name in target.cancel or (ends and name == "closed")):
            return None, at
    return None, None


def _followed(
    target: Target,
    start: int,
    events: Sequence[Event],
    now: int,
    early: bool,
    ends: bool,
    away: Sequence[Stretch],
) -> _Track:
    """Return what all events up to `now` made of a clock.

    While other teams have the ticket no stop is the clock's own; closing it then ends the clock.
    """
    track = _Track(target, start, early, ends)
    for event in events:
        name = event.name
        if event.at > now:
            break
        if name not in HEEDED and name not in target.stop and name not in target.cancel:
            continue
        if away and name in target.stop and _lies_in(event.at, away):
            if name == "closed":
                track.cancelled = event.at
                break
            continue
        track.take(event)
        if track.cancelled is not None:
            break
    track.settle(now)
    track.waits = track.paused is not None or (track.stopped is None and _lies_in(now, away))
    return track


def _lies_in(at: int, stretches: Sequence[Stretch]) -> bool:
    return any(cut.start <= at and (cut.end is None or at < cut.end) for cut in stretches)


def due_of(target: Target, amount: Within, hours: SupportHours, start: int, cuts: Sequence[Cut]) -> int | None:
    """Return when a target is due; None while a pause that lasts stands before it."""
    if amount.days is None:
        return due_after(hours, start, amount.time, cuts)
    return due_in_days(hours, start, amount.days, target.due, target.counting, cuts)


def _left(
    target: Target, amount: Within, hours: SupportHours, start: int, cuts: Sequence[Cut], now: int
) -> int | None:
    if amount.days is None:
        return amount.time - (worked(hours, start, now, cuts) if now > start else 0)
    so_far = [(begin, now if until is None else until) for begin, until in cuts if begin < now]
    due = due_of(target, amount, hours, start, so_far)
    return None if due is None else hours.between(max(now, start), due)


def _in_order(events: Sequence[Event], target: Target) -> Sequence[Event]:
    """Return events so that at one instant a stop comes before a cancellation, and that before a pause."""

    def rank(event: Event) -> tuple[int, int]:
        return event.at, 0 if event.name in target.stop else 1 if event.name in target.cancel else 2

    return sorted(events, key=rank)


def has_ties(events: Sequence[Event]) -> bool:
    """Whether two events happened at one instant, so that each clock must put them in its own order."""
    last = None
    for event in events:
        if event.at == last:
            return True
        last = event.at
    return False


class _Track:
    """What the events so far have made of a clock."""

    __slots__ = (
        "cancelled", "cuts", "early", "ends", "first_stopped", "paused", "start", "stop_name", "stopped", "target",
        "waits",
    )  # fmt: skip

    def __init__(self, target: Target, start: int, early: bool, ends: bool) -> None:
        self.target = target
        self.start = start
        self.early = early
        self.ends = ends
        self.cuts: list[Stretch] = []
        self.paused: Event | None = None
        self.stopped: int | None = None
        self.first_stopped: int | None = None
        self.cancelled: int | None = None
        self.stop_name = ""
        self.waits = False

    def take(self, event: Event) -> None:
        """Let one event act: stop, cancel, pause, in this order."""
        name, at = event.name, event.at
        if self.stopped is not None:
            if name == "reopened" and self.stop_name in UNDONE_BY_REOPENING:
                if not self.target.counted:
                    self.cuts.append(Stretch(self.stopped, at, "resolved", ""))
                self.stopped = None
        elif name in self.target.stop:
            if at >= self.start or self.early:
                self._resume(at)
                self.stopped, self.stop_name = at, name
                self.first_stopped = at if self.first_stopped is None else self.first_stopped
        elif name in self.target.cancel or (self.ends and name == "closed"):
            if at >= self.start:
                self._resume(at)
                self.cancelled = at
        elif name == "paused":
            self._resume(at)
            self.paused = event if event.reason in self.target.pauses_on else None
        elif name in ENDS_PAUSE:
            self._resume(at)

    def stretches(self, away: Sequence[Stretch]) -> tuple[Stretch, ...]:
        """Return everything that does not count, in order."""
        return tuple(sorted([*self.cuts, *away], key=lambda cut: cut.start) if away else self.cuts)

    def settle(self, now: int) -> None:
        """Close the account at `now`: a pause that still lasts is open, unless it was agreed to end before."""
        pause = self.paused
        if pause is None:
            return
        if pause.until is not None and pause.until <= now:
            self._resume(now)
        else:
            self.cuts.append(Stretch(pause.at, None, "paused", pause.reason, pause.until))

    def _resume(self, at: int) -> None:
        pause = self.paused
        if pause is None:
            return
        end = at if pause.until is None else min(at, pause.until)
        if end > pause.at:
            self.cuts.append(Stretch(pause.at, end, "paused", pause.reason))
        self.paused = None
