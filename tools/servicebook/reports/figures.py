"""The figures of a desk month by month: shares, times, backlog, rhythm; each with the tickets that it is counted from.

A month is that of a ticket's id, so that the archive's page of the month lists the tickets behind each figure.
Tickets that were cancelled are left out throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import ceil
from statistics import median

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.reports.ticket_outcomes import Outcome
from servicebook.reports.work_figures import WORKED_ON
from servicebook.typed import NamedTuple

FORMULAS = {
    "Attainment": "Clocks met ÷ (met + missed), in per cent, by the month of the ticket.",
    "Time to acknowledge": "Minutes from notice to the first acknowledgement of incidents and requests, by the wall "
    "clock: half of them took no longer than the median, nine of ten no longer than the 90th percentile.",
    "Time to restore": "Hours from notice to the last resolution of incidents, by the wall clock, pauses included: "
    "median and 90th percentile.",
    "Backlog by age": "Open incidents and requests by days since notice, priority 1 at the left.",
    "When incidents come": "Incidents by weekday and hour of notice, in the zone of the desk.",
    "Changes that held": "Changes carried out, neither backed out nor judged unsuccessful ÷ all that were carried out.",
    "Reopened": "Incidents and requests with a reopening ÷ those that were resolved.",
    "Satisfaction": "Share of scores of 4 or 5, by the month of the answer; few answers are not shown.",
    "Missed clocks": "Clocks over their target, the latest due first, with the cause that the ticket tells.",
}
"""Each figure's title and how it is counted: keys of the catalogue's area `site`."""

BANDS = ((1, "0–1"), (7, "2–7"), (30, "8–30"), (90, "31–90"), (None, "> 90"))
"""Ages of open tickets: the last full day of each band, and its name."""
PRIORITIES = ("P1", "P2", "P3", "P4", "")


class Share(NamedTuple):
    """A part of a whole in a month. part, whole: the ids of what was counted, one more than once where it counts so."""

    month: str
    part: tuple[str, ...]
    whole: tuple[str, ...]

    @property
    def percent(self) -> float | None:
        """The part of the whole in percent; None of nothing."""
        return 100 * len(self.part) / len(self.whole) if self.whole else None


class Spread(NamedTuple):
    """How long something took in a month; ids: of the tickets that it was measured of. None where there are none."""

    month: str
    median: float | None
    ninth: float | None
    ids: tuple[str, ...]


class Breach(NamedTuple):
    """A clock that missed its target: its ticket, the cause that this tells, and the clock's instants as in Ending."""

    id: str
    kind: str
    cause: str
    clock: str
    due_at: str
    stopped_at: str


class Count(NamedTuple):
    """A share without its ids."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The part of the whole in percent; None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


class Taken(NamedTuple):
    """A spread without its ids: median, 90th percentile, of how many."""

    median: float | None
    ninth: float | None
    n: int


class Month(NamedTuple):
    """All figures of one month. rhythm: incidents by hour of the week; the last three name the newest cases alone."""

    month: str
    clocks: dict[str, Count]
    acknowledged: Taken
    restored: Taken
    held: Count
    reopened: Count
    rhythm: list[int]
    missed: list[Breach]
    again: list[str]
    failed: list[str]


MOST_MISSED = 40
MOST_CASES = 20
"""So many cases of a month are named at most: more are not shown together either."""


def month_figures(month: str, outcomes: Sequence[Outcome]) -> Month:
    """Return the figures of a month from what its tickets add."""
    worked = [one for one in outcomes if one.kind in WORKED_ON]
    [ack] = spreads(outcomes, [month], lambda one: one.acknowledged)
    [restore] = spreads(outcomes, [month], lambda one: one.restored)
    [held], [again] = changes_held(outcomes, [month]), reopened(worked, [month])
    return Month(
        month,
        {clock: _count(line[0]) for clock, line in attainment(outcomes, [month]).items()},
        Taken(ack.median, ack.ninth, len(ack.ids)),
        Taken(restore.median, restore.ninth, len(restore.ids)),
        _count(held),
        _count(again),
        [count for day in rhythm(outcomes) for count in day],
        breaches(outcomes)[:MOST_MISSED],
        newest_ids(again.part)[:MOST_CASES],
        newest_ids(set(held.whole) - set(held.part))[:MOST_CASES],
    )


def newest_ids(ids: Iterable[str]) -> list[str]:
    """Return ids of tickets by their day and sign, the newest first, whatever their kind."""
    return sorted(ids, key=lambda id: (id.partition("-")[2], id), reverse=True)


def _count(share: Share) -> Count:
    return Count(len(share.part), len(share.whole))


def added(counts: Iterable[Count]) -> Count:
    """Return the share over several months."""
    every = list(counts)
    return Count(sum(one.part for one in every), sum(one.whole for one in every))


def latest(found: Iterable[Breach]) -> list[Breach]:
    """Return breaches, the latest due first."""
    return sorted(sorted(found, key=lambda one: (one.id, one.clock)), key=_due, reverse=True)


def clocks_in(months: Iterable[Month]) -> list[str]:
    """Return the names of the clocks of some months, the one that ended most often first."""
    ended: dict[str, int] = {}
    for month in months:
        for clock, count in month.clocks.items():
            ended[clock] = ended.get(clock, 0) + count.whole
    return sorted(ended, key=lambda clock: (-ended[clock], clock))


def attainment(outcomes: Iterable[Outcome], months: Sequence[str]) -> dict[str, list[Share]]:
    """Return each clock's share of promises kept, month by month; the clock that ended most often first."""
    ended: dict[str, list[tuple[str, str, bool]]] = {}
    for one in outcomes:
        for ending in one.endings:
            ended.setdefault(ending.clock, []).append((one.month, one.id, ending.outcome == "met"))
    order = sorted(ended, key=lambda clock: (-len(ended[clock]), clock))
    return {clock: _by_month(ended[clock], months) for clock in order}


