"""What a store holds after each movement of a part: how many are free, reserved, on the way, used, broken, gone.

The ledger is what the movements say in the order in which they happened; nothing else is counted anywhere. A movement
that takes what is not there does not count: it is a fault, whoever wrote it, on whichever branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from servicebook.records.instants import parse_instant
from servicebook.typed import Any, NamedTuple

OUTSIDE = "outside"
"""Where pieces come from that no store has had: a delivery, a broken part out of a customer's machine."""

IN_STORE = ("free", "reserved")
"""What is in good order and in the store: on hand."""


class Step(NamedTuple):
    """A movement: from which states it takes, the first that has some, and which state follows."""

    sources: tuple[str, ...]
    target: str


STEPS = {
    ("received", "good"): Step(("repair", OUTSIDE), "free"),
    ("received", "broken"): Step((OUTSIDE,), "broken"),
    ("reserved", "good"): Step(("free",), "reserved"),
    ("issued", "good"): Step(("reserved", "free"), "used"),
    ("shipped", "good"): Step(("reserved", "free"), "transit"),
    ("shipped", "broken"): Step(("broken",), "repair"),
    ("arrived", "good"): Step(("transit",), "free"),
    ("returned", "good"): Step(("used", "reserved"), "free"),
    ("returned", "broken"): Step((OUTSIDE, "used"), "broken"),
    ("scrapped", "good"): Step(("free",), "scrapped"),
    ("scrapped", "broken"): Step(("broken", "repair"), "scrapped"),
}  # fmt: skip
"""Type and condition to what the movement does. What arrives for a ticket is used there, not free in a store."""

COMING = ("received", "arrived", "returned")
"""Types whose store is where they go `to`; the others take `from` it."""

VERBS = {
    "receive": "received", "reserve": "reserved", "issue": "issued", "ship": "shipped", "arrive": "arrived",
    "return": "returned", "scrap": "scrapped",
}  # fmt: skip
"""The word of the command line to the type of the movement."""


class Bucket(NamedTuple):
    """Pieces that are alike: their state, the store they are in or go to, the ticket (or RMA) they are for."""

    state: str
    place: str = ""
    ticket: str = ""


class Fault(NamedTuple):
    """A movement that cannot be, by its position in the record.

    what: `short` (fewer there than wanted), `elsewhere` (that piece is in another state), `unknown` (no piece with
    that serial number has come in), `nothing` (a type that does not go with that condition). had: how many there
    are, or the state that the piece is in; since: the ticket it is in that state for.
    """

    position: int
    what: str
    had: str
    ticket: str = ""


class Ledger(NamedTuple):
    """What the movements come to: how many of each bucket, where each piece is, and what cannot be.

    As in double entry all counts add up to nothing: that of `outside` is below zero by all that came in.
    """

    counts: Mapping[Bucket, int]
    pieces: Mapping[str, Bucket]
    faults: tuple[Fault, ...]

    def count(self, *states: str, place: str | None = None, ticket: str | None = None) -> int:
        """Return how many pieces are in one of these states, at a place and for a ticket where they are said."""
        return sum(
            number
            for bucket, number in self.counts.items()
            if bucket.state in states and place in (None, bucket.place) and ticket in (None, bucket.ticket)
        )

    @property
    def on_hand(self) -> int:
        """How many are in the stores in good order, those reserved among them."""
        return self.count(*IN_STORE)

    @property
    def stores(self) -> list[str]:
        """The places where something is, or is broken."""
        return sorted({bucket.place for bucket in self.counts if bucket.state in (*IN_STORE, "broken")})


def ledger_of(part: Mapping[str, Any]) -> Ledger:
    """Return what the movements of a part's record come to (service plan, 1.3.3, 1.5.7-F)."""
    counts: dict[Bucket, int] = {}
    pieces: dict[str, Bucket] = {}
    faults = []
    for position, movement in in_turn(part.get("movements") or ()):
        fault = _apply(counts, pieces, str(part.get("store") or ""), movement)
        if fault:
            faults.append(Fault(position, *fault))
    return Ledger({bucket: number for bucket, number in counts.items() if number}, pieces, tuple(faults))


def in_turn(movements: Sequence[Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield movements in the order in which they happened, each with its position in the record."""
    told = [(position, one) for position, one in enumerate(movements) if isinstance(one, Mapping)]
    early = datetime.min.replace(tzinfo=UTC)
    yield from sorted(told, key=lambda pair: (parse_instant(pair[1].get("at")) or early, pair[0]))


def _apply(
    counts: dict[Bucket, int], pieces: dict[str, Bucket], store: str, movement: Mapping[str, Any]
) -> tuple[str, str, str] | None:
    """Count a movement in, or return why it cannot be: what, had, ticket."""
    step = STEPS.get((str(movement.get("type")), str(movement.get("condition") or "good")))
    if step is None:
        return "nothing", "", ""
    serial = str(movement.get("serial") or "")
    quantity = 1 if serial else int(movement.get("quantity") or 1)
    sources = [_bucket(state, movement, store) for state in step.sources]
    if serial and (held := pieces.get(serial)):
        if held not in sources and held.state != "scrapped":
            return "elsewhere", held.state, held.ticket
        sources = [held] if held in sources else sources
    elif serial and not any(source.state in (OUTSIDE, "repair") for source in sources):
        return "unknown", "", ""
    taken = _taken(counts, sources, quantity)
    if sum(taken.values()) < quantity:
        return "short", str(sum(taken.values())), ""
    for source, number in taken.items():
        counts[source] = counts.get(source, 0) - number
    target = _bucket(_target_state(step, movement), movement, store)
    counts[target] = counts.get(target, 0) + quantity
    if serial:
        _forget_exchanged(pieces, serial, taken)
        pieces[serial] = target
    return None


def _taken(counts: Mapping[Bucket, int], sources: Sequence[Bucket], quantity: int) -> dict[Bucket, int]:
    """Return how many are taken of each source, the first before the next; there is always more outside."""
    taken: dict[Bucket, int] = {}
    for source in sources:
        left = quantity - sum(taken.values())
        number = left if source.state == OUTSIDE else min(left, counts.get(source, 0))
        if number > 0:
            taken[source] = number
    return taken


def _forget_exchanged(pieces: dict[str, Bucket], serial: str, taken: Mapping[Bucket, int]) -> None:
    """Let go of the broken piece that a supplier kept, where another number comes back for it."""
    for source in taken:
        if source.state == "repair" and pieces.get(serial) != source:
            gone = next((number for number, bucket in pieces.items() if bucket == source), None)
            pieces.pop(gone or "", None)


def _target_state(step: Step, movement: Mapping[str, Any]) -> str:
    return "used" if movement.get("type") == "arrived" and movement.get("ticket") else step.target


def _bucket(state: str, movement: Mapping[str, Any], store: str) -> Bucket:
    """Return the bucket of a state that a movement is about."""
    ticket, to = str(movement.get("ticket") or ""), str(movement.get("to") or "")
    place = str((to if movement.get("type") in COMING else movement.get("from")) or store)
    if state in (OUTSIDE, "scrapped"):
        return Bucket(state)
    if state == "repair":
        return Bucket(state, "", str(movement.get("rma") or ""))
    if state == "used":
        return Bucket(state, "", ticket)
    if state == "transit":
        return Bucket(state, "" if ticket else to or store, ticket)
    return Bucket(state, place, ticket if state == "reserved" else "")
