"""Who of a team is on duty now and next, when it is handed over, and where people will be missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.rules.rosters import gaps_between
from servicebook.typed import NamedTuple
from servicebook.workflow.duty import Gap, Shift, handovers, next_on_duty, on_duty_at, rosters_of, shifts_of

AHEAD = timedelta(days=28)
"""How far `servicebook roster` looks, unless it is told."""


class Duty(NamedTuple):
    """A team's duty at an instant: who is there, who begins at the next handover, and what comes within the time."""

    team: Facts
    has_roster: bool
    here: list[Shift]
    then: list[Shift]
    handovers: list[datetime]
    gaps: list[Gap]


def duty_of(desk: Desk, team: Facts, now: datetime, ahead: timedelta = AHEAD) -> Duty:
    """Return who of a team is on duty at `now` and what comes until `ahead` of it."""
    rosters = rosters_of(desk, team.id)
    shifts = [shift for roster in rosters for shift in shifts_of(roster)]
    return Duty(
        team, bool(rosters), on_duty_at(shifts, now), next_on_duty(shifts, now), handovers(shifts, now, now + ahead),
        gaps_between(desk, team, now, now + ahead),
    )  # fmt: skip


def teams_on_duty(desk: Desk) -> Iterator[Facts]:
    """Yield the teams in use that have a roster, or must have somebody on duty."""
    with_roster = {roster.get("team") for roster in desk.of_kind("roster")}
    for team in desk.of_kind("team"):
        if team.status != "retired" and (team.id in with_roster or team.get("minimum_on_duty")):
            yield team
