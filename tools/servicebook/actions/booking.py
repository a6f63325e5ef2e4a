"""How costs get onto a ticket: priced by the contract, free or billed as its cover says, never billed unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.sla.billing import Verdict
from servicebook.text.set_field import append_item
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.estimate import Parts, price_of, rate_of


def book(
    source: SourceFile,
    ticket: Facts,
    lines: Sequence[Mapping[str, Any]],
    *,
    on: date,
    contract: Facts | None,
    parts: Parts,
    verdict: Verdict,
    billable: bool | None,
    agreed: str,
) -> SourceFile:
    """Return the ticket's file with lines of cost, each with its price and whether the customer pays it.

    billable: what was said; None for what the verdict says. agreed: where the customer's consent is proven.
    Raises FindingsError for a line without a price, for one that nothing decides who pays, and for one that the
    customer pays and has not agreed to.
    """
    data = source.data
    for line in lines:
        price = price_of(line, contract.data if contract else None, parts)
        if price is None:
            raise _no_price(line, contract)
        paid = _pays(ticket, line, verdict) if billable is None else billable
        if paid and not agreed:
            raise FindingsError(
                "the customer pays {price} for this on `{id}` and has not agreed to it",
                "get a yes first, then --consent WHERE-THE-PROOF-IS | servicebook cover {id} shows who pays",
                price=price, id=ticket.id,
            )  # fmt: skip
        judged = {"amount": price.block(), "billable": paid, "consent": agreed if paid else ""}
        entry = {"done_on": on.isoformat(), **line, **judged}
        data = append_item(data, ("costs",), {key: value for key, value in entry.items() if value not in (None, "")})
    return SourceFile(source.path, data)


def sort_of(ticket: Facts, line: Mapping[str, Any]) -> str:
    """Return under which sort of cost the cover has a line: labour, parts, travel or custom_work."""
    if line.get("travel"):
        return "travel"
    if line.get("part") or line.get("item"):
        return "parts"
    wishes = ticket.kind == "service_request" and ticket.get("request_type") in ("provisioning", "configuration")
    return "custom_work" if wishes else "labour"


def _pays(ticket: Facts, line: Mapping[str, Any], verdict: Verdict) -> bool:
    charge = verdict.charge(sort_of(ticket, line))
    if charge.free is None:
        raise FindingsError(
            "nothing decides who pays for this on `{id}`: the clauses {clauses} contradict each other",
            "say it: --billable or --free | settle it in the contract `{contract}`",
            id=ticket.id, clauses=", ".join(charge.open_clauses), contract=charge.contract,
        )  # fmt: skip
    return not charge.free


def _no_price(line: Mapping[str, Any], contract: Facts | None) -> FindingsError:
    name = next((line[key] for key in ("role", "item", "part") if line.get(key)), "-")
    known = ", ".join(str(rate.get("role")) for rate in (contract.get("rate_card", default=()) if contract else ()))
    if line.get("role") and rate_of(contract.data if contract else None, str(line["role"])) is None:
        hint = "on the card are: {known}" if known else "name the contract of the ticket: servicebook list contract"
    else:
        hint = "say what it costs: --amount 100"
    return FindingsError(
        "`{name}` has no price in the contract `{contract}`", hint,
        name=name, contract=contract.id if contract else "-", known=known,
    )  # fmt: skip
