"""A small desk, made by `servicebook init` at a fixed instant, and a way to call commands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from tests.conftest import Repo

from servicebook.cli.main import main

NOW = "2026-03-12T10:00:00+08:00"
INCIDENT = "INC-20260312-7F3K"
PATH = f"tickets/incidents/2026/03/{INCIDENT}.md"


class Answer(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process: `call("list", "incident")`."""

    def run(*words: str) -> Answer:
        capfd.readouterr()
        code = main(list(words))
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return run


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
