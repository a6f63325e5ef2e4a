"""`servicebook history`: what was done to an asset, a site, a service or for a customer, the last first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_when, speak_title
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Column, render_table
from servicebook.language.catalogue import terminal_language
from servicebook.language.labels import field_label
from servicebook.reports.upkeep import Work, upkeep_of

KINDS = ("asset", "site", "service", "customer")


def run(argv: list[str]) -> int:
    """Print the work done, with the parts that went in."""
    parser = make_parser("history")
    parser.add_argument("id", metavar="ID", help=speak("an asset, a site, a service or a customer"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here()
    facts = find_record(desk, given.id, KINDS)
    works = upkeep_of(desk, facts.kind, facts.id)
    if given.json:
        print(json.dumps([_data(work) for work in works], ensure_ascii=False, indent=1))
        return 0
    now = read_now(desk.settings)
    print("\n".join(render_works(works, now)) if works else speak("nothing was done to it yet"))
    print_as_of(desk.settings, None)
    return 0


def render_works(works: Sequence[Work], now: datetime) -> list[str]:
    """Return work as a table: when, which kind of ticket, its id and title, the parts."""
    columns = [Column(speak("when")), Column(""), Column(speak("record")), Column(speak("title"), least=12),
               Column(speak("parts"))]  # fmt: skip
    language = terminal_language()
    rows = [
        [render_when(w.at, now), field_label(w.record.kind, language), w.record.id, speak_title(w.record),
         ", ".join(w.parts)]
        for w in works
    ]  # fmt: skip
    return render_table(columns, rows).split("\n")


def _data(work: Work) -> dict[str, object]:
    record = work.record
    return {"at": work.at.isoformat(timespec="seconds"), "id": record.id, "kind": record.kind,
            "title": record.title, "parts": list(work.parts)}  # fmt: skip
