"""`servicebook key`: one person's record changes, surgically, and nothing that would break trust is written."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Call
from tests.conftest import Repo
from tests.evidence.conftest import MadeKey, _no_keys_of_the_machine, agent, make_key

__all__ = ["_no_keys_of_the_machine", "agent"]

ME = "kb/people/wang.fang.md"


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., MadeKey]:
    def make(name: str, *options: str) -> MadeKey:
        return make_key(tmp_path / name, *options, comment=name)

    return make


def text(desk: Repo) -> str:
    return (desk.root / ME).read_text("utf-8")


def test_add_writes_the_key_and_no_other_byte(desk: Repo, call: Call, made: Callable[..., MadeKey]) -> None:
    before = text(desk)
    key = made("laptop")
    answer = call("key", "add", str(key.file), "--commit")
    assert answer.code == 0, answer.err
    added = f"signing_keys:\n- public_key: {key.line}\n  valid_from: 2026-03-12T10:00:00+08:00\n"
    assert text(desk) == before.replace("---\n## Notes", f"{added}---\n## Notes") != before
    assert key.public.fingerprint in answer.out
    assert desk.git("log", "-1", "--format=%s").strip() == "wang.fang key added"
    assert desk.git("status", "--short") == ""
    assert call("check").code == 0


def test_add_takes_the_key_that_git_signs_with_and_one_of_the_agent(
    desk: Repo, call: Call, made: Callable[..., MadeKey], agent: Callable[[Path], None]
) -> None:
    one, two = made("desk-pc", "-t", "rsa", "-b", "2048"), made("laptop", "-t", "ecdsa")
    desk.git("config", "gpg.format", "ssh")
    desk.git("config", "user.signingKey", str(one.file))
    agent(two.file)
    assert call("key", "add").code == 0
    assert call("key", "add", "laptop", "--purpose", "votes", "--until", "2027-03-12").code == 0
    rows = json.loads(call("key", "list", "--format", "json").out)
    assert [(row["fingerprint"], row["purpose"], row["valid_until"], row["standing"]) for row in rows] == [
        (one.public.fingerprint, "votes,git", "", "valid"),
        (two.public.fingerprint, "votes", "2027-03-12T00:00:00+08:00", "valid"),
    ]


def test_which_of_several_keys_is_not_guessed(
    desk: Repo, call: Call, made: Callable[..., MadeKey], agent: Callable[[Path], None]
) -> None:
    for name in ("work", "deployment"):
        agent(made(name).file)
    answer = call("key", "add")
    assert answer.code == 2 and "several keys could sign here: work, deployment" in answer.err
    assert "signing_keys" not in text(desk)
    assert call("key", "add", "deployment").code == 0


def test_rotate_ends_the_old_one_where_the_new_one_begins(desk: Repo, call: Call, made: Callable[..., MadeKey]) -> None:
    old, new = made("old"), made("new")
    call("key", "add", str(old.file), "--from", "2026-01-01")
    answer = call("key", "rotate", f"{new.file}.pub", "--comment", "新笔记本")
    assert answer.code == 0, answer.err
    assert text(desk).endswith(
        f"- public_key: {old.line}\n  valid_from: 2026-01-01T00:00:00+08:00\n  valid_until: 2026-03-12T10:00:00+08:00\n"
        f"- public_key: {new.line}\n  valid_from: 2026-03-12T10:00:00+08:00\n  comment: 新笔记本\n---\n## Notes\n"
    )
    third = made("third")
    assert call("key", "rotate", str(third.file), "--old", "新笔记本", "--until", "2026-03-20").code == 0
    answer = call("key", "rotate", str(made("fourth").file))
    assert answer.code == 2 and "several keys: 新笔记本" in answer.err


def test_revoke_says_since_when_and_is_not_written_anew(desk: Repo, call: Call, made: Callable[..., MadeKey]) -> None:
    key = made("laptop")
    call("key", "add", str(key.file), "--from", "2026-01-01")
    assert call("key", "revoke", "laptop", "--reason", "left on the train").code == 0
    again = call("key", "revoke", "laptop")
    assert again.code == 1 and "withdrawn on 2026-03-12 already" in again.err
    assert call("key", "revoke", key.public.fingerprint[:15], "--compromised-since", "2026-03-01").code == 0
    later = call("key", "revoke", "laptop", "--compromised-since", "2026-03-05")
    assert later.code == 1 and "lost since 2026-03-01T00:00:00+08:00" in later.err
    assert call("key", "revoke", "laptop", "--compromised-since", "2026-02-27").code == 0
    entry = text(desk).partition("signing_keys:\n")[2].partition("---")[0]
    assert entry == (
        f"- public_key: {key.line}\n  valid_from: 2026-01-01T00:00:00+08:00\n  revoked_at: 2026-03-12T10:00:00+08:00\n"
        "  reason: left on the train\n  compromised_since: 2026-02-27T00:00:00+08:00\n"
    )
    assert [row["standing"] for row in json.loads(call("key", "list", "--format", "json").out)] == ["compromised"]


def test_what_would_break_trust_is_refused(desk: Repo, call: Call, made: Callable[..., MadeKey]) -> None:
    mine = made("mine")
    other = (desk.root / ME).read_text("utf-8").replace("wang.fang", "li.wei").replace("Wang Fang", "Li Wei")
    desk.write({"kb/people/li.wei.md": other})
    call("key", "add", str(mine.file))
    for words, code, said in (
        (["add", str(mine.file)], 1, "has the key"),
        (["add", str(mine.file), "--person", "li.wei"], 1, "is wang.fang's"),
        (["add", str(made("short", "-t", "rsa", "-b", "1024").file)], 2, "too weak (RSA, 1024 bits)"),
        (["add", str(made("late").file), "--until", "2026-03-01T09:00"], 2, "is not after"),
        (["add", str(desk.root / "README.md")], 2, "not a key"),
        (["add", "nothing-of-the-sort"], 2, "neither a file nor a key"),
        (["add", str(mine.file), "--person", "nobody"], 2, "no person `nobody`"),
        (["revoke", "another"], 2, "has no key `another`: mine"),
        (["revoke", "mine", "--compromised-since", "lately"], 2, "--compromised-since: `lately` is not a time"),
        (["rotate", str(mine.file)], 1, "already"),
        (["revoke", "--by", "li.wei"], 2, "li.wei has no key"),
        (["burn"], 2, "burn"),
    ):
        before = desk.git("status", "--short"), text(desk)
        answer = call("key", *words)
        assert (answer.code, said in answer.err) == (code, True), (words, answer)
        assert (desk.git("status", "--short"), text(desk)) == before
    call("key", "revoke", "mine")
    answer = call("key", "add", str(mine.file))
    assert answer.code == 1 and "it ended on 2026-03-12" in answer.err


def test_list_and_signers_in_both_languages(
    desk: Repo, call: Call, made: Callable[..., MadeKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    assert call("key", "list").out == "no key yet: servicebook key add\n"
    call("key", "add", str(made("laptop").file), "--comment", "王芳的笔记本")
    call("key", "add", str(made("gone").file), "--until", "2026-04-01", "--purpose", "git")
    call("key", "revoke", "gone", "--compromised-since", "2026-03-11")
    english, chinese = call("key", "list").out, call("--lang", "zh", "key", "list", "wang.fang").out
    assert "王芳的笔记本" in english and "may sign" in english and "lost: git" in english
    assert chinese.splitlines()[0].split() == ["人员", "密钥", "类型", "起始", "至", "现状", "指纹"]
    assert "疑似泄露: git" in chinese
    monkeypatch.setenv("COLUMNS", "60")
    assert "王芳的笔记本" in call("key", "list").out
    lines = call("key", "list", "--format", "tsv").out.splitlines()
    assert len(lines) == 3 and {line.count("\t") for line in lines} == {9}


def test_history_shows_who_brought_a_key(
    desk: Repo, call: Call, made: Callable[..., MadeKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    assert call("key", "history").out == "no key yet: servicebook key add\n"
    call("key", "add", str(made("laptop").file), "--commit")
    desk.git("config", "user.name", "Eve")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "eve@example.org")
    call("key", "add", str(made("another").file), "--person", "wang.fang", "--commit")
    first, second = json.loads(call("key", "history", "wang.fang", "--format", "json").out)
    assert (first["comment"], first["what"], first["by"], first["by_holder"]) == (
        "laptop", "added", "wang.fang@example.org", "yes",
    )  # fmt: skip
    assert (second["by"], second["by_holder"], second["commit"]) == (
        "eve@example.org", "no", desk.git("rev-parse", "HEAD").strip(),
    )  # fmt: skip
    assert "eve@example.org, another" in call("key", "history").out
    assert "eve@example.org（他人）" in call("--lang", "zh", "key", "history").out
    assert [line.count("\t") for line in call("key", "history", "--format", "tsv").out.splitlines()] == [7, 7, 7]
    shallow = desk.root.parent / "shallow"
    desk.git("clone", "-q", "--depth", "1", f"file://{desk.root}", str(shallow))
    monkeypatch.chdir(shallow)
    answer = call("key", "history")
    assert answer.code == 4 and "git fetch --unshallow" in answer.err
    monkeypatch.chdir(desk.root)
    audited = call("audit", "--json")
    assert [item["code"] for item in json.loads(audited.out)["findings"] if item["code"] == "HIS916"] == ["HIS916"]


def test_the_list_of_signers_verifies_a_signed_commit(
    desk: Repo, call: Call, made: Callable[..., MadeKey], tmp_path: Path
) -> None:
    key = made("laptop")
    call("key", "add", str(key.file), "--from", "2026-01-01")
    listed = tmp_path / "allowed_signers"
    listed.write_text(call("key", "signers").out, "utf-8")
    desk.git("config", "gpg.format", "ssh")
    desk.git("config", "user.signingKey", str(key.file))
    desk.git("config", "gpg.ssh.allowedSignersFile", str(listed))
    desk.git("add", "-A")
    desk.git("commit", "-q", "-S", "-m", "signed")
    done = subprocess.run(["git", "verify-commit", "HEAD"], cwd=desk.root, capture_output=True, text=True)
    assert done.returncode == 0 and 'Good "git" signature for wang.fang' in done.stderr
