"""The ledger of a part: what is there after each movement, and that nothing comes from nowhere or goes there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.workflow.stock import IN_STORE, STEPS, Bucket, Fault, Ledger, ledger_of

START = datetime.fromisoformat("2026-03-01T09:00:00+08:00")


def part(*movements: dict[str, Any]) -> dict[str, Any]:
    """Return a part's record with movements a minute apart."""
    times = ((START + timedelta(minutes=n)).isoformat() for n in range(len(movements)))
    return {"store": "hq", "movements": [{"at": at, **one} for at, one in zip(times, movements, strict=True)]}


def move(sort: str, quantity: int = 1, **rest: Any) -> dict[str, Any]:
    return {"type": sort, "quantity": quantity, **rest}


def held(ledger: Ledger) -> dict[Bucket, int]:
    """Return the buckets without what came from outside."""
    return {bucket: number for bucket, number in ledger.counts.items() if bucket.state != "outside"}


def test_a_part_goes_from_the_supplier_to_the_ticket() -> None:
    ledger = ledger_of(part(
        move("received", 3), move("reserved", ticket="T1"), move("issued", ticket="T1"), move("shipped", ticket="T2"),
        move("arrived", ticket="T2"), move("returned", ticket="T2"),
    ))  # fmt: skip
    assert ledger.faults == ()
    assert held(ledger) == {Bucket("free", "hq"): 2, Bucket("used", "", "T1"): 1}
    assert ledger.on_hand == 2


def test_what_is_reserved_is_not_for_others() -> None:
    ledger = ledger_of(part(move("received"), move("reserved", ticket="T1"), move("issued", ticket="T2")))
    assert ledger.faults == (Fault(2, "short", "0"),)
    assert ledger.count("reserved", ticket="T1") == 1


def test_a_reservation_is_given_back() -> None:
    ledger = ledger_of(part(move("received"), move("reserved", ticket="T1"), move("returned", ticket="T1")))
    assert (ledger.faults, held(ledger)) == ((), {Bucket("free", "hq"): 1})


def test_two_stores_count_apart() -> None:
    ledger = ledger_of(part(
        move("received"), move("issued", **{"from": "east", "ticket": "T1"}), move("shipped", to="east"),
        move("arrived", to="east"), move("issued", **{"from": "east", "ticket": "T1"}),
    ))  # fmt: skip
    assert ledger.faults == (Fault(1, "short", "0"),)
    assert held(ledger) == {Bucket("used", "", "T1"): 1}


def test_the_last_one_is_not_issued_twice() -> None:
    ledger = ledger_of(part(move("received"), move("issued", ticket="T1"), move("issued", ticket="T2")))
    assert ledger.faults == (Fault(2, "short", "0"),)
    assert ledger.on_hand == 0


def test_one_piece_is_not_issued_twice() -> None:
    movements = [move("received", serial=number) for number in ("A", "B")]
    ledger = ledger_of(part(*movements, move("issued", serial="A", ticket="T1"), move("issued", serial="A")))
    assert ledger.faults == (Fault(3, "elsewhere", "used", "T1"),)
    assert ledger.pieces == {"A": Bucket("used", "", "T1"), "B": Bucket("free", "hq")}


def test_a_piece_that_nobody_received_is_not_issued() -> None:
    assert ledger_of(part(move("received"), move("issued", serial="A"))).faults == (Fault(1, "unknown", ""),)


def test_a_broken_piece_goes_to_the_supplier_and_another_comes_back() -> None:
    ledger = ledger_of(part(
        move("received", serial="NEW"), move("issued", serial="NEW", ticket="T1"),
        move("returned", serial="OLD", condition="broken", ticket="T1"),
        move("shipped", serial="OLD", condition="broken", rma="R7"), move("received", serial="FRESH", rma="R7"),
    ))  # fmt: skip
    assert ledger.faults == ()
    assert ledger.pieces == {"NEW": Bucket("used", "", "T1"), "FRESH": Bucket("free", "hq")}
    assert ledger.counts[Bucket("free", "hq")] == 1
    assert ledger.count("repair") == 0


def test_movements_count_in_the_order_in_which_they_happened() -> None:
    record = part(move("issued", ticket="T1"), move("received"))
    assert ledger_of(record).faults
    record["movements"][1]["at"] = (START - timedelta(days=1)).isoformat()
    assert ledger_of(record).faults == ()


@pytest.mark.parametrize(
    "movements", [None, [], [3], [{}], [move("lost")], [{"type": "reserved", "condition": "broken"}]]
)
def test_what_is_no_movement_moves_nothing(movements: Any) -> None:
    assert ledger_of({"movements": movements}).counts == {}


TYPES = sorted({sort for sort, _ in STEPS})
movements = st.lists(
    st.builds(
        lambda sort, quantity, serial, ticket, broken, to: move(
            sort, 1 if serial else quantity, serial=serial, ticket=ticket, to=to,
            condition="broken" if broken else "good",
        ),
        st.sampled_from(TYPES), st.integers(1, 4), st.sampled_from(["", "", "A", "B"]),
        st.sampled_from(["", "T1", "T2"]), st.booleans(), st.sampled_from(["", "east"]),
    ),
    max_size=25,
)  # fmt: skip


@given(movements)
def test_nothing_falls_below_zero_and_nothing_is_lost(moves: list[dict[str, Any]]) -> None:
    ledger = ledger_of(part(*moves))
    at_fault = {fault.position for fault in ledger.faults}
    outside = -ledger.counts.get(Bucket("outside"), 0)
    assert all(number > 0 for number in held(ledger).values())
    assert sum(ledger.counts.values()) == 0
    coming = sum(
        one["quantity"] for n, one in enumerate(moves) if n not in at_fault and one["type"] in ("received", "returned")
    )
    assert outside <= coming


@given(movements)
def test_a_movement_at_fault_is_as_if_it_had_not_been(moves: list[dict[str, Any]]) -> None:
    ledger = ledger_of(part(*moves))
    at_fault = {fault.position for fault in ledger.faults}
    sound = ledger_of(part(*(one for n, one in enumerate(moves) if n not in at_fault)))
    assert (sound.counts, sound.pieces, sound.faults) == (ledger.counts, ledger.pieces, ())


@given(movements)
def test_each_piece_is_in_one_place_that_is_counted(moves: list[dict[str, Any]]) -> None:
    ledger = ledger_of(part(*moves))
    for bucket in set(ledger.pieces.values()):
        held = sum(1 for other in ledger.pieces.values() if other == bucket)
        # Unnumbered movements may have taken from the same bucket: then fewer are left than have a number.
        assert held <= ledger.counts.get(bucket, 0) or any(not one["serial"] for one in moves)


@given(movements, movements)
def test_the_two_sides_of_a_merge_never_take_more_than_there_is(
    ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> None:
    merged = ledger_of(part(*ours, *theirs))
    assert merged.on_hand == merged.count(*IN_STORE) >= 0
