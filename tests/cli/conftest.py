"""A small desk, made by `servicebook init` at a fixed instant, and a way to call commands in it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import Call as Call
from tests.conftest import Repo, copied, environment_at

from servicebook.cli.main import main

NOW = "2026-03-12T10:00:00+08:00"
INCIDENT = "INC-20260312-7F3K"
PATH = f"tickets/incidents/2026/03/{INCIDENT}.md"


def begun_desk(root: Path, *words: str) -> Path:
    """Make a desk of one open incident, connected to its hooks, with one commit."""
    root.mkdir()
    with environment_at(NOW):
        repo = Repo(root)
        repo.git("init", "--quiet", "--initial-branch=main")
        assert main(["init", str(root), "--name", "Test desk", "--timezone", "Asia/Shanghai", *words]) == 0
        repo.commit("Start the desk")
    return root


@pytest.fixture(scope="session")
def first_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk that each test gets a copy of; its hooks are not called."""
    root = begun_desk(tmp_path_factory.mktemp("first") / "desk")
    with environment_at(NOW):
        Repo(root).git("config", "--unset", "core.hooksPath")
    return root


@pytest.fixture
def desk(first_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A desk of one open incident (severe: no; reported 08:00, acknowledged 08:11), judged at 10:00."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    repo = Repo(copied(first_desk, tmp_path / "desk"))
    monkeypatch.chdir(repo.root)
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
    return said.decode("utf-8", "replace"), child.wait(timeout=60)
