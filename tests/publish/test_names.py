"""Names and words on pages: who is meant by a handle, how far a paper has come, what is a plan's own word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from servicebook.language.labels import label_of
from servicebook.publish.labels import Labels
from servicebook.publish.site import Built, build_site

Build = Callable[..., tuple[Path, Built]]
INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K"
MEETING = "tickets/meetings/2026/03/MTG-20260323-2ZPE"
TOLD = "- {at: 2026-03-12T08:50:00+08:00, id: zz01, event: escalated, by: li.wei, to: li.wei, kind: difficulty}\n"


def words(page: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.read_text("utf-8").partition("<main")[2]))


def test_a_handle_is_told_as_the_name_of_its_person_and_follows_it(desk: Any, build: Build) -> None:
    incident, person = desk.root / f"{INCIDENT}.md", desk.root / "kb/people/li.wei.md"
    head, mark, rest = incident.read_text("utf-8").partition("timeline:\n")
    first, newline, others = rest.partition("\n")
    incident.write_text(head + mark + first + newline + TOLD + others, "utf-8")
    site, _ = build(desk)
    assert "To Li Wei" in words(site / f"{INCIDENT}.html").replace("至 ", "")
    assert "zhao.min wang.fang Li Wei 陈工" in words(site / f"{MEETING}.html")  # the desk knows one of them
    person.write_text(person.read_text("utf-8").replace("title: Li Wei", "title: Li Wei the Second"), "utf-8")
    build(desk)
    for page in (INCIDENT, MEETING):
        assert "Li Wei the Second" in words(site / f"{page}.html")


def test_a_paper_says_how_far_it_has_come(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    survey = words(site / "tickets/surveys/2026/03/SUR-20260320-9HKC.html")
    assert "Answered 已答复" in survey and "在用" not in survey
    assert re.search(r"Satisfaction \(CSAT\) 满意率 \d+\s%", survey)
    report = words(site / "tickets/reports/2026/04/RPT-20260401-5MVR.html")
    assert re.search("Submitted 已提交|Reviewed, not submitted yet 已审核，尚未提交|Not reviewed yet 尚未审核", report)
    assert "On file 已存档" in words(site / "tickets/2026-04.html")
    assert "Surveys" in (site / "tickets/surveys/2026/03/SUR-20260320-9HKC.html").read_text("utf-8")
    assert ">People<" in (site / "people/li.wei.html").read_text("utf-8")


def test_the_keys_of_a_checklist_stay_as_they_are_written(desk: Any, build: Build) -> None:
    plan = next((desk.root / "kb/inspection-plans").glob("*.md"))
    text = re.sub(r"key: [\w-]+", "key: free", plan.read_text("utf-8"), count=1)
    plan.write_text(text, "utf-8")
    site, _ = build(desk)
    page = (site / f"inspection-plans/{plan.stem}.html").read_text("utf-8")
    assert '<span class="id">free</span>' in page and "免费" not in page


def test_labels_are_spelt_as_their_makers_do() -> None:
    assert [label_of(name) for name in ("gitlab", "csat", "ok", "rma_target")] == [
        "GitLab", "Satisfaction (CSAT)", "In order", "RMA target",
    ]  # fmt: skip
    labels = Labels(("en", "zh"))
    assert labels.value_text("ui_deployment", "role").startswith("UI deployment")
    assert labels.value_text("active", "known_error") == "Not fixed / 未根除"
    assert labels.value("first-response") == '<span class="l" lang="en">First response</span>' + (
        '<span class="l" lang="zh-Hans">首次响应</span>'
    )


def test_the_catalogue_has_no_column_of_which_a_reader_is_told_nothing(desk: Any, build: Build, tmp_path: Path) -> None:
    site, _ = build(desk)
    assert "Open incidents" in words(site / "services.html")
    service = desk.root / "kb/services/live-streaming.md"
    text = service.read_text("utf-8")
    service.write_text(re.sub("(?:audience:.*\n)?status:", "audience: [public]\nstatus:", text, count=1), "utf-8")
    build_site(str(desk.root), str(tmp_path / "public"), audience="public")
    said = words(tmp_path / "public/services.html")
    assert "Live" in said and "Now" in said and "Open incidents" not in said
