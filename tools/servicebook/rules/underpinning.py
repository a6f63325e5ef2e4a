"""Do the clocks of suppliers run, and is it written which supplier a ticket waits for?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.kinds import TICKET_KINDS
from servicebook.rules.reading import sound_facts
from servicebook.sla.waiting import WAITS_FOR_SUPPLIER, supplier_of, waits_by
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.snapshot import Snapshot


def _clocks(facts: Facts) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Yield the clocks of an agreement that count a supplier's time, each with its place."""
    for number, version in enumerate(facts.get("versions", default=())):
        for place, clock in enumerate(version.get("clocks") or ()):
            if clock.get("supplier"):
                yield ("versions", number, "clocks", place), clock


@rule(
    "REC340",
    "supplier-clock-start",
    scope="file",
    message="the clock `{name}` counts the time of a supplier, but starts at `{start}`",
    hint="write `start: paused`: it starts each time that a ticket waits for the supplier",
    kinds=("agreement",),
)
def supplier_clock_start(loaded: Loaded) -> Iterator[Diagnostic]:
    """A clock of one supplier that does not start with the ticket waiting for it.

    Why: what a supplier owes us counts from when we ask for it, which is when the ticket is paused for it. Counted
    from the customer's notice, it would pay for our own time.

    Example:
        - {name: dealer-parts, supplier: dealer, start: reported_at, stop: [part_arrived], within: 2 working days}

    Instead:
        - {name: dealer-parts, supplier: dealer, start: paused, stop: [part_arrived], within: 2 working days}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    for where, clock in _clocks(facts):
        if clock.get("start") != "paused":
            told = {"name": clock.get("name"), "start": clock.get("start")}
            yield supplier_clock_start.at(facts.path, (*where, "start"), **told)


@rule(
    "REC341",
    "supplier-of-another-wait",
    scope="file",
    message="a wait for `{reason}` names the supplier `{supplier}`",
    hint="a supplier is waited for by `reason: waiting_supplier` on `paused`",
    kinds=TICKET_KINDS,
)
def supplier_of_another_wait(loaded: Loaded) -> Iterator[Diagnostic]:
    """A line of a timeline that names a supplier and is no wait for one.

    Why: the supplier's clock starts with `paused` and `waiting_supplier`; here it would not, and everybody who reads
    the name believes that it runs.

    Example:
        - {at: 2026-03-13T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_customer,
           supplier: corvane-dealer}

    Instead:
        - {at: 2026-03-13T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_supplier,
           supplier: corvane-dealer}
    """
    facts = sound_facts(loaded)
    if facts is None or '"supplier"' not in facts.raw:
        return
    for position, entry in enumerate(facts.timeline):
        if entry.get("supplier") and not waits_by(entry):
            told = {"reason": entry.get("reason") or entry.get("event"), "supplier": entry["supplier"]}
            yield supplier_of_another_wait.at(facts.path, ("timeline", position, "supplier"), **told)


@rule(
    "REF607",
    "supplier-without-its-agreement",
    scope="relation",
    message="the clock `{name}` counts the time of `{supplier}`, whose record does not name this agreement",
    hint="kb/suppliers/{supplier}.md: agreements: [{agreement}]",
    kinds=("agreement",),
)
def supplier_without_its_agreement(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A clock for a supplier in an agreement that the supplier's record does not lead to.

    Why: a ticket that waits for a supplier finds its promises in the supplier's record. What is not named there runs
    on no ticket, and nobody is told that the supplier is late.

    Example:
        agreements: []                     (in the record of corvane-dealer)

    Instead:
        agreements: [corvane-parts]
    """
    for where, clock in _clocks(facts):
        supplier = desk.get("supplier", str(clock["supplier"]))
        if supplier is not None and facts.id not in supplier.get("agreements", default=()):
            told = {"name": clock.get("name"), "supplier": supplier.id, "agreement": facts.id}
            yield supplier_without_its_agreement.at(facts.path, (*where, "supplier"), **told)


@rule(
    "REF608",
    "wait-for-nobody",
    scope="relation",
    severity="warning",
    message="the ticket waits for a supplier, and neither `supplier` nor its assets say for which",
    hint="servicebook resume {id}, then servicebook pause {id} --supplier SLUG",
    kinds=TICKET_KINDS,
)
def wait_for_nobody(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A ticket that waits for a supplier which nobody has written down.

    Why: whoever takes over has to know whom to call, and the supplier's own clock starts only when it is known. On a
    desk without supplier records there is nothing to name.

    Example:
        - {at: 2026-03-13T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_supplier}

    Instead:
        - {at: 2026-03-13T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_supplier,
           supplier: corvane-dealer}
    """
    if facts.status != "on_hold" or WAITS_FOR_SUPPLIER not in facts.raw or not any(desk.of_kind("supplier")):
        return
    for position in range(len(facts.timeline) - 1, -1, -1):
        entry = facts.timeline[position]
        if entry.get("event") != "paused":
            continue
        if waits_by(entry) and not supplier_of(entry, facts.data, desk):
            yield wait_for_nobody.at(facts.path, ("timeline", position), id=facts.id)
        return


RULES: tuple[Rule, ...] = (
    supplier_clock_start,
    supplier_of_another_wait,
    supplier_without_its_agreement,
    wait_for_nobody,
)
