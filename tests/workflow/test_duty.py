"""Shifts, demands and gaps: what a roster's lines come to, without a desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from servicebook.records.facts import Facts
from servicebook.workflow.duty import Demand, demands_of, gaps_of, handovers, next_on_duty, on_duty_at, shifts_of

MONDAY = datetime.fromisoformat("2026-03-23T00:00:00+08:00")


def at(hour: float) -> datetime:
    return MONDAY + timedelta(hours=hour)


def facts_of(kind: str, id: str, **data: Any) -> Facts:
    return Facts(f"kb/{id}.md", "", kind, id, id, "active", "", (), data)


class People:
    """A desk of a few people."""

    def __init__(self, *people: Facts) -> None:
        self.people = {person.id: person for person in people}

    def get(self, kind: str, id: str) -> Facts | None:
        return self.people.get(id)

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        yield from self.people.values()


ANN = facts_of("person", "ann", skills=[{"skill": "Routing"}])
BOB = facts_of("person", "bob", roles=[{"role": "agent", "to": "2026-03-23"}])
GONE = facts_of("person", "gone", active=False)
DESK = People(ANN, BOB, GONE)
TEAM = facts_of("team", "desk", minimum_on_duty=1)


def roster(*shifts: tuple[float, float, str], **more: Any) -> Facts:
    lines = [{"start": at(a).isoformat(), "end": at(b).isoformat(), "person": who} for a, b, who in shifts]
    return facts_of("roster", "week", shifts=lines, **more)


def gaps(facts: Facts, start: float = 0, end: float = 24) -> list[tuple[float, float, str, int]]:
    found = gaps_of(DESK, TEAM, [((at(0), at(24)), facts)], [(at(start), at(end))])
    hour = timedelta(hours=1)
    return [((gap.start - MONDAY) / hour, (gap.end - MONDAY) / hour, str(gap.demand), gap.there) for gap in found]


def test_a_time_with_nobody_is_one_gap_from_shift_to_shift() -> None:
    assert gaps(roster((0, 8, "ann"), (10, 18, "bob"))) == [(8, 10, "1", 0), (18, 24, "1", 0)]


def test_only_the_time_asked_for_counts() -> None:
    assert gaps(roster((0, 8, "ann"), (10, 18, "bob")), 7, 9) == [(8, 9, "1", 0)]


def test_who_does_not_work_here_fills_no_gap() -> None:
    assert gaps(roster((0, 24, "gone"))) == [(0, 24, "1", 0)]


def test_a_gap_goes_on_over_a_handover_that_does_not_fill_it() -> None:
    two = roster((0, 8, "ann"), (8, 24, "bob"), minimum=[{"people": 2}])
    assert gaps(two) == [(0, 24, "2", 1)]


def test_a_skill_is_in_the_record_whatever_its_capitals() -> None:
    facts = roster((0, 8, "ann"), (8, 24, "bob"), minimum=[{"people": 1, "skill": "routing"}])
    assert gaps(facts) == [(8, 24, "1 × routing", 0)]


def test_a_role_counts_while_it_is_held() -> None:
    facts = roster((0, 24, "bob"), (24, 48, "bob"), minimum=[{"people": 1, "role": "agent"}])
    found = gaps_of(DESK, TEAM, [((at(0), at(48)), facts)], [(at(0), at(48))])
    assert [(gap.start, gap.end) for gap in found] == [(at(24), at(48))]


def test_beyond_the_last_roster_the_team_asks() -> None:
    assert demands_of(None, TEAM) == [Demand(1)]
    assert gaps(roster((0, 24, "ann")), 0, 30) == [(24, 30, "1", 0)]


def test_a_swap_hands_the_shift_over() -> None:
    swapped = roster((0, 8, "ann"), swaps=[{"start": at(0).isoformat(), "from": "ann", "to": "bob"}])
    assert [shift.person for shift in shifts_of(swapped)] == ["bob"]


def test_a_shift_that_ends_before_it_starts_is_none() -> None:
    assert shifts_of(roster((8, 0, "ann"))) == []


def test_now_next_and_the_handovers() -> None:
    shifts = shifts_of(roster((0, 8, "ann"), (8, 16, "bob"), (20, 24, "ann")))
    assert [shift.person for shift in on_duty_at(shifts, at(8))] == ["bob"]
    assert [shift.start for shift in next_on_duty(shifts, at(8))] == [at(20)]
    assert handovers(shifts, at(0), at(24)) == [at(8)]