def changes_held(outcomes: Iterable[Outcome], months: Sequence[str]) -> list[Share]:
    """Return the share of changes that stayed, of those that were carried out."""
    return _by_month([(one.month, one.id, one.held) for one in outcomes if one.held is not None], months)


def reopened(outcomes: Iterable[Outcome], months: Sequence[str]) -> list[Share]:
    """Return the share of tickets that were opened again, of those that were resolved."""
    return _by_month([(one.month, one.id, one.reopened) for one in outcomes if one.resolved], months)


def _by_month(counted: Iterable[tuple[str, str, bool]], months: Sequence[str]) -> list[Share]:
    found: dict[str, tuple[list[str], list[str]]] = {month: ([], []) for month in months}
    for month, id, is_part in counted:
        if month in found:
            found[month][1].append(id)
            if is_part:
                found[month][0].append(id)
    return [Share(month, tuple(part), tuple(whole)) for month, (part, whole) in found.items()]


def spreads(
    outcomes: Iterable[Outcome], months: Sequence[str], time_of: Callable[[Outcome], float | None]
) -> list[Spread]:
    """Return median and 90th percentile (nearest rank) of a time, month by month."""
    found: dict[str, list[tuple[float, str]]] = {month: [] for month in months}
    for one in outcomes:
        taken = time_of(one)
        if taken is not None and one.month in found:
            found[one.month].append((taken, one.id))
    return [_spread(month, sorted(taken)) for month, taken in found.items()]


def _spread(month: str, taken: list[tuple[float, str]]) -> Spread:
    if not taken:
        return Spread(month, None, None, ())
    times = [time for time, _ in taken]
    return Spread(month, median(times), times[ceil(0.9 * len(times)) - 1], tuple(id for _, id in taken))


def breaches(outcomes: Iterable[Outcome]) -> list[Breach]:
    """Return every clock that missed its target, the latest due first."""
    return latest(
        Breach(one.id, one.kind, one.cause, ending.clock, ending.due_at, ending.stopped_at)
        for one in outcomes
        for ending in one.endings
        if ending.outcome == "missed"
    )


def _due(breach: Breach) -> float:
    at = parse_instant(breach.due_at)
    return at.timestamp() if at else 0


def rhythm(outcomes: Iterable[Outcome]) -> list[list[int]]:
    """Return how many incidents came by weekday (Monday first) and hour."""
    counts = [[0] * 24 for _ in range(7)]
    for one in outcomes:
        if one.slot is not None:
            counts[one.slot // 24][one.slot % 24] += 1
    return counts


def backlog(
    tickets: Iterable[Facts], now: datetime, priority_of: Callable[[Facts], str]
) -> dict[str, dict[str, list[str]]]:
    """Return the ids of open tickets by band of age and priority ("" for none); without an instant of notice, young."""
    found: dict[str, dict[str, list[str]]] = {name: {one: [] for one in PRIORITIES} for _, name in BANDS}
    for ticket in tickets:
        since = parse_instant(ticket.get("reported_at"))
        days = (now - since).days if since else 0
        band = next(name for last, name in BANDS if last is None or days <= last)
        priority = priority_of(ticket)
        found[band][priority if priority in PRIORITIES else ""].append(ticket.id)
    return found
