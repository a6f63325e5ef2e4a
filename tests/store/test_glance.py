"""A look at what people edit tells what a look at every file tells, but for a closed ticket overwritten in place."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servicebook.rules.opening import open_desk
from servicebook.store import folders, glance
from servicebook.store.edits import read_edits
from servicebook.store.repository import Entry, Repository
from servicebook.store.verdicts import is_judged

HEAD = "---\nschema: incident/1\nid: {id}\ntitle: {title}\nstatus: {status}\ncustomer: a\n---\n"
IDS = [f"INC-20260312-{tail}" for tail in ("7F3K", "9ABC", "1DEF")]
PATHS = [f"tickets/incidents/2026/03/{id}.md" for id in IDS]
GIT = ["add -A", "commit -qam x", "stash", "reset -q --hard HEAD^", "reset -q", "reset -q HEAD^"]
OTHERS = ["kb/page.md", "kb/x/page.md", "pyproject.toml"]


def ticket(place: int, status: str = "new", title: str = "x") -> str:
    return HEAD.format(id=IDS[place], status=status, title=title)


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, capture_output=True)


def put(path: Path, text: str) -> None:
    """Put a new file in place of the old one, as Git, our own writes and most editors do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + "~")
    fresh.write_text(text, "utf-8")
    fresh.rename(path)


def told(root: Path, *, whole: bool) -> list[object]:
    desk = open_desk(str(root), whole=whole)
    try:
        edits = [edit for edit in read_edits(desk) if edit.before != edit.after]
        return [*desk.all(), *map(as_asked, desk.entries()), *edits]
    finally:
        desk.close()


def as_asked(entry: Entry) -> Entry:
    """Return a file as it is asked for: of links and attachments nobody reads what they hold, nor its id."""
    return entry if entry.mode.startswith("100") and is_judged(entry.path) else entry._replace(blob="")


def make(root: Path) -> None:
    git(root, "init", "-q")
    for place, path in enumerate(PATHS):
        put(root / path, ticket(place, "closed" if place else "new"))
    for path in OTHERS:
        put(root / path, "")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")


def take(root: Path, kind: str, place: int, text: str) -> None:
    if kind == "put":
        put(root / PATHS[place], ticket(place, "closed" if len(text) > 1 else "new", text))
    elif kind == "overwrite":
        (root / OTHERS[place]).write_text(f"# {text}\n", "utf-8")
    elif kind == "overwrite open":
        path = root / PATHS[0]
        if path.exists() and "status: new" in path.read_text("utf-8"):
            path.write_text(ticket(0, "new", text), "utf-8")
    elif kind == "delete":
        (root / PATHS[place]).unlink(missing_ok=True)
    elif kind == "touch" and (root / PATHS[place]).exists():
        os.utime(root / PATHS[place])
    elif kind == "link":
        (root / PATHS[place]).unlink(missing_ok=True)
        (root / PATHS[place]).parent.mkdir(parents=True, exist_ok=True)
        (root / PATHS[place]).symlink_to("elsewhere")
        # Git compares whole seconds: the same link of another second is one more that it must look at.
        second = {"a": 1, "b": 2, "cc": 3}[text]
        os.utime(root / PATHS[place], (second, second), follow_symlinks=False)
    elif kind == "git":
        git(root, *GIT[place].split())
    elif kind == "look":
        told(root, whole=bool(place))


steps = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["put", "overwrite", "overwrite open", "delete", "touch", "link"]),
            st.integers(0, 2),
            st.sampled_from(["a", "b", "cc"]),
        ),
        st.tuples(st.just("git"), st.integers(0, 5), st.just("")),
        st.tuples(st.just("look"), st.integers(0, 1), st.just("")),
    ),
    min_size=2, max_size=12,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
@example([("look", 1, ""), ("put", 1, "a"), ("look", 0, ""), ("look", 0, ""), ("git", 0, "")])
@example([("look", 1, ""), ("overwrite open", 0, "b"), ("look", 0, "")])
@example([("put", 0, "a"), ("git", 0, ""), ("look", 1, ""), ("git", 4, "")])
@example([("put", 0, "a"), ("git", 1, ""), ("look", 1, ""), ("git", 3, ""), ("look", 0, "")])
@example([("overwrite", 0, "b"), ("look", 1, ""), ("overwrite", 0, "b"), ("git", 2, "")])
@example([("link", 0, "a"), ("git", 0, ""), ("link", 0, "b")])
def test_a_glance_tells_what_a_whole_look_tells(history: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(glance, "LARGE", 0)
        patch.setattr(glance, "_TICK", 0)
        patch.setattr(folders, "_TRUSTED_AFTER", 0)
        root = Path(folder)
        make(root)
        told(root, whole=True)
        told(root, whole=True)
        for step in history:
            take(root, *step)
        seen = told(root, whole=False)
        assert seen == told(root, whole=True)


def test_a_closed_ticket_overwritten_in_place_is_seen_by_the_whole_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "LARGE", 0)
    make(tmp_path)
    past = 1_700_000_000
    for path in PATHS:
        os.utime(tmp_path / path, (past, past))
    told(tmp_path, whole=True)
    told(tmp_path, whole=True)
    (tmp_path / PATHS[1]).write_text(ticket(1, "closed", "overwritten"), "utf-8")
    assert "overwritten" in str([f.title for f in open_desk(str(tmp_path)).all()])


def test_a_glance_does_not_ask_git_for_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    for _ in range(2):
        told(tmp_path, whole=True)
    asked: list[str] = []
    original = Repository._begin
    monkeypatch.setattr(Repository, "_begin", lambda self, *words: asked.append(words[0]) or original(self, *words))
    told(tmp_path, whole=False)
    assert "diff-files" in asked, "on a small desk the whole look is quick"
    asked.clear()
    monkeypatch.setattr(glance, "LARGE", 0)
    put(tmp_path / PATHS[2], ticket(2, "closed", "changed"))
    desk = open_desk(str(tmp_path), whole=False)
    assert "diff-files" not in asked
    assert [facts.title for facts in desk.find(IDS[2])] == ["changed"]
