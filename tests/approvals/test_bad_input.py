"""Bad input as people meet it at the command line: each case has its words and its exit code, and no traceback."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.approvals.desk import BOARD, CHG, Desk, path_of_change, record

from servicebook.cli.main import main
from servicebook.workflow.statement import MAX_BYTES, write_statement

VOTES = path_of_change().removesuffix(".md") + ".votes"
VOTE = f"{VOTES}/chen.hao-1.json"

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Return a caller of the command line in a folder, which gives the exit code and all that was printed."""

    def run(folder: Path, *words: str) -> tuple[int, str]:
        monkeypatch.chdir(folder)
        code = main(list(words))
        said = "".join(capsys.readouterr())
        assert "Traceback" not in said
        return code, said

    return run


def with_vote(desk: Desk, act: Callable[[Desk], object]) -> None:
    """Bring a change to its start with one vote, and a second one with which something is done first."""
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao")
    act(desk)
    desk.land("vote", by="chen.hao")
    desk.start()


def spoil(bend: Callable[[bytes], bytes]) -> Callable[[Desk], None]:
    """Return what bends the bytes inside the armor of a vote's signature."""

    def act(desk: Desk) -> None:
        file = desk.root / f"{VOTE}.sig"
        begin, *lines, end = file.read_bytes().splitlines()
        inside = bend(base64.b64decode(b"".join(lines)))
        file.write_bytes(b"\n".join((begin, base64.b64encode(inside), end, b"")))

    return act


def cut_off(desk: Desk) -> None:
    file = desk.root / f"{VOTE}.sig"
    file.write_bytes(file.read_bytes()[:120])


def sign_as_nobody(desk: Desk) -> None:
    said = desk.statement("chen.hao")._replace(person="no.body", signed_by="no.body", seq=1)
    data = write_statement(said)
    path = f"{VOTES}/no.body-1.json"
    desk.write({path: data, f"{path}.sig": desk.sign(data, "chen.hao", "servicebook-vote@v1")})
    for name in (VOTE, f"{VOTE}.sig"):
        (desk.root / name).unlink()


def let_key_expire(desk: Desk) -> None:
    held = [{"public_key": desk.public("chen.hao"), "valid_until": "2026-03-01T00:00:00Z"}]
    desk.write({"kb/people/chen.hao.md": desk.person("chen.hao", held)})


def swell(desk: Desk) -> None:
    (desk.root / VOTE).write_bytes(b'{"comment": "' + b"x" * 5_000_000 + b'"}\n')


