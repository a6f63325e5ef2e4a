"""`servicebook hours`: a year's list gets into the record, a correction says so, open clocks that moved are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Call
from tests.conftest import Repo

PATH = "kb/support-hours/cn-office.md"
OFFICE = """\
---
schema: support_hours/1
id: cn-office
title: Office hours
status: active
audience: [internal]
owner: {owner}
versions:
- effective_from: 2025-01-01  # since the start
  timezone: Asia/Shanghai
  week:
    mon: [["09:00", "18:00"]]
    tue: [["09:00", "18:00"]]
    wed: [["09:00", "18:00"]]
    thu: [["09:00", "18:00"]]
    fri: [["09:00", "18:00"]]
  holidays:
  - {{year: 2025, source: State Council, days: [2025-10-01]}}
  - {{year: 2026, source: State Council, days: [2026-03-16]}}
---
The hours of the office.
"""


@pytest.fixture
def office(desk: Repo) -> Repo:
    """The small desk with office hours that keep holiday lists; its agreement counts in them."""
    owner = sorted(Path(desk.root, "kb/people").glob("*.md"))[0].stem
    desk.write({PATH: OFFICE.format(owner=owner)})
    desk.commit("Office hours")
    return desk


def published(repo: Repo, year: int, **days: bool) -> str:
    entries = [{"name": "x", "date": f"{year}-{day[1:3]}-{day[4:]}", "isOffDay": off} for day, off in days.items()]
    repo.write({f"{year}.json": json.dumps({"year": year, "papers": ["https://www.gov.cn/notice"], "days": entries})})
    return f"{year}.json"


def test_a_list_is_added_and_no_other_byte_changes(office: Repo, call: Call) -> None:
    name = published(office, 2027, d01_01=True, d01_02=False)
    answer = call("hours", "update", "cn-office", "--year", "2027", "--json", name, "--published", "2026-11-05")
    assert answer.code == 0, answer.err
    text = Path(office.root, PATH).read_text()
    line = (
        '  - {year: 2027, source: "https://www.gov.cn/notice", published_on: 2026-11-05, days: [2027-01-01],'
        " working_days: [2027-01-02]}\n"
    )
    assert line in text
    assert text.replace(line, "") == office.git("show", f"HEAD:{PATH}")
    assert call("hours", "update", "cn-office", "--year", "2027", "--json", name).out.startswith("cn-office has")


def test_a_later_correction_is_a_version_that_says_so(office: Repo, call: Call) -> None:
    name = published(office, 2026, d03_16=True, d03_14=False, d03_15=True)
    answer = call("hours", "update", "cn-office", "--year", "2026", "--json", name)
    assert answer.code == 0, answer.err
    assert "a version from 2026-03-12 corrects the one of 2025-01-01" in answer.out
    text = Path(office.root, PATH).read_text()
    assert "corrects: 2025-01-01" in text
    assert "  - {year: 2026, source: State Council, days: [2026-03-16]}\n" in text  # what was said stands
    assert call("check", PATH).code == 0
    name = published(office, 2026, d03_17=True)
    again = call("hours", "update", "cn-office", "--year", "2026", "--json", name)
    assert again.code == 2 and "stands there already" in again.err


def test_weekend_days_off_alone_are_no_correction(office: Repo, call: Call) -> None:
    name = published(office, 2026, d03_14=True, d03_15=True, d03_16=True)
    answer = call("hours", "update", "cn-office", "--year", "2026", "--json", name)
    assert answer.out == "cn-office has the list of 2026 already\n"


def test_a_moved_open_clock_is_named(office: Repo, call: Call) -> None:
    agreement = next(Path(office.root, "kb/agreements").glob("*.md"))
    text = agreement.read_text()
    assert "  clocks:\n" in text
    clock = (
        "  clocks:\n  - {name: visit-made, clause: practice, promise: internal, applies_when: {kind: [incident]},"
        " start: reported_at, stop: [arrived], within: 2 working days}\n"
    )
    text = text.replace("  clocks:\n", clock, 1)
    if "working_calendar" in text:
        import re

        text = re.sub(r"working_calendar: \S+", "working_calendar: cn-office", text)
    else:
        text = text.replace("  clocks:\n", "  working_calendar: cn-office\n  clocks:\n", 1)
    office.commit("A clock in working days", {str(agreement.relative_to(office.root)): text})
    assert call("hours", "moved").out == "no open clock moved\n"
    name = published(office, 2026, d03_13=True, d03_16=True)
    answer = call("hours", "update", "cn-office", "--year", "2026", "--json", name)
    # Reported on Thursday the 12th; the 16th was off already, the 13th is now: the 18th instead of the 17th.
    assert "visit-made, due 2026-03-17T18:00+08:00, now 2026-03-18T18:00+08:00" in answer.out
    assert "cn-office@2026-03-12" in answer.out
    moved = call("hours", "moved")
    assert "visit-made, due 2026-03-17T18:00+08:00, now 2026-03-18T18:00+08:00" in moved.out
    assert moved.out.count("moved:") == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["update"], 2, "say which hours"),
        (["update", "cn-office", "--year", "soon"], 2, "not a year"),
        (["update", "cn-office", "--year", "2027"], 2, "say where the list comes from"),
        (["update", "cn-office", "--year", "2027", "--json", "none.json"], 2, "cannot be read"),
        (["update", "cn-office", "--year", "2027", "--country", "CN"], 4, "nobody has published"),
        (["update", "cn-office", "--year", "2020", "--country", "CN"], 2, "no version of these hours"),
        (["update", "always", "--year", "2026", "--country", "NL"], 2, "around the clock"),
    ],
)
def test_what_cannot_be_done_is_said(office: Repo, call: Call, words: list[str], code: int, said: str) -> None:
    answer = call("hours", *words)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert office.git("status", "--porcelain") == ""
