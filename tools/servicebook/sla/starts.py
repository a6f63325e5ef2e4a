"""What starts a clock: a field, an event of the present cycle, another clock's end, or a mark after one of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servicebook.records.facts import Facts
from servicebook.sla.clock import Course, Event, instant_of
from servicebook.sla.targets import Target
from servicebook.typed import NamedTuple


class Opening(NamedTuple):
    """Where a clock starts, and which events it may see.

    since: events before this instant belong to an earlier cycle; None for none. early: a stop before the
    start counts. by_event: it was not the customer's notice that started it, so closing does not end it.
    """

    at: int
    since: int | None
    early: bool
    by_event: bool


def opening_of(
    target: Target,
    ticket: Facts,
    events: Sequence[Event],
    now: int,
    done: Mapping[str, Course],
    fields: dict[str, int | None],
) -> Opening | None:
    """Return where a target's clock starts, or None when nothing started it by `now`.

    `start` is a field of the ticket (reported_at), an event (resolved: its clock starts again in each cycle
    after a reopening, at the first one of the cycle), the name of another clock (its end), or one of the
    latter two `+ 2h`: a mark, reached only when the ticket is not resolved by then. `fields` keeps the
    instants of the ticket's fields once read. Source: sla.md, 2 and 11.
    """
    name = target.start
    if name not in fields:
        fields[name] = instant_of(ticket.data.get(name))
    field = fields[name]
    if field is not None:
        return Opening(field, None, True, False) if field <= now else None
    anchor, mark = target.anchor, target.mark
    if anchor == "opened" and mark is None:
        first = next((event.at for event in events if event.at <= now), None)
        return None if first is None else Opening(first, None, True, False)
    since = max((event.at for event in events if event.name == "reopened" and event.at <= now), default=None)
    at = _anchor(anchor, events, since, now, done)
    if at is None:
        return None
    if mark is None:
        return Opening(at, since, False, True)
    reached = at + mark
    if mark < 0 or reached > now or _solved_by(reached, events, since):
        return None
    return Opening(reached, since, True, True)


def _anchor(
    name: str, events: Sequence[Event], since: int | None, now: int, done: Mapping[str, Course]
) -> int | None:
    for event in events:
        if event.name == name and event.at <= now and (since is None or event.at >= since):
            return event.at
    course = done.get(name)
    return course.stopped if course is not None and course.stopped is not None and course.stopped <= now else None


def _solved_by(mark: int, events: Sequence[Event], since: int | None) -> bool:
    return any(
        event.name == "resolved" and event.at <= mark and (since is None or event.at >= since) for event in events
    )


def cycle_of(events: Sequence[Event], opening: Opening) -> Sequence[Event]:
    """Return the events that a clock sees: those of its own cycle."""
    if opening.since is None:
        return events
    return [event for event in events if event.at >= (opening.since or 0)]
