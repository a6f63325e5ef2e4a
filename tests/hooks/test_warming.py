"""The hooks after a checkout, a merge or a rebase: the index gets warm, and nobody notices."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from servicebook.cli.hook import WARMING

from .conftest import CUSTOMER, DESK, Desk

OTHER = DESK[CUSTOMER].replace("Harbour TV Ltd", "Harbour TV Limited")


@pytest.fixture
def warm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A connected desk with a branch `side`, not on a build server, whose index knows nothing yet."""
    desk.git("checkout", "-q", "-b", "side")
    desk.write(CUSTOMER, OTHER)
    desk.git("commit", "-q", "--no-verify", "-am", "side")
    desk.git("checkout", "-q", "main")
    monkeypatch.delenv("CI")
    return desk


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; a minute is the end of patience, not of the work."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_known(desk: Desk, rev: str) -> bool:
    """Whether the index has a verdict on the customer's file as `rev` has it."""
    blob = desk.git("rev-parse", f"{rev}:{CUSTOMER}").strip()
    path = desk.root / ".git" / "servicebook" / "verdicts.sqlite"
    if not path.exists():
        return False
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        try:
            return db.execute("SELECT 1 FROM verdict WHERE blob = ?", (blob,)).fetchone() is not None
        except sqlite3.OperationalError:  # being made
            return False


def is_free(desk: Desk) -> bool:
    """Whether no process is warming the index."""
    with open(desk.root / ".git" / "servicebook" / "warm.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_a_switch_of_branch_warms_the_index(warm: Desk) -> None:
    done = warm.run("git", "checkout", "-q", "side")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    until(lambda: is_known(warm, "side") and is_free(warm))


def test_a_merge_does(warm: Desk) -> None:
    done = warm.run("git", "merge", "-q", "side")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    until(lambda: is_known(warm, "side") and is_free(warm))


def test_a_rebase_does(warm: Desk) -> None:
    warm.write("kb/note.md", "a page\n")
    warm.git("add", "-A")
    warm.git("commit", "-q", "--no-verify", "-m", "main goes on")
    done = warm.run("git", "rebase", "-q", "main", "side")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    until(lambda: is_known(warm, "side") and is_free(warm))


def test_a_linked_worktree_and_a_detached_head_too(warm: Desk, tmp_path: Path) -> None:
    warm.git("worktree", "add", "-q", "--detach", str(tmp_path / "other"), "side")
    until(lambda: is_known(warm, "side"))


def with_waiting_python(desk: Desk) -> Path:
    """Make the hook's Python wait for somebody to read from a pipe, and return the pipe."""
    gate = desk.root / ".git" / "gate"
    os.mkfifo(gate)
    slow = desk.root / ".git" / "slow-python"
    slow.write_text(f'#!/bin/sh\necho $$ > "{gate}"\nexec "{sys.executable}" "$@"\n')
    slow.chmod(0o755)
    start = desk.git("config", "servicebook.start").strip()
    (desk.root / ".git" / "servicebook" / "hook").write_text(f"python='{slow}'\nstart='{start}'\n")
    return gate


def test_git_does_not_wait_for_it_nor_does_a_pipe_stay_open(warm: Desk) -> None:
    gate = with_waiting_python(warm)
    done = warm.run("git", "checkout", "-q", "side")  # ends when both pipes are closed
    assert done.returncode == 0
    assert not is_known(warm, "side"), "the hook's Python has not even begun"
    gate.read_text()
    until(lambda: is_known(warm, "side") and is_free(warm))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at the process in /proc")
def test_it_runs_in_a_session_of_its_own_at_the_lowest_priority(warm: Desk) -> None:
    gate = with_waiting_python(warm)
    warm.git("checkout", "-q", "main")  # makes the tables, so that they can be locked
    gate.read_text()
    until(lambda: is_known(warm, "main") and is_free(warm))
    with sqlite3.connect(warm.root / ".git" / "servicebook" / "verdicts.sqlite", isolation_level=None) as db:
        db.execute("BEGIN IMMEDIATE")  # holds it up where it wants to write what it found
        warm.git("checkout", "-q", "side")
        pid = int(gate.read_text())
        until(lambda: os.getsid(pid) == pid)
        until(lambda: os.getpriority(os.PRIO_PROCESS, pid) == 19)
        until(lambda: not is_free(warm))
        assert [os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)] == [os.devnull] * 3
        done = warm.run("git", "checkout", "-q", "main")
        assert done.returncode == 0
        gate.read_text()
        db.execute("ROLLBACK")
    until(lambda: is_known(warm, "side") and is_free(warm))


def test_only_one_runs(warm: Desk) -> None:
    folder = warm.root / ".git" / "servicebook"
    with open(folder / "warm.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = warm.run(sys.executable, "-m", "servicebook", "hook", "post-checkout")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert not is_known(warm, "main")
    done = warm.run(sys.executable, "-m", "servicebook", "hook", "post-checkout")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert is_known(warm, "main")


def trace(desk: Desk, hook: str, *words: str, **environment: str) -> str:
    """Return what the shell does for a hook."""
    done = desk.run("sh", "-x", f"hooks/{hook}", *words, **environment)
    assert done.returncode == 0 and done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("hook", WARMING)
def test_nothing_is_started_on_a_build_server(hook: str, warm: Desk) -> None:
    assert "servicebook/hook" in trace(warm, hook, "a", "b", "1", CI="false")
    until(lambda: is_known(warm, "main") and is_free(warm))
    for value in ("true", "1"):
        assert "servicebook/hook" not in trace(warm, hook, "a", "b", "1", CI=value)


def test_nothing_is_started_for_single_files_and_amended_commits(warm: Desk) -> None:
    assert "servicebook/hook" not in trace(warm, "post-checkout", "a", "b", "0")
    assert "servicebook/hook" not in trace(warm, "post-rewrite", "amend")


def test_a_clone_may_turn_it_off(warm: Desk) -> None:
    warm.git("config", "servicebook.warm", "no")
    done = warm.run(sys.executable, "-m", "servicebook", "hook", "post-merge", "0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not is_known(warm, "main")


def test_it_says_nothing_whatever_is_wrong(warm: Desk) -> None:
    hook = [sys.executable, "-m", "servicebook", "hook", "post-checkout"]
    folder = warm.root / ".git" / "servicebook"
    for name in ("verdicts.sqlite", "anchor.sqlite"):
        (folder / name).write_bytes(b"no database" * 100)
    assert warm.run(*hook).stderr == ""
    warm.git("checkout", "-q", "--orphan", "empty")
    assert warm.run(*hook).stderr == ""
    shutil.rmtree(folder)
    folder.write_text("in the way")
    done = warm.run(*hook)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    warm.git("config", "servicebook.python", "/nowhere/python")
    done = warm.run("git", "checkout", "-q", "-f", "side")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_settings_file_that_cannot_be_read_is_told_by_the_next_check_not_here(warm: Desk) -> None:
    warm.write("pyproject.toml", "[tool.servicebook\n")
    warm.git("commit", "-q", "--no-verify", "-am", "broken settings")
    done = warm.run(sys.executable, "-m", "servicebook", "hook", "post-checkout")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_environment_of_a_hook_is_borne(warm: Desk) -> None:
    """Git names its folders by paths relative to the work tree, and an index of its own in some commands."""
    done = subprocess.run(
        [sys.executable, "-m", "servicebook", "hook", "post-rewrite", "rebase"],
        cwd=warm.root, env={**os.environ, "GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/next-index-1.lock"},
        input="a b\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert is_known(warm, "main")
