"""Does the ledger of a part hold: nothing below zero, no piece in two places, every contracted model in a store?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING, Any
from servicebook.workflow.stock import Fault, ledger_of

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.snapshot import Snapshot

HARDWARE = (
    "server", "storage", "network_device", "firewall", "load_balancer", "encoder", "transcoder", "packager",
    "workstation", "power",
)  # fmt: skip
"""Classes of assets that break and are mended by a spare part."""


def _faults(loaded: Loaded, what: str) -> Iterator[tuple[Facts, Fault, dict[str, Any]]]:
    """Yield the faults of one sort in a part's ledger, each with its movement."""
    facts = sound_facts(loaded)
    if facts is not None and facts.get("movements"):
        for fault in ledger_of(facts.data).faults:
            if fault.what == what:
                yield facts, fault, facts.get("movements", fault.position)


@rule(
    "REC281",
    "stock-below-zero",
    scope="file",
    message="{quantity} `{type}` at {at}, and {had} were there",
    hint="one of two who took the last one has none: `servicebook part {id}` shows who | take this line out, or write "
    "down the arrival that is missing: servicebook part receive {id}",
    kinds=("part",),
)
def stock_below_zero(loaded: Loaded) -> Iterator[Diagnostic]:
    """A movement that takes more pieces out of a store than are in it.

    Why: two people who issue the last piece, each on a branch of their own, are both right until their branches meet;
    then one engineer drives off without a part. What is reserved for a ticket is there for that ticket only.

    Example:
        - {at: 2026-03-12T09:00:00+08:00, type: received, quantity: 1}
        - {at: 2026-03-12T10:00:00+08:00, type: issued, ticket: INC-20260312-7F3K}
        - {at: 2026-03-12T10:05:00+08:00, type: issued, ticket: INC-20260312-9ABC}

    Instead:
        - {at: 2026-03-12T09:00:00+08:00, type: received, quantity: 2}
        - {at: 2026-03-12T10:00:00+08:00, type: issued, ticket: INC-20260312-7F3K}
        - {at: 2026-03-12T10:05:00+08:00, type: issued, ticket: INC-20260312-9ABC}
    """
    for facts, fault, movement in _faults(loaded, "short"):
        params = {"quantity": movement.get("quantity", 1), "type": movement["type"], "at": movement["at"]}
        where = ("movements", fault.position)
        yield stock_below_zero.at(facts.path, where, had=fault.had, id=facts.id, **params)


@rule(
    "REC282",
    "piece-in-two-places",
    scope="file",
    message="`{serial}` is `{type}` here, and it was `{had}` then, for `{ticket}`",
    hint="read the number off the piece again | servicebook part return {id} --serial {serial}, where it came back",
    kinds=("part",),
)
def piece_in_two_places(loaded: Loaded) -> Iterator[Diagnostic]:
    """A piece with a serial number that is moved from where it is not: issued twice, or received while it is there.

    Why: one of the two tickets has another piece in the machine than the records say; warranty and the supplier's
    return go by the number.

    Example:
        - {at: 2026-03-12T10:00:00+08:00, type: issued, serial: F44-0017, ticket: INC-20260312-7F3K}
        - {at: 2026-03-14T10:00:00+08:00, type: issued, serial: F44-0017, ticket: INC-20260314-9ABC}

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, type: issued, serial: F44-0017, ticket: INC-20260312-7F3K}
        - {at: 2026-03-13T10:00:00+08:00, type: returned, serial: F44-0017, ticket: INC-20260312-7F3K}
        - {at: 2026-03-14T10:00:00+08:00, type: issued, serial: F44-0017, ticket: INC-20260314-9ABC}
    """
    for facts, fault, movement in _faults(loaded, "elsewhere"):
        params = {"serial": movement["serial"], "type": movement["type"], "had": fault.had, "ticket": fault.ticket}
        where = ("movements", fault.position, "serial")
        yield piece_in_two_places.at(facts.path, where, id=facts.id, **{**params, "ticket": fault.ticket or "-"})


@rule(
    "REC283",
    "piece-never-received",
    scope="file",
    message="`{serial}` is `{type}`, and no piece with that number has come in",
    hint="read the number off the piece again | servicebook part receive {id} --serial {serial}",
    kinds=("part",),
)
def piece_never_received(loaded: Loaded) -> Iterator[Diagnostic]:
    """A piece that leaves a store although its serial number has never come in.

    Why: either the number is mistyped, or an arrival was not written down; both make the count wrong.

    Example:
        - {at: 2026-03-12T09:00:00+08:00, type: received, serial: F44-0017}
        - {at: 2026-03-12T10:00:00+08:00, type: issued, serial: F44-0071}

    Instead:
        - {at: 2026-03-12T09:00:00+08:00, type: received, serial: F44-0017}
        - {at: 2026-03-12T10:00:00+08:00, type: issued, serial: F44-0017}
    """
    for facts, fault, movement in _faults(loaded, "unknown"):
        params = {"serial": movement["serial"], "type": movement["type"], "id": facts.id}
        yield piece_never_received.at(facts.path, ("movements", fault.position, "serial"), **params)


