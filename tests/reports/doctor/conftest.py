"""A small desk whose surroundings are examined: real repositories, one check at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook import __version__
from servicebook.reports.doctor.answer import Answer
from servicebook.reports.doctor.checks import Check
from servicebook.reports.doctor.clone import Clone, Program, find_clone

HOOK = "#!/bin/sh\nexec servicebook hook pre-commit\n"
FILES = {
    "pyproject.toml": '[tool.servicebook]\nname = "Harbour"\ntimezone = "Asia/Shanghai"\n',
    ".gitattributes": "*.md text eol=lf\n*.md merge=servicebook\n",
    "kb/people/wang.fang.md": "---\nschema: person/1\nid: wang.fang\ntitle: Wang Fang\nname: Wang Fang\n"
    "employer: us\nemails: [Wang.Fang@example.org]\n---\n",
}

Look = Callable[..., Clone]
Ask = Callable[..., list[Answer]]


@pytest.fixture
def repo(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A desk of one person, who is the one that commits."""
    repo = make_repo("desk", FILES)
    monkeypatch.chdir(repo.root)
    return repo


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Look:
    """Return a reader of the clone in a folder (the current one when None), as a program sees it."""

    def read(folder: Path | None = None, now: str = "", version: str = __version__) -> Clone:
        if folder:
            monkeypatch.chdir(folder)
        at = datetime.fromisoformat(now) if now else datetime.now().astimezone()
        return find_clone(Program(version, "python", {"pre-commit": HOOK}), at)

    return read


@pytest.fixture
def ask(look: Look) -> Ask:
    """Return an asker: `ask(check, ...)` gives the answers of one check; further words as for `look`."""

    def answers(check: Check, folder: Path | None = None, **wish: str) -> list[Answer]:
        return list(check(look(folder, **wish)))

    return answers


def told(answers: list[Answer]) -> list[str]:
    """Return answers as `level: sentence | remedy`, as they are shown in English."""
    return [
        f"{level}: {says.format_map(params)} | {remedy.format_map(params)}"
        for level, says, remedy, params, _ in answers
    ]
