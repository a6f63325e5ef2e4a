"""A small connected desk: one customer, one person, one incident, hooks installed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import copied, environment_at, in_process

NOW = "2026-03-12T10:00:00+08:00"
TICKET = "tickets/incidents/2026/03/INC-20260312-7F3K.md"
CUSTOMER = "kb/customers/harbour-tv.md"
PERSON = "kb/people/li.wei.md"


def incident(id: str = "INC-20260312-7F3K", more: str = "", **fields: str) -> str:
    """Return an incident just opened; `more` are further lines of its timeline."""
    lines = {"status": "new", "customer": "harbour-tv", "title": "直播频道 3 黑屏"} | fields
    head = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return f"""---
schema: incident/1
id: {id}
{head}caller: {{name: 陈工}}
contact_type: hotline
reported_at: 2026-03-12T08:41:00+08:00
category: program_error
fault_grade: severe
impact: high
urgency: high
timeline:
- {{at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: li.wei, via: hotline}}
{more}---
## Symptom

黑屏

## Log
"""


ACK = "- {at: 2026-03-12T08:52:40+08:00, id: b7mq, event: acknowledged, by: li.wei, via: phone, to: 陈工}\n"

DESK = {
    "pyproject.toml": '[tool.servicebook]\nname = "Harbour"\ntimezone = "Asia/Shanghai"\n',
    CUSTOMER: "---\nschema: customer/1\nid: harbour-tv\ntitle: Harbour TV\nlegal_name: Harbour TV Ltd\n"
    "account_manager: li.wei\nservice_manager: li.wei\n---\n",
    PERSON: "---\nschema: person/1\nid: li.wei\ntitle: Li Wei\nname: Li Wei\nemployer: us\n---\n",
    TICKET: incident(),
}


class Desk:
    """A connected clone, and commits in it as a person makes them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program here and return how it ended."""
        return subprocess.run(
            words, cwd=self.root, capture_output=True, text=True, env={**os.environ, **environment}, check=False
        )

    def servicebook(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Call our command line here, in this process, and return how it ended."""
        return in_process(*words, where=self.root, **environment)

    def git(self, *words: str) -> str:
        """Run git here; it must succeed."""
        done = self.run("git", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, path: str, text: str | bytes) -> None:
        """Write one file."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, *words: str) -> tuple[int, str]:
        """Commit through the hook; return the exit code and all that was printed."""
        done = self.run("git", "commit", "-m", "work", *words)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="session")
def first_desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the desks that each test gets a copy of: `empty`, and `desk` with one commit."""
    folder = tmp_path_factory.mktemp("first")
    with environment_at(NOW):
        empty = Desk(folder / "empty")
        empty.root.mkdir()
        empty.git("init", "-q", "-b", "main")
        done = empty.servicebook("install")
        assert done.returncode == 0, done.stdout + done.stderr
        desk = Desk(copied(empty.root, folder / "desk"))
        for path, text in DESK.items():
            desk.write(path, text)
        desk.git("add", "-A")
        desk.git("commit", "-q", "--no-verify", "-m", "start")
    return folder


@pytest.fixture
def empty_desk(first_desks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A repository without a commit, connected to the hooks."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    return Desk(copied(first_desks / "empty", tmp_path / "desk"))


@pytest.fixture
def desk(first_desks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A connected desk with one commit."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    return Desk(copied(first_desks / "desk", tmp_path / "desk"))


Maker = Callable[[], Desk]
