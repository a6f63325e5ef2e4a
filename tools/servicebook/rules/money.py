"""Is paid work agreed to, priced as the contract says, and billed as its cover says; do contracts contradict?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import TICKET_KINDS
from servicebook.rules.reading import listed, sound_facts
from servicebook.sla.cover import terms_of
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.sla.cover import CoverTerm
    from servicebook.store.snapshot import Snapshot

WORK_BEGINS = ("departed", "arrived", "remote_session", "part_replaced", "resolved")
"""Events that show that somebody is at work."""

# Few tickets have costs: what prices them is imported where one has, not on the way of every hook.

WAYS = (("emergency_plan", "consent"), ("consent",))
"""Where the customer's consent stands: on the plan of an incident, on a visit or a request."""


def consent_of(facts: Facts) -> dict[str, Any]:
    """Return the customer's consent to the work on a ticket, empty where there is none."""
    return next((found for way in WAYS if isinstance(found := facts.get(*way), dict)), {})


def _lines(facts: Facts | None) -> list[tuple[int, dict[str, Any]]]:
    """Return what was booked on a ticket, each line with its position; most tickets have none."""
    if facts is None or '"costs"' not in facts.raw:
        return []
    return list(enumerate(facts.get("costs", default=())))


@rule(
    "REC311",
    "clauses-in-open-conflict",
    scope="file",
    severity="warning",
    message="the clauses {clauses} contradict each other on `{question}`; the reading `{reading}` is not settled",
    hint="agree on it with the customer, then write `settled_on` and `settled_by`",
    kinds=("contract",),
)
def clauses_in_open_conflict(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two clauses of a contract that answer one question differently, without an answer that both sides signed.

    Why: who pays hangs on it, and the customer should not learn our reading from a bill. Until it is settled,
    tickets are judged by the reading written down, and each says that it is open.

    Example:
        conflicts:
        - {clauses: ["1.1-6", 1.3.5], question: post_expiry_product_fault, reading: paid}

    Instead:
        conflicts:
        - {clauses: ["1.1-6", 1.3.5], question: post_expiry_product_fault, reading: paid, settled_on: 2026-05-04,
           settled_by: minutes of the renewal talks}
    """
    facts = sound_facts(loaded)
    for position, conflict in enumerate(facts.get("conflicts", default=()) if facts else ()):
        if facts and not conflict.get("settled_on"):
            params = {"clauses": listed(conflict["clauses"]), "question": conflict["question"]}
            where = ("conflicts", position)
            yield clauses_in_open_conflict.at(facts.path, where, reading=conflict.get("reading", "-"), **params)


@rule(
    "REC312",
    "billed-without-consent",
    scope="file",
    needs=("costs",),
    message="the customer is billed for this line, and nothing says that they agreed to it",
    hint="write where the proof is: `consent: mail of ... on ...` | else `billable: false`",
    kinds=TICKET_KINDS,
)
def billed_without_consent(loaded: Loaded) -> Iterator[Diagnostic]:
    """A billable cost on a ticket without the customer's consent and its evidence.

    Why: travel and personalised work are charged after agreement (service plan, 1.1-5); without a mail, fax or
    recorded call to show, the bill is not paid and trust is gone.

    Example:
        costs:
        - {role: testing, person_days: 0.5, amount: {amount: 400, currency: CNY}, billable: true}

    Instead:
        costs:
        - {role: testing, person_days: 0.5, amount: {amount: 400, currency: CNY}, billable: true,
           consent: mail of manager Fang of 9 April}
    """
    facts = sound_facts(loaded)
    for position, line in _lines(facts):
        if facts and line.get("billable") and not line.get("consent") and not consent_of(facts).get("evidence"):
            yield billed_without_consent.at(facts.path, ("costs", position))


@rule(
    "REC313",
    "paid-work-before-consent",
    scope="file",
    needs=("costs",),
    message="the customer agreed at {agreed}, and the paid work had begun with `{event}` at {begun}",
    hint="correct `at` of the consent where it is mistyped | else the work before it is not billable",
    kinds=TICKET_KINDS,
)
def paid_work_before_consent(loaded: Loaded) -> Iterator[Diagnostic]:
    """Paid work that had begun before the customer said yes.

    Why: consent comes before the work (service plan, 1.2.2 and 1.1-5); afterwards the customer has no choice.

    Example:
        consent: {by: manager Fang, at: 2026-03-12T18:00:00+08:00, evidence: mail}
        - {at: 2026-03-12T10:00:00+08:00, id: d3pt, event: departed, by: li.wei}

    Instead:
        consent: {by: manager Fang, at: 2026-03-12T09:40:00+08:00, evidence: mail}
        - {at: 2026-03-12T10:00:00+08:00, id: d3pt, event: departed, by: li.wei}
    """
    facts = sound_facts(loaded)
    if facts is None or not any(line.get("billable") for _, line in _lines(facts)):
        return
    agreed = parse_instant(consent_of(facts).get("at"))
    events = zip(facts.timeline, facts.instants, strict=True)
    begun = next(((entry, at) for entry, at in events if entry.get("event") in WORK_BEGINS and at), None)
    if agreed and begun and begun[1] < agreed:
        way = next(way for way in WAYS if facts.get(*way))
        params = {"agreed": agreed.isoformat(), "event": begun[0]["event"], "begun": begun[0]["at"]}
        yield paid_work_before_consent.at(facts.path, (*way, "at"), **params)


@rule(
    "REC315",
    "visit-with-a-cost-nobody-agreed-to",
    scope="file",
    needs=("estimate",),
    message="a team left at {at}; the visit is to cost {estimate}, and nothing says that the customer agreed",
    hint="first: servicebook consent {id} --to NAME --via phone | take `estimate` out where the visit costs nothing",
    kinds=("visit",),
)
def visit_with_a_cost_nobody_agreed_to(loaded: Loaded) -> Iterator[Diagnostic]:
    """A visit that has a price, for which a team left without the customer's consent.

    Why: work items and cost are agreed days ahead (service plan, 1.2.3 and 1.1-5); at the door the customer has no
    choice.

    Example:
        estimate: {amount: 2000, currency: CNY}
        - {at: 2026-05-14T07:00:00+08:00, id: d3pt, event: departed, by: li.wei}

    Instead:
        estimate: {amount: 2000, currency: CNY}
        consent: {by: 陈工, at: 2026-04-10T10:00:00+08:00, via: phone}
    """
    facts = sound_facts(loaded)
    price = facts.get("estimate", "amount") if facts else None
    if facts is None or not price or facts.get("external") or facts.get("consent") or "departed" not in facts.events:
        return
    place = facts.events.index("departed")
    params = {"at": facts.timeline[place].get("at"), "id": facts.id}
    said = f"{price} {facts.get('estimate', 'currency', default='')}".strip()
    yield visit_with_a_cost_nobody_agreed_to.at(facts.path, ("estimate",), **params, estimate=said)


@rule(
    "REF572",
    "cost-beside-the-rate-card",
    scope="relation",
    needs=("costs",),
    message="the line says {said}; by `{contract}` it costs {due}",
    hint="write what the card says: {due} | leave `amount` out, it is computed | correct the card of `{contract}`",
    kinds=TICKET_KINDS,
)
def cost_beside_the_rate_card(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """Work that was booked at another price than the rate card of its contract has.

    Why: what a person-day of each role costs is agreed (service plan, 1.3.5); a sum that nobody can work out again
    is disputed.

    Example:
        - {role: operations_engineer, person_days: 0.5, amount: {amount: 600, currency: CNY}}     (1000 a day)

    Instead:
        - {role: operations_engineer, person_days: 0.5, amount: {amount: 500, currency: CNY}}
    """
    lines = [(position, line) for position, line in _lines(facts) if line.get("role") and line.get("amount")]
    contract = desk.get("contract", facts.get("contract") or "") if lines else None
    if contract is None:
        return
    from servicebook.workflow.estimate import price_of
    from servicebook.workflow.money import money_of

    for position, line in lines:
        bare = {key: value for key, value in line.items() if key != "amount"}
        said, due = money_of(line["amount"]), price_of(bare, contract.data)
        if said and due and said != due:
            where = ("costs", position, "amount")
            yield cost_beside_the_rate_card.at(facts.path, where, said=said, due=due, contract=contract.id)


@rule(
    "REF573",
    "billed-otherwise-than-covered",
    scope="relation",
    needs=("costs",),
    severity="warning",
    message="{sort} is `billable: {said}`; it is {due} by `{contract}`, clause {clause}",
    hint="`servicebook cover {id}` shows why | correct `billable`, or say in `note` why it is otherwise",
    kinds=("incident",),
)
def billed_otherwise_than_covered(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A cost that is billed although the contract covers it, or given away although the contract charges it.

    Why: what is covered costs the customer nothing (service plan, 1.1-1); what is not is the company's money. A line
    with a `note` is somebody's decision and left alone.

    Example:
        - {role: operations_engineer, person_days: 0.5, billable: true, consent: mail}       (labour is free: 1.1-1)

    Instead:
        - {role: operations_engineer, person_days: 0.5, billable: false}
    """
    lines = _lines(facts)
    contract = desk.get("contract", facts.get("contract") or "") if lines else None
    if contract is None:
        return
    from servicebook.sla.billing import verdict_of

    names = facts.get("assets", default=())
    assets = [(asset.id, asset.data) for name in names if (asset := desk.get("asset", name))]
    verdict = verdict_of(facts.data, [(contract.id, contract.data)], assets, desk.settings.categories)
    for position, line in lines:
        sort = "travel" if line.get("travel") else "parts" if line.get("part") else "labour" if line.get("role") else ""
        if not sort or line.get("note"):
            continue
        charge, said = verdict.charge(sort), bool(line.get("billable"))
        if charge.free is not None and charge.free == said:
            due = "free" if charge.free else "paid"
            params = {"sort": sort, "said": str(said).lower(), "due": due, "contract": contract.id, "id": facts.id}
            where = ("costs", position)
            yield billed_otherwise_than_covered.at(facts.path, where, clause=charge.clause or "-", **params)


@rule(
    "REF574",
    "part-billed-above-the-bid",
    scope="relation",
    needs=("costs",),
    message="{quantity} of `{part}` for {said}; the bid has {cap} for one",
    hint="bill no more than the bid: {cap} for one | correct `price_cap` of `{part}` where another price was agreed",
    kinds=TICKET_KINDS,
)
def part_billed_above_the_bid(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A part on a ticket that costs more than was bid for it.

    Why: expansions and parts are never above the price of the bid (service plan, 1.1-6, 1.3.5).

    Example:
        - {part: fan-module-fm-44, quantity: 1, amount: {amount: 950, currency: CNY}}      (price_cap: 900)

    Instead:
        - {part: fan-module-fm-44, quantity: 1, amount: {amount: 900, currency: CNY}}
    """
    for position, line in _lines(facts):
        if not line.get("part"):
            continue
        from servicebook.workflow.estimate import cap_of
        from servicebook.workflow.money import money_of

        said = money_of(line.get("amount"))
        part = desk.get("part", line["part"]) if said else None
        contract = desk.get("contract", facts.get("contract") or "") if part else None
        cap = cap_of(part.data, contract.data if contract else None) if part else None
        quantity = line.get("quantity", 1)
        if said and part and cap and cap.currency == said.currency and said.amount > cap.amount * quantity:
            where = ("costs", position, "amount")
            yield part_billed_above_the_bid.at(facts.path, where, part=part.id, quantity=quantity, said=said, cap=cap)


@rule(
    "REC314",
    "billed-above-the-estimate",
    scope="file",
    needs=("costs",),
    severity="warning",
    message="{billed} are billed; the customer agreed to {estimate}",
    hint="ask the customer again and write the new estimate down with its consent | or bill no more than it",
    kinds=TICKET_KINDS,
)
def billed_above_the_estimate(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket on which more is billed than the customer was told beforehand.

    Why: consent was given to a sum.

    Example:
        estimate: {amount: 1000, currency: CNY}
        costs: [{role: operations_engineer, person_days: 2, amount: {amount: 2000, currency: CNY}, billable: true, ...}]

    Instead:
        estimate: {amount: 2000, currency: CNY}
        costs: [{role: operations_engineer, person_days: 2, amount: {amount: 2000, currency: CNY}, billable: true, ...}]
    """
    facts = sound_facts(loaded)
    if not any(line.get("billable") for _, line in _lines(facts)):
        return
    from servicebook.workflow.money import money_of, sums_of

    billed = [money for _, line in _lines(facts) if line.get("billable") and (money := money_of(line.get("amount")))]
    if facts is None or not billed:
        return
    where = next((way for way in (("emergency_plan", "estimate"), ("estimate",)) if facts.get(*way)), ())
    estimate = money_of(facts.get(*where)) if where else None
    total = sums_of(billed).get(estimate.currency) if estimate else None
    if estimate and total and total.amount > estimate.amount:
        yield billed_above_the_estimate.at(facts.path, where, billed=total, estimate=estimate)


@rule(
    "DSK852",
    "contract-periods-that-overlap",
    scope="desk",
    severity="warning",
    message="`{scope}` of `{what}` is covered here from {start} to {end}, and by `{other}` in that time as well",
    hint="let one begin when the other ends | take the asset or service out of one of the two",
    kinds=("contract",),
)
def contract_periods_that_overlap(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two contracts of one customer that cover the same thing in the same scope at the same time.

    Why: the customer pays twice for it, or two clauses fight over who pays for a fault.

    Example:
        harbour-2025: cover: [{scope: goods, ...}], assets: [encoder-01], until 2028-11-17
        harbour-2028: cover: [{scope: goods, ...}], assets: [encoder-01], from 2028-06-01

    Instead:
        harbour-2028: from 2028-11-18
    """
    by_customer: dict[str, list[Facts]] = {}
    for contract in desk.of_kind("contract"):
        if contract.status != "draft":
            by_customer.setdefault(str(contract.get("customer")), []).append(contract)
    for contracts in by_customer.values():
        for place, later in enumerate(contracts):
            for earlier in contracts[:place]:
                yield from _overlaps(earlier, later)


def _overlaps(one: Facts, two: Facts) -> Iterator[Diagnostic]:
    shared = _shared(one, two)
    if not shared:
        return
    known = {term.scope: term for term in terms_of(one.data) if term.scope != "manufacturer"}
    for position, term in enumerate(terms_of(two.data)):
        other = known.get(term.scope)
        span = _common(term, other) if other else None
        if span:
            params = {"scope": term.scope, "what": shared, "start": span[0], "end": span[1], "other": one.id}
            yield contract_periods_that_overlap.at(two.path, ("cover", position), **params)


def _shared(one: Facts, two: Facts) -> str:
    """Return an asset that both contracts list; a service where neither lists assets; empty for nothing shared."""
    field = "assets" if one.get("assets") or two.get("assets") else "services"
    theirs = set(one.get(field, default=()))
    return next((id for id in two.get(field, default=()) if id in theirs), "")


def _common(one: CoverTerm, two: CoverTerm) -> tuple[date, str] | None:
    """Return the first and last day (`-` for an open end) on which both terms hold."""
    if one.first is None or two.first is None:
        return None
    start = max(one.first, two.first)
    end = min(one.last or date.max, two.last or date.max)
    return None if start > end else (start, "-" if end == date.max else end.isoformat())


RULES: tuple[Rule, ...] = (
    clauses_in_open_conflict,
    billed_without_consent,
    paid_work_before_consent,
    visit_with_a_cost_nobody_agreed_to,
    cost_beside_the_rate_card,
    billed_otherwise_than_covered,
    part_billed_above_the_bid,
    billed_above_the_estimate,
    contract_periods_that_overlap,
)
