"""Clauses 1.1-1, 1.1-5, 1.3.5 and 1.5.7-A: who pays, what it costs, what was agreed to, and that it is all booked."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.clauses.conftest import ticket_of
from tests.conftest import Call, Repo

CONTRACT = "harbour-newmedia-2025"
INTAKE = (
    "--customer", "harbour-tv", "--set", "caller.name=Desk of Harbour TV", "--site", "east-quay-idc",
    "--contact-type", "hotline", "--fault-grade", "degraded", "--title", "cms-app-01 is down",
    "--category", "server_damage", "--set", "assets=cms-app-01", "--set", f"contract={CONTRACT}",
)  # fmt: skip


@pytest.fixture
def ticket(sample: Repo, call: Call) -> Path:
    """Return the file of an incident on an asset that the contract delivered."""
    answer = call("new", "incident", *INTAKE)
    assert answer.code == 0, answer.err
    return ticket_of(sample, answer.out)


def verdict(call: Call, *words: str) -> dict[str, Any]:
    """Return what `servicebook cover --json` says."""
    answer = call("cover", *words, "--json")
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def booked(call: Call, ticket: Path) -> list[dict[str, Any]]:
    """Return the lines of cost on a ticket."""
    found: list[dict[str, Any]] = json.loads(call("show", ticket.stem, "--json").out)["fields"]["costs"]
    return found


def rewrite(path: Path, old: str, new: str) -> None:
    """Put something else in the place of a text that a file has."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_clause_1_1_1_a_fault_in_the_term_is_repaired_free(ticket: Path, call: Call) -> None:
    found = verdict(call, ticket.stem)
    assert (found["covered"], found["free"]) == (True, ["labour", "parts"])
    labour = found["charges"][0]
    assert (labour["contract"], labour["scope"], labour["clause"]) == (CONTRACT, "goods", "1.1-1, 1.3.5")
    assert "covered; free: labour, parts; billed: travel" in call("show", ticket.stem).out


def test_clause_1_1_1_each_scope_has_its_own_start_and_term(sample: Repo, call: Call) -> None:
    terms = {one["scope"]: (one["first"], one["last"]) for one in verdict(call, "F90H")["terms"]}
    assert terms["goods"] == ("2025-11-18", "2028-11-17")  # from final acceptance
    assert terms["manufacturer"] == ("2025-11-02", "2028-10-17")  # the maker's own
    software = verdict(call, "cms-app-01", "--at", "2026-01-01T12:00")
    assert software["terms"]


def test_clause_1_1_1_what_the_customer_did_is_not_free(ticket: Path, call: Call) -> None:
    words = ("--code", "fixed", "--cause", "human_error", "--method", "plug put back", "--human-caused", "yes")
    assert call("ack", ticket.stem, "--via", "phone", "--to", "Huang").code == 0
    assert call("resolve", ticket.stem, *words).code == 0
    found = verdict(call, ticket.stem)
    assert (found["covered"], found["reason"], found["free"]) == (False, "human_caused", [])


def test_clause_1_1_1_after_the_term_the_reading_on_the_contract_holds(sample: Repo, call: Call) -> None:
    found = verdict(call, "transcoder-01", "--at", "2031-01-01T12:00")
    parts = next(charge for charge in found["charges"] if charge["name"] == "parts")
    assert (found["reason"], parts["free"], parts["open_clauses"]) == ("expired", False, ["1.1-6", "1.3.5"])
    rewrite(sample.root / f"kb/contracts/{CONTRACT}.md", "reading: paid", "reading: free")
    assert verdict(call, "transcoder-01", "--at", "2031-01-01T12:00")["free"] == ["labour", "parts"]


