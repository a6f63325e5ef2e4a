"""Do the records of one customer stay with that customer: site, assets, contract, agreement, service?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import listed
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot


@rule(
    "REF521",
    "another-customers-record",
    scope="relation",
    message="`{field}` names `{target}`, which belongs to `{theirs}`; the record is `{ours}`'s",
    hint="name one of `{ours}`'s | correct `customer`, here or on `{target}`",
)
def another_customers_record(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A record of one customer that names another customer's site, asset or contract, or a survey of their ticket.

    Why: the engineer drives to the wrong house, the wrong contract pays, and one customer reads about another.

    Example:
        customer: harbour-tv
        site: river-radio-hq      (customer: river-radio)

    Instead:
        customer: harbour-tv
        site: harbour-tv-hq
    """
    ours = facts.get("customer")
    for ref in facts.refs if ours else ():
        if (field := ref.field[0]) not in ("site", "assets", "contract", "ticket"):
            continue
        if len(ref.kinds) != 1 and field != "ticket":
            continue
        target = next(filter(None, (desk.get(kind, ref.target) for kind in ref.kinds)), None)
        theirs = target.get("customer") if target else None
        if target and theirs and theirs != ours:
            params = {"field": field, "target": target.id, "theirs": theirs, "ours": ours}
            yield another_customers_record.at(facts.path, ref.field, **params)


@rule(
    "REF522",
    "agreement-not-for-customer",
    scope="relation",
    message="`agreements` names `{target}`, which holds for {theirs}, not for `{ours}`",
    hint="name an agreement made with `{ours}` | add `{ours}` to `customers` of `{target}`",
    kinds=("contract", "asset", "customer"),
)
def agreement_not_for_customer(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A contract, asset or customer under an agreement that was made with somebody else.

    Why: every clock on its tickets would run against a promise that this customer was never given.

    Example:
        customer: harbour-tv
        agreements: [river-radio-sla]

    Instead:
        customer: harbour-tv
        agreements: [harbour-newmedia-sla]
    """
    ours = facts.id if facts.kind == "customer" else facts.get("customer")
    for position, name in enumerate(facts.get("agreements", default=())):
        agreement = desk.get("agreement", name)
        if not ours or agreement is None:
            continue
        theirs = [*agreement.get("customers", default=[]), *filter(None, [agreement.get("customer")])]
        if theirs and ours not in theirs:
            params = {"target": name, "theirs": listed(theirs), "ours": ours}
            yield agreement_not_for_customer.at(facts.path, ("agreements", position), **params)


@rule(
    "REF523",
    "notice-outside-contract",
    scope="relation",
    needs=("contract",),
    severity="warning",
    message="`reported_at` is {reported}; the contract `{contract}` holds from {start} to {end}",
    hint="name the contract in force on that day | without one the work is billable: leave `contract` out",
    kinds=("incident", "service_request"),
)
def notice_outside_contract(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A ticket under a contract that did not hold on the day of the notice.

    Why: who pays hangs on it, and the customer should hear before the visit, not from the bill.

    Example:
        reported_at: 2026-03-12T08:41:00+08:00
        contract: harbour-newmedia-2024     (expires_on: 2025-12-31)

    Instead:
        contract: harbour-newmedia-2026
    """
    contract = desk.get("contract", facts.get("contract", default=""))
    day = str(facts.get("reported_at", default=""))[:10]
    if contract is None or not day:
        return
    start, end = contract.get("signed_on", default=""), contract.get("expires_on", default="")
    if (start and day < start) or (end and day > end):
        params = {"reported": day, "contract": contract.id, "start": start or "-", "end": end or "-"}
        yield notice_outside_contract.at(facts.path, ("contract",), **params)


@rule(
    "REF524",
    "service-not-for-customer",
    scope="relation",
    severity="warning",
    message="`{service}` is not offered to `{customer}`; its customers are {due}",
    hint="correct `service` | add `{customer}` to `customers` of `{service}`",
    kinds=("incident", "service_request"),
)
def service_not_for_customer(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A customer's ticket about a service that lists other customers only.

    Why: either the ticket sits with the wrong team, or the catalog does not show what is really delivered.

    Example:
        customer: river-radio
        service: live-streaming      (customers: [harbour-tv])

    Instead:
        customer: river-radio
        service: radio-streaming
    """
    service = desk.get("service", facts.get("service", default=""))
    customer = facts.get("customer")
    if service is None or not customer:
        return
    due = service.get("customers", default=[])
    if due and customer not in due:
        params = {"service": service.id, "customer": customer, "due": listed(due)}
        yield service_not_for_customer.at(facts.path, ("service",), **params)


RULES: tuple[Rule, ...] = (
    another_customers_record,
    agreement_not_for_customer,
    notice_outside_contract,
    service_not_for_customer,
)
