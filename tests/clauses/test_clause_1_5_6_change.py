"""Clause 1.5.6, changes: planned beside others and quiet times, looked at afterwards, closed when assets are true."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.conftest import Call, Repo

SUBMITTED = "tickets/changes/2026/11/CHG-20261117-FR61.md"
APPROVED = "tickets/changes/2026/11/CHG-20261110-STA2.md"


def move(path: Path, start: str, end: str) -> None:
    """Plan a change for another time."""
    lines = path.read_text("utf-8").split("\n")
    for name, value in (("planned_start_at", start), ("planned_end_at", end)):
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{name}:"))
        lines[place] = f"{name}: {value}"
    path.write_text("\n".join(lines), "utf-8")


def test_clause_1_5_6_change_beside_one_on_which_its_asset_hangs_is_found(sample: Repo, call: Call) -> None:
    """The portal's load balancer hangs on a core switch: relations of assets say so, and `impact` shows it."""
    other = sample.root / "tickets/changes/2026/11/CHG-20261117-FR61.md"
    other.write_text(other.read_text("utf-8").replace("assets: [nas-02]", "assets: [core-switch-01]"), "utf-8")
    move(other, "2026-11-25T02:30:00+08:00", "2026-11-25T03:30:00+08:00")
    assert "DSK831" in call("check", "--format", "concise").out
    data = json.loads(call("impact", "STA2", "--json").out)
    (overlap,) = data["overlaps"]
    assert overlap["change"] == "CHG-20261117-FR61"
    assert "cms-portal-lb" in overlap["hanging"]


def test_clause_1_5_6_change_that_takes_both_of_a_pair_is_found(sample: Repo, call: Call) -> None:
    """Transcoder 01 stands in for transcoder 03: one may be worked on, not both at once."""
    one, two = sample.root / APPROVED, sample.root / SUBMITTED
    one.write_text(one.read_text("utf-8").replace("assets: [cms-portal-lb]", "assets: [transcoder-03]"), "utf-8")
    two.write_text(two.read_text("utf-8").replace("assets: [nas-02]", "assets: [transcoder-01]"), "utf-8")
    for path in (one, two):  # work that takes nothing away cannot take both
        path.write_text(re.sub(r"(?m)^expected_outage: .*$", "expected_outage: 20m", path.read_text("utf-8")), "utf-8")
    for path in (one, two):  # work that takes nothing away cannot take both
        path.write_text(re.sub(r"(?m)^expected_outage: .*$", "expected_outage: 20m", path.read_text("utf-8")), "utf-8")
    move(two, "2026-11-25T02:30:00+08:00", "2026-11-25T03:30:00+08:00")
    (overlap,) = json.loads(call("impact", "FR61", "--json").out)["overlaps"]
    assert "transcoder-03" in overlap["hanging"]
    assert "packager-01" in overlap["undone"], "it goes on with either of them, not without both"


def test_clause_1_5_6_change_planned_into_a_freeze_is_found(sample: Repo, call: Call) -> None:
    path = sample.root / SUBMITTED
    path.write_text(path.read_text("utf-8").replace("service: storage", "service: live-streaming"), "utf-8")
    move(path, "2026-12-31T20:00:00+08:00", "2026-12-31T21:00:00+08:00")
    out = call("check", "--format", "concise").out
    assert "REF541" in out
    assert "new-year-gala" in out


def test_clause_1_5_6_change_is_not_closed_before_its_assets_are_true(sample: Repo, call: Call) -> None:
    for verb in ("start", "implement"):
        assert call(verb, "STA2", "--by", "liu.yang").code == 0
    closing = (
        "close", "STA2", "--by", "daniel.okafor", "--set", "review.result=no 404 in the night",
        "--set", "review.closure_code=successful", "--set", "review.assets_updated=true",
    )  # fmt: skip
    refused = call(*closing)
    assert refused.code != 0
    assert "its record says `nginx 1.26.2`" in refused.err
    assert "--update-assets" in refused.err
    done = call(*closing, "--update-assets")
    assert done.code == 0, done.err
    assert "version: nginx 1.28.0\n" in (sample.root / "kb/assets/cms-portal-lb.md").read_text("utf-8")


def test_clause_1_5_6_change_said_to_succeed_that_was_taken_back_is_found(sample: Repo, call: Call) -> None:
    path = sample.root / "tickets/changes/2026/10/CHG-20261009-MVRM.md"
    text = path.read_text("utf-8").replace("closure_code: backed_out", "closure_code: successful")
    path.write_text(text, "utf-8")
    assert "WFL434" in call("check", "--format", "concise").out


def test_clause_1_5_6_change_of_weight_is_reviewed_by_a_second_person(sample: Repo, call: Call) -> None:
    path = sample.root / "tickets/changes/2026/09/CHG-20260908-955W.md"
    text = path.read_text("utf-8").replace("event: closed, by: daniel.okafor", "event: closed, by: he.jun")
    path.write_text(text, "utf-8")
    assert "WFL436" in call("check", "--format", "concise").out
