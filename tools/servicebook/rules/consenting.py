"""Did somebody agree to paid work who may?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import listed
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.consenting import may_not_consent, who_may_consent

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot

WAYS = {"incident": ("emergency_plan", "consent"), "service_request": ("consent",), "visit": ("consent",)}
"""Kind to where the customer's consent stands."""


@rule(
    "REF606",
    "consent-by-whom-may-not",
    scope="relation",
    needs=("costs",),
    severity="warning",
    message="the customer is billed on the consent of `{name}`, who may not agree to paid work; who may: {names}",
    hint="servicebook consent {id} --to NAME, by one who may | correct `may_consent` in `{customer}`",
    kinds=tuple(WAYS),
)
def consent_by_whom_may_not(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """Paid work on the word of a contact who may not agree to it.

    Why: who is on duty at the customer's wants the picture back at any price; who pays the bill is somebody else
    (clause 1.1-5). The customer's file says who may, and consent to work that costs nothing is anybody's.

    Example:
        consent: {by: 陈工, at: 2026-03-13T09:20:00+08:00, via: phone}     (contacts: {name: 陈工, may_consent: false})
        costs: [{role: testing, person_days: 1, billable: true, consent: call of 09:20}]

    Instead:
        consent: {by: Lin Hai, at: 2026-03-13T09:20:00+08:00, via: phone}
    """
    if '"billable"' not in facts.raw or not any(line.get("billable") for line in facts.get("costs", default=())):
        return
    name = str(facts.get(*WAYS[facts.kind], "by", default=""))
    customer = desk.get("customer", str(facts.get("customer", default="")))
    if customer and may_not_consent(customer, name):
        told = {"name": name, "names": listed(who_may_consent(customer)), "id": facts.id, "customer": customer.id}
        yield consent_by_whom_may_not.at(facts.path, (*WAYS[facts.kind], "by"), **told)


RULES: tuple[Rule, ...] = (consent_by_whom_may_not,)
