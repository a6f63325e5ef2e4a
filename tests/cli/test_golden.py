"""Tables as people see them, in English and in Chinese, held against golden files."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Call
from tests.cli.golden import assert_golden
from tests.conftest import Repo

SECOND = "INC-20260312-0M2Q"
STORY = f"""---
schema: incident/1
id: {SECOND}
title: 直播频道 3 黑屏，转码进程反复重启，值班室来电要求尽快恢复
status: on_hold
customer: example-customer
contract: example-contract
caller: {{name: 陈工}}
contact_type: hotline
reported_at: 2026-03-12T07:30:00+08:00
site: example-office
service: example-service
assets: [example-server]
category: program_error
fault_grade: severe
impact: high
urgency: high
priority: P1
assignment_group: service-desk
links: {{incident: [INC-20260312-7F3K]}}
timeline:
- {{at: 2026-03-12T07:32:00+08:00, id: k3f9, event: opened, by: wang.fang, via: hotline}}
- {{at: 2026-03-12T08:10:00+08:00, id: mq27, event: acknowledged, by: wang.fang, via: phone, to: 陈工}}
- {{at: 2026-03-12T09:00:00+08:00, id: x0ta, event: paused, by: wang.fang, reason: waiting_customer}}
---
## 现象

黑屏。

## 日志
"""

CALLS = {
    "next": ("next",),
    "sla": ("sla",),
    "sla-explain": ("sla", "0M2Q", "--explain"),
    "list": ("list", "incident", "--sort", "reported_at"),
    "list-all": ("list", "open=true", "kind!=incident"),
    "show": ("show", "0M2Q"),
    "show-agreement": ("show", "standard"),
}


@pytest.fixture
def two(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """The desk with a second incident in Chinese: response missed, restore paused."""
    monkeypatch.setenv("COLUMNS", "96")
    desk.commit("second", {f"tickets/incidents/2026/03/{SECOND}.md": STORY})
    return desk


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CALLS)
def test_golden(name: str, language: str, two: Repo, call: Call) -> None:
    answer = call("--lang", language, *CALLS[name])
    assert answer.code == 0, answer.err
    assert answer.err == ""
    assert_golden(f"{name}.{language}.txt", answer.out)


def test_story_is_in_order(two: Repo, call: Call) -> None:
    answer = call("check")
    assert answer.code == 0, answer.out


def test_tables_keep_to_the_terminal(two: Repo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from wcwidth import wcswidth

    for width in (72, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        for words in (("sla",), ("next",), ("list", "incident")):
            lines = call("--lang", "zh", *words).out.splitlines()
            assert all(wcswidth(line) <= width for line in lines), (width, words)
