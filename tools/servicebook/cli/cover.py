"""`servicebook cover`: is a ticket or an asset covered, what is free and what is charged, by which clause."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.terminal import Cell, Column, colour, render_table
from servicebook.reports.cover import PAID_FOR, verdict_data, verdict_on, verdict_on_asset
from servicebook.sla.billing import Charge, Holding, Verdict

REASONS = {
    "covered": "covered",
    "human_caused": "not covered: the customer's own people caused it",
    "expired": "not covered: every term is over",
    "not_started": "not covered: no term has begun",
    "other_side": "not covered: the contract covers goods and this is software, or the other way round",
    "not_delivered": "not covered: no contract is about these assets or this service",
    "no_contract": "not covered: there is no contract",
}
"""Why a ticket is covered or not, in words."""


def run(argv: list[str]) -> int:
    """Print the verdict with every charge and every term that was asked."""
    parser = make_parser("cover")
    parser.add_argument("id", metavar="ID", help=speak("a ticket or an asset"))
    parser.add_argument("--at", metavar="TIME", help=speak("an asset: on which day (default: now)"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here()
    facts = find_record(desk, given.id, (*PAID_FOR, "asset"))
    if facts.kind == "asset":
        now: datetime = read_now(desk.settings, None)
        day = (parse_at(given.at, now, ahead=True) if given.at else now).date()
        verdict = verdict_on_asset(desk, facts, day)
    else:
        verdict = verdict_on(desk, facts)
    if given.json:
        print(json.dumps({"id": facts.id, **verdict_data(verdict)}, ensure_ascii=False, indent=1))
        return 0
    print(f"{facts.id}  {speak_title(facts)}")
    print("\n".join(_page(verdict)))
    return 0


def cover_line(verdict: Verdict) -> str:
    """Return the verdict in one line: covered or why not, what is free, what is billed."""
    parts = [speak(REASONS[verdict.reason])]
    for word, names in (("free: {names}", verdict.free), ("billed: {names}", verdict.billable)):
        if names:
            parts.append(speak(word, names=", ".join(speak_value(name, "charge") for name in names)))
    if any(charge.open_clauses for charge in verdict.charges):
        parts.append(speak("clauses in conflict, not settled"))
    return "; ".join(parts)


def _page(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.day}  {colour(speak(REASONS[verdict.reason]), 'green' if verdict.covered else 'yellow')}"
    yield ""
    columns = [Column(speak(name), least=6) for name in ("cost", "who pays", "contract", "scope", "clause")]
    yield render_table(columns, [_charge(charge) for charge in verdict.charges])
    for clauses in dict.fromkeys(charge.open_clauses for charge in verdict.charges if charge.open_clauses):
        yield speak("the clauses {clauses} contradict each other; not settled yet", clauses=", ".join(clauses))
    if verdict.holdings:
        yield ""
        names = ("contract", "scope", "from", "to", "holds")
        columns = [Column(speak(name), least=6) for name in names]
        yield render_table(columns, [_holding(holding, verdict.day) for holding in verdict.holdings])


def _charge(charge: Charge) -> list[str | Cell]:
    payer = {
        True: Cell(speak("free"), "green"),
        False: Cell(speak("customer"), "yellow"),
        None: Cell(speak("not decided"), "red"),
    }
    scope = speak_value(charge.scope, "scope") if charge.scope else ""
    return [speak_value(charge.name, "charge"), payer[charge.free], charge.contract, scope, charge.clause]


def _holding(holding: Holding, day: date) -> list[str | Cell]:
    term = holding.term
    first = str(term.first) if term.first else speak("not begun")
    last = str(term.last) if term.last else speak("open end")
    scope = speak_value(term.scope, "scope")
    return [holding.contract, scope, first, last, speak("yes") if term.holds_on(day) else speak("no")]
