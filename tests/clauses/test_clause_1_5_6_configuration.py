"""Clause 1.5.6, configuration: versions, owners and relations, true after each change; what hangs on what."""

from __future__ import annotations

import json

from tests.conftest import Call, Repo


def test_clause_1_5_6_configuration_says_what_fails_with_an_asset(sample: Repo, call: Call) -> None:
    data = json.loads(call("impact", "core-switch-01", "--json").out)
    outcomes = {row["id"]: row["outcome"] for row in data["hit"] if row["kind"] == "asset"}
    assert outcomes["packager-01"] == "down", "its transcoder and the one that would stand in hang on one switch"
    assert outcomes["cdn-edge-east"] == "degraded", "the second origin takes over"
    assert "harbour-tv" in data["customers"]


def test_clause_1_5_6_configuration_knows_a_lost_backup_from_an_outage(sample: Repo, call: Call) -> None:
    data = json.loads(call("impact", "transcoder-01", "--down", "--json").out)
    outcomes = {row["id"]: row["outcome"] for row in data["hit"]}
    assert outcomes["transcoder-03"] == outcomes["transcoder-02"] == "unprotected"
    assert "packager-01" not in outcomes


def test_clause_1_5_6_configuration_names_single_points_of_failure(sample: Repo, call: Call) -> None:
    answer = call("impact", "packager-01", "--up")
    assert "single points of failure: core-switch-01" in answer.out


def test_clause_1_5_6_configuration_part_of_itself_is_found(sample: Repo, call: Call) -> None:
    for one, other in (("nas-01", "nas-02"), ("nas-02", "nas-01")):
        path = sample.root / f"kb/assets/{one}.md"
        text = path.read_text("utf-8").replace("relations:\n", f"relations:\n- {{type: part-of, target: {other}}}\n")
        path.write_text(text, "utf-8")
    assert "DSK807" in call("check", "--format", "concise").out


def test_clause_1_5_6_configuration_changed_without_a_change_is_found(sample: Repo, call: Call) -> None:
    """What the last closed change said is held against the record, and so is everything since a baseline."""
    change = sample.root / "tickets/changes/2026/09/CHG-20260917-WKH8.md"
    said = "asset_changes:\n- {asset: cms-app-01, field: version, becomes: CMS 3.7.1}\nplan:\n"
    change.write_text(change.read_text("utf-8").replace("plan:\n", said, 1), "utf-8")
    sample.commit("The change says what it made of the server")
    sample.git("tag", "baseline-1")
    assert call("drift", "--since", "baseline-1").code == 0
    asset = sample.root / "kb/assets/cms-app-01.md"
    asset.write_text(asset.read_text("utf-8").replace("CMS 3.7.1", "CMS 3.7.2"), "utf-8")
    assert "REF583" in call("check", "--format", "concise").out
    answer = call("drift")
    assert answer.code == 1
    assert "CHG-20260917-WKH8" in answer.out
    since = json.loads(call("drift", "--since", "baseline-1", "--json").out)["moved"]
    assert [(one["asset"], one["field"], one["by"]) for one in since] == [("cms-app-01", "version", "")]


def test_clause_1_5_6_configuration_orphans_and_owners_who_left_are_listed(sample: Repo, call: Call) -> None:
    lone = (
        "---\nschema: asset/1\nid: old-probe\ntitle: A probe that nobody uses\nstatus: active\n"
        "asset_type: other\nsite: east-quay-idc\nowner: zhao.lei\n---\n"
    )
    sample.write({"kb/assets/old-probe.md": lone})
    person = sample.root / "kb/people/zhao.lei.md"
    person.write_text(person.read_text("utf-8").replace("status: active", "status: retired"), "utf-8")
    data = json.loads(call("drift", "--json").out)
    assert data["orphans"] == ["old-probe"]
    assert "core-switch-01" in data["stale_owners"]
