"""The sample desk as a repository of its own, so that a clause is proven on the records that people see."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.conftest import Repo, plain_environment

from servicebook.cli.main import main
from servicebook.publish.site import build_site

ROOT = Path(__file__).parents[2]
NOW = "2026-11-20T09:00:00+08:00"


@pytest.fixture(scope="session")
def judged_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's own desk, committed and judged once for all tests (once a worker); nobody writes to it."""
    root = tmp_path_factory.mktemp("judged") / "sample"
    for name in ("kb", "tickets"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("mkdocs.yml", "pyproject.toml", ".gitattributes"):
        shutil.copy(ROOT / name, root / name)
    with pytest.MonkeyPatch.context() as patch:
        plain_environment(patch)
        as_on_the_day(patch)
        repo = Repo(root)
        repo.git("init", "--quiet", "--initial-branch=main")
        repo.commit("Start the desk")
        patch.chdir(root)
        assert main(["check"]) == 0
        repo.git("gc", "--quiet")  # one pack is copied sooner than a file an object
    return root


def as_on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Wang Fang of the sample desk act, at NOW."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "wang.fang@harbour-systems.example.org")


@pytest.fixture
def sample(judged_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A copy of the judged desk for one test alone; commands run in it."""
    as_on_the_day(monkeypatch)
    root = tmp_path / "sample"
    shutil.copytree(judged_sample, root, symlinks=True)
    monkeypatch.chdir(root)
    return Repo(root)


@pytest.fixture(scope="session")
def sample_site(judged_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the sample desk as it is, built once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("sample-site")
    root = shutil.copytree(judged_sample, folder / "desk", symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        plain_environment(patch)
        as_on_the_day(patch)
        build_site(str(root), str(folder / "html"))
    return folder / "html"


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
