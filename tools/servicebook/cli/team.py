"""`servicebook team`: what teams got done, and people only where the desk's settings name them."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import timedelta

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.costs import read_day
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.errors import UsageError
from servicebook.reports.agenda import teams_of
from servicebook.reports.satisfaction import Figures
from servicebook.reports.team_figures import TeamFigures, team_data, team_figures
from servicebook.reports.work_figures import Span, span_of
from servicebook.settings import read_zone
from servicebook.store.snapshot import Snapshot

HEADS = ("resolved", "a week", "attainment", "reopened", "CSAT", "answers")
LATELY = timedelta(days=89)
"""How far it looks back, today included as the ninetieth day, unless it is told."""


def run(argv: list[str]) -> int:
    """Print the table, of the last 90 days unless told."""
    parser = make_parser("team")
    option = parser.add_argument
    option("team", metavar="TEAM", nargs="?", default="", help=speak("of one team"))
    option("--person", metavar="PERSON", default="", help=speak("of one person whom personal_figures names"))
    option("--people", action="store_true", help=speak("by person: those whom personal_figures names"))
    option("--from", dest="start", metavar="DAY", default="", help=speak("from this day on"))
    option("--to", dest="end", metavar="DAY", default="", help=speak("up to this day"))
    option("--at", metavar="TIME", help=speak("seen from another time"))
    option("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    now = read_now(desk.settings, given.at)
    last = read_day("--to", given.end) or now.date()
    first = read_day("--from", given.start) or last - LATELY
    if last < first:
        raise UsageError("the period ends before it begins", "--from 2026-01-01 --to 2026-03-31")
    by = "person" if given.people or given.person else "team"
    only = _wanted(desk, given, by)
    span: Span = span_of(first, last, read_zone(desk.settings))
    rows = team_figures(desk, by, span, now, desk.settings, only)
    if given.json:
        print(json.dumps([team_data(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    print(speak("From {start} to {end}:", start=first, end=last))
    print(_table(rows, by) if rows else speak("nothing was done"))
    print_as_of(desk.settings, given.at)
    return 0


def _wanted(desk: Snapshot, given: Namespace, by: str) -> list[str]:
    """Return the teams or people to show; UsageError for somebody whose figures the desk does not show."""
    named = desk.settings.personal_figures
    team = find_record(desk, given.team, ("team",)).id if given.team else ""
    if given.person:
        person = find_record(desk, given.person, ("person",)).id
        if person not in named:
            raise UsageError(
                "this desk does not show the figures of `{person}`",
                "it shows those of teams: servicebook team | people are named in personal_figures in pyproject.toml, "
                "with their consent",
                person=person,
            )
        return [person]
    if by == "team":
        return [team] if team else []
    if not named:
        raise UsageError(
            "this desk names nobody whose own figures may be shown",
            "personal_figures in pyproject.toml, with their consent | servicebook team",
        )
    return [one for one in named if not team or team in teams_of(desk, one)] or [""]


def _table(rows: list[TeamFigures], by: str) -> str:
    table: list[list[str | Cell]] = []
    for row in rows:
        work = row.work
        table.append([
            row.name, str(work.resolved), f"{row.per_week:g}", _share(work.attainment, work.met + work.missed),
            _share(work.reopen_rate, work.resolved), _csat(row.voice), str(row.voice.answered if row.voice else 0),
        ])  # fmt: skip
    return render_table([Column(speak(by), keep=True), *(Column(speak(head), right=True) for head in HEADS)], table)


def _share(value: float | None, of: int) -> str:
    return "-" if value is None else f"{value:g} % (n={of})"


def _csat(voice: Figures | None) -> str:
    if voice is None or voice.csat is None:
        return speak("too few") if voice and voice.hidden else "-"
    return f"{voice.csat:g} %"
