"""The tree noted at the end of Git's index is the one that `git write-tree` would write, or is not told at all."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from servicebook.store.index_file import staged_tree
from servicebook.store.repository import find_repository


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def noted(root: Path, algorithm: str = "sha1") -> str:
    return staged_tree(str(root / ".git" / "index"), algorithm)


@pytest.fixture(params=["sha1", "sha256"])
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def repo(tmp_path: Path, algorithm: str) -> Path:
    git(tmp_path, "init", "-q", f"--object-format={algorithm}")
    for path in ("a.md", "kb/TREE.md", "kb/x/TREE\x00\x00b".replace("\x00", "T")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    git(tmp_path, "add", "-A")
    return tmp_path


def test_it_is_the_tree_that_git_would_write(repo: Path, algorithm: str) -> None:
    assert noted(repo, algorithm) == "", "what was only added is not noted"
    git(repo, "commit", "-qm", "x")
    assert noted(repo, algorithm) == git(repo, "rev-parse", "HEAD^{tree}") == git(repo, "write-tree")
    (repo / "kb" / "TREE.md").write_text("other")
    git(repo, "add", "-A")
    assert noted(repo, algorithm) == ""
    assert git(repo, "write-tree") == noted(repo, algorithm)


@pytest.mark.parametrize("setting", ["index.version=4", "core.splitIndex=true", "core.untrackedCache=true"])
def test_other_kinds_of_index(repo: Path, algorithm: str, setting: str) -> None:
    git(repo, "config", *setting.split("="))
    git(repo, "commit", "-qm", "x")
    git(repo, "status")
    assert noted(repo, algorithm) in ("", git(repo, "write-tree"))
    git(repo, "reset", "-q", "--hard")
    assert noted(repo, algorithm) == git(repo, "write-tree")


def test_what_is_only_intended_to_be_added_is_not_told(repo: Path, algorithm: str) -> None:
    git(repo, "commit", "-qm", "x")
    (repo / "new.md").write_text("x")
    git(repo, "add", "-N", "new.md")
    git(repo, "write-tree")
    assert noted(repo, algorithm) == ""


def test_what_is_no_index_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "index"
    assert staged_tree(str(path), "sha1") == ""
    for data in (b"", b"DIRC", b"TREE" * 20, b"DIRC" + b"TREE\0\0\0\3\0" + b"1 0\n" + b"x" * 20):
        path.write_bytes(data)
        assert staged_tree(str(path), "sha1") == ""


def test_a_noted_tree_that_was_collected_is_done_without(repo: Path, algorithm: str) -> None:
    git(repo, "commit", "-qm", "x")
    (repo / "a.md").write_text("other")
    git(repo, "add", "-A")
    tree = git(repo, "write-tree")
    (repo / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    repository = find_repository(str(repo))
    assert repository.staged_tree() == tree
    assert [moved.path for moved in repository.moved_in_index(repository.head_tree)] == ["a.md"]
