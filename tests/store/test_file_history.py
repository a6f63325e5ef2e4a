"""When each file last moved: as `git log` says it, read anew or on top of what was kept."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicebook.store.file_history import FileHistory
from servicebook.store.repository import find_repository

DATABASE = ".git/servicebook/file-history.sqlite"


@pytest.fixture
def repo(make_repo: Callable[..., Any]) -> Any:
    return make_repo("desk", {"kb/a.md": "1\n", "tickets/b.md": "1\n", "README.md": "1\n"})


def logged(repo: Any, path: str) -> list[str]:
    return repo.git("log", "--first-parent", "--format=%H", "--", path).split()


def known(repo: Any, path: str) -> list[str]:
    history = FileHistory(find_repository(str(repo.root)))
    try:
        return [move.commit for move in history.moves_of(path)]
    finally:
        history.close()


def commit(repo: Any, path: str, text: str) -> None:
    (repo.root / path).write_text(text, "utf-8")
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", f"{path} {text}")


def test_newer_commits_are_added_to_what_is_known(repo: Any) -> None:
    assert known(repo, "kb/a.md") == logged(repo, "kb/a.md")
    commit(repo, "kb/a.md", "2\n")
    commit(repo, "tickets/b.md", "2\n")
    history = FileHistory(find_repository(str(repo.root)))
    assert [move.commit for move in history.moves_of("kb/a.md")] == logged(repo, "kb/a.md")
    assert [move.subject for move in history.moves_of("kb/a.md", 1)] == ["kb/a.md 2"]
    last = history.last_moves()
    assert sorted(last) == ["kb/a.md", "tickets/b.md"]
    assert last["tickets/b.md"].author == "Wang Fang"


def test_a_file_that_was_taken_away_has_moves_but_no_last_one(repo: Any) -> None:
    repo.git("rm", "-q", "kb/a.md")
    repo.git("commit", "-q", "-m", "gone")
    history = FileHistory(find_repository(str(repo.root)))
    assert "kb/a.md" not in history.last_moves()
    assert len(history.moves_of("kb/a.md")) == 2


def test_a_rewritten_history_is_read_anew(repo: Any) -> None:
    commit(repo, "kb/a.md", "2\n")
    assert len(known(repo, "kb/a.md")) == 2
    repo.git("reset", "-q", "--hard", "HEAD~1")
    commit(repo, "kb/a.md", "3\n")
    assert known(repo, "kb/a.md") == logged(repo, "kb/a.md")


def test_a_merged_branch_counts_as_one_move(repo: Any) -> None:
    repo.git("switch", "-q", "-c", "side")
    commit(repo, "kb/a.md", "2\n")
    commit(repo, "kb/a.md", "3\n")
    repo.git("switch", "-q", "-")
    repo.git("merge", "-q", "--no-ff", "-m", "side in", "side")
    history = FileHistory(find_repository(str(repo.root)))
    assert [move.subject for move in history.moves_of("kb/a.md", 1)] == ["side in"]


def test_where_a_shallow_clone_begins_nothing_is_said_to_have_moved(repo: Any, tmp_path: Path) -> None:
    commit(repo, "kb/a.md", "2\n")
    commit(repo, "tickets/b.md", "2\n")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=2", f"file://{repo.root}", str(clone)], check=True)
    history = FileHistory(find_repository(str(clone)))
    assert history.moves_of("kb/a.md") == []
    assert len(history.moves_of("tickets/b.md")) == 1
    history.close()
    subprocess.run(["git", "-C", str(clone), "fetch", "-q", "--unshallow"], check=True)
    assert len(FileHistory(find_repository(str(clone))).moves_of("kb/a.md")) == 2


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 3000])
def test_a_damaged_database_costs_time_only(repo: Any, damage: bytes) -> None:
    known(repo, "kb/a.md")
    (repo.root / DATABASE).write_bytes(damage)
    assert known(repo, "kb/a.md") == logged(repo, "kb/a.md")
    assert known(repo, "kb/a.md") == logged(repo, "kb/a.md")


def test_a_database_of_another_version_is_made_anew(repo: Any) -> None:
    known(repo, "kb/a.md")
    with sqlite3.connect(repo.root / DATABASE) as db:
        db.execute("PRAGMA user_version = 999")
    assert known(repo, "kb/a.md") == logged(repo, "kb/a.md")


def test_bytes_of_another_encoding_are_no_obstacle(repo: Any) -> None:
    (repo.root / "kb/a.md").write_text("2\n", "utf-8")
    subprocess.run(
        ["git", "-c", "i18n.commitEncoding=latin-1", "commit", "-q", "-a", "-m", b"caf\xe9"], cwd=repo.root, check=True
    )
    assert len(known(repo, "kb/a.md")) == 2


def test_before_the_first_commit_nothing_is_known(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert FileHistory(find_repository(str(tmp_path))).last_moves() == {}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(["kb/a.md", "tickets/b.md", "look", "back"]), max_size=7))
def test_looking_in_between_changes_nothing(repo: Any, steps: list[str]) -> None:
    for number, step in enumerate(steps):
        if step == "look":
            known(repo, "kb/a.md")
        elif step == "back":
            if len(repo.git("rev-list", "HEAD").split()) > 1:
                repo.git("reset", "-q", "--hard", "HEAD~1")
        else:
            commit(repo, step, f"{number} {steps}\n")
    for path in ("kb/a.md", "tickets/b.md"):
        assert known(repo, path) == logged(repo, path)


def test_what_is_asked_at_once_is_of_one_state(repo: Any) -> None:
    history = FileHistory(find_repository(str(repo.root)))
    with history.at_once():
        before = history.last_moves()
        commit(repo, "kb/a.md", "2\n")
        threading.Thread(target=known, args=(repo, "kb/a.md"), daemon=True).start()  # may have to wait for us
        time.sleep(0.5)
        reached = history.reached()
        assert history.last_moves() == before
    assert {move.commit for move in before.values()} <= reached.keys()
    history.close()
    assert known(repo, "kb/a.md") == logged(repo, "kb/a.md")
