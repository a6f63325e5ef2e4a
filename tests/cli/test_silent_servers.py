"""A server that accepts and never answers: `--push` gives it up, says so, and leaves nothing behind."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.cli.conftest import PATH, Call
from tests.conftest import Repo

from servicebook.store import remotes

IMPATIENT = (
    "import sys; from servicebook.store import remotes; from servicebook.cli.main import main; "
    "remotes.QUIET = 1; sys.exit(main(sys.argv[1:]))"
)
"""A program that is `servicebook` but for the seconds that it waits."""

NOBODY = pytest.mark.skipif(sys.platform == "darwin", reason="on macOS a window may ask at any time")

DEAF = "sleep 600 #"
"""A way to the server by which nothing ever comes, for GIT_SSH_COMMAND."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server on this machine that accepts every connection and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)  # the kernel accepts for it
        yield server.getsockname()[1]


@pytest.fixture
def mine(desk: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A clone whose upstream is a folder, and where a second of silence is enough."""
    monkeypatch.setattr(remotes, "QUIET", 1)
    desk.git("clone", "--quiet", "--bare", ".", str(tmp_path / "server.git"))
    desk.git("clone", "--quiet", str(tmp_path / "server.git"), str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path / "mine")
    return Repo(tmp_path / "mine")


class Ended(NamedTuple):
    """How a process ended: exit code, what it said, seconds."""

    code: int
    said: str
    took: float


def alone(repo: Repo, *words: str, **environment: str) -> Ended:
    """Call a command with no terminal to ask on, as a timer would."""
    begin = time.monotonic()
    nobody = {name: value for name, value in os.environ.items() if not name.endswith(("ASKPASS", "DISPLAY"))}
    done = subprocess.run(
        [sys.executable, "-c", IMPATIENT, *words], cwd=repo.root, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, env={**nobody, **environment}, start_new_session=True, timeout=60, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout + done.stderr, time.monotonic() - begin)


def processes(mark: str) -> list[str]:
    """Return the processes of this machine whose call or environment holds a mark."""
    listed = subprocess.run(["ps", "axeww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if mark in line and str(os.getpid()) != line.split()[0]]


def require_rest(repo: Repo, mark: str) -> None:
    """No child is left that was to talk to the server, no lock and no temporary file."""
    end = time.monotonic() + 60
    while (left := processes(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []
    files = [path for path in repo.root.rglob("*") if path.suffix in (".lock", ".tmp") and path.name != "write.lock"]
    assert files == []


@pytest.mark.parametrize(
    "scheme",
    [
        "git",
        "http",
        pytest.param(
            "ssh", marks=pytest.mark.skipif(not shutil.which("ssh"), reason="there is no ssh on this machine")
        ),
    ],
)
def test_a_server_that_says_nothing_is_given_up(scheme: str, mine: Repo, port: int, call: Call) -> None:
    person = "" if scheme == "git" else "somebody@"
    mine.git("remote", "set-url", "origin", f"{scheme}://{person}127.0.0.1:{port}/desk.git")
    begin = time.monotonic()
    answer = call("note", "7F3K", "kept", "--push")
    assert time.monotonic() - begin < 60
    assert answer.code == 2
    assert "the commit is kept, but not pushed" in answer.err
    assert f"{scheme}://127.0.0.1:{port}/desk.git" in answer.err
    assert " s\n" in answer.err and "the next --push" in answer.err
    assert "kept" in mine.git("show", f"main:{PATH}")
    require_rest(mine, f"127.0.0.1:{port}")
    mine.git("remote", "set-url", "origin", str(mine.root.parent / "server.git"))
    assert call("note", "7F3K", "both", "--push").code == 0
    assert mine.git("rev-list", "--count", "origin/main..main").strip() == "0"


@NOBODY
@pytest.mark.parametrize("way", ["https", "ext", "ssh"])
def test_where_nobody_can_be_asked_every_way_has_a_limit(way: str, mine: Repo, port: int) -> None:
    """TLS that never begins, a helper without limits, an ssh command of the user's own."""
    urls = {"https": f"https://127.0.0.1:{port}/desk.git", "ext": "ext::sh -c sleep% 600", "ssh": "host:desk.git"}
    mine.git("config", "protocol.ext.allow", "always")
    mine.git("config", "core.sshCommand", DEAF)
    mine.git("remote", "set-url", "origin", urls[way])
    ended = alone(mine, "note", "7F3K", "kept", "--push", MARK=f"mark-{port}")
    assert ended.code == 2 and ended.took < 15
    assert "has said nothing for" in ended.said and urls[way] in ended.said
    require_rest(mine, f"mark-{port}")


@NOBODY
def test_a_server_that_falls_silent_while_it_takes_a_push(mine: Repo, tmp_path: Path, port: int) -> None:
    """It cannot be known whether the commit arrived: it is said, and the next push finds out."""
    way = tmp_path / "way"
    way.write_text('#!/bin/sh\ncase "$2" in git-receive-pack*) sleep 600;; *) eval "exec $2";; esac\n')
    way.chmod(0o755)
    mine.git("remote", "set-url", "origin", f"host:{tmp_path / 'server.git'}")
    ssh = {"GIT_SSH": str(way), "GIT_SSH_VARIANT": "simple"}
    ended = alone(mine, "note", "7F3K", "on its way", "--push", **ssh, MARK=f"mark-{port}")
    assert ended.code == 2 and ended.took < 15
    assert "whether it is pushed is not known" in ended.said
    require_rest(mine, f"mark-{port}")


@NOBODY
def test_a_server_at_work_is_waited_for(mine: Repo, tmp_path: Path) -> None:
    """Git's signs of life count, however long a hook of the server's takes: here twice the limit."""
    server = Repo(tmp_path / "server.git")
    server.git("config", "receive.keepAlive", "1")
    hook = server.root / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nsleep 4\n")
    hook.chmod(0o755)
    way = tmp_path / "way"
    way.write_text('#!/bin/sh\neval "exec $2"\n')
    way.chmod(0o755)
    mine.git("remote", "set-url", "origin", f"host:{tmp_path / 'server.git'}")
    limit = {"GIT_SSH": str(way), "GIT_SSH_VARIANT": "simple"}
    program = IMPATIENT.replace("QUIET = 1", "QUIET = 2")
    done = subprocess.run(
        [sys.executable, "-c", program, "note", "7F3K", "slow", "--push"], cwd=mine.root, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, env={**os.environ, **limit}, start_new_session=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert mine.git("rev-parse", "main") == server.git("rev-parse", "main")


def test_a_prompt_for_a_password_is_not_cut_off(mine: Repo, tmp_path: Path) -> None:
    """On a terminal somebody may be typing, for longer than any server may be silent."""
    way = tmp_path / "way"
    way.write_text('#!/bin/sh\nprintf "Password: " > /dev/tty\nread word < /dev/tty\neval "exec $2"\n')
    way.chmod(0o755)
    mine.git("remote", "set-url", "origin", f"host:{tmp_path / 'server.git'}")
    os.environ.update(GIT_SSH=str(way), GIT_SSH_VARIANT="simple", SERVICEBOOK_ASK="no")  # taken back by the fixture
    child, ours = pty.fork()
    if not child:
        os.execv(sys.executable, [sys.executable, "-c", IMPATIENT, "note", "7F3K", "typed slowly", "--push"])
    said, code = b"", -1
    try:
        for _ in range(2):  # once for the fetch, once for the push
            while not said.endswith(b"Password: "):
                said += os.read(ours, 1024)
            time.sleep(2)
            os.write(ours, b"secret\n")
            said += b"\n"
        while True:
            said += os.read(ours, 1024)
    except OSError:  # the end of the terminal
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == 0, said.decode()
    assert b"pushed to origin/main" in said


def test_who_is_told_to_end_takes_git_along(mine: Repo, port: int) -> None:
    mine.git("remote", "set-url", "origin", f"git://127.0.0.1:{port}/desk.git")
    program = IMPATIENT.replace("QUIET = 1", "QUIET = 60")
    child = subprocess.Popen(
        [sys.executable, "-c", program, "note", "7F3K", "stopped", "--push"], cwd=mine.root,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "MARK": f"mark-{port}"}, start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 30
    while not any("fetch" in line for line in processes(f"mark-{port}")) and time.monotonic() < end:
        time.sleep(0.05)
    child.send_signal(signal.SIGTERM)
    assert child.wait(60) == 128 + signal.SIGTERM
    require_rest(mine, f"mark-{port}")


def test_who_waits_for_a_server_keeps_nobody_else_waiting(mine: Repo, port: int, call: Call) -> None:
    mine.git("remote", "set-url", "origin", f"git://127.0.0.1:{port}/desk.git")
    program = IMPATIENT.replace("QUIET = 1", "QUIET = 60")
    child = subprocess.Popen(
        [sys.executable, "-c", program, "note", "7F3K", "waits", "--push"], cwd=mine.root,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "MARK": f"mark-{port}"}, start_new_session=True,
    )  # fmt: skip
    try:
        end = time.monotonic() + 30
        while not any("fetch" in line for line in processes(f"mark-{port}")) and time.monotonic() < end:
            time.sleep(0.05)
        answer = call("note", "7F3K", "does not wait", "--commit")
        assert answer.code == 0, answer.err
        assert child.poll() is None, "the other one was waiting all the time"
    finally:
        child.terminate()
        child.wait(60)
    text = mine.git("show", f"HEAD:{PATH}")
    assert "note: waits" in text and "does not wait" in text


def test_what_the_user_set_for_ssh_stays(mine: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "ssh://git@example.org:2222/desk.git"
    ours = remotes.limits_of(str(mine.root), url).get("GIT_SSH_COMMAND", "")
    if shutil.which("ssh"):
        assert "ConnectTimeout=1" in ours and "ServerAliveCountMax=4" in ours
    assert "GIT_SSH_COMMAND" not in remotes.limits_of(str(mine.root), "https://example.org/desk.git")
    assert "GIT_SSH_COMMAND" not in remotes.limits_of(str(mine.root), "/srv/a:b/desk.git")
    for name in ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "ssh")
            assert "GIT_SSH_COMMAND" not in remotes.limits_of(str(mine.root), url)
    for name in ("core.sshCommand", "ssh.variant"):
        mine.git("config", name, "ssh")
        assert "GIT_SSH_COMMAND" not in remotes.limits_of(str(mine.root), url)
        mine.git("config", "--unset", name)
    mine.git("config", "http.https://example.org.lowSpeedTime", "600")
    assert "GIT_HTTP_LOW_SPEED_TIME" not in remotes.limits_of(str(mine.root), url)
