"""A clock as an outer audience may read it: how it stands, without whom it calls or what it rests on in secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from servicebook.records.timeline import PauseReason
from servicebook.sla.clock import Course, Stretch
from servicebook.sla.status import ClockStatus

IsShown = Callable[[str, str], bool]
"""Whether the record of a kind with this slug may be seen."""

PAUSE_REASONS = frozenset(get_args(PauseReason))
"""The reasons that agreements know; one in words of somebody's own is for the house."""


class ShownClock(ClockStatus):
    """A clock without its steps of escalation and its events; what it rests on is cited where it may be seen."""

    __slots__ = ("_hours",)

    def __init__(self, clock: ClockStatus, is_shown: IsShown) -> None:
        agreement = _cited("agreement", clock.agreement, is_shown)
        target = clock.target._replace(steps=(), team="", supplier="", agreement=agreement)
        reckoning = clock._reckoning
        if reckoning is not None:
            reckoning = reckoning._replace(course=_course(reckoning.course), events=())
        earlier = tuple(ShownClock(one, is_shown) for one in clock.earlier)
        cycles = tuple(ShownClock(one, is_shown) for one in clock.cycles)
        super().__init__(target, reckoning, clock.trouble, earlier, cycles)
        self._hours = _cited("support_hours", clock.hours, is_shown)

    @property
    def hours(self) -> str:
        """The support hours' version it keeps, where the audience may see it."""
        return self._hours


def _cited(kind: str, citation: str, is_shown: IsShown) -> str:
    return citation if is_shown(kind, citation.partition("@")[0]) else ""


def _course(course: Course) -> Course:
    return course._replace(cuts=tuple(_cut(cut) for cut in course.cuts))


def _cut(cut: Stretch) -> Stretch:
    return cut if cut.reason in PAUSE_REASONS else cut._replace(reason="")
