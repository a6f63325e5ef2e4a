"""Who pays: what the contracts say on the day of the notice, and the algebra of several scopes and contracts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.sla.billing import Verdict, verdict_for_asset, verdict_of
from servicebook.sla.cover import PAYABLE

GOODS = {
    "scope": "goods", "start_event": "accepted_on", "term": "3 years", "labour": "free", "parts": "free",
    "travel": "paid", "custom_work": "paid", "post_expiry_product_fault": "paid", "clause": "1.1-1",
}  # fmt: skip
SOFTWARE = {
    "scope": "software", "start_event": "signed_on", "term": "3 years", "labour": "free", "travel": "free",
    "custom_work": "paid", "clause": "1.6",
}  # fmt: skip
MAKER = {"scope": "manufacturer", "start_event": "maker", "parts": "free", "clause": "1.6-maker"}
CONTRACT = {
    "signed_on": "2025-09-15", "accepted_on": "2025-11-18", "cover": [GOODS, SOFTWARE], "assets": ["encoder"],
    "services": ["live"],
}  # fmt: skip
ASSETS = [("encoder", {"warranty": {"start": "2025-10-01", "end": "2031-09-30"}, "service": "live"})]
CONFLICT = {"question": "post_expiry_product_fault", "clauses": ["1.1-6", "1.3.5"], "reading": "free"}


def judged(day: str, contract: dict[str, Any] | None = None, **ticket: Any) -> Verdict:
    ticket = {"reported_at": f"{day}T23:30:00+08:00", "assets": ["encoder"], "service": "live", **ticket}
    return verdict_of(ticket, [("c", CONTRACT if contract is None else contract)], ASSETS)


@pytest.mark.parametrize(
    ("day", "reason", "free"),
    [
        ("2025-09-14", "not_started", ()),
        ("2025-09-15", "covered", ("labour", "travel")),  # software from signing
        ("2025-11-18", "covered", ("labour", "parts", "travel")),  # goods from acceptance
        ("2028-09-14", "covered", ("labour", "parts", "travel")),
        ("2028-11-17", "covered", ("labour", "parts")),  # the last day of the goods, software is over
        ("2028-11-18", "expired", ()),
    ],
)
def test_each_scope_has_its_own_start_and_term(day: str, reason: str, free: tuple[str, ...]) -> None:
    verdict = judged(day)
    assert (verdict.reason, verdict.covered, verdict.free) == (reason, reason == "covered", free)


def test_a_charge_says_by_which_clause() -> None:
    assert judged("2026-01-01").charge("parts")[1:5] == (True, "c", "goods", "1.1-1")
    assert judged("2026-01-01").charge("custom_work")[1:5] == (False, "c", "goods", "1.1-1")


def test_what_the_customer_did_is_paid_for_inside_the_term_as_well() -> None:
    verdict = judged("2026-01-01", resolution={"human_caused": True})
    assert (verdict.reason, verdict.covered, verdict.free) == ("human_caused", False, ())
    after = judged("2029-01-01", {**CONTRACT, "conflicts": [CONFLICT]}, resolution={"human_caused": True})
    assert after.free == ()


@pytest.mark.parametrize(
    ("reading", "settled", "free", "open_clauses"),
    [
        ("free", None, True, ("1.1-6", "1.3.5")),
        ("paid", None, False, ("1.1-6", "1.3.5")),
        (None, None, None, ("1.1-6", "1.3.5")),
        ("free", "2027-01-01", True, ()),
    ],
)
def test_after_the_term_the_reading_chosen_decides(
    reading: str | None, settled: str | None, free: bool | None, open_clauses: tuple[str, ...]
) -> None:
    contract = {**CONTRACT, "conflicts": [{**CONFLICT, "reading": reading, "settled_on": settled}]}
    charge = judged("2029-01-01", contract).charge("parts")
    assert (charge.free, charge.open_clauses) == (free, open_clauses)
    assert judged("2029-01-01", contract).charge("travel").free is False


def test_the_makers_warranty_goes_on_after_the_contracts_own() -> None:
    verdict = judged("2029-01-01", {**CONTRACT, "cover": [GOODS, MAKER]})
    assert (verdict.reason, verdict.free) == ("covered", ("parts",))
    assert verdict.charge("parts").clause == "1.6-maker"


def test_goods_are_what_the_contract_delivered() -> None:
    other = judged("2026-01-01", assets=["printer"])
    assert {holding.term.scope for holding in other.holdings} == {"software"}
    assert judged("2026-01-01", assets=["printer"], service="print").reason == "not_delivered"
    assert verdict_of({"reported_at": "2026-01-01"}, [], []).reason == "no_contract"


def test_a_fault_of_software_is_told_from_a_contract_about_other_things() -> None:
    goods = {**CONTRACT, "cover": [GOODS]}
    assert judged("2026-01-01", goods, category="program_error").reason == "other_side"
    assert judged("2026-01-01", goods, category="program_error", assets=["printer"]).reason == "not_delivered"
    assert judged("2026-01-01", goods, category="server_damage").reason == "covered"


def test_an_asset_can_be_asked_for() -> None:
    verdict = verdict_for_asset(ASSETS[0], [("c", CONTRACT)], date(2026, 1, 1))
    assert verdict.free == ("labour", "parts")
    program = verdict_for_asset(
        ("encoder", {**ASSETS[0][1], "asset_type": "application"}), [("c", CONTRACT)], verdict.day
    )
    assert program.free == ("labour", "travel")


@pytest.mark.parametrize(
    ("ticket", "free"),
    [
        ({"category": "server_damage"}, ("labour", "parts")),
        ({"category": "program_error"}, ("labour", "travel")),
        ({"category": "program_error", "resolution": {"cause_code": "hardware"}}, ("labour", "parts")),
        ({"category": "resource_shortage"}, ("labour", "parts", "travel")),
    ],
)
def test_a_fault_of_hardware_is_not_covered_as_software(ticket: dict[str, Any], free: tuple[str, ...]) -> None:
    assert judged("2026-01-01", **ticket).free == free


said = st.sampled_from(["free", "paid", None])
covers = st.fixed_dictionaries(
    {
        "scope": st.sampled_from(["goods", "software", "manufacturer", "renewal"]),
        "start_event": st.sampled_from(["accepted_on", "signed_on", "maker"]),
        "term": st.sampled_from(["1 years", "3 years", "18 months", "90 days", None]),
        "post_expiry_product_fault": said,
        **dict.fromkeys(PAYABLE, said),
    }
)
conflicts = st.fixed_dictionaries(
    {"question": st.sampled_from(["post_expiry_product_fault", *PAYABLE]), "clauses": st.just(["a", "b"]),
     "reading": said, "settled_on": st.sampled_from([None, "2026-01-01"])}
)  # fmt: skip
days = st.dates(date(2024, 1, 1), date(2033, 1, 1)).map(date.isoformat)
contracts = st.fixed_dictionaries(
    {"signed_on": days, "accepted_on": days, "cover": st.lists(covers, max_size=3),
     "assets": st.sampled_from([[], ["encoder"], ["other"]]), "services": st.sampled_from([[], ["live"], ["other"]]),
     "conflicts": st.lists(conflicts, max_size=1)}
)  # fmt: skip
many = st.lists(contracts, max_size=3).map(lambda found: [(f"c{n}", one) for n, one in enumerate(found)])
tickets = st.fixed_dictionaries({"reported_at": days, "assets": st.just(["encoder"]), "service": st.just("live")})


@given(tickets, many, st.randoms(use_true_random=False))
def test_the_order_of_contracts_does_not_matter(ticket: Any, found: Any, random: Any) -> None:
    turned = list(found)
    random.shuffle(turned)
    one, two = verdict_of(ticket, found, ASSETS), verdict_of(ticket, turned, ASSETS)
    assert (one.reason, one.covered, one.charges) == (two.reason, two.covered, two.charges)


@given(tickets, many)
def test_every_cost_is_either_free_or_billable_and_uncovered_work_is_never_free(ticket: Any, found: Any) -> None:
    verdict = verdict_of(ticket, found, ASSETS)
    assert sorted((*verdict.free, *verdict.billable)) == sorted(PAYABLE)
    if not verdict.covered and verdict.reason != "expired":
        assert verdict.free == ()
    assert verdict.covered == (verdict.reason == "covered")


@given(tickets, many, contracts)
def test_one_more_contract_takes_nothing_away_that_is_covered(ticket: Any, found: Any, more: Any) -> None:
    before, after = (verdict_of(ticket, some, ASSETS) for some in (found, [*found, ("more", more)]))
    assert set(before.free) <= set(after.free) or not before.covered
    assert after.covered >= before.covered


@given(tickets, many)
def test_what_the_customer_did_is_never_free(ticket: Any, found: Any) -> None:
    verdict = verdict_of({**ticket, "resolution": {"human_caused": True}}, found, ASSETS)
    assert verdict.free == ()
    assert not verdict.covered
