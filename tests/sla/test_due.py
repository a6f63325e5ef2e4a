"""`servicebook due`: one question from options, thousands from lines, and what it says to bad ones."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from servicebook.cli.due_questions import HoursShelf, answer_lines
from servicebook.cli.main import main

WEEK = {day: [["09:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
BERLIN = {
    "timezone": "Europe/Berlin",
    "week": WEEK,
    "holidays": ["2026-12-25"],
    "working_days": ["2026-10-10"],
    "dates": {"2026-12-24": [["09:00", "12:00"]]},
}
START = "2026-12-23T16:00:00+01:00"


def ask(**question: Any) -> dict[str, Any]:
    """Return the answer to one line of a batch."""
    written: list[str] = []
    line = json.dumps({"id": "a", "hours": BERLIN, "from": START, **question}).encode()
    answer_lines([line], written.append, HoursShelf())
    answer: dict[str, Any] = json.loads(written[0])
    assert answer.pop("id") == "a"
    return answer


def test_the_example_of_the_docs_page() -> None:
    pause = ["2026-12-24T09:00:00+01:00", "2026-12-24T10:00:00+01:00"]
    assert ask(within="8h", pauses=[pause], step="-10m") == {
        "due_at": "2026-12-28T13:30:00+01:00",
        "step_at": "2026-12-28T13:20:00+01:00",
    }


def test_time_between() -> None:
    assert ask(until="2026-12-24T10:00:00+01:00") == {"working_seconds": 9000, "elapsed_seconds": 64800}


@pytest.mark.parametrize("within", ["90m", "1h30m", "PT90M", "PT1H30M", "5400s"])
def test_lengths(within: str) -> None:
    assert ask(within=within) == {"due_at": "2026-12-23T17:30:00+01:00"}


@pytest.mark.parametrize(
    ("question", "due_at"),
    [
        ({"within": "0s", "from": "2026-12-25T10:00:00+01:00"}, "2026-12-28T09:00:00+01:00"),
        ({"within": "2 working days"}, "2026-12-28T17:30:00+01:00"),
        ({"within": "1 working day"}, "2026-12-24T12:00:00+01:00"),
        ({"within": "2 working days", "due": "same-time"}, "2026-12-28T16:00:00+01:00"),
        ({"within": "-1 working days"}, "2026-12-22T17:30:00+01:00"),
        ({"within": "0 working days"}, "2026-12-23T17:30:00+01:00"),
        ({"within": "8h", "pauses": [[START, None]]}, None),
    ],
)
def test_answers(question: dict[str, Any], due_at: str | None) -> None:
    assert ask(**question)["due_at"] == due_at


def test_a_step_in_working_days_leads_from_closing_to_closing() -> None:
    assert ask(within="2 working days", step="-1 working days")["step_at"] == "2026-12-24T12:00:00+01:00"


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"from": "2026-12-23T16:00:00", "within": "8h"}, "`from` is `2026-12-23T16:00:00`, without offset"),
        ({"within": "soon"}, "`within` is `soon`, due was 8h, PT90M or 2 working days"),
        ({"within": "8h", "until": START}, "`within` and `until` are two questions: ask one"),
        ({"within": "8h", "hours": {**BERLIN, "timezone": "Mars"}}, "`hours.timezone` is `Mars`: there is no"),
        ({"within": "8h", "hours": {"timezone": "UTC", "week": {}}}, "`hours.week` is ``: no day has any hours"),
        ({"within": "8h", "hour": 1}, "`hour` is not a field of a question; known: "),
        ({"within": "8h", "pauses": [["2026-12-24T10:00Z", "2026-12-24T09:00Z"]]}, "before it starts"),
        ({"within": "8h", "pauses": 5}, "`pauses` is `5`, a list was due"),
        ({"within": 8}, "`within` is `8`, due was"),
        ({"within": f"{'9' * 5000}h"}, "`within` is `9"),
        ({"within": f"{'9' * 30} working days"}, "`within` is `9"),
        ({"within": "8h", "step": f"-{'9' * 5000}m"}, "`step` is `-9"),
        ({"within": "8h", "from": None}, "`from` is missing"),
        ({}, "`within` or `until` is missing"),
        ({"within": "8h", "from": 5}, "`from` is `5`, an instant with offset was due"),
        ({"within": "8h", "from": "0001-01-01T00:00:00Z"}, "outside the years 1900 to 2200"),
        ({"within": "8h", "hours": None}, "`hours` is missing"),
        ({"within": "8h", "hours": {"versions": []}}, "no day has any hours"),
        ({"within": "8h", "hours": {"timezone": "UTC", "week": 5, "dates": 5, "holidays": 5}}, "that cannot be read"),
    ],
)  # fmt: skip
def test_bad_questions_are_answered_with_what_is_wrong(question: dict[str, Any], error: str) -> None:
    assert error in ask(**question)["error"]


def test_a_bad_line_does_not_stop_the_next(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        b"nonsense",
        b"[1]",
        b"\xff\xfe",
        b"",
        b"[" * 100_000,
        rb'{"id": "\ud800", "hours": "\udfff"}',
        b'{"id": NaN}',
        json.dumps({"id": 7, "hours": BERLIN, "from": START, "within": "90m"}).encode(),
    ]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines))))
    assert main(["due", "--batch"]) == 0
    written = capsys.readouterr().out
    answers = [json.loads(line) for line in written.splitlines()]
    assert "NaN" not in written
    assert [set(answer) for answer in answers[:6]] == [{"id", "error"}] * 6
    assert answers[6] == {"id": 7, "due_at": "2026-12-23T17:30:00+01:00"}


def test_one_question_in_words_outside_a_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["due", "--hours", json.dumps(BERLIN), "--from", START]
    pause = "2026-12-24T09:00+01:00/2026-12-24T10:00+01:00"
    assert main([*words, "--within", "8h", "--pause", pause, "--step", "-10m"]) == 0
    assert capsys.readouterr().out == "2026-12-28T13:30:00+01:00\nstep 2026-12-28T13:20:00+01:00\n"
    assert main([*words, "--until", "2026-12-24T10:00:00+01:00"]) == 0
    assert capsys.readouterr().out == "2:30:00 of working time in 18:00:00\n"
    assert main([*words, "--within", "-1 working days", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"due_at": "2026-12-22T17:30:00+01:00"}
    assert main(["due", "--hours", "cn-office", "--from", START, "--within", "8h"]) == 2
    assert main([*words, "--within", "soon"]) == 2
    assert main(["due", "--within", "8h"]) == 2


HOURS_RECORD = """\
---
schema: support_hours/1
id: cn-office
title: Office
owner: live-operations
versions:
- effective_from: 2026-01-01
  timezone: Asia/Shanghai
  week:
    mon: [["09:00", "18:00"]]
    tue: [["09:00", "18:00"]]
    wed: [["09:00", "18:00"]]
    thu: [["09:00", "18:00"]]
    fri: [["09:00", "18:00"]]
  holidays:
  - {year: 2026, source: State Council, days: [2026-10-01, 2026-10-02], working_days: [2026-10-10]}
---
"""


def test_hours_by_name_come_from_the_desk(
    make_repo: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"kb/support-hours/cn-office.md": HOURS_RECORD, "pyproject.toml": '[tool.servicebook]\nname = "x"\n'}
    monkeypatch.chdir(make_repo("desk", files).root)
    words = ["due", "--hours", "cn-office", "--from", "2026-09-30T17:00+08:00"]
    assert main([*words, "--within", "8h"]) == 0
    assert capsys.readouterr().out == "2026-10-05T16:00:00+08:00\n"
    assert main([*words, "--within", "120 working days"]) == 0
    assert "no holiday list for 2027" in capsys.readouterr().out
    assert main(["due", "--hours", "no-such", "--from", START, "--within", "8h"]) == 2
