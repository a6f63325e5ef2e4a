"""`servicebook health`: how it went with a customer or a service, month by month."""

from __future__ import annotations

import json
import sys

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Column, render_table
from servicebook.errors import UsageError
from servicebook.reports.costs import render_csv
from servicebook.reports.health import FIGURES, Month, health_data, health_of


def run(argv: list[str]) -> int:
    """Print a line a month, the oldest first."""
    parser = make_parser("health")
    option = parser.add_argument
    option("id", metavar="CUSTOMER|SERVICE", help=speak("a customer or a service"))
    option("--months", type=int, default=12, metavar="N", help=speak("how many months (default: 12)"))
    option("--at", metavar="TIME", help=speak("seen from another time"))
    option("--format", choices=("table", "csv", "json"), default="table", help=speak("how to print"))
    given = parser.parse_args(argv)
    if not 1 <= given.months <= 120:
        raise UsageError("`{number}` is no number of months", "--months 12", number=given.months)
    desk = open_here(whole=True)
    now = read_now(desk.settings, given.at)
    facts = find_record(desk, given.id, ("customer", "service"))
    months = health_of((one for one, _ in desk.referrers(facts.kind, facts.id)), now.date(), given.months)
    if given.format == "json":
        print(json.dumps({"id": facts.id, "months": health_data(months)}, ensure_ascii=False, indent=1))
    elif given.format == "csv":
        sys.stdout.write(render_csv(health_data(months)))
    else:
        print(f"{facts.id}  {speak_title(facts)}")
        print(render_table([Column(speak(name), least=3) for name in ("month", *FIGURES, "csat")], _rows(months)))
        print_as_of(desk.settings, given.at)
    return 0


def _rows(months: list[Month]) -> list[list[str]]:
    rows = []
    for month in months:
        figures = [str(number or "") for number in (getattr(month, name) for name in FIGURES)]
        rows.append([month.month, *figures, f"{month.csat} %" if month.csat is not None else ""])
    return rows
