"""`servicebook who`: who is where, free when, and with how much to do."""

from __future__ import annotations

import json
from datetime import datetime

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_when
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.reports.people import Errand, Whereabouts, staff, whereabouts
from servicebook.typed import Any

STATES = {
    "on_site": "on site", "on_the_way": "on the way", "inspects": "inspects", "on_duty": "on duty",
}  # fmt: skip
COLOURS = {"on_site": "yellow", "on_the_way": "yellow", "inspects": "yellow", "on_duty": "green"}


def run(argv: list[str]) -> int:
    """Print the dispatch board: those who can be sent first, then by how many open tickets they have."""
    parser = make_parser("who")
    parser.add_argument("--team", metavar="TEAM", help=speak("only people of this team"))
    parser.add_argument("--skill", metavar="TEXT", help=speak("only who has this skill"))
    parser.add_argument("--at", metavar="TIME", help=speak("judge it at another time"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    now = read_now(desk.settings, given.at)
    team = find_record(desk, given.team, ("team",)).id if given.team else ""
    rows = whereabouts(desk, now, staff(desk, team, given.skill or ""))
    if given.json:
        print(json.dumps([_data(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    print(_table(rows, now) if rows else speak("nobody on this desk is like that"))
    print_as_of(desk.settings, given.at)
    return 0


def _table(rows: list[Whereabouts], now: datetime) -> str:
    columns = [
        Column(speak("person"), keep=True), Column(speak("team"), least=8), Column(speak("is")),
        Column(speak("where"), least=8), Column(speak("free from")), Column(speak("tickets"), right=True),
        Column(speak("next"), least=8),
    ]  # fmt: skip
    return render_table(columns, [_line(row, now) for row in rows])


def _line(row: Whereabouts, now: datetime) -> list[str | Cell]:
    first = row.errands[0] if row.errands else None
    return [
        row.person.id,
        ", ".join(row.teams),
        Cell(speak(STATES[first.state]), COLOURS[first.state]) if first else "",
        (first.site or first.record.id) if first and row.is_away else "",
        _free(row, now),
        str(row.open_tickets),
        f"{render_when(row.ahead[0].start, now)} {row.ahead[0].record.id}" if row.ahead else "",
    ]


def _free(row: Whereabouts, now: datetime) -> str:
    if not row.is_away:
        return speak("now")
    return render_when(row.free_at, now) if row.free_at else "?"


def _data(row: Whereabouts) -> dict[str, Any]:
    return {
        "person": row.person.id, "teams": list(row.teams), "away": row.is_away,
        "free_at": row.free_at.isoformat(timespec="seconds") if row.free_at else None,
        "open_tickets": row.open_tickets,
        "now": [_errand(one) for one in row.errands], "ahead": [_errand(one) for one in row.ahead],
    }  # fmt: skip


def _errand(errand: Errand) -> dict[str, Any]:
    return {
        "state": errand.state, "record": errand.record.id, "site": errand.site or None,
        "start": errand.start.isoformat(timespec="seconds") if errand.start else None,
        "end": errand.end.isoformat(timespec="seconds") if errand.end else None,
    }  # fmt: skip
