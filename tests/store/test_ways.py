"""After a commit that the hook has judged, a question starts Git once: to find the desk."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from servicebook.rules.opening import open_desk
from servicebook.store.edits import read_edits

TICKET = "tickets/incidents/2026/03/INC-20260312-{tail}.md"
TEXT = "---\nschema: incident/1\nid: INC-20260312-{tail}\ntitle: {title}\nstatus: new\ncustomer: a\n---\n"


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, capture_output=True, check=True)


def put(root: Path, tail: str, title: str) -> None:
    path = root / TICKET.format(tail=tail)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(tail=tail, title=title), "utf-8")


def told(root: Path, tree: str) -> list[object]:
    desk = open_desk(str(root), tree=tree)
    try:
        return [*((facts.path, facts.title) for facts in desk.all()), *(edit.path for edit in read_edits(desk))]
    finally:
        desk.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "desk"
    git(tmp_path, "init", "-q", "desk")
    for tail in ("7F3K", "9ABC"):
        put(root, tail, "first")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")
    told(root, "worktree")
    return root


def test_git_does_not_compare_trees_that_were_compared(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = root.parent / "log"
    for title in ("second", "third"):
        put(root, "7F3K", title)
        git(root, "add", "-A")
        git(root, "write-tree")  # as `git commit` does before it calls the hook
        path = TICKET.format(tail="7F3K")
        assert told(root, "staged") == [(path, title), (TICKET.format(tail="9ABC"), "first"), path]
        git(root, "commit", "-qm", "x")
        log.unlink(missing_ok=True)
        monkeypatch.setenv("GIT_TRACE", str(log))
        assert told(root, "worktree") == [(path, title), (TICKET.format(tail="9ABC"), "first")]
        monkeypatch.delenv("GIT_TRACE")
        asked = log.read_text()
        assert "rev-parse" in asked and "diff-tree" not in asked and "diff-index" not in asked


def test_a_way_that_leads_elsewhere_is_not_gone(root: Path) -> None:
    for tail, title in (("7F3K", "second"), ("9ABC", "other")):
        put(root, tail, title)
        git(root, "add", "-A")
        git(root, "write-tree")
        told(root, "staged")
        git(root, "reset", "-q", "--hard")
    put(root, "7F3K", "third")
    git(root, "commit", "-qam", "x")
    for tree in ("staged", "worktree"):
        assert told(root, tree) == [(TICKET.format(tail="7F3K"), "third"), (TICKET.format(tail="9ABC"), "first")]