def test_clause_1_1_1_an_open_conflict_between_clauses_is_found(sample: Repo, call: Call) -> None:
    path = sample.root / f"kb/contracts/{CONTRACT}.md"
    lines = [line for line in path.read_text("utf-8").splitlines() if "rule: REC311" not in line and line != "waivers:"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert "REC311" in call("check", str(path)).out
    rewrite(
        path, "question: post_expiry_product_fault,", "question: post_expiry_product_fault, settled_on: 2026-11-01,"
    )
    assert "REC311" not in call("check", str(path)).out


def test_clause_1_1_1_two_contracts_for_one_thing_at_one_time_are_found(sample: Repo, call: Call) -> None:
    text = (sample.root / f"kb/contracts/{CONTRACT}.md").read_text("utf-8")
    text = text.replace(CONTRACT, "harbour-second").replace("HT-NM-2025-017", "HT-NM-2026-001")
    sample.write({"kb/contracts/harbour-second.md": text})
    answer = call("check")
    assert "DSK852" in answer.out
    assert f"by `{CONTRACT}` in that time as well" in answer.out


def test_clause_1_1_5_nothing_is_billed_without_consent(ticket: Path, sample: Repo, call: Call) -> None:
    before = ticket.read_bytes()
    answer = call("book", ticket.stem, "--travel", "120")
    assert answer.code == 1
    assert "has not agreed to it" in answer.err
    assert "--consent" in answer.err
    assert ticket.read_bytes() == before
    agreed = call("book", ticket.stem, "--travel", "120", "--consent", "mail of Huang of 20 November")
    assert agreed.code == 0, agreed.err
    (line,) = booked(call, ticket)
    assert (line["billable"], line["consent"]) == (True, "mail of Huang of 20 November")
    assert call("check", str(ticket)).code == 0


def test_clause_1_1_5_consent_to_a_request_lets_its_work_be_billed(sample: Repo, call: Call) -> None:
    words = (
        "--customer", "yunshan-media", "--requested-by", "Luo", "--contact-type", "email", "--title", "One more",
        "--request-type", "provisioning", "--service", "live-streaming", "--set", "contract=yunshan-vod-2025",
    )  # fmt: skip
    opened = call("new", "service_request", *words)
    assert opened.code == 0, opened.err
    request = ticket_of(sample, opened.out)
    assert "has not agreed" in call("book", request.stem, "--role", "system_deployment=1").err
    agreed = call("consent", request.stem, "--to", "Fang", "--via", "email", "--evidence", "mail of 20 November")
    assert agreed.code == 0, agreed.err
    booked_now = call("book", request.stem, "--role", "system_deployment=1")
    assert booked_now.code == 0, booked_now.err
    (line,) = booked(call, request)
    assert (line["billable"], line["consent"], line["amount"]["amount"]) == (True, "mail of 20 November", 1200)
    assert call("check", str(request)).code == 0


def test_clause_1_1_5_a_bill_without_consent_written_by_hand_is_found(ticket: Path, call: Call) -> None:
    line = "costs:\n- {travel: {amount: 120, currency: CNY}, amount: {amount: 120, currency: CNY}, billable: true}\n"
    rewrite(ticket, "timeline:\n", f"{line}timeline:\n")
    answer = call("check", str(ticket))
    assert answer.code == 1
    assert "REC312" in answer.out


def test_clause_1_1_5_a_part_never_costs_more_than_was_bid(ticket: Path, sample: Repo, call: Call) -> None:
    rewrite(sample.root / "kb/parts/mainboard-r640.md", "unit_price: {amount: 7800", "unit_price: {amount: 9900")
    answer = call("book", ticket.stem, "--part", "mainboard-r640", "--billable", "--consent", "mail")
    assert answer.code == 0, answer.err
    assert "amount: {amount: 7800, currency: CNY}" in ticket.read_text("utf-8")
    assert "REC287" in call("check", "kb/parts/mainboard-r640.md").out
    rewrite(ticket, "amount: {amount: 7800", "amount: {amount: 9900")
    assert "REF574" in call("check", str(ticket)).out


def test_clause_1_1_5_more_than_the_estimate_is_found(ticket: Path, call: Call) -> None:
    plan = "emergency_plan:\n  estimate: {amount: 100, currency: CNY}\ntimeline:\n"
    rewrite(ticket, "timeline:\n", plan)
    assert call("book", ticket.stem, "--travel", "120", "--consent", "mail").code == 0
    assert "REC314" in call("check", str(ticket)).out


def test_clause_1_3_5_rate_card_prices_what_is_booked(ticket: Path, call: Call) -> None:
    answer = call("book", ticket.stem, "--role", "operations_engineer=1.5", "--role", "testing=0.25")
    assert answer.code == 0, answer.err
    lines = [(line["role"], line["amount"]["amount"], line["billable"]) for line in booked(call, ticket)]
    assert lines == [("operations_engineer", 1500, False), ("testing", 200, False)]


def test_clause_1_3_5_rate_card_of_the_sample_is_that_of_the_plan(sample: Repo, call: Call) -> None:
    due = {
        "system_deployment": 1200, "operations_engineer": 1000, "senior_development": 1500,
        "ordinary_development": 1000, "ui_deployment": 1200, "ui_production": 1000, "testing": 800,
        "project_manager": 1200,
    }  # fmt: skip
    card = json.loads(call("show", CONTRACT, "--json").out)["fields"]["rate_card"]
    assert {rate["role"]: rate["price"]["amount"] for rate in card} == due


def test_clause_1_3_5_rate_card_another_price_is_found(ticket: Path, call: Call) -> None:
    assert call("book", ticket.stem, "--role", "testing=1").code == 0
    rewrite(ticket, "amount: {amount: 800", "amount: {amount: 900")
    answer = call("check", str(ticket))
    assert answer.code == 1
    assert "REF572" in answer.out


def test_clause_1_3_5_rate_card_a_role_that_is_not_on_it_is_refused(ticket: Path, call: Call) -> None:
    answer = call("book", ticket.stem, "--role", "wizard=1")
    assert answer.code == 1
    assert "`wizard` has no price" in answer.err
    assert "operations_engineer" in answer.err


def test_clause_1_5_7_a_costs_are_summed_by_ticket_contract_and_period(ticket: Path, call: Call) -> None:
    assert call("book", ticket.stem, "--role", "testing=0.1", "--on", "2026-11-19").code == 0
    assert call("book", ticket.stem, "--travel", "0.2", "--consent", "mail", "--on", "2026-11-20").code == 0
    of_contract = ("costs", "--contract", CONTRACT, "--format", "json")
    rows = json.loads(call(*of_contract).out)
    row = next(row for row in rows if row["name"] == ticket.stem)
    assert (row["free"], row["billed"], row["total"]) == ("80.00", "0.20", "80.20")
    november = json.loads(call(*of_contract, "--from", "2026-11-20", "--to", "2026-11-20").out)
    assert [(row["name"], row["total"]) for row in november] == [(ticket.stem, "0.20")]
    months = json.loads(call("costs", "--by", "month", "--format", "json").out)
    assert [row["name"] for row in months] == sorted(row["name"] for row in months)


def test_clause_1_5_7_a_costs_go_to_a_spreadsheet(ticket: Path, call: Call) -> None:
    assert call("book", ticket.stem, "--amount", "10", "--free", "--note", "=1+1").code == 0
    rows = list(csv.DictReader(io.StringIO(call("costs", ticket.stem, "--format", "csv").out)))
    assert [(row["ticket"], row["amount"], row["billable"]) for row in rows] == [(ticket.stem, "10.00", "false")]


def test_clause_1_5_7_a_a_closed_ticket_still_takes_its_costs(sample: Repo, call: Call) -> None:
    answer = call("book", "F90H", "--role", "operations_engineer=1", "--person", "he.jun")
    assert answer.code == 0, answer.err
    assert "costs:" in next((sample.root / "tickets").rglob("*F90H.md")).read_text("utf-8")
    found = call("check", "--staged")
    assert found.code == 0, found.out


def test_clause_1_5_7_a_billed_otherwise_than_covered_is_found(ticket: Path, call: Call) -> None:
    assert call("book", ticket.stem, "--role", "testing=1").code == 0
    rewrite(ticket, "billable: false", "billable: true\n  consent: mail")
    answer = call("check", str(ticket))
    assert "REF573" in answer.out
    assert "clause 1.1-1" in answer.out


def test_clause_1_1_5_who_may_not_agree_to_paid_work_is_told(sample: Repo, call: Call) -> None:
    request = ticket_of(sample, call("new", "visit", *VISIT).out)
    duty = call("consent", request.stem, "--to", "陈工")
    assert duty.code == 0
    assert "陈工 may not agree to paid work; who may: 黄主任" in duty.err
    assert "may not agree" not in call("consent", request.stem, "--to", "黄主任").err


VISIT = (
    "--title", "Move the rack", "--customer", "harbour-tv", "--site", "harbour-tv-hq", "--visit-type", "installation",
    "--reason", "asked for", "--planned-departure-at", "2026-11-25T08:00+08:00",
    "--planned-start-at", "2026-11-25T10:00+08:00", "--work-items", "move it",
)  # fmt: skip
