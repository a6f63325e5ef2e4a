"""Clause 1.5.6, releases: phase by phase, tested before deployment, with the changes that it brings."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Call, Repo

RELEASE = "REL-20261116-7XBX"
DONE = "CHG-20260326-H0AT"


@pytest.fixture
def release(sample: Repo) -> Path:
    """Return the file of a release in test, with a change in it that is done."""
    path = sample.root / "tickets/releases/2026/11" / f"{RELEASE}.md"
    path.write_text(path.read_text("utf-8").replace("changes: [CHG-20261112-FTBB]", f"changes: [{DONE}]"), "utf-8")
    return path


def test_clause_1_5_6_release_passes_its_tests_with_evidence_and_by_phases(release: Path, call: Call) -> None:
    answer = call("pass", RELEASE, "--by", "chen.hao", "--evidence", "soak-test.pdf")
    assert answer.code == 0, answer.err
    text = release.read_text("utf-8")
    assert "result: passed" in text and "attachment: soak-test.pdf" in text
    assert "phase: distribute" in text
    assert call("deploy", RELEASE, "--by", "chen.hao").code == 0
    assert "phase: implement" in release.read_text("utf-8")


def test_clause_1_5_6_release_that_is_built_anew_keeps_the_test_that_it_failed(release: Path, call: Call) -> None:
    assert call("build", RELEASE, "--by", "chen.hao", "--note", "the soak test leaked").code == 0
    assert "{by: chen.hao, tested_on: 2026-11-20, result: failed}" in release.read_text("utf-8")
    assert call("test", RELEASE, "--by", "chen.hao").code == 0
    assert call("pass", RELEASE, "--by", "chen.hao").code == 0
    text = release.read_text("utf-8")
    assert text.index("result: failed") < text.index("result: passed")


def test_clause_1_5_6_release_in_test_is_not_deployed(release: Path, call: Call) -> None:
    before = release.read_bytes()
    answer = call("deploy", RELEASE, "--by", "chen.hao")
    assert answer.code != 0
    assert f"first: servicebook pass {RELEASE}" in answer.err
    assert release.read_bytes() == before


def test_clause_1_5_6_release_without_evidence_is_not_deployed(release: Path, call: Call) -> None:
    assert call("pass", RELEASE, "--by", "chen.hao").code == 0
    text = release.read_text("utf-8")
    kept = [line for line in text.split("\n") if "result: passed" not in line and not line.startswith("test_evidence")]
    release.write_text("\n".join(kept), "utf-8")
    answer = call("deploy", RELEASE, "--by", "chen.hao")
    assert answer.code != 0
    assert "WFL431" in answer.err


def test_clause_1_5_6_release_whose_last_test_failed_is_not_deployed(release: Path, call: Call) -> None:
    assert call("pass", RELEASE, "--by", "chen.hao").code == 0
    release.write_text(release.read_text("utf-8").replace("result: passed", "result: failed"), "utf-8")
    answer = call("deploy", RELEASE, "--by", "chen.hao")
    assert answer.code != 0
    assert "WFL431" in answer.err
    assert "WFL432" in call("check", "--format", "concise").out


def test_clause_1_5_6_release_lists_the_changes_that_name_it(release: Path, call: Call) -> None:
    release.write_text(release.read_text("utf-8").replace(f"changes: [{DONE}]", "changes: []"), "utf-8")
    assert "REF526" in call("check", "--format", "concise").out


def test_clause_1_5_6_release_is_not_deployed_with_a_change_nobody_approved(
    release: Path, sample: Repo, call: Call
) -> None:
    assert call("pass", RELEASE, "--by", "chen.hao").code == 0
    assert call("new", "change", "--title", "Another", "--change-type", "normal", "--reason", "asked", "--service",
                "live-streaming", "--assets", "packager-01", "--risk", "low", "--requested-by", "chen.hao",
                "--planned-start-at", "2026-11-28T02:00", "--planned-end-at", "2026-11-28T03:00",
                "--incomplete").code == 0  # fmt: skip
    draft = next(path.stem for path in sample.root.glob("tickets/changes/2026/11/CHG-20261120-*.md"))
    text = release.read_text("utf-8").replace("changes: [", f"changes: [{draft}, ")
    release.write_text(text, "utf-8")
    answer = call("deploy", RELEASE, "--by", "chen.hao")
    assert answer.code == 1
    assert "REF534" in answer.err
    assert release.read_text("utf-8") == text
