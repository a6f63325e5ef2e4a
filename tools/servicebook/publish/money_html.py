"""What pages show of money and goods: who pays for a ticket, ledgers of parts, terms of contracts, health."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from servicebook.publish.addresses import href, page_of
from servicebook.publish.elements import Column, day, figure, record_id, status
from servicebook.publish.namers import Namer, sums_of_namers
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.reports.cover import PAID_FOR, verdict_on
from servicebook.reports.health import COUNTED, FIGURES, Added, added_by, added_up, health_from
from servicebook.reports.parts import ledger_lines, part_row, part_rows
from servicebook.reports.renewals import WHAT, endings
from servicebook.sla.cover import terms_of

REASONS = {
    "covered": "Covered",
    "human_caused": "Not covered: the customer's own people caused it",
    "expired": "Not covered: every term is over",
    "not_started": "Not covered: no term has begun",
    "other_side": "Not covered: the contract covers goods and this is software, or the other way round",
    "not_delivered": "Not covered: no contract is about these assets or this service",
    "no_contract": "Not covered: there is no contract",
}
"""Why a ticket is covered or not, in words of the site."""


def money_sections(view: View, facts: Facts, address: str) -> str:
    """Return the sections that a record's kind has of money and goods; empty for most kinds.

    Who pays, stocks and health are counted from much that others than the house may not see; from a part of it they
    would come out wrong, so that others read the terms of contracts and nothing more.
    """
    if is_outer(view.desk.audience):
        return view.section("Terms", _terms(view, facts)) if facts.kind == "contract" else ""
    if facts.kind in PAID_FOR and facts.kind != "problem":
        return view.section("Cover", _cover(view, facts, address))
    if facts.kind == "contract":
        return view.section("Terms", _terms(view, facts))
    if facts.kind == "part":
        stock, movements = _stock(view, facts, address), _movements(view, facts, address)
        return view.section("Stock", stock) + view.section("Movements", movements)
    if facts.kind in ("customer", "service"):
        return view.section("Health", _health(view, facts))
    return ""


def _cover(view: View, facts: Facts, address: str) -> str:
    """Return who pays for what on a ticket; nothing where its contracts are not for these readers."""
    if not facts.get("customer") or not any(True for _ in view.of_kind("contract")):
        return ""
    verdict = verdict_on(view, facts)
    payers = {True: "Free", False: "Customer pays", None: "Not decided"}
    rows = []
    for charge in verdict.charges:
        contract = view.get("contract", charge.contract)
        link = record_id(contract.id, href(address, page_of(contract))) if contract else ""
        cells = (view.labels.value(charge.name), view.labels.say(payers[charge.free]), link)
        rows.append((*cells, view.labels.value(charge.scope) if charge.scope else "", escape(charge.clause)))
    reason = view.labels.say(REASONS[verdict.reason])
    conflict = any(charge.open_clauses for charge in verdict.charges)
    more = f" · {view.labels.say('Clauses contradict each other, not settled yet')}" if conflict else ""
    head = f'<p>{reason} <span class="meta">{day(str(verdict.day))}</span>{more}</p>\n'
    return head + view.table((Column("Cost", "f"), "Who pays", "Contract", "Scope", "Clause"), rows)


def _terms(view: View, facts: Facts) -> str:
    rows = []
    for term in terms_of(facts.data):
        days = [day(str(one)) if one else "" for one in (term.first, term.last)]
        sorts = [" · ".join(view.labels.value(name) for name in sorted(names)) for names in (term.free, term.paid)]
        rows.append((view.labels.value(term.scope), *days, *sorts, escape(term.clause)))
    heads = (
        Column("Scope", "f"), "From", "Until", Column("Free", named=True), Column("Customer pays", named=True),
        "Clause",
    )  # fmt: skip
    return view.table(heads, rows) if rows else ""


def _stock(view: View, facts: Facts, address: str) -> str:
    row = part_row(facts, view, view.now)
    ledger = row.ledger
    rows = [
        (
            _store(view, address, facts, store),
            *(str(ledger.count(state, place=store)) for state in ("free", "reserved", "broken")),
        )
        for store in ledger.stores
    ]
    note = view.labels.say("Below its minimum") if row.is_low else view.labels.say("Minimum")
    said = f"<p>{note} · {row.minimum}</p>\n"
    for one in row.sent_back:
        due = f" · {view.labels.say('due')} {view.instant(one.due_at)}" if one.due_at else ""
        sent = f"RMA {record_id(one.rma)} · {view.labels.field('serial_number')} {record_id(one.serial)}"
        said += f"<p>{view.labels.say('At the supplier')} · {sent}{due}</p>\n"
    heads = (Column("Store", "f"), *_figures("Free in store", "Reserved", "Broken"))
    return said + (view.table(heads, rows) if rows else "")


def _store(view: View, address: str, part: Facts, store: str) -> str:
    """Return a link to a store; only the part's own has its title here, for pages do not follow that of others."""
    site = view.get("site", store)
    if site is None:
        return escape(store)
    return view.link(address, site) if store == part.get("store") else record_id(store, href(address, page_of(site)))


