"""When a ticket lay with a team: its stints, from one assignment to the next, and the time in between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from servicebook.records.facts import Facts
from servicebook.sla.clock import Event, Stretch

Stint = tuple[int, int | None]
"""From an instant to another, in microseconds; None while the team has the ticket."""


def stints_of(team: str, ticket: Facts, events: Sequence[Event], now: int) -> list[Stint]:
    """Return the stints of a team on a ticket that had begun at `now`, in order.

    A stint begins when an event hands the ticket to the team (`assignment_group`) and lasts until one hands
    it to another. A ticket that was never handed on lies with its `assignment_group` from its first event.
    Source: sla.md, point 14.
    """
    moves = [(event.at, str(event.entry["assignment_group"])) for event in events if "assignment_group" in event.entry]
    if not moves:
        held = ticket.data.get("assignment_group") == team
        return [(events[0].at, None)] if held and events and events[0].at <= now else []
    found: list[Stint] = []
    for place, (at, group) in enumerate(moves):
        until = moves[place + 1][0] if place + 1 < len(moves) else None
        if group != team or until == at or at > now:
            continue
        until = None if until is not None and until > now else until
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], until)
        else:
            found.append((at, until))
    return found


def away_between(stints: Sequence[Stint]) -> tuple[Stretch, ...]:
    """Return the stretches since its first stint in which a team did not have the ticket."""
    away = [Stretch(end, begin, "elsewhere", "") for (_, end), (begin, _) in pairwise(stints) if end is not None]
    if stints and stints[-1][1] is not None:
        away.append(Stretch(stints[-1][1], None, "elsewhere", ""))
    return tuple(away)
