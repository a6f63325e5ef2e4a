"""`servicebook renewals`: what runs out in the next 90 days: contracts, options, cover, warranties."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.errors import UsageError
from servicebook.reports.costs import render_csv
from servicebook.reports.renewals import WHAT, ending_data, endings


def run(argv: list[str]) -> int:
    """Print the list, the soonest first; contracts that are over and still in force come before."""
    parser = make_parser("renewals")
    option = parser.add_argument
    option("--days", type=int, default=90, metavar="N", help=speak("how far ahead (default: 90)"))
    option("--customer", metavar="CUSTOMER", default="", help=speak("of one customer"))
    option("--at", metavar="TIME", help=speak("seen from another time"))
    option("--format", choices=("table", "csv", "json"), default="table", help=speak("how to print"))
    given = parser.parse_args(argv)
    if given.days < 0:
        raise UsageError("`{number}` is no number of days", "--days 90", number=given.days)
    desk = open_here(whole=True)
    day = read_now(desk.settings, given.at).date()
    customer = find_record(desk, given.customer, ("customer",)).id if given.customer else ""
    found = endings(desk, day, timedelta(days=given.days), customer)
    if given.format == "json":
        print(json.dumps([ending_data(one, day) for one in found], ensure_ascii=False, indent=1))
        return 0
    if given.format == "csv":
        sys.stdout.write(render_csv([ending_data(one, day) for one in found]))
        return 0
    rows: list[list[str | Cell]] = []
    for one in found:
        days = (one.on - day).days
        said = speak(WHAT[one.what]) + (f": {speak_value(one.scope, 'scope')}" if one.scope else "")
        rows.append([
            Cell(one.on.isoformat(), "red" if days < 0 else ""), str(days), said, one.record.id,
            str(one.record.get("customer", default="")), speak_title(one.record),
        ])  # fmt: skip
    names = ("last day", "days", "what", "record", "customer", "title")
    if rows:
        print(render_table([Column(speak(name), least=4) for name in names], rows))
    else:
        print(speak("nothing runs out in {n} days", n=given.days))
    print_as_of(desk.settings, given.at)
    return 0
