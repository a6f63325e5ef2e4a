"""A clock as an outer audience may read it: how it stands, without whom it calls or what it rests on in secret."""

from __future__ import annotations

from collections.abc import Callable

from servicebook.sla.status import ClockStatus

IsShown = Callable[[str, str], bool]
"""Whether the record of a kind with this slug may be seen."""


class ShownClock(ClockStatus):
    """A clock without its steps of escalation; agreement and hours are cited only where they may be seen."""

    __slots__ = ("_is_shown",)

    def __init__(self, clock: ClockStatus, is_shown: IsShown) -> None:
        agreement = clock.agreement if is_shown("agreement", clock.agreement.partition("@")[0]) else ""
        target = clock.target._replace(steps=(), team="", agreement=agreement)
        earlier = tuple(ShownClock(one, is_shown) for one in clock.earlier)
        cycles = tuple(ShownClock(one, is_shown) for one in clock.cycles)
        super().__init__(target, clock._reckoning, clock.trouble, earlier, cycles)
        self.state = clock.state
        self._is_shown = is_shown

    @property
    def hours(self) -> str:
        """The support hours' version it keeps, where the audience may see it."""
        cited = super().hours
        return cited if self._is_shown("support_hours", cited.partition("@")[0]) else ""
