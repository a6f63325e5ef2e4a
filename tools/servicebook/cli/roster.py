"""`servicebook roster`: who is on duty now and next, the handovers, and the gaps ahead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_when, speak_title
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.reports.duty import AHEAD, Duty, duty_of, teams_on_duty
from servicebook.typed import Any
from servicebook.workflow.duty import Gap, Shift

HANDOVERS = 4
"""How many of the coming handovers are shown."""


def run(argv: list[str]) -> int:
    """Print a team's duty, or that of all teams in one table; gaps are told, and are no failure of the command."""
    parser = make_parser("roster")
    parser.add_argument("team", metavar="TEAM", nargs="?", help=speak("whose duty (default: all teams, in short)"))
    parser.add_argument("--days", metavar="N", type=int, default=AHEAD.days, help=speak("how many days ahead"))
    parser.add_argument("--at", metavar="TIME", help=speak("judge it at another time"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    now = read_now(desk.settings, given.at)
    teams = [find_record(desk, given.team, ("team",))] if given.team else teams_on_duty(desk)
    duties = [duty_of(desk, team, now, timedelta(days=max(given.days, 0))) for team in teams]
    if given.json:
        print(json.dumps([_data(duty) for duty in duties], ensure_ascii=False, indent=1))
        return 0
    print(_page(duties[0], now) if given.team else _overview(duties, now))
    print_as_of(desk.settings, given.at)
    return 0


def _page(duty: Duty, now: datetime) -> str:
    lines = [f"{speak_title(duty.team)}  {now.strftime('%Y-%m-%d %H:%M %z')}", "", _shifts(duty, now)]
    if duty.handovers:
        shown = [render_when(at, now) for at in duty.handovers[:HANDOVERS]]
        lines += ["", speak("handovers: {times}", times=", ".join(shown))]
    return "\n".join([*lines, "", _gaps(duty.gaps, now)])


def _shifts(duty: Duty, now: datetime) -> str:
    if not duty.here and not duty.then:
        return speak("nobody is on duty, and nobody is put down for later")
    columns = [Column(""), Column(speak("person")), Column(speak("role")), Column(speak("from")),
               Column(speak("until")), Column(speak("stands in"))]  # fmt: skip
    marked = [(speak("on duty"), duty.here), (speak("then"), duty.then)]
    rows: list[list[str | Cell]] = [
        [mark, shift.person, shift.role, render_when(shift.start, now), render_when(shift.end, now), shift.backup]
        for mark, shifts in marked
        for shift in shifts
    ]
    return render_table(columns, rows)


def _gaps(gaps: Sequence[Gap], now: datetime) -> str:
    if not gaps:
        return speak("no gap ahead")
    columns = [Column(speak("from")), Column(speak("until")), Column(speak("must be there")),
               Column(speak("are there"), right=True), Column(speak("roster"))]  # fmt: skip
    rows: list[list[str | Cell]] = [
        [render_when(gap.start, now), render_when(gap.end, now), str(gap.demand), Cell(str(gap.there), "red"),
         gap.roster.id if gap.roster else speak("none reaches so far")]
        for gap in gaps
    ]  # fmt: skip
    return f"{speak('gaps ahead: {n}', n=len(gaps))}\n{render_table(columns, rows)}"


def _overview(duties: Iterable[Duty], now: datetime) -> str:
    columns = [Column(speak("team")), Column(speak("on duty")), Column(speak("until")), Column(speak("then")),
               Column(speak("gaps"), right=True), Column(speak("the first"))]  # fmt: skip
    rows: list[list[str | Cell]] = [
        [
            duty.team.id,
            _names(duty.here) if duty.has_roster else Cell(speak("no roster"), "yellow"),
            render_when(min((shift.end for shift in duty.here), default=None), now),
            _names(duty.then),
            str(len(duty.gaps)) if duty.has_roster else "",
            render_when(duty.gaps[0].start, now) if duty.gaps and duty.has_roster else "",
        ]
        for duty in duties
    ]
    return render_table(columns, rows) if rows else speak("no team has a roster or a minimum on duty")


def _names(shifts: Iterable[Shift]) -> str:
    return ", ".join(dict.fromkeys(shift.person for shift in shifts))


def _data(duty: Duty) -> dict[str, Any]:
    return {
        "team": duty.team.id,
        "on_duty": [_shift_data(shift) for shift in duty.here],
        "then": [_shift_data(shift) for shift in duty.then],
        "handovers": [at.isoformat(timespec="seconds") for at in duty.handovers],
        "gaps": [
            {
                "start": gap.start.isoformat(timespec="seconds"), "end": gap.end.isoformat(timespec="seconds"),
                "people": gap.demand.people, "role": gap.demand.role or None, "skill": gap.demand.skill or None,
                "there": gap.there, "roster": gap.roster.id if gap.roster else None,
            }
            for gap in duty.gaps
        ],
    }  # fmt: skip


def _shift_data(shift: Shift) -> dict[str, Any]:
    return {
        "person": shift.person, "role": shift.role or None, "backup": shift.backup or None, "roster": shift.roster.id,
        "start": shift.start.isoformat(timespec="seconds"), "end": shift.end.isoformat(timespec="seconds"),
    }  # fmt: skip