def _movements(view: View, facts: Facts, address: str) -> str:
    rows = []
    for line in ledger_lines(facts):
        move = line.movement
        ticket = next((found for kind in ("incident", "service_request", "change", "visit", "problem")
                       if (found := view.get(kind, str(move.get("ticket") or "")))), None)  # fmt: skip
        link = record_id(ticket.id, href(address, page_of(ticket))) if ticket else ""
        what = view.labels.value(str(move.get("type", "")))
        if move.get("condition") == "broken":
            what += f" · {view.labels.value('broken')}"
        balance = view.labels.say("does not count") if line.fault else str(line.on_hand)
        cells = (view.instant(str(move.get("at", ""))), what, str(move.get("quantity", 1)))
        rows.append((*cells, escape(str(move.get("serial") or "")), link, balance))
    heads: tuple[str | Column, ...] = (
        "When", Column("Movement", "f"), *_figures("Number"), "Serial number", "Ticket", *_figures("On hand"),
    )  # fmt: skip
    return view.table(heads, rows) if rows else ""


def _health(view: View, facts: Facts) -> str:
    sums = sums_of_namers(view, facts, "health", partial(_added_up, view), COUNTED)
    months = health_from(sums, view.now.date())
    if not any(getattr(month, name) for month in months for name in (*FIGURES, "answers")):
        return ""
    shown = [name for name in FIGURES if any(getattr(month, name) for month in months)]
    told = (*shown, "answers")
    asked = any(month.answers for month in months)
    rows = [
        (f'<span class="nw">{month.month}</span>', *(str(getattr(month, name) or "") for name in shown),
         *([figure(month.csat, "%") if month.csat is not None else ""] if asked else ()))
        for month in reversed(months) if any(getattr(month, name) for name in told)
    ]  # fmt: skip
    figures = (name.replace("_", " ").capitalize() for name in shown)
    heads = (Column("Month", "f"), *_figures(*figures, *(["Satisfaction"] if asked else [])))
    return f'<p class="meta">{view.labels.say(HEALTH_MEANS)}</p>\n{view.table(heads, rows)}'


def _added_up(view: View, namers: Sequence[Namer]) -> dict[str, dict[str, int]]:
    return added_up((one for one, _ in namers), partial(_added_by, view))


def _added_by(view: View, record: Facts) -> Added:
    """Return what a record adds: most name a customer and a service, and are read once for both."""
    found = view.known_health.get(record.path)
    if found is None:
        found = view.known_health[record.path] = added_by(record)
    return found


HEALTH_MEANS = (
    "What was opened in each of the last twelve months; met and missed are the clocks of those tickets, satisfaction "
    "the share of answers of 4 or 5. A month in which nothing happened is left out."
)


def parts_table(view: View, address: str) -> str:
    """Return every part with what is there of it, those below their minimum first."""
    rows = []
    for row in part_rows(view, view.now):
        store = view.get("site", str(row.part.get("store", default="")))
        low = status("miss", view.labels.say("Below its minimum")) if row.is_low else ""
        numbers = (str(row.ledger.on_hand), str(row.ledger.count("reserved") or ""), str(row.minimum))
        rows.append((view.link(address, row.part), view.link(address, store) if store else "", *numbers, low))
    heads: tuple[str | Column, ...] = (Column("Part", "f"), "Store", *_figures("On hand", "Reserved", "Minimum"), "")
    return view.table(heads, rows) if rows else ""


def endings_table(view: View, address: str) -> str:
    """Return what runs out in the next 90 days, the soonest first."""
    rows = []
    for one in endings(view, view.now.date()):
        said = view.labels.say(WHAT[one.what]) + (f" · {view.labels.value(one.scope)}" if one.scope else "")
        rows.append((day(str(one.on)), said, view.link(address, one.record)))
    return view.table((Column("Last day", "nw"), "What", "Record"), rows) if rows else ""


def _figures(*titles: str) -> list[Column]:
    return [Column(title, "n", named=True) for title in titles]
