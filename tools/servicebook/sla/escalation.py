"""When the steps of escalation of one clock fall, whom the ladder behind them calls, and which boundary comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from servicebook.sla.clock import Course, Event
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import AgreedStep
from servicebook.sla.within import Within, parse_length
from servicebook.sla.working_time import due_after, merged_cuts, worked
from servicebook.typed import NamedTuple


class StepMark(NamedTuple):
    """A step of escalation: when it falls (None while paused), and what was agreed."""

    at: int | None
    agreed: AgreedStep

    @property
    def step(self) -> str:
        """Its text in the agreement, such as 50%."""
        return self.agreed.at

    @property
    def tell(self) -> tuple[str, ...]:
        """Whom it tells."""
        return self.agreed.tell


class Call(NamedTuple):
    """One call of the ladder behind a step: when (wall clock), whom, in which round from 1 up."""

    at: int
    person: str
    round: int


ANSWERS = frozenset({"acknowledged", "resolved", "closed", "cancelled", "rejected"})
"""Events that end a ladder: somebody took the ticket, or it needs nobody any more."""


def step_marks(
    steps: Sequence[AgreedStep], course: Course, amount: Within, hours: SupportHours
) -> tuple[StepMark, ...]:
    """Return when each step falls: a share of the target in working time, or an offset from the due time.

    A step counts the same cuts as the target, so a pause moves it too. Source: sla.md, point 13.
    """
    cuts = merged_cuts((cut.start, cut.end) for cut in course.cuts)
    marks = []
    for agreed in steps:
        share = _share_of(agreed.at)
        offset = parse_length(agreed.at) if share is None else None
        at = None
        if share == 100:
            at = course.due
        elif share is not None:
            whole = _whole(course, amount, hours)
            at = None if whole is None else due_after(hours, course.start, whole * share // 100, cuts)
        elif offset is not None and course.due is not None:
            at = due_after(hours, course.due, offset, cuts) if offset else course.due
        marks.append(StepMark(at, agreed))
    return tuple(marks)


def _share_of(text: str) -> int | None:
    """Return the number of `50%`, of six digits at most; None for what is no share."""
    digits = text.removesuffix("%")
    return int(digits) if len(digits) < min(len(text), 7) and digits.isdecimal() else None


def calls_of(mark: StepMark, clock: str, events: Sequence[Event], now: int) -> tuple[Call, ...]:
    """Return the calls of a fired step's ladder up to `now`: one person after another until somebody answers.

    The ladder runs on the wall clock, so it calls at night too, and pauses do not hold it up. It begins with
    those the step tells and goes round `rounds` times. An answer is an acknowledgement, the end of the ticket,
    or an `escalated` event that names this clock in `step`, or none. Source: sla.md, point 13.
    """
    if mark.at is None or mark.at > now or not mark.agreed.then:
        return ()
    answered = min(
        (event.at for event in events if mark.at <= event.at <= now and _answers(event, clock)), default=None
    )
    people = (", ".join(mark.tell), *mark.agreed.then)
    found = []
    for number in range(mark.agreed.rounds * len(people)):
        at = mark.at + number * mark.agreed.every
        if at > now or (answered is not None and at > answered):
            break
        found.append(Call(at, people[number % len(people)], number // len(people) + 1))
    return tuple(found)


def _answers(event: Event, clock: str) -> bool:
    if event.name == "escalated":
        named = str(event.entry.get("step") or "").split()
        return not named or named[0] == clock
    return event.name in ANSWERS


def _whole(course: Course, amount: Within, hours: SupportHours) -> int | None:
    """Return the working time a target allows in all; for working days, up to the due time."""
    if amount.days is None:
        return amount.time
    if course.due is None:
        return None
    return worked(hours, course.start, course.due, merged_cuts((cut.start, cut.end) for cut in course.cuts))


def next_boundary(now: int, course: Course, marks: Iterable[StepMark]) -> int | None:
    """Return the next instant at which this clock's standing changes by itself, or None."""
    instants = [course.due, *(mark.at for mark in marks), *(cut.end for cut in course.cuts)]
    return min((at for at in instants if at is not None and at > now), default=None)