SPOILT: dict[str, tuple[Callable[[Desk], None], str]] = {
    "a signature file that is cut off": (cut_off, "it is not an SSH signature"),
    "a signature that ends early": (spoil(lambda data: data[:-9]), "the signature is damaged"),
    "a signature with another bit": (
        spoil(lambda data: data[:-1] + bytes([data[-1] ^ 1])),
        "the signature does not fit the bytes it is said to sign",
    ),
    "an unknown person": (sign_as_nobody, "not one of no.body's"),
    "an expired key": (let_key_expire, "the key of chen.hao had expired when it landed"),
    "a vote of 5 MB": (swell, f"it has 5000016 bytes; {MAX_BYTES} at most were due"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_vote_that_is_none_is_told_and_not_counted(desk: Desk, call: Call, name: str) -> None:
    act, said = SPOILT[name]
    with_vote(desk, act)
    for words in ([CHG], ["--all"], [CHG, "--with-keygen"]):
        code, told = call(desk.root, "verify", *words, "--explain")
        assert code == 1
        assert said in told
        assert "1 of 2 approvals" in told


UNREADABLE = {
    "a rule that is none": (record(BOARD | {"quorum": [{"votes": 1, "if": "late"}]}, ""), "cannot be read: `quorum`"),
    "no YAML": ("---\nid: [cab\n---\n", "the record of the board `cab` cannot be read"),
    "no UTF-8": (b"---\nid: cab\ntitle: \xff\xfe\n---\n", "the record of the board `cab` cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_policy_that_cannot_be_read_approves_nothing(desk: Desk, call: Call, name: str) -> None:
    data, said = UNREADABLE[name]
    desk.propose()
    desk.votes()
    desk.land("odd rules", {"kb/boards/cab.md": data})
    desk.start()
    for words in ([CHG], ["--all"], ["--range", "HEAD~1..HEAD"]):
        code, told = call(desk.root, "verify", *words)
        assert code == 1
        assert said in told


def test_a_shallow_clone_says_what_to_fetch(desk: Desk, call: Call, tmp_path: Path) -> None:
    with_vote(desk, lambda _: None)
    clone = tmp_path / "shallow"
    desk.git("clone", "--quiet", "--depth=2", f"file://{desk.root}", str(clone))
    out = tmp_path / "file.zip"
    asked = ([CHG], ["--all"], ["--all", "--anew"], ["--range", "HEAD~1..HEAD"])
    for words in (*(["verify", *words] for words in asked), ["evidence", CHG, "-o", str(out)]):
        code, told = call(clone, *words)
        assert code == 4
        assert "this clone has only a part of the history" in told
        assert "git fetch --unshallow" in told
    assert not out.exists()
    desk.git("-C", str(clone), "fetch", "--quiet", "--unshallow")
    assert call(clone, "verify", "--all")[0] == 0


def test_a_clock_far_off_is_told_and_decides_nothing(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    now = desk.at
    desk.vote("chen.hao", at="2046-01-01T00:00:00+08:00")
    desk.land("vote", by="chen.hao", at=now + timedelta(days=20000))
    desk.land("start", {}, at=now)
    desk.start()
    code, told = call(desk.root, "verify", CHG, "--explain")
    assert code == 0
    assert "which has not come yet" in told


def test_ssh_keygen_asked_for_and_missing(
    desk: Desk, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for it gets no answer that it had no part in; who does not needs none."""
    with_vote(desk, lambda _: None)
    git = shutil.which("git")
    assert git
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tools))
    for words in ([CHG], ["--all"], ["--range", "HEAD~1..HEAD"]):
        code, told = call(desk.root, "verify", *words, "--with-keygen")
        assert code == 4
        assert "ssh-keygen cannot be run" in told
        assert "install OpenSSH" in told
        assert call(desk.root, "verify", *words)[0] == 0


def test_a_reject_whose_bytes_are_missing_is_not_passed_over(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.votes()
    path = desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    desk.start()
    blob = desk.git("rev-parse", f"HEAD:{path}").strip()
    (desk.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for words in ([CHG], ["--all"], ["--range", "HEAD^..HEAD"]):
        code, told = call(desk.root, "verify", *words)
        assert code == 4
        assert "a part of this repository is missing or damaged" in told and "git fsck" in told


@pytest.mark.parametrize("stamp", ["99999999999999999 +9999", "-5 +0000", "garbage"])
def test_a_commit_that_says_no_time_is_read(desk: Desk, call: Call, stamp: str) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao")
    desk.git("add", "-A")
    tree, parent = desk.git("write-tree").strip(), desk.git("rev-parse", "HEAD").strip()
    raw = f"tree {tree}\nparent {parent}\nauthor a <a@b> {stamp}\ncommitter a <a@b> {stamp}\n\nvote\n"
    words = ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    done = subprocess.run(words, input=raw.encode(), cwd=desk.root, capture_output=True, check=True)
    desk.git("reset", "-q", "--hard", done.stdout.decode().strip())
    desk.start()
    for words in ([CHG], ["--all"]):
        code, told = call(desk.root, "verify", *words)
        assert (code, "passes" in told) == (0, True)


def test_another_past_of_this_clone_alone_changes_nothing(desk: Desk, call: Call) -> None:
    """Grafts and `refs/replace` show Git another history than the ids of the commits name."""
    desk.propose()
    desk.votes(["zhao.min"])
    before, start, late = (desk.git("rev-parse", "HEAD").strip(), desk.start(), desk.land("and on"))
    desk.git("switch", "-q", "--detach", before)
    desk.vote("chen.hao")
    desk.land("vote", by="chen.hao")
    other = desk.start()
    desk.git("switch", "-q", "main")
    desk.git("replace", start, other)
    desk.write({".git/info/grafts": f"{late} {other}\n"})
    for words in ([CHG], ["--all"]):
        code, told = call(desk.root, "verify", *words)
        assert (code, "1 of 2 approvals" in told) == (1, True)
