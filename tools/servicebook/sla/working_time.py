"""When a target is due and how much time was worked, with pauses cut out while walking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from servicebook.sla.instants import DAY, EPOCH_ORDINAL, instant_in, length_of, micros_of, offset_at, to_micros
from servicebook.sla.support_hours import SupportHours
from servicebook.typed import Literal

Pause = tuple[datetime, datetime | None]
"""A pause from an instant to another; None while it lasts."""

Cut = tuple[int, int | None]
"""A pause in microseconds."""

Due = Literal["closing", "same-time"]
Counting = Literal["from-event-date", "from-next-opening"]


def add_working_time(
    hours: SupportHours, start: datetime, amount: timedelta, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """Return the instant at which `amount` of working time lies behind `start`, in the zone of the hours.

    An exact fit ends at closing time; zero gives the first working instant at or after `start`; a negative
    amount counts back. Pauses may overlap and lie anywhere. None when that instant never comes: the hours
    end first, or a pause still lasts.
    """
    due = due_after(hours, to_micros(start), micros_of(amount), cuts_of(pauses))
    return None if due is None else instant_in(due, hours.zone)


def subtract_working_time(
    hours: SupportHours, end: datetime, amount: timedelta, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """Return the last instant with `amount` of working time between it and `end`."""
    return add_working_time(hours, end, -amount, pauses)


def working_time_between(
    hours: SupportHours, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> timedelta:
    """Return the working time between two instants less that of the pauses; negative backwards."""
    low, high = to_micros(start), to_micros(end)
    if high < low:
        return -length_of(worked(hours, high, low, cuts_of(pauses)))
    return length_of(worked(hours, low, high, cuts_of(pauses)))


def add_working_days(
    hours: SupportHours,
    start: datetime,
    count: int,
    due: Due = "closing",
    counting: Counting = "from-event-date",
    pauses: Iterable[Pause] = (),
) -> datetime | None:
    """Return when `count` working days after `start` are over: at closing, or at the event's own time of day.

    The event's own date is day 0; with `from-next-opening` an event outside hours counts as if it came at
    the next opening. Zero is the event's date, or the next working date when that has no hours left.
    Pauses shift the instant on by their own working time. Source: sla.md, point 9.
    """
    found = due_in_days(hours, to_micros(start), count, due, counting, cuts_of(pauses))
    return None if found is None else instant_in(found, hours.zone)


# The same in whole microseconds, which is what the clocks use


def cuts_of(pauses: Iterable[Pause]) -> list[Cut]:
    """Return pauses in microseconds, in order, those that overlap or touch made one; empty ones fall away."""
    return merged_cuts((to_micros(start), None if end is None else to_micros(end)) for start, end in pauses)


def merged_cuts(cuts: Iterable[Cut]) -> list[Cut]:
    """Return cuts in order, those that overlap or touch made one."""
    merged: list[Cut] = []
    for start, end in sorted(cuts, key=lambda cut: cut[0]):
        if end is not None and end <= start:
            continue
        if not merged:
            merged.append((start, end))
            continue
        before, until = merged[-1]
        if until is None:
            break
        if start > until:
            merged.append((start, end))
        elif end is None or end > until:
            merged[-1] = (before, end)
    return merged


def worked(hours: SupportHours, start: int, end: int, cuts: Sequence[Cut] = ()) -> int:
    """Return the working time from `start` to `end` (not earlier) less that of the cuts (merged)."""
    time = hours.between(start, end)
    for begin, until in cuts:
        low, high = max(begin, start), end if until is None else min(until, end)
        if low < high:
            time -= hours.between(low, high)
    return time


def due_after(hours: SupportHours, start: int, amount: int, cuts: Sequence[Cut] = ()) -> int | None:
    """Return the first instant with `amount` of working time behind it, cuts (merged) left out."""
    if amount < 0:
        return _back(hours, start, -amount, cuts)
    place = start
    for begin, until in cuts:
        if until is not None and until <= place:
            continue
        if begin > place:
            there = hours.after(place, amount)
            if there is None:
                return None
            if there < begin or (amount and there == begin):
                return there
            amount -= hours.between(place, begin)
        if until is None:
            return None
        place = until
    return hours.after(place, amount)


def _back(hours: SupportHours, end: int, amount: int, cuts: Sequence[Cut]) -> int | None:
    place = end
    for begin, until in reversed(cuts):
        if begin >= place:
            continue
        if until is not None and until < place:
            there = hours.before(place, amount)
            if there is None or there >= until:
                return there
            amount -= hours.between(until, place)
        place = begin
    return hours.before(place, amount)


def due_in_days(
    hours: SupportHours,
    start: int,
    count: int,
    due: Due = "closing",
    counting: Counting = "from-event-date",
    cuts: Sequence[Cut] = (),
) -> int | None:
    """Return when `count` working days after `start` are over; see `add_working_days`."""
    if counting == "from-next-opening":
        opening = hours.after(start, 0)
        if opening is None:
            return None
        start = opening
    ordinal = hours.ordinal_of(start)
    last: int | None = ordinal
    if count:
        last = hours.working_date(ordinal, count)
    elif not hours.is_working_date(ordinal) or (due == "closing" and hours.closing_of(ordinal) < start):
        last = hours.working_date(ordinal, 1)
    if last is None:
        return None
    end = hours.closing_of(last) if due == "closing" else _same_time(hours, start, ordinal, last)
    if end is None or end <= start or not cuts:
        return end
    shift = sum(
        hours.between(max(begin, start), end if until is None else min(until, end))
        for begin, until in cuts
        if begin < end and (until is None or until > start)
    )
    if not shift:
        return end
    return due_after(hours, end, shift, [cut for cut in cuts if cut[1] is None or cut[1] > end])


def _same_time(hours: SupportHours, start: int, ordinal: int, last: int) -> int | None:
    wall = start + offset_at(hours.zone, start) - (ordinal - EPOCH_ORDINAL) * DAY
    return hours.after(hours.at_wall(last, wall), 0)
