"""`servicebook costs`: what work cost, by ticket, contract, customer, role or month, as table, CSV or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.terminal import Column, render_table
from servicebook.errors import UsageError
from servicebook.reports.costs import (
    GROUPINGS,
    CostLine,
    Sum,
    cost_lines,
    line_data,
    render_csv,
    sum_data,
    summed,
    totals,
)

EXAMPLES = """\
servicebook costs SQ0X                                        the lines of one ticket
servicebook costs --contract harbour-newmedia-2025 --from 2026-01-01 --to 2026-06-30
servicebook costs --by month --format csv > costs.csv
"""


def run(argv: list[str]) -> int:
    """Print lines or sums."""
    parser = make_parser("costs", EXAMPLES)
    option = parser.add_argument
    option("id", nargs="?", default="", metavar="ID", help=speak("one ticket"))
    option("--contract", metavar="CONTRACT", default="", help=speak("of one contract"))
    option("--from", dest="start", metavar="DAY", default="", help=speak("from this day on"))
    option("--to", dest="end", metavar="DAY", default="", help=speak("up to this day"))
    option("--by", choices=(*GROUPINGS, "line"), help=speak("what to sum up by (default: ticket)"))
    option("--format", choices=("table", "csv", "json"), default="table", help=speak("how to print"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    ticket = find_record(desk, given.id).id if given.id else ""
    contract = find_record(desk, given.contract, ("contract",)).id if given.contract else ""
    start, end = read_day("--from", given.start), read_day("--to", given.end)
    if start and end and end < start:
        raise UsageError("the period ends before it begins", "--from 2026-01-01 --to 2026-03-31")
    lines = cost_lines(desk, contract, start, end, ticket)
    by = given.by or ("line" if ticket else "ticket")
    rows = [line_data(line) for line in lines] if by == "line" else [sum_data(one) for one in summed(lines, by)]
    if given.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif given.format == "csv":
        sys.stdout.write(render_csv(rows))
    elif not lines:
        print(speak("nothing was booked"), file=sys.stderr)
    else:
        print(_lines(lines) if by == "line" else _sums(summed(lines, by), by))
        print("\n".join(_total(one) for one in totals(lines)))
    return 0


def read_day(option: str, text: str) -> date | None:
    """Return the day that somebody typed behind an option, None for nothing; UsageError for no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError("{option}: `{text}` is no day", "{option} 2026-03-12", option=option, text=text) from error


def _lines(lines: Sequence[CostLine]) -> str:
    names = ("day", "ticket", "what", "person", "person-days", "amount", "who pays")
    rows = []
    for line in lines:
        payer = speak("customer") if line.billable else speak("free")
        price = str(line.price) if line.price else speak("no price")
        row = [line.on.isoformat() if line.on else "", line.ticket.id, speak_value(line.what, "role"), line.person]
        rows.append([*row, line.person_days, price, payer])
    return render_table([Column(speak(name), least=6) for name in names], rows)


def _sums(sums: Sequence[Sum], by: str) -> str:
    names = (by, "person-days", "free", "billed", "total", "estimate")
    rows = []
    for one in sums:
        money = [str(part) for part in (one.free, one.billed, one.total)]
        name = speak_value(one.name, "role") if by == "what" else one.name
        rows.append([name, one.person_days, *money, str(one.estimate or "")])
    return render_table([Column(speak(name), least=6) for name in names], rows)


def _total(one: Sum) -> str:
    said = speak(
        "all: {days} person-days, {total}, of which {billed} are billed",
        days=one.person_days, total=one.total, billed=one.billed,
    )  # fmt: skip
    return f"{said}; {speak('without a price: {n}', n=one.unpriced)}" if one.unpriced else said
