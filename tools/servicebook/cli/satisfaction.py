"""`servicebook satisfaction`: how content customers are, by customer, project, team, year, month or named person."""

from __future__ import annotations

import json
import sys

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title
from servicebook.cli.costs import read_day
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.terminal import Column, render_table
from servicebook.errors import UsageError
from servicebook.reports.satisfaction import (
    GROUPINGS,
    Figures,
    figures,
    figures_data,
    may_total,
    summed,
    voices_of,
    waiting,
)

EXAMPLES = """\
servicebook satisfaction
servicebook satisfaction --customer harbour-tv --by year
servicebook satisfaction --by team --from 2026-07-01 --to 2026-09-30
"""


def run(argv: list[str]) -> int:
    """Print the figures, and who still waits for word."""
    parser = make_parser("satisfaction", EXAMPLES)
    option = parser.add_argument
    option("--customer", metavar="CUSTOMER", default="", help=speak("of one customer"))
    option("--team", metavar="TEAM", default="", help=speak("of one team"))
    option("--from", dest="start", metavar="DAY", default="", help=speak("from this day on"))
    option("--to", dest="end", metavar="DAY", default="", help=speak("up to this day"))
    option("--by", choices=tuple(GROUPINGS), default="customer", help=speak("what to sum up by (default: customer)"))
    option("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    settings = desk.settings
    if given.by == "person" and not settings.personal_figures:
        raise UsageError(
            "this desk names nobody whose own figures may be shown",
            "personal_figures in pyproject.toml, with their consent | --by team",
        )
    customer = find_record(desk, given.customer, ("customer",)).id if given.customer else ""
    team = find_record(desk, given.team, ("team",)).id if given.team else ""
    start, end = read_day("--from", given.start), read_day("--to", given.end)
    if start and end and end < start:
        raise UsageError("the period ends before it begins", "--from 2026-01-01 --to 2026-03-31")
    voices = voices_of(desk, customer, team, start, end)
    below, fewest = settings.low_score, settings.fewest_answers
    rows = figures(voices, given.by, below=below, fewest=fewest, named=settings.personal_figures)
    if given.json:
        print(json.dumps([figures_data(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    if not rows:
        print(speak("nobody was asked"), file=sys.stderr)
        return 0
    print(_table(rows, given.by))
    if given.by != "person":
        total = summed("", voices, below, fewest)
        print(_total(total) if may_total(rows, fewest) and not total.hidden else speak(NO_TOTAL))
    open_ones = [one for one in waiting(desk, below) if customer in ("", one.get("customer"))]
    if open_ones:
        print("\n" + speak("Waits for word:"))
    for one in open_ones:
        print(f"  {one.id}  {one.get('follow_up', default='-')}  {speak_title(one)}")
    return 0


NO_TOTAL = "no sum over all: it would tell what few people said"


def _table(rows: list[Figures], by: str) -> str:
    heads = ("asked", "answered", "mean", "CSAT", "low")
    columns = [Column(speak(by), keep=True), *(Column(speak(head), right=True) for head in heads)]
    return render_table(columns, [[row.name, str(row.asked), str(row.answered), *_cells(row)] for row in rows])


def _cells(row: Figures) -> list[str]:
    if row.mean is None or row.csat is None:
        said = speak("too few") if row.hidden else "-"
        return [said, said, said]
    return [f"{row.mean:.2f}", f"{row.csat:g} %", str(row.low)]


def _total(row: Figures) -> str:
    if row.mean is None:
        return speak("all: {asked} asked, {answered} answered", asked=row.asked, answered=row.answered)
    return speak(
        "all: {asked} asked, {answered} answered, mean {mean}, CSAT {csat} %, {low} low",
        asked=row.asked, answered=row.answered, mean=f"{row.mean:.2f}", csat=f"{row.csat:g}", low=row.low,
    )  # fmt: skip