@rule(
    "REC284",
    "movement-without-serial",
    scope="file",
    message="the part is tracked by serial number, and {quantity} `{type}` have {numbers}",
    hint="one line a piece, each with its `serial` | or `tracked_by: quantity`",
    kinds=("part",),
)
def movement_without_serial(loaded: Loaded) -> Iterator[Diagnostic]:
    """A movement without a serial number, or of several pieces, of a part that is tracked by serial number.

    Why: which piece went into which machine is the whole point of tracking it.

    Example:
        tracked_by: serial
        movements:
        - {at: 2026-03-12T09:00:00+08:00, type: received, quantity: 2}

    Instead:
        tracked_by: serial
        movements:
        - {at: 2026-03-12T09:00:00+08:00, type: received, serial: F44-0017}
        - {at: 2026-03-12T09:00:00+08:00, type: received, serial: F44-0018}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("tracked_by") != "serial":
        return
    for position, movement in enumerate(facts.get("movements", default=())):
        quantity, serial = movement.get("quantity", 1), movement.get("serial")
        if not serial or quantity != 1:
            numbers = "one number" if serial else "no number"
            where = ("movements", position)
            params = {"quantity": quantity, "type": movement["type"], "numbers": numbers}
            yield movement_without_serial.at(facts.path, where, **params)


@rule(
    "REC285",
    "on-hand-otherwise",
    scope="file",
    message="`on_hand` is {said}; the movements come to {due}",
    hint="leave `on_hand` out, it is derived | a piece that is not there any more: servicebook part scrap {id}",
    kinds=("part",),
)
def on_hand_otherwise(loaded: Loaded) -> Iterator[Diagnostic]:
    """A number of pieces that its own movements do not come to.

    Why: a stocktake that corrects the number alone leaves nobody a trace of what went where.

    Example:
        movements:
        - {at: 2026-03-12T09:00:00+08:00, type: received, quantity: 2}
        on_hand: 1

    Instead:
        movements:
        - {at: 2026-03-12T09:00:00+08:00, type: received, quantity: 2}
        - {at: 2026-06-30T09:00:00+08:00, type: scrapped, note: missing at the stocktake}
        on_hand: 1
    """
    facts = sound_facts(loaded)
    said = facts.get("on_hand") if facts else None
    if facts is not None and said is not None and (due := ledger_of(facts.data).on_hand) != said:
        yield on_hand_otherwise.at(facts.path, ("on_hand",), said=said, due=due, id=facts.id)


@rule(
    "REC286",
    "broken-piece-given-out",
    scope="file",
    message="a broken piece cannot be `{type}`",
    hint="take `condition: broken` out where it is in good order | servicebook part scrap {id} --broken",
    kinds=("part",),
)
def broken_piece_given_out(loaded: Loaded) -> Iterator[Diagnostic]:
    """A piece marked as broken that is reserved, issued, or said to have arrived.

    Why: a broken piece is sent to its supplier or scrapped; on a ticket it only breaks again.

    Example:
        - {at: 2026-03-12T10:00:00+08:00, type: issued, condition: broken, ticket: INC-20260312-7F3K}

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, type: shipped, condition: broken, rma: R-7731, to: corvane}
    """
    for facts, fault, movement in _faults(loaded, "nothing"):
        where = ("movements", fault.position, "condition")
        yield broken_piece_given_out.at(facts.path, where, type=movement["type"], id=facts.id)


@rule(
    "REC287",
    "part-above-the-bid",
    scope="file",
    message="`unit_price` is {price}, above the {cap} of the bid",
    hint="sell it at the price of the bid | correct `price_cap` where another price was agreed",
    kinds=("part",),
)
def part_above_the_bid(loaded: Loaded) -> Iterator[Diagnostic]:
    """A part that is sold for more than was bid for it.

    Why: expansions and parts never cost more than the bid, and are never below its quality (service plan, 1.3.5).

    Example:
        unit_price: {amount: 950, currency: CNY}
        price_cap: {amount: 900, currency: CNY}

    Instead:
        unit_price: {amount: 900, currency: CNY}
        price_cap: {amount: 900, currency: CNY}
    """
    facts = sound_facts(loaded)
    if facts is None or not facts.get("price_cap"):
        return
    from servicebook.workflow.money import money_of  # as few parts have a price: not on the way of every hook

    price, cap = (money_of(facts.get(name)) for name in ("unit_price", "price_cap"))
    if price and cap and price.currency == cap.currency and price.amount > cap.amount:
        yield part_above_the_bid.at(facts.path, ("unit_price",), price=price, cap=cap)


@rule(
    "REC288",
    "replacement-without-both-serials",
    scope="file",
    needs=("part_replaced",),
    message="`{serial}` was put in, and `resolution.parts_replaced` does not say what came out for it",
    hint="add {{part: ..., old_serial: ..., new_serial: {serial}}} to `resolution.parts_replaced` | "
    "servicebook part issue PART --serial {serial} --replaces OLD --ticket {id} does it",
    kinds=("incident",),
    incomplete=True,
)
def replacement_without_both_serials(loaded: Loaded) -> Iterator[Diagnostic]:
    """A solved incident on which a part was replaced, without the serial numbers of both pieces.

    Why: the old number is what the supplier asks for, the new one is what the asset has in it from now on.

    Example:
        - {at: 2026-03-12T11:00:00+08:00, id: m1tp, event: part_replaced, by: li.wei, serial_number: F44-0017}
        status: resolved

    Instead:
        - {at: 2026-03-12T11:00:00+08:00, id: m1tp, event: part_replaced, by: li.wei, serial_number: F44-0017}
        status: resolved
        resolution: {parts_replaced: [{old_serial: F44-0002, new_serial: F44-0017}]}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status not in ("resolved", "closed") or "part_replaced" not in facts.events:
        return
    told = {line.get("new_serial") for line in facts.get("resolution", "parts_replaced", default=())}
    for position, entry in enumerate(facts.timeline):
        serial = entry.get("serial_number")
        if entry.get("event") == "part_replaced" and serial and serial not in told:
            where = ("timeline", position, "serial_number")
            yield replacement_without_both_serials.at(facts.path, where, serial=serial, id=facts.id)


