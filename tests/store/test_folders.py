"""What Git does not track is told as `git ls-files --others` tells it, whatever came, went or was ignored before."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servicebook.rules.opening import open_desk
from servicebook.store import folders as room
from servicebook.store.folders import Folders

NAMES = ["kb/a.md", "kb/x/b.md", "kb/x/y/c.md", "new/d.md", "top.md", "build/e.md", "图/f.md", "kb/log.tmp", "new/z/g"]
IGNORING = {
    ".gitignore": ["*.tmp\nbuild/\n", ""],
    "kb/.gitignore": ["x/\n", "*.md\n", ""],
    ".git/info/exclude": ["top.md\n", ""],
}

steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["write", "delete", "track", "untrack", "move"]), st.sampled_from(NAMES)),
        st.tuples(st.sampled_from(["commit", "ask", "ask", "mkdir", "clear"]), st.just("kb/empty/deep")),
        st.tuples(st.sampled_from(sorted(IGNORING)), st.integers(0, 2)),
    ),
    min_size=3, max_size=14,
)  # fmt: skip


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True).stdout


def ask(root: Path) -> tuple[list[str], list[str]]:
    """Return the untracked files as the snapshot knows them, and as Git tells them."""
    desk = open_desk(str(root))
    try:
        told = {item.path for item in desk.moved_since(desk.repository.head_tree) if not item.blob and item.mode}
        seen = [path for path in desk.paths() if path not in ("pyproject.toml",)]
    finally:
        desk.close()
    assert told is not None
    tracked = [name for name in git(root, "ls-files", "-z").split("\0") if name and (root / name).exists()]
    others = [name for name in git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0") if name]
    return sorted(seen), sorted({*tracked, *others})


def play(root: Path, history: list[tuple[str, str | int]]) -> None:
    git(root, "init", "-q")
    for path in NAMES[:3]:
        write(root / path, path)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    for kind, what in history:
        take(root, kind, what)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def take(root: Path, kind: str, what: str | int) -> None:
    if kind in IGNORING:
        assert isinstance(what, int)
        write(root / kind, IGNORING[kind][what % len(IGNORING[kind])])
        return
    path = root / str(what)
    if kind == "write":
        write(path, str(what))
    elif kind == "delete":
        path.unlink(missing_ok=True)
    elif kind == "track":
        git(root, "add", "-f", str(what))
    elif kind == "untrack":
        git(root, "rm", "-q", "--cached", "--", str(what))
    elif kind == "move" and path.exists():
        path.rename(path.with_name(path.name + "2"))
    elif kind == "commit":
        git(root, "commit", "-q", "--allow-empty", "-m", "x")
    elif kind == "mkdir":
        path.mkdir(parents=True, exist_ok=True)
    elif kind == "clear":
        shutil.rmtree(root / "kb/x", ignore_errors=True)
    elif kind == "ask":
        ask(root)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
@example([("mkdir", "kb/empty/deep"), ("ask", ""), ("write", "kb/empty/deep/h.md"), ("ask", "")])
@example([("ask", ""), ("untrack", "kb/x/b.md"), ("commit", ""), ("ask", ""), ("ask", "")])
@example([("write", "new/d.md"), ("ask", ""), ("write", "new/z/g"), ("track", "new/d.md"), ("commit", ""), ("ask", "")])
@example([("kb/.gitignore", 0), ("write", "kb/x/q.md"), ("ask", ""), ("kb/.gitignore", 2), ("ask", "")])
@pytest.mark.parametrize("trusted_after", [-(10**18), 0, 10**18])
def test_untracked_files_are_those_that_git_tells(trusted_after: int, history: list[tuple[str, str | int]]) -> None:
    """A folder is trusted at once, from the next tick on, or never; at once, the steps below must move its time."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_TRUSTED_AFTER", trusted_after)
        root = Path(folder)
        play(root, history)
        if trusted_after < 0:
            _pass_time(root)
        for _ in range(2):
            seen, due = ask(root)
            assert seen == due


