"""servicebook doctor: what is printed, what `--fix` writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import Repo

from .conftest import Call


def connected(desk: Repo, call: Call) -> None:
    assert call("install").code == 0
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "hooks")


def test_a_connected_desk_is_in_order_though_advice_is_given(
    desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SERVICEBOOK_NOW")
    connected(desk, call)
    desk.git("config", "core.preloadIndex", "false")
    answer = call("doctor")
    assert answer.code == 0, answer.out
    assert "  advice  core.preloadIndex is off" in answer.out
    assert "\n      git config core.preloadIndex true\n" in answer.out
    assert answer.out.splitlines()[-1].endswith("0 must be changed")


def test_what_must_be_changed_ends_with_one(desk: Repo, call: Call) -> None:
    answer = call("doctor")
    assert answer.code == 1
    assert "  change  no hook checks commits here\n      servicebook install\n" in answer.out


def test_where_no_desk_is_it_ends_with_two(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("doctor").code == 2
    Repo(tmp_path).git("init", "-q")
    answer = call("doctor")
    assert answer.code == 2 and "this repository holds no desk" in answer.err


def test_fix_writes_local_settings_only_and_says_which(desk: Repo, call: Call) -> None:
    desk.git("config", "core.preloadIndex", "false")
    desk.git("config", "core.protectNTFS", "false")
    before = desk.git("config", "--list", "--local").splitlines()
    answer = call("doctor", "--fix")
    assert "done: git config core.preloadIndex true" in answer.out
    after = desk.git("config", "--list", "--local").splitlines()
    assert set(after) - set(before) == {"core.preloadindex=true", "core.protectntfs=true"}
    assert desk.git("status", "--porcelain") == "", "no file of the desk is touched"
    assert answer.code == 1, "the hooks are not connected by it"
    assert "done:" not in call("doctor", "--fix").out


def test_json_names_checks_and_levels_in_every_language(desk: Repo, call: Call) -> None:
    english, chinese = (json.loads(call("--lang", language, "doctor", "--json").out) for language in ("en", "zh"))
    assert [item["check"] for item in english["answers"]] == [item["check"] for item in chinese["answers"]]
    assert {item["level"] for item in english["answers"]} <= {"fine", "advice", "change"}
    hooks = next(item for item in chinese["answers"] if item["check"] == "hooks-connected")
    assert hooks == {
        "check": "hooks-connected",
        "level": "change",
        "says": "没有钩子检查这里的提交",
        "remedy": "servicebook install",
        "settings": {},
    }


def test_remedies_can_be_pasted_into_a_shell(desk: Repo, call: Call) -> None:
    path = "kb/articles/it's  here .md"
    desk.commit("odd", {"kb/articles/a./b.md": "x\n", path.replace(" .md", ". md") + "/c .md ": "x\n"})
    remedies = [
        item["remedy"] for item in json.loads(call("doctor", "--json").out)["answers"] if item["check"] == "unfit"
    ]
    assert "git mv 'kb/articles/it'\"'\"'s  here. md/c .md ' OTHER" in remedies


def test_a_servers_repository_is_examined_too(
    desk: Repo, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.git("clone", "--quiet", "--bare", str(desk.root), str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    answer = call("doctor")
    assert answer.code == 1
    assert "no hook checks what is pushed here" in answer.out
    assert call("install", "--server").code == 0
    answer = call("doctor")
    assert "  ok  what comes in is checked by hooks/pre-receive\n" in answer.out
    assert "  ok  the hooks run version" in answer.out
