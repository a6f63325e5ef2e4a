"""Which files of a work tree are others than in its commit, as the site tells: what Git's status tells of them."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.audience.desk import WholeDesk
from servicebook.rules.opening import open_desk

ARTICLE = "kb/articles/{}.md"
TEXT = "---\nschema: article/1\nid: {0}\ntitle: About {0}\nstatus: published\n---\n\nText of {0}.\n"


def _told(repo: Repo) -> tuple[set[str], bool]:
    desk = WholeDesk(open_desk(str(repo.root)))
    try:
        return {path for path, at in desk.moved.items() if at is None}, desk.commit[1]
    finally:
        desk.close()


def _status(repo: Repo) -> set[str]:
    """Return what Git calls edited, one file a path; renames are two."""
    out = repo.git("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", "kb", "tickets")
    return {line[3:] for line in out.split("\0") if line}


def _file(repo: Repo, number: int) -> Path:
    return repo.root / ARTICLE.format(f"a{number}")


def _edit(repo: Repo, number: int) -> None:
    path = _file(repo, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text("utf-8") if path.exists() else TEXT.format(f"a{number}")) + "More.\n", "utf-8")


def _as_at_first(repo: Repo, number: int) -> None:
    if _file(repo, number).exists():
        _file(repo, number).write_text(TEXT.format(f"a{number}"), "utf-8")


def _touch(repo: Repo, number: int) -> None:
    if _file(repo, number).exists():
        os.utime(_file(repo, number), (1, 1))


def _remove(repo: Repo, number: int) -> None:
    _file(repo, number).unlink(missing_ok=True)


def _stage(repo: Repo, number: int) -> None:
    repo.git("add", "--all", "--", "kb")


def _unstage(repo: Repo, number: int) -> None:
    repo.git("reset", "--quiet")


def _take_back(repo: Repo, number: int) -> None:
    repo.git("checkout", "--quiet", "HEAD", "--", "kb")


def _commit(repo: Repo, number: int) -> None:
    repo.git("add", "--all", "--", "kb")
    repo.git("commit", "--quiet", "--allow-empty", "-m", "more")


def _commit_what_is_staged(repo: Repo, number: int) -> None:
    repo.git("commit", "--quiet", "--allow-empty", "-m", "staged")


STEPS: list[Callable[[Repo, int], None]] = [
    _edit, _edit, _edit, _as_at_first, _touch, _remove, _stage, _unstage, _take_back, _commit, _commit_what_is_staged,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_what_is_edited_is_what_git_s_status_tells(make_repo: Callable[..., Repo], seed: int) -> None:
    chance = random.Random(seed)
    articles = {ARTICLE.format(f"a{number}"): TEXT.format(f"a{number}") for number in range(6)}
    repo = make_repo("desk", {"pyproject.toml": "", **articles})
    for _ in range(14):
        step = chance.choice(STEPS)
        step(repo, chance.randrange(8))
        edited = _status(repo)
        assert _told(repo) == (edited, bool(edited)), step.__name__


def test_a_file_that_is_as_in_the_commit_is_not_edited_whatever_is_staged(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo("desk", {"pyproject.toml": "", ARTICLE.format("a1"): TEXT.format("a1")})
    before = _file(repo, 1).read_bytes()
    _edit(repo, 1)
    _stage(repo, 1)
    assert _told(repo) == ({ARTICLE.format("a1")}, True)
    _file(repo, 1).write_bytes(before)
    assert _told(repo) == (set(), False)


def test_a_file_that_is_no_record_is_edited_when_its_bytes_are_others(make_repo: Callable[..., Repo]) -> None:
    name = "kb/articles/a1.files/log.txt"
    repo = make_repo("desk", {"pyproject.toml": "", ARTICLE.format("a1"): TEXT.format("a1"), name: "text\n"})
    os.utime(repo.root / name, (1, 1))
    assert _told(repo) == (set(), False)
    (repo.root / name).write_text("another\n", "utf-8")
    assert _told(repo) == ({name}, True)


def test_a_file_that_is_as_it_was_commits_ago_is_edited(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo("desk", {"pyproject.toml": "", ARTICLE.format("a1"): TEXT.format("a1")})
    assert _told(repo) == (set(), False)
    _edit(repo, 1)
    _commit(repo, 1)
    _as_at_first(repo, 1)
    assert _told(repo) == ({ARTICLE.format("a1")}, True)


def test_a_committed_file_whose_name_is_no_text_is_not_edited(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo("desk", {"pyproject.toml": "", ARTICLE.format("a1"): TEXT.format("a1")})
    assert _told(repo) == (set(), False)
    with open(os.fsencode(repo.root / "kb") + b"/odd \xff.md", "wb") as file:
        file.write(b"# Odd\n")
    _commit(repo, 1)
    assert _told(repo) == (set(), False)


def test_what_is_edited_in_a_clone_whose_history_is_cut_off(make_repo: Callable[..., Repo], tmp_path: Path) -> None:
    origin = make_repo("origin", {"pyproject.toml": "", ARTICLE.format("a1"): TEXT.format("a1")})
    _edit(origin, 2)
    _commit(origin, 2)
    origin.git("clone", "--quiet", "--depth=1", f"file://{origin.root}", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    assert _told(clone) == (set(), False)
    _edit(origin, 1)
    _commit(origin, 1)
    clone.git("fetch", "--quiet", "--depth=1")
    clone.git("reset", "--quiet", "--hard", "origin/main")
    assert _told(clone) == (set(), False)
    _edit(clone, 1)
    _stage(clone, 1)
    assert _told(clone) == ({ARTICLE.format("a1")}, True)
