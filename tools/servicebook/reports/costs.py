"""What work cost, by ticket, contract, role and month: against what was estimated, and who pays."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from servicebook.records.facts import Facts
from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.board import Desk
from servicebook.reports.cover import contracts_of
from servicebook.sla.cover import day_written
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.estimate import price_of
from servicebook.workflow.money import Money, exact, money_of, sums_of

ENDS = ("closed", "resolved", "left", "implemented", "deployed")
"""Events that show when the work on a ticket was done, the first that is there counts."""


class CostLine(NamedTuple):
    """One line that was booked. price: None where neither the line nor the contract has one."""

    ticket: Facts
    position: int
    contract: str
    on: date | None
    what: str
    person: str
    person_days: str
    price: Money | None
    billable: bool


class Sum(NamedTuple):
    """What one ticket, contract, role, customer or month came to; `estimate` where there was one.

    unpriced: how many lines have no price and are not in the sums.
    """

    name: str
    person_days: str
    free: Money
    billed: Money
    estimate: Money | None
    unpriced: int

    @property
    def total(self) -> Money:
        """All of it, whoever pays."""
        return Money(self.free.amount + self.billed.amount, self.free.currency)


GROUPINGS: dict[str, Callable[[CostLine], str]] = {
    "ticket": lambda line: line.ticket.id,
    "contract": lambda line: line.contract or "-",
    "customer": lambda line: str(line.ticket.get("customer", default="-")),
    "what": lambda line: line.what,
    "month": lambda line: line.on.isoformat()[:7] if line.on else "-",
}
"""What lines can be summed up by."""


def cost_lines(
    desk: Desk, contract: str = "", start: date | None = None, end: date | None = None, ticket: str = ""
) -> list[CostLine]:
    """Return what was booked, by day: of one contract or ticket, and from the first to the last day, where said."""
    found = []
    known: dict[str, str] = {}
    for one in desk.of_kind(*TICKET_KINDS):
        if '"costs"' in one.raw and ticket in ("", one.id):
            found += list(cost_lines_of(one, desk, known))
    passing = [
        line
        for line in found
        if contract in ("", line.contract)
        and (start is None or (line.on is not None and start <= line.on))
        and (end is None or (line.on is not None and line.on <= end))
    ]
    return sorted(passing, key=lambda line: (line.on or date.min, line.ticket.id, line.position))


def cost_lines_of(ticket: Facts, desk: Desk, known: dict[str, str] | None = None) -> Iterator[CostLine]:
    """Yield what was booked on a ticket, as it stands there; `known`: contracts of customers found before."""
    contract = contract_of(ticket, desk, known)
    paying = desk.get("contract", contract)
    ended = day_of(ticket)
    for position, line in enumerate(ticket.get("costs", default=())):
        part = desk.get("part", str(line.get("part") or ""))
        parts = {part.id: part.data} if part else {}
        price = price_of(line, paying.data if paying else None, parts)
        what = next((str(line[key]) for key in ("role", "part", "item") if line.get(key)), "")
        what = what or ("travel" if line.get("travel") else "other")
        days = str(exact(line["person_days"])) if line.get("person_days") else ""
        on = day_written(line.get("done_on")) or ended
        person = str(line.get("person") or "")
        yield CostLine(ticket, position, contract, on, what, person, days, price, bool(line.get("billable")))


def contract_of(ticket: Facts, desk: Desk, known: dict[str, str] | None = None) -> str:
    """Return the contract that a ticket names, else the one that its customer has, if it is one."""
    if named := ticket.get("contract"):
        return str(named)
    customer = str(ticket.get("customer", default=""))
    known = {} if known is None else known
    if customer not in known:
        contracts = contracts_of(desk, customer)
        known[customer] = contracts[0].id if len(contracts) == 1 else ""
    return known[customer]


def day_of(ticket: Facts) -> date | None:
    """Return the day on which the work on a ticket was done, or else reported."""
    ends = [day_written(e.get("at")) for name in ENDS for e in ticket.timeline if e.get("event") == name]
    first = ticket.timeline[0].get("at") if ticket.timeline else None
    return next((day for day in ends if day), None) or day_written(ticket.get("reported_at") or first)


def estimate_on(ticket: Facts) -> Money | None:
    """Return what a ticket was expected to cost: on its emergency plan, or its own."""
    return money_of(ticket.get("emergency_plan", "estimate")) or money_of(ticket.get("estimate"))


def summed(lines: Iterable[CostLine], by: str) -> list[Sum]:
    """Return the sums of lines by one of GROUPINGS, by name; a group in two currencies gives one sum each."""
    groups: dict[str, list[CostLine]] = {}
    for line in lines:
        groups.setdefault(GROUPINGS[by](line), []).append(line)
    return [one for name, members in sorted(groups.items()) for one in _sums(name, members, by)]


def totals(lines: Sequence[CostLine]) -> list[Sum]:
    """Return the sums of all lines, one a currency."""
    return list(_sums("", lines, "")) if lines else []


def _sums(name: str, lines: Sequence[CostLine], by: str) -> Iterator[Sum]:
    billed = sums_of(line.price for line in lines if line.price and line.billable)
    free = sums_of(line.price for line in lines if line.price and not line.billable)
    estimates = (
        {line.ticket.path: estimate_on(line.ticket) for line in lines} if by in ("ticket", "contract", "") else {}
    )
    estimated = sums_of(money for money in estimates.values() if money)
    days = str(sum((exact(line.person_days or 0) for line in lines), exact(0)))
    unpriced = sum(1 for line in lines if line.price is None)
    for currency in sorted({*billed, *free}) or ["CNY"]:
        nothing = Money(exact(0), currency)
        estimate = estimated.get(currency)
        yield Sum(name, days, free.get(currency, nothing), billed.get(currency, nothing), estimate, unpriced)


def line_data(line: CostLine) -> dict[str, Any]:
    """Return a line in JSON values; money is text, so that no reader makes a binary fraction of it."""
    return {
        "ticket": line.ticket.id,
        "contract": line.contract or None,
        "on": line.on.isoformat() if line.on else None,
        "what": line.what,
        "person": line.person or None,
        "person_days": line.person_days or None,
        "amount": str(line.price.amount) if line.price else None,
        "currency": line.price.currency if line.price else None,
        "billable": line.billable,
    }


def sum_data(one: Sum) -> dict[str, Any]:
    """Return a sum in JSON values, money as text."""
    return {
        "name": one.name,
        "person_days": one.person_days,
        "free": str(one.free.amount),
        "billed": str(one.billed.amount),
        "total": str(one.total.amount),
        "estimate": str(one.estimate.amount) if one.estimate else None,
        "currency": one.free.currency,
        "unpriced": one.unpriced,
    }


def render_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV (RFC 4180), the names first; a text that a spreadsheet would compute is quoted as text."""
    if not rows:
        return ""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t") or (text[:1] == "-" and len(text) > 1) else text