def _pass_time(root: Path) -> None:
    """Move every folder's time on, as a change within the same tick of the clock would not."""
    for top, _, _ in os.walk(root):
        if "/.git" not in top:
            about = os.stat(top)
            os.utime(top, ns=(about.st_atime_ns, about.st_mtime_ns + 10**9))


def test_a_folder_that_did_not_change_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(tmp_path, [])
    past = 1_700_000_000
    for folder in ("kb/x/y", "kb/x", "kb", "."):
        os.utime(tmp_path / folder, (past, past))
    read: list[list[str]] = []
    original = Folders._read_again
    monkeypatch.setattr(
        Folders, "_read_again", lambda self, known, stale: read.append(stale) or original(self, known, stale)
    )
    ask(tmp_path)  # anchors; Git itself is asked
    ask(tmp_path)
    ask(tmp_path)
    assert read == [[""]]
    write(tmp_path / "kb/x/new.md", "x")
    assert ask(tmp_path)[0] == ask(tmp_path)[1]
    assert read[1] == ["kb/x"]


def test_git_is_not_asked_for_a_folder_in_which_tracked_files_were_put_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(tmp_path, [])
    past = 1_700_000_000
    for folder in ("kb/x/y", "kb/x", "kb", "."):
        os.utime(tmp_path / folder, (past, past))
    ask(tmp_path)
    read: list[list[str]] = []
    original = Folders._read_again
    monkeypatch.setattr(
        Folders, "_read_again", lambda self, known, stale: read.append(stale) or original(self, known, stale)
    )
    for number in range(3):
        write(tmp_path / ".git" / "new", f"{number}")
        (tmp_path / ".git" / "new").replace(tmp_path / "kb/x/y/c.md")
        assert ask(tmp_path)[0] == ask(tmp_path)[1]
    assert read == []
    write(tmp_path / "kb/x/y/.gitignore", "*.txt")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    write(tmp_path / "kb/x/y/seen", "x")
    write(tmp_path / "kb/x/y/not.txt", "x")
    for _ in range(2):
        assert ask(tmp_path)[0] == ask(tmp_path)[1]
    assert read


def test_the_first_file_of_a_folder_that_was_empty_is_seen(tmp_path: Path) -> None:
    """Only that folder's own time moves then, and Git tells it as untracked as a whole."""
    play(tmp_path, [])
    (tmp_path / "kb/vendors/basalt").mkdir(parents=True)
    past = 1_700_000_000
    for folder in ("kb/vendors/basalt", "kb/vendors", "kb/x/y", "kb/x", "kb", "."):
        os.utime(tmp_path / folder, (past, past))
    for _ in range(2):
        ask(tmp_path)
    write(tmp_path / "kb/vendors/hotline.md", "x")
    for _ in range(2):
        assert ask(tmp_path)[0] == ask(tmp_path)[1]
    write(tmp_path / "kb/vendors/basalt/rma.md", "x")
    assert ask(tmp_path)[0] == ask(tmp_path)[1]
    shutil.rmtree(tmp_path / "kb/vendors")
    assert ask(tmp_path)[0] == ask(tmp_path)[1]


@pytest.mark.parametrize("more", [True, False])
def test_what_was_staged_in_a_folder_of_its_own_is_seen_when_it_no_longer_is(tmp_path: Path, more: bool) -> None:
    """Git tells such a folder as untracked as a whole when only that folder is asked for."""
    play(tmp_path, [])
    write(tmp_path / "kb/vendors/basalt.md", "x")
    git(tmp_path, "add", "kb/vendors")
    past = 1_700_000_000
    for folder in ("kb/vendors", "kb/x/y", "kb/x", "kb", "."):
        os.utime(tmp_path / folder, (past, past))
    for _ in range(3):
        assert ask(tmp_path)[0] == ask(tmp_path)[1]
    git(tmp_path, "reset", "-q")
    if more:
        write(tmp_path / "kb/vendors/lyra.md", "x")
    for _ in range(3):
        assert ask(tmp_path)[0] == ask(tmp_path)[1]