@rule(
    "REF571",
    "replacement-not-from-the-store",
    scope="relation",
    needs=("part_replaced",),
    severity="warning",
    message="`{serial}` was put in, and the ledger of `{part}` did not issue it for this ticket",
    hint="servicebook part issue {part} --serial {serial} --ticket {id}",
    kinds=("incident",),
)
def replacement_not_from_the_store(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A replacement that names a part of the store, with a piece that the store did not give out for it.

    Why: the store believes that the piece is still on the shelf, and promises it to the next one.

    Example:
        - {at: 2026-03-12T11:00:00+08:00, id: m1tp, event: part_replaced, by: li.wei, part: fan-module-fm-44,
          serial_number: F44-0017}
        (and no movement of F44-0017 in fan-module-fm-44)

    Instead:
        - {at: 2026-03-12T10:00:00+08:00, type: issued, serial: F44-0017, ticket: INC-20260312-7F3K}
    """
    for position, entry in enumerate(facts.timeline if "part_replaced" in facts.events else ()):
        part = desk.get("part", entry.get("part") or "") if entry.get("event") == "part_replaced" else None
        if part is None or part.get("tracked_by") != "serial":
            continue
        serial = str(entry.get("serial_number"))
        piece = ledger_of(part.data).pieces.get(serial)
        if piece is None or piece.state != "used" or piece.ticket != facts.id:
            where = ("timeline", position, "serial_number")
            yield replacement_not_from_the_store.at(facts.path, where, serial=serial, part=part.id, id=facts.id)


@rule(
    "DSK851",
    "contracted-model-without-stock",
    scope="desk",
    severity="warning",
    message="no spare part for {model} is in a store; under contract are {assets}",
    hint="servicebook part receive {part} | or name the asset in `covers_assets` of a part that is there",
    kinds=("contract", "part", "asset"),
)
def contracted_model_without_stock(desk: Snapshot) -> Iterator[Diagnostic]:
    """A model that a contract in force supplied, and for which no spare part is in any store.

    Why: the parts store holds every model supplied (service plan, 1.3.3); a spare part that must be there within two
    working days cannot be bought in time.

    Example:
        contract: assets: [encoder-01]
        encoder-01: {manufacturer: Corvane, model: CE-4400}
        (and no part with covers_assets: [encoder-01] has anything on hand)

    Instead:
        fan-module-fm-44: covers_assets: [encoder-01], with one received
    """
    stocked: dict[str, int] = {}
    known: dict[str, str] = {}
    for part in desk.of_kind("part"):
        if part.status != "retired":
            here = ledger_of(part.data).on_hand
            for asset in part.get("covers_assets", default=()):
                stocked[asset] = stocked.get(asset, 0) + here
                known.setdefault(asset, part.id)
    for contract in desk.of_kind("contract"):
        if contract.status != "active":
            continue
        models: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for position, name in enumerate(contract.get("assets", default=())):
            asset = desk.get("asset", name)
            if asset and asset.get("model") and asset.get("asset_type") in HARDWARE and asset.status != "retired":
                key = (str(asset.get("manufacturer", default="")), str(asset.get("model")))
                models.setdefault(key, []).append((position, asset.id))
        for (maker, model), assets in models.items():
            if not any(stocked.get(id) for _, id in assets):
                part_id = next((known[id] for _, id in assets if id in known), "PART")
                params = {"model": f"{maker} {model}".strip(), "assets": listed(id for _, id in assets)}
                where = ("assets", assets[0][0])
                yield contracted_model_without_stock.at(contract.path, where, part=part_id, **params)


RULES: tuple[Rule, ...] = (
    stock_below_zero,
    piece_in_two_places,
    piece_never_received,
    movement_without_serial,
    on_hand_otherwise,
    broken_piece_given_out,
    part_above_the_bid,
    replacement_without_both_serials,
    replacement_not_from_the_store,
    contracted_model_without_stock,
)
