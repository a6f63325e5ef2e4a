"""Ctrl-C at any point of a commit: no traceback is shown, the work tree stays, the commit is there whole or not."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from .conftest import ACK, CUSTOMER, DESK, TICKET, Desk, incident

FINE = incident(more=ACK, status="in_progress")


def _as_on_a_terminal() -> None:
    """Heed Ctrl-C: a shell starts what runs behind `&` deaf to it, and all that this starts stays so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(desk: Desk, words: list[str], after: float) -> tuple[int, str]:
    """Run a command in a session of its own, send it Ctrl-C as a terminal does, and return how it ended."""
    process = subprocess.Popen(
        words, cwd=desk.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        preexec_fn=_as_on_a_terminal,
    )  # fmt: skip
    time.sleep(after)  # the moment itself is what is tried, whichever it turns out to be
    with contextlib.suppress(ProcessLookupError):  # it was quicker
        os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def seconds_of(desk: Desk, words: list[str]) -> float:
    begin = time.monotonic()
    done = desk.run(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.monotonic() - begin


@pytest.mark.slow
@pytest.mark.parametrize("known", [True, False], ids=["warm", "cold"])
def test_a_commit_is_there_whole_or_not_at_all(desk: Desk, known: bool) -> None:
    commit = ["git", "commit", "-qam", "work"]
    desk.write(TICKET, FINE)
    whole = seconds_of(desk, commit)
    desk.git("reset", "-q", "--hard", "HEAD~1")
    chance = random.Random(4)
    ends = []
    for _ in range(12):
        desk.write(TICKET, FINE)
        if not known:
            for path in (desk.root / ".git" / "servicebook").glob("*.sqlite*"):
                path.unlink()
        before = desk.git("rev-parse", "HEAD")
        code, said = interrupted(desk, commit, chance.uniform(0, whole))
        assert "Traceback" not in said and "KeyboardInterrupt" not in said, said
        ends.append(code)
        assert not (desk.root / ".git" / "index.lock").exists()
        assert (desk.root / TICKET).read_text("utf-8") == FINE
        assert not list(desk.root.rglob("*.tmp"))
        if desk.git("rev-parse", "HEAD") == before:
            assert desk.git("diff", "--cached", "--name-only") == ""
            assert code in (-signal.SIGINT, 130, 1), said
        else:
            # Between the two, Git itself leaves the branch moved and its index not yet.
            assert desk.git("diff", "HEAD") == ""
            desk.git("reset", "-q", "--hard", "HEAD~1")
        assert desk.git("fsck", "--no-dangling") == ""
    assert any(code != 0 for code in ends), "no moment was early enough"
    for lock in (desk.root / ".git").rglob("*.lock"):
        if lock.name != "warm.lock":  # once in some hundreds Git leaves a lock of its own when it is stopped
            lock.unlink()
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 0, said


@pytest.mark.slow
def test_a_hook_alone_ends_at_once_and_the_commit_is_not_made(desk: Desk) -> None:
    """The hook's own process gets the signal, Git does not: as when somebody kills it."""
    desk.write(TICKET, FINE)
    desk.git("add", "-A")
    start = desk.git("config", "servicebook.start").strip()
    hook = [sys.executable, "-I", "-S", start, "pre-commit"]
    whole = seconds_of(desk, hook)
    chance = random.Random(4)
    for _ in range(10):
        code, said = interrupted(desk, ["sh", "hooks/pre-commit"], chance.uniform(0, whole))
        assert code in (0, -signal.SIGINT, 130), said
        assert "Traceback" not in said


@pytest.mark.slow
def test_a_check_with_two_processes_says_nothing_when_it_is_stopped(desk: Desk) -> None:
    for number in range(1200):
        slug = f"c{number:04}"
        desk.write(f"kb/customers/{slug}.md", DESK[CUSTOMER].replace("harbour-tv", slug))
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "many")
    check = [sys.executable, "-m", "servicebook", "check", "--format", "concise"]
    whole = seconds_of(desk, check)
    chance = random.Random(4)
    for _ in range(5):
        for path in (desk.root / ".git" / "servicebook").glob("*.sqlite*"):
            path.unlink()
        # From where our own code runs: what Python itself says while it starts is not ours.
        code, said = interrupted(desk, check, chance.uniform(0.25, max(0.3, whole)))
        assert "Traceback" not in said, said
        assert code in (0, 130, -signal.SIGINT), said
    assert desk.run(*check).returncode == 0
