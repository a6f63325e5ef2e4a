"""The sample desk as a repository of its own, so that a clause is proven on the records that people see."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Call, Repo

ROOT = Path(__file__).parents[2]
NOW = "2026-11-20T09:00:00+08:00"


@pytest.fixture
def sample(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, call: Call) -> Repo:
    """A copy of this repository's own desk, committed, judged at NOW; commands run in it."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "wang.fang@harbour-systems.example.org")
    repo = make_repo("sample")
    for name in ("kb", "tickets"):
        shutil.copytree(ROOT / name, repo.root / name)
    for name in ("mkdocs.yml", "pyproject.toml", ".gitattributes"):
        shutil.copy(ROOT / name, repo.root / name)
    repo.commit("Start the desk")
    monkeypatch.chdir(repo.root)
    return repo


def ticket_of(sample: Repo, answer: str) -> Path:
    """Return the file of the ticket that a command has just named."""
    found = re.search(r"tickets/\S+\.md", answer)
    assert found, answer
    return sample.root / found[0]


def edit(sample: Repo, path: str, *changes: tuple[str, str]) -> None:
    """Replace words in a file of the sample, each once; every one must stand there."""
    text = (sample.root / path).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    sample.write({path: text})
