"""How one clock stands, in words that people and programs read; what nobody asks for is not worked out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from servicebook.sla.clock import Course, Event
from servicebook.sla.escalation import Call, StepMark, calls_of, next_boundary, step_marks
from servicebook.sla.instants import instant_in, length_of
from servicebook.sla.segments import Segment, Segments
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import Target
from servicebook.sla.within import Within
from servicebook.sla.working_time import merged_cuts, worked
from servicebook.typed import Any, NamedTuple


class Step(NamedTuple):
    """A step of escalation: when it falls (None while paused), its text, whom it tells, whether it came late.

    retroactive: it had passed already when a change of grade brought this target. calls: whom the ladder
    behind it called until somebody answered, (instant, person, round), on the wall clock.
    """

    at: datetime | None
    step: str
    tell: tuple[str, ...]
    retroactive: bool = False
    calls: tuple[tuple[datetime, str, int], ...] = ()


class Reckoning(NamedTuple):
    """What a clock that started was worked out from: asked again for everything that few readers ask for.

    since: from when on its target applied. window: it counts backwards, in calendar days.
    """

    course: Course
    zone: ZoneInfo
    hours: SupportHours | None
    amount: Within
    events: Sequence[Event]
    now: int
    since: int
    window: bool = False


class ClockStatus:
    """How one clock of a ticket stands; instants are in the zone of its support hours.

    state: not-started, running, paused, met, missed or cancelled; `missed` holds whether or not it stopped.
    promise: contract or internal. agreement: the version it keeps, as cited. trouble: why it cannot be
    computed or is only an estimate (`no-hours`, `no-within`, `no-travel`, `extension-without-evidence`,
    `too-early`, `short-notice`), or "". earlier: the clocks a change of grade replaced. cycles: for a clock
    that starts again with each reopening, how it ended in the cycles before.
    """

    __slots__ = ("_reckoning", "_segments", "cycles", "earlier", "state", "target", "trouble")

    def __init__(
        self,
        target: Target,
        reckoning: Reckoning | None = None,
        trouble: str = "",
        earlier: tuple[ClockStatus, ...] = (),
        cycles: tuple[ClockStatus, ...] = (),
    ) -> None:
        self.target = target
        self._reckoning = reckoning
        self.state = reckoning.course.state if reckoning is not None else "not-started"
        self.trouble = trouble
        self.earlier = earlier
        self.cycles = cycles
        self._segments: Segments | None = None

    def replaced(self) -> ClockStatus:
        """Return this clock cancelled, because another target took its place; one not started stays so."""
        found = self._reckoning
        if found is None:
            return self
        course = found.course._replace(state="cancelled", left=None)
        return ClockStatus(self.target, found._replace(course=course), self.trouble, self.earlier, self.cycles)

    @property
    def name(self) -> str:
        """The clock's name in the agreement."""
        return self.target.name

    @property
    def promise(self) -> str:
        """Who promises it: `contract`, or `internal`, which is never a breach of contract."""
        return self.target.promise

    @property
    def clause(self) -> str:
        """The clause that promises it."""
        return self.target.clause

    @property
    def agreement(self) -> str:
        """The agreement's version it keeps, as cited: gold@2026-01-01."""
        return self.target.agreement

    @property
    def hours(self) -> str:
        """The support hours' version it keeps, as cited; "" for a backward clock."""
        found = self._reckoning
        return found.hours.citation if found is not None and found.hours is not None else ""

    @property
    def course(self) -> Course | None:
        """How it ran, in microseconds, for those who show thousands; None when nothing started it."""
        return None if self._reckoning is None else self._reckoning.course

    @property
    def started_at(self) -> datetime | None:
        """When it started; None when nothing started it."""
        return None if self._reckoning is None else self._at(self._reckoning.course.start)

    @property
    def due_at(self) -> datetime | None:
        """When it is due; None while paused."""
        return None if self._reckoning is None else self._at(self._reckoning.course.due)

    @property
    def stopped_at(self) -> datetime | None:
        """The stop that holds."""
        return None if self._reckoning is None else self._at(self._reckoning.course.stopped)

    @property
    def first_stopped_at(self) -> datetime | None:
        """The first stop, before a reopening."""
        return None if self._reckoning is None else self._at(self._reckoning.course.first_stopped)

    @property
    def original_due_at(self) -> datetime | None:
        """The due time before an extension; None without one."""
        return None if self._reckoning is None else self._at(self._reckoning.course.original)

    @property
    def remaining(self) -> timedelta | None:
        """Working time left (for working days: up to the due time), below zero when overdue; None once it stopped."""
        left = self._reckoning.course.left if self._reckoning is not None else None
        return None if left is None else length_of(left)

    @property
    def elapsed(self) -> timedelta:
        """Wall-clock time from start to stop or now."""
        if self._reckoning is None:
            return timedelta()
        course = self._reckoning.course
        return length_of(max(course.end - course.start, 0))

    @property
    def worked(self) -> timedelta:
        """Working time from start to stop or now, pauses cut out."""
        found = self._reckoning
        if found is None or found.hours is None or found.course.end <= found.course.start:
            return timedelta()
        course = found.course
        cuts = merged_cuts((cut.start, cut.end) for cut in course.cuts) if course.cuts else ()
        return length_of(worked(found.hours, course.start, course.end, cuts))

    @property
    def segments(self) -> Sequence[Segment]:
        """The stretches it is made of: they add up to `elapsed` and `worked`."""
        found = self._reckoning
        if found is None or found.hours is None:
            return ()
        if self._segments is None:
            self._segments = Segments(found.course, found.hours)
        return self._segments

    @property
    def reason(self) -> str:
        """The reason of the pause that lasts, or ""."""
        found = self._reckoning
        if found is None or found.course.left is None:
            return ""
        return next((cut.reason for cut in found.course.cuts if cut.end is None and cut.kind == "paused"), "")

    @property
    def next_boundary_at(self) -> datetime | None:
        """The next instant at which it changes by itself."""
        found = self._reckoning
        if found is None:
            return None
        course, now = found.course, found.now
        if found.window:
            boundary = course.start if now < course.start else course.due
            waiting = course.state in ("not-started", "running") and boundary is not None and boundary > now
            return self._at(boundary) if waiting else None
        if course.left is None:
            return None
        pause = next((cut for cut in course.cuts if cut.kind == "paused" and cut.end is None), None)
        if pause is not None and pause.until is not None:
            return self._at(pause.until)
        return self._at(next_boundary(now, course, self._marks()))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of escalation of a clock that has not stopped."""
        found = self._reckoning
        if found is None:
            return ()
        return tuple(
            Step(
                self._at(mark.at),
                mark.step,
                mark.tell,
                mark.at is not None and mark.at < found.since,
                tuple((instant_in(call.at, found.zone), call.person, call.round) for call in self._calls(mark)),
            )
            for mark in self._marks()
        )

    @property
    def unlisted_years(self) -> tuple[int, ...]:
        """The years it runs into whose holidays nobody has published."""
        found = self._reckoning
        if found is None or found.hours is None or not found.hours.listed:
            return ()
        course = found.course
        return found.hours.unlisted_years(course.start, max(course.due or course.end, course.end))

    def _at(self, micros: int | None) -> datetime | None:
        found = self._reckoning
        return None if micros is None or found is None else instant_in(micros, found.zone)

    def _marks(self) -> tuple[StepMark, ...]:
        found = self._reckoning
        if found is None or found.hours is None or found.course.left is None:
            return ()
        return step_marks(self.target.steps, found.course, found.amount, found.hours)

    def _calls(self, mark: StepMark) -> tuple[Call, ...]:
        found = self._reckoning
        return () if found is None else calls_of(mark, self.target.name, found.events, found.now)

    def _key(self) -> tuple[Any, ...]:
        return (
            self.name, self.state, self.promise, self.clause, self.started_at, self.due_at, self.stopped_at,
            self.remaining, self.elapsed, self.worked, self.agreement, self.hours, tuple(self.segments),
            self.next_boundary_at, self.reason, self.steps, self.first_stopped_at, self.original_due_at,
            self.earlier, self.cycles, self.unlisted_years, self.trouble,
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClockStatus) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.name, self.agreement, self.started_at))

    def __repr__(self) -> str:
        return f"ClockStatus({self.name} {self.state}, due {self.due_at}, stopped {self.stopped_at}, {self.agreement})"
