"""Clauses 1.1-5 and 1.3.1: contracts that run out are seen 90 days ahead; the health record of customer and service."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Call, Repo


def test_clause_1_1_5_what_runs_out_is_seen_ninety_days_ahead(sample: Repo, call: Call) -> None:
    option = "2027-08-01"
    for at, seen in (("2027-05-02T09:00", False), ("2027-05-03T09:00", True), ("2027-08-01T09:00", True)):
        found = json.loads(call("renewals", "--at", at, "--format", "json").out)
        rows = [one["id"] for one in found if (one["what"], one["on"]) == ("option", option)]
        assert rows == (["qinglan-renewal-2026"] if seen else []), at
    assert call("renewals", "--at", "2027-08-02T09:00", "--customer", "yunshan-media").code == 0


def test_clause_1_1_5_a_contract_that_is_over_and_still_in_force_stays_on_the_list(sample: Repo, call: Call) -> None:
    found = json.loads(call("renewals", "--at", "2027-11-30T09:00", "--format", "json").out)
    row = next(one for one in found if one["what"] == "contract")
    assert (row["id"], row["days"]) == ("qinglan-renewal-2026", -30)
    assert call("expire", "qinglan-renewal-2026").code == 0
    after = json.loads(call("renewals", "--at", "2027-11-30T09:00", "--format", "json").out)
    assert "contract" not in [one["what"] for one in after]


def test_clause_1_1_5_its_manager_is_told_by_next(sample: Repo, call: Call) -> None:
    tasks = json.loads(call("next", "--for", "gao.feng", "--at", "2027-06-01T09:00:00+08:00", "--json").out)
    renewal = next(task for task in tasks if task["task"] == "renewal")
    assert (renewal["id"], renewal["command"]) == ("qinglan-renewal-2026", "servicebook renewals")


def test_clause_1_3_1_customer_file_has_a_health_record(sample: Repo, call: Call) -> None:
    months = json.loads(call("health", "harbour-tv", "--format", "json").out)["months"]
    assert [month["month"] for month in months][::11] == ["2025-12", "2026-11"]
    october = next(month for month in months if month["month"] == "2026-10")
    there = [
        path
        for path in (sample.root / "tickets/incidents/2026/10").glob("*.md")
        if "\ncustomer: harbour-tv\n" in path.read_text("utf-8")
    ]
    assert october["incidents"] == len(there)
    assert october["parts"] == 1
    service = json.loads(call("health", "storage", "--format", "json").out)["months"]
    assert sum(month["incidents"] for month in service) > 0


def test_clause_1_3_1_customer_file_counts_satisfaction(sample: Repo, call: Call) -> None:
    survey = (
        "---\nschema: survey/1\nid: SUR-20261110-AAAA\ntitle: Annual survey\nstatus: active\nsurvey_type: annual\n"
        "customer: harbour-tv\ncontact_type: email\nresponded_on: 2026-11-10\nsurveyed_by: wang.fang\n"
        "scores:\n- {question: How quickly, score: 5}\n- {question: How well, score: 4}\n"
        "- {question: How dear, score: 2}\n"
        "---\n"
    )
    sample.write({"tickets/surveys/2026/11/SUR-20261110-AAAA.md": survey})
    before = json.loads(call("health", "harbour-tv", "--format", "json").out)["months"][-1]
    assert before["csat"] == 67
    assert before["answers"] == 3


def test_clause_1_3_1_customer_file_shows_money_and_goods_on_the_site(sample_site: Path) -> None:
    site = sample_site
    customer = next(site.rglob("customers/harbour-tv.html")).read_text("utf-8")
    assert 'id="health"' in customer
    assert "2026-10" in customer
    part = next(site.rglob("parts/mainboard-r640.html")).read_text("utf-8")
    assert "MB-391022" in part
    assert "NW-261012-04" in part
    contract = next(site.rglob("contracts/harbour-newmedia-2025.html")).read_text("utf-8")
    assert "2028-11-17" in contract
    ticket = next(site.rglob("INC-20261008-F90H.html")).read_text("utf-8")
    assert 'id="cover"' in ticket
    assert "fan-module-fm-44" in (site / "parts.html").read_text("utf-8")
    assert "contracts/qinglan-renewal-2026.html" in (site / "contracts.html").read_text("utf-8")
