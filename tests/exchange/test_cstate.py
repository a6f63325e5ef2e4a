"""A cState status page becomes services and incidents; what it got wrong stays visible."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from servicebook.errors import UsageError
from servicebook.exchange.cstate import read_cstate
from servicebook.exchange.draft import slug_for

PAGE = Path(__file__).parent / "cstate"


def test_issues_become_incidents_and_systems_services() -> None:
    intake = read_cstate(PAGE)
    by_kind = {kind: [d for d in intake.drafts if d.kind.name == kind] for kind in ("customer", "service", "incident")}
    assert [draft.slug for draft in by_kind["customer"]] == ["jenkins-status-page"]
    assert {"ci.jenkins.io", "get.jenkins.io"} <= {draft.slug for draft in by_kind["service"]}
    assert len(by_kind["incident"]) == 4
    assert not intake.faults


def test_a_system_that_the_page_does_not_list_is_told() -> None:
    (note,) = read_cstate(PAGE).notes
    assert "publick8s (1)" in note
    assert "ci.jenkins.io" not in note


def test_an_issue_resolved_before_it_began_is_taken_at_its_word() -> None:
    drafts = {draft.source_id: draft for draft in read_cstate(PAGE).drafts}
    timeline = drafts["2021-09-23-puppet-outage"].fields["timeline"]
    assert [entry["event"] for entry in timeline] == ["opened", "resolved", "closed"]
    assert timeline[1]["at"] < timeline[0]["at"]


def test_a_time_without_offset_is_read_in_the_zone_asked_for() -> None:
    drafts = {draft.source_id: draft for draft in read_cstate(PAGE).drafts}
    assert drafts["2021-12-15-jira-outage"].fields["timeline"][1]["at"] == "2021-12-15T16:05:00+00:00"


def test_an_hour_of_one_digit_is_understood(tmp_path: Path) -> None:
    shutil.copytree(PAGE, tmp_path, dirs_exist_ok=True)
    issue = tmp_path / "content/issues/2020-12-08-maintenance-publick8s.md"
    issue.write_text(issue.read_text().replace("2020-12-07 13:00:00", "2020-12-07T8:00:00-00:00"))
    drafts = {draft.source_id: draft for draft in read_cstate(tmp_path).drafts}
    assert drafts[issue.stem].fields["reported_at"] == "2020-12-07T08:00:00+00:00"


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no cState site"):
        read_cstate(tmp_path)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("ci.jenkins.io", "ci.jenkins.io"), ("Opened by  17", "opened-by-17"), ("a/../b", "a.b"), (" -x- ", "x")],
)
def test_slugs(name: str, slug: str) -> None:
    assert slug_for(name) == slug


def test_a_name_without_latin_letters_gets_a_slug_of_its_own() -> None:
    assert slug_for("直播").startswith("x-")
    assert slug_for("直播") != slug_for("点播")
