"""One clock over one ticket's events: running, paused, met, missed or cancelled, and the stretches that say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from servicebook.sla.instants import to_micros
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import Target
from servicebook.sla.within import Within
from servicebook.sla.working_time import Cut, due_after, due_in_days, merged_cuts, worked


class Event(NamedTuple):
    """An event of a timeline, its instants in microseconds."""

    at: int
    name: str
    reason: str
    until: int | None
    entry: dict[str, Any]


class Stretch(NamedTuple):
    """A stretch that does not count: `paused` with its reason, or `resolved` while wrongly thought done.

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
    stopped: the stop that holds; first_stopped: the first one, before any reopening. cut: the stretches
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
    worked: int
    left: int | None
    original: int | None = None


ENDS_PAUSE = frozenset({"resumed", "acknowledged", "resolved", "reopened", "closed", "cancelled", "rejected"})
"""Events that lead out of on_hold (workflow/lifecycles.py), and so end a pause."""

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
    found = []
    for entry in timeline:
        at = instant_of(entry.get("at")) if isinstance(entry, dict) else None
        if at is not None:
            until = instant_of(entry["until"]) if "until" in entry else None
            found.append(Event(at, entry.get("event", ""), entry.get("reason", ""), until, entry))
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
) -> Course:
    """Return how a clock that started at `start` stands at `now`.

    amount: the target, travel and distance class already worked in. hours: for working days, those of the
    working calendar. early: a stop before the start counts (work done before the notice, a part shipped
    before its mark). ends: closing the ticket ends the clock. ties: events of one instant may be among them.
    Later events than `now` are not known yet.
    """
    track = _Track(target, start, early, ends)
    for event in _in_order(events, target) if ties else events:
        if event.at > now:
            break
        track.take(event)
        if track.cancelled is not None:
            break
    track.settle(now)
    end = track.stopped if track.stopped is not None else track.cancelled if track.cancelled is not None else now
    cuts = merged_cuts((cut.start, cut.end) for cut in track.cuts)
    due = due_of(target, amount, hours, start, cuts)
    missed = due is not None and end > due
    if missed:
        state = "missed"
    elif track.stopped is not None:
        state = "met"
    elif track.cancelled is not None:
        state = "cancelled"
    else:
        state = "paused" if track.paused is not None else "running"
    done = worked(hours, start, end, cuts) if end > start else 0
    live = track.stopped is None and track.cancelled is None
    left = _left(target, amount, hours, start, cuts, now, done) if live else None
    stopped = track.stopped
    return Course(state, start, due, stopped, track.first_stopped, end, tuple(track.cuts), done, left)


def due_of(target: Target, amount: Within, hours: SupportHours, start: int, cuts: Sequence[Cut]) -> int | None:
    """Return when a target is due; None while a pause that lasts stands before it."""
    if amount.days is None:
        return due_after(hours, start, amount.time, cuts)
    return due_in_days(hours, start, amount.days, target.due, target.counting, cuts)


def _left(
    target: Target, amount: Within, hours: SupportHours, start: int, cuts: Sequence[Cut], now: int, done: int
) -> int | None:
    if amount.days is None:
        return amount.time - done
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
    return any(earlier.at == later.at for earlier, later in pairwise(events))


class _Track:
    """What the events so far have made of a clock."""

    __slots__ = (
        "cancelled", "cuts", "early", "ends", "first_stopped", "paused", "start", "stop_name", "stopped", "target",
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
