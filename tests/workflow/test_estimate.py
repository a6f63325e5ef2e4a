"""Sums are exact, and an estimate is what rate card, bid prices and part records say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.workflow.estimate import estimate_of, price_of
from servicebook.workflow.money import Money, exact, money_of, plain_number, sums_of

CONTRACT = {
    "rate_card": [
        {"role": "operations_engineer", "price": {"amount": 1000, "currency": "CNY"}},
        {"role": "testing", "unit": "hour", "price": {"amount": 100.1, "currency": "CNY"}},
        {"role": "abroad", "price": {"amount": 200, "currency": "EUR"}},
    ],
    "bid_prices": [{"item": "live transcoder", "unit_price": {"amount": 214000, "currency": "CNY"}}],
}
PARTS = {
    "fan": {"title": "Fan", "unit_price": {"amount": 800}, "price_cap": {"amount": 900}},
    "dear": {"title": "live transcoder", "unit_price": {"amount": 220000}},
    "unknown": {"title": "?"},
}


@pytest.mark.parametrize(
    ("line", "cost"),
    [
        ({"role": "operations_engineer", "person_days": 1.5}, "1500"),
        ({"role": "testing", "person_days": 0.5}, "400.4"),
        ({"item": "live transcoder", "quantity": 2}, "428000"),
        ({"part": "fan", "quantity": 3}, "2400"),
        ({"part": "dear"}, "214000"),
        ({"travel": {"amount": 0.1}, "role": "operations_engineer", "person_days": 0.0002}, "0.3"),
        ({"role": "operations_engineer", "person_days": 9, "amount": {"amount": 1}}, "1"),
        ({"role": "operations_engineer", "person_days": 0.333335}, "333.34"),
    ],
)
def test_a_line_costs_what_the_contract_says(line: dict[str, object], cost: str) -> None:
    price = price_of(line, CONTRACT, PARTS)
    assert price == Money(Decimal(cost), "CNY")


@pytest.mark.parametrize(
    "line",
    [{"role": "nobody", "person_days": 1}, {"item": "?"}, {"part": "unknown"}, {"part": "gone"}, {"note": "x"}, {}],
)
def test_what_has_no_price_is_named(line: dict[str, object]) -> None:
    found = estimate_of([{"travel": {"amount": 5}}, line], CONTRACT, PARTS)
    assert (found.amount, [position for position, _ in found.unpriced]) == (5, [1])


def test_two_currencies_are_not_added() -> None:
    lines = [{"role": "operations_engineer", "person_days": 1}, {"role": "abroad", "person_days": 1}]
    found = estimate_of(lines, CONTRACT)
    assert (found.money.block(), found.unpriced) == ({"amount": 1000, "currency": "CNY"}, ((1, "abroad"),))


def test_without_contract_there_is_no_price() -> None:
    assert estimate_of([{"role": "operations_engineer", "person_days": 1}], None).unpriced


cents = st.integers(0, 10**12).map(lambda n: Decimal(n) / 100)
sums = st.builds(Money, cents, st.sampled_from(["CNY", "EUR"]))


@given(st.lists(sums), st.lists(sums))
def test_sums_do_not_hang_on_the_order_or_grouping(one: list[Money], two: list[Money]) -> None:
    whole = sums_of([*one, *two])
    assert whole == sums_of([*two, *one]) == sums_of([*sums_of(one).values(), *sums_of(two).values()])


@given(cents)
def test_a_sum_is_read_back_as_it_was_written(amount: Decimal) -> None:
    assert money_of({"amount": plain_number(amount)}) == Money(amount, "CNY")


@given(st.lists(st.integers(0, 10**7), max_size=30))
def test_many_small_sums_lose_nothing(amounts: list[int]) -> None:
    parts = [money for n in amounts if (money := money_of({"amount": n / 100}))]
    total = sum(amounts)
    assert sums_of(parts).get("CNY", Money(Decimal(0), "CNY")).amount == Decimal(total) / 100


@pytest.mark.parametrize("value", [None, "", "x", float("inf"), float("nan"), [], {}])
def test_what_is_no_number_counts_as_nothing(value: object) -> None:
    assert exact(value) == 0
