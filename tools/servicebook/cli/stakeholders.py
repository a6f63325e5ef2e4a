"""`servicebook stakeholders`: who is told what, when and how, and when the plan for it is to be looked at again."""

from __future__ import annotations

import json

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.records.facts import Facts
from servicebook.reports.periodic import customers_told, plans_in_use, review_due
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any

HEADS = ("who", "what", "when", "how", "direction")
FIELDS = ("who", "information", "when", "how", "direction")


def run(argv: list[str]) -> int:
    """Print a table for each communication plan in use; exit code 1 where a review is overdue."""
    parser = make_parser("stakeholders")
    option = parser.add_argument
    option("customer", metavar="CUSTOMER", nargs="?", default="", help=speak("of one customer"))
    option("--at", metavar="TIME", help=speak("seen from another time"))
    option("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    today = read_now(desk.settings, given.at).date()
    customer = find_record(desk, given.customer, ("customer",)).id if given.customer else ""
    plans = [plan for plan in plans_in_use(desk) if not customer or customer in customers_told(desk, plan)]
    overdue = [plan for plan in plans if (day := review_due(plan)) and day < today]
    if given.json:
        print(json.dumps([_data(desk, plan, plan in overdue) for plan in plans], ensure_ascii=False, indent=1))
        return int(bool(overdue))
    pages = [_page(desk, plan, plan in overdue) for plan in plans]
    print("\n\n".join(pages) if pages else speak("no communication plan is in use"))
    print_as_of(desk.settings, given.at)
    return int(bool(overdue))


def _page(desk: Snapshot, plan: Facts, is_overdue: bool) -> str:
    rows: list[list[str | Cell]] = [
        [
            *(str(line.get(field) or "") for field in FIELDS[:4]),
            speak_value(str(line.get("direction") or ""), "direction"),
        ]
        for line in plan.get("stakeholders", default=())
    ]
    day = review_due(plan)
    said = speak("to be reviewed on {day}", day=day) if day else speak("no review is planned")
    if is_overdue:
        said = speak("its review was due on {day}: look at it, then set reviewed_on", day=day)
    coordinator = str(plan.get("coordinator", default="-"))
    names = ", ".join(customers_told(desk, plan))
    head = f"{plan.id}  {speak_title(plan)} ({names}; {speak('coordinator')}: {coordinator})"
    table = render_table([Column(speak(name), least=6) for name in HEADS], rows)
    return "\n".join([head, "", table, "", said])


def _data(desk: Snapshot, plan: Facts, is_overdue: bool) -> dict[str, Any]:
    day = review_due(plan)
    return {
        "plan": plan.id,
        "customers": customers_told(desk, plan),
        "coordinator": plan.get("coordinator"),
        "stakeholders": plan.get("stakeholders", default=[]),
        "review_due": day.isoformat() if day else None,
        "overdue": is_overdue,
    }
