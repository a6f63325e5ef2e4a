"""Clocks that count backwards: something is due so many days before a planned time, neither earlier nor later."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from servicebook.patterns import late_pattern
from servicebook.sla.clock import Event
from servicebook.sla.instants import DAY, EPOCH_ORDINAL, from_micros, instant_of_wall, stretches_of
from servicebook.sla.targets import Target
from servicebook.typed import NamedTuple


class Window(NamedTuple):
    """How a backward clock stands, in microseconds.

    state: not-started (too early), running (open), met, missed or cancelled. opens, closes: the window,
    whole calendar days. stopped: when it was done. trouble: `too-early` (done before the window opened,
    which does not count), `short-notice` (planned when the window had closed already), or "".
    """

    state: str
    opens: int
    closes: int
    stopped: int | None
    trouble: str = ""


_DAYS = late_pattern(r"(\d{1,4})(?: ?d| days?)?")


def days_of(window: Sequence[str]) -> list[int]:
    """Return the two numbers of days of a window such as [5d, 3d], the earlier day first; none when it has not two."""
    days = sorted((int(match[1]) for text in window if (match := _DAYS.fullmatch(text))), reverse=True)
    return days if len(days) == 2 == len(window) else []


def window_of(
    target: Target, planned: int, opened: int, zone: ZoneInfo, events: Sequence[Event], now: int
) -> Window | None:
    """Return how a window before a planned time stands at `now`; None when the agreement gives no two numbers.

    3 to 5 days before a visit are the three calendar days from the fifth to the third before its date, in
    the site's zone. Planning anew moves the window, because it is computed from the planned time.
    Source: sla.md, point 12.
    """
    days = days_of(target.window)
    if not days:
        return None
    date = from_micros(planned, zone).toordinal()
    opens, closes = _midnight(date - days[0], zone), _midnight(date - days[1] + 1, zone)
    known = [event for event in events if event.at <= now]
    cancelled = next((event.at for event in known if event.name in target.cancel), None)
    done = [event.at for event in known if event.name in target.stop]
    stopped = next((at for at in done if at >= opens), None)
    early = "too-early" if stopped is None and done else ""
    if stopped is not None:
        return Window("met" if stopped <= closes else "missed", opens, closes, stopped)
    if cancelled is not None and cancelled <= closes:
        return Window("cancelled", opens, closes, None, early)
    if opened >= closes:
        return Window("cancelled", opens, closes, None, "short-notice")
    if now < opens:
        return Window("not-started", opens, closes, None, early)
    return Window("running" if now <= closes else "missed", opens, closes, None, early)


def _midnight(ordinal: int, zone: ZoneInfo) -> int:
    wall = (ordinal - EPOCH_ORDINAL) * DAY
    return instant_of_wall(stretches_of(zone, from_micros(wall, zone).year), wall)
