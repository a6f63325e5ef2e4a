"""A small desk, made by `servicebook init` at a fixed instant, and a way to call commands in it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Call, Repo

NOW = "2026-03-12T10:00:00+08:00"
INCIDENT = "INC-20260312-7F3K"
PATH = f"tickets/incidents/2026/03/{INCIDENT}.md"


@pytest.fixture
def desk(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, call: Call) -> Repo:
    """A desk of one open incident (severe: no; reported 08:00, acknowledged 08:11), judged at 10:00."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    repo = make_repo()
    monkeypatch.chdir(repo.root)
    answer = call("init", ".", "--name", "Test desk", "--timezone", "Asia/Shanghai")
    assert answer.code == 0, answer.err
    repo.commit("Start the desk")
    repo.git("config", "--unset", "core.hooksPath", check=False)
    return repo


def on_a_terminal(words: list[str], folder: Path, answers: list[str]) -> tuple[str, int]:
    """Run a command on a pseudo-terminal, one answer to each prompt; return all it said and its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "servicebook.cli.main", "--lang", "zh", *words]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    child = subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    said, waiting, end = b"", list(answers), time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                said += os.read(ours, 4096)
            except OSError:
                break
        elif waiting and said.rstrip(b" ").endswith(b":"):
            os.write(ours, waiting.pop(0).encode() + b"\n")
        elif child.poll() is not None:
            break
    os.close(ours)
    return said.decode("utf-8", "replace"), child.wait(timeout=10)
