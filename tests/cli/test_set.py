"""`servicebook set`: fields written in a hurry, and those that only another command may write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.conftest import INCIDENT, PATH, Call
from tests.conftest import Repo


def text(desk: Repo, path: str = PATH) -> str:
    return (desk.root / path).read_bytes().decode("utf-8")


def changed(desk: Repo) -> list[str]:
    """Return the lines that differ from HEAD, with their sign."""
    lines = desk.git("diff", "-U0").splitlines()
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_fields_are_set_byte_for_byte(desk: Repo, call: Call) -> None:
    before = text(desk)
    answer = call("set", "7F3K", "impact=low", "urgency=low", "resolution.cause_code=software", "priority=P4")
    assert answer.code == 0, answer.err
    assert INCIDENT in answer.out and PATH in answer.out
    after = text(desk)
    assert "impact: low\n" in after and "cause_code: software" in after
    kept = [line for line in after.splitlines() if line in before.splitlines()]
    assert len(kept) == len(before.splitlines()) - len([line for line in changed(desk) if line.startswith("-")])


def test_a_field_without_a_value_is_taken_out(desk: Repo, call: Call) -> None:
    assert call("set", "7F3K", "tags=first, second").code == 0
    assert "tags: [first, second]\n" in text(desk)
    assert call("set", "7F3K", "tags.0=").code == 0
    assert "tags: [second]\n" in text(desk)
    assert call("set", "7F3K", "tags.1=third").code == 0
    assert "tags: [second, third]\n" in text(desk)
    assert call("set", "7F3K", "tags=", "custom=").code == 0
    assert changed(desk) == []
    assert call("set", "7F3K", "tags.3=far").code == 1
    assert "`tags.x` is no field here" in call("set", "7F3K", "tags.x=far").err


def test_what_is_needed_is_not_taken_out(desk: Repo, call: Call) -> None:
    answer = call("set", "7F3K", "customer=")
    assert answer.code == 1
    assert "nothing was written" in answer.err and "customer" in answer.err
    assert changed(desk) == []


def test_line_ends_comments_and_quotes_stay(desk: Repo, call: Call) -> None:
    path = desk.root / "kb/articles/first-steps.md"
    data = path.read_bytes().replace(b"\n", b"\r\n").replace(b"title: ", b"# our own words\r\ntitle:  ")
    path.write_bytes(data)
    answer = call("set", "article/first-steps", "keywords=开始, 入门")
    assert answer.code == 0, answer.err
    after = path.read_bytes()
    assert b"# our own words\r\ntitle:  " in after and b"\n" not in after.replace(b"\r\n", b"")
    new = [line for line in after.split(b"\r\n") if line not in data.split(b"\r\n")]
    assert new == ["keywords: [开始, 入门]".encode()]


@pytest.mark.parametrize(
    ("record", "pair", "way"),
    [
        ("7F3K", "status=closed", "servicebook resolve|ack|pause|resume|close"),
        ("7F3K", "id=INC-20260312-8G4M", f"servicebook renumber {INCIDENT}"),
        ("7F3K", "timeline=x", f"servicebook note {INCIDENT}"),
        ("7F3K", "timeline.0.at=2026-03-12T08:00:00+08:00", f"servicebook note {INCIDENT}"),
        ("7F3K", "sla.response.outcome=met", f"servicebook close {INCIDENT}"),
        ("7F3K", "schema=change/1", "servicebook new"),
        ("7F3K", "assigned_to=li.wei", f"servicebook assign {INCIDENT}"),
        ("7F3K", "assigned_to=", f"servicebook assign {INCIDENT}"),
        ("article/first-steps", "id=other", "servicebook rename article/first-steps"),
        ("article/first-steps", "aliases=other", "servicebook rename article/first-steps"),
        ("article/first-steps", "status=retired", "servicebook activate|retire first-steps"),
        ("wang.fang", "signing_keys=x", "servicebook key"),
    ],
)
def test_what_another_command_writes_is_refused_and_it_is_named(
    desk: Repo, call: Call, record: str, pair: str, way: str
) -> None:
    answer = call("set", record, pair)
    assert answer.code == 2
    assert f"`{pair.partition('=')[0]}`" in answer.err
    words = way.split(" ")
    assert " ".join(words[:1]) in answer.err and all(any(w in answer.err for w in word.split("|")) for word in words)
    assert changed(desk) == []


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("impact", "FIELD=VALUE"),
        ("=x", "is no field here"),
        ("nothing=x", "`nothing` is no field here"),
        ("impact=enormous", "high, medium, low"),
        ("impact.deep=x", "is no field here"),
        ("custom.floor=3", "is no field here"),
        ("service=nowhere", "there is no such service"),
        ("reported_at=yesterday", "yesterday"),
    ],
)
def test_what_cannot_be_is_said(desk: Repo, call: Call, pair: str, said: str) -> None:
    answer = call("set", "7F3K", pair)
    assert answer.code in (1, 2)
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert changed(desk) == []


def test_own_fields_have_the_type_that_the_settings_say(desk: Repo, call: Call) -> None:
    settings = desk.root / "pyproject.toml"
    own = 'custom = { floor = "number", room = "text", loud = "boolean", seen = "date", racks = "list" }\n'
    settings.write_text(settings.read_text().replace("[tool.servicebook]\n", f"[tool.servicebook]\n{own}"))
    pairs = ("floor=3", "room=B 12", "loud=yes", "seen=2026-03-01", "racks=a, b")
    answer = call("set", "7F3K", *(f"custom.{pair}" for pair in pairs))
    assert answer.code == 0, answer.err
    for line in ("floor: 3", "room: B 12", "loud: true", "seen: 2026-03-01", "racks: [a, b]"):
        assert line in text(desk)
    assert "known: floor, room" in call("set", "7F3K", "custom.hall=x").err


def test_a_step_that_history_forbids_is_refused(desk: Repo, call: Call) -> None:
    assert call("set", "7F3K", "fault_grade=severe", "--commit").code == 0
    answer = call("set", "7F3K", "fault_grade=degraded")
    assert answer.code == 1
    assert "WFL457" in answer.err and "regraded" in answer.err
    assert changed(desk) == []


def test_commit_and_push(desk: Repo, call: Call, tmp_path: Path) -> None:
    desk.git("init", "--quiet", "--bare", str(tmp_path / "server.git"))
    desk.git("remote", "add", "origin", str(tmp_path / "server.git"))
    desk.git("push", "--quiet", "--set-upstream", "origin", "main")
    (desk.root / "README.md").write_text("mine\n")
    answer = call("set", "7F3K", "tags=网络", "--push")
    assert answer.code == 0, answer.err
    assert "pushed to origin/main" in answer.out
    assert (
        desk.git("show", "--name-only", "--format=%s", "origin/main").split("\n")[0].startswith(f"{INCIDENT} tags set")
    )
    assert changed(desk) != []  # README.md, which is somebody's own
    answer = call("set", "7F3K", "tags=网络", "--push")
    assert answer.code == 0, answer.err
    assert "nothing to change" in answer.out
    assert desk.git("rev-list", "--count", "origin/main").strip() == "2"


def test_in_chinese(desk: Repo, call: Call) -> None:
    answer = call("--lang", "zh", "set", "7F3K", "status=closed")
    assert "由其他命令写入" in answer.err
    os.environ.pop("SERVICEBOOK_LANG", None)


def test_a_list_of_blocks_is_typed_in_brackets(desk: Repo, call: Call) -> None:
    said = "[{part: fan, old_serial: F-1, new_serial: F-2}, {part: fan, old_serial: F-3, new_serial: F-4}]"
    assert call("set", "7F3K", f"resolution.parts_replaced={said}").code == 0
    assert "old_serial: F-3, new_serial: F-4" in text(desk)
    assert call("set", "7F3K", 'tags=["one, two", three]').code == 0
    assert 'tags: ["one, two", three]\n' in text(desk)


@pytest.mark.parametrize("said", ["[{part: fan", "[{part fan}]", "{part: fan, part: fan}"])
def test_brackets_that_do_not_parse_are_refused_with_what_was_due(desk: Repo, call: Call, said: str) -> None:
    before = text(desk)
    answer = call("set", "7F3K", f"resolution.parts_replaced={said}")
    assert answer.code in (1, 2) and answer.err and text(desk) == before
