"""A desk read through its index is the desk read afresh, whatever was edited, staged or committed before."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicebook.errors import NotADeskError, ServicebookError
from servicebook.rules.check import check_desk
from servicebook.rules.opening import open_desk
from servicebook.store import databases
from servicebook.store.edits import read_edits
from servicebook.store.snapshot import Snapshot

NOW = datetime.fromisoformat("2026-03-12T10:00:00+08:00")
SETTINGS = '[tool.servicebook]\nname = "{name}"\ntimezone = "Asia/Shanghai"\n'


def customer(id: str, manager: str = "li.wei", aliases: str = "[]") -> str:
    return (
        f"---\nschema: customer/1\nid: {id}\ntitle: {id}\naliases: {aliases}\nlegal_name: {id} Ltd\n"
        f"account_manager: {manager}\nservice_manager: {manager}\n---\n"
    )


def person(id: str) -> str:
    return f"---\nschema: person/1\nid: {id}\ntitle: {id}\nname: {id}\nemployer: us\n---\n"


def incident(id: str, customer: str, title: str = "黑屏") -> str:
    return (
        f"---\nschema: incident/1\nid: {id}\ntitle: {title}\nstatus: new\ncustomer: {customer}\n"
        "caller: {name: 陈工}\ncontact_type: hotline\nreported_at: 2026-03-12T08:41:00+08:00\n"
        "category: program_error\nfault_grade: severe\nimpact: high\nurgency: high\ntimeline:\n"
        "- {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: li.wei, via: hotline}\n---\n## Symptom\n"
    )


def ticket_path(id: str) -> str:
    return f"tickets/incidents/2026/03/{id}.md"


FIRST, SECOND = "INC-20260312-7F3K", "INC-20260312-9ABC"


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def contents(desk: Snapshot) -> dict[str, Any]:
    """Return all that a snapshot answers, in plain values."""
    rows = list(desk.all())
    records = {f.path for f in rows}
    lean = desk.lean()
    assert [one.aliases for one in lean] == [one.aliases for one in rows]
    assert lean == rows
    assert desk.loose_entries() == [entry for entry in desk.entries() if entry.path not in records]
    return {
        "rows": [(f.path, f.blob, f.kind, f.id, f.title, f.status, f.raw, f.refs) for f in rows],
        "paths": list(desk.paths()),
        "found": sorted(desk.all_found()),
        "referrers": {(f.kind, f.id): [(o.path, ref) for o, ref in desk.referrers(f.kind, f.id)] for f in rows},
        "by id": {f.id: desk.get(f.kind, f.id) for f in rows},
        "tails": {f.id[-4:]: [o.path for o in desk.find(f.id[-4:])] for f in rows},
        "kinds": {f.kind: [o.path for o in desk.of_kind(f.kind)] for f in rows},
        "edits": read_edits(desk),
        "check": sorted(check_desk(desk, NOW)),
        "settings": desk.settings,
    }


def forget(root: Path) -> None:
    shutil.rmtree(root / ".git" / "servicebook", ignore_errors=True)


def read(root: Path, tree: str) -> dict[str, Any]:
    desk = open_desk(str(root), tree=tree)
    try:
        return contents(desk)
    finally:
        desk.close()


PLACES = {
    "kb/customers/a.md": [customer("a"), customer("a", aliases="[old-a]"), customer("b"), "no front matter\n"],
    "kb/customers/b.md": [customer("b"), customer("b", "nobody"), "---\nschema: customer/1\nid: b\n"],
    "kb/people/li.wei.md": [person("li.wei"), person("li.wu")],
    ticket_path(FIRST): [incident(FIRST, "a"), incident(FIRST, "b"), incident(FIRST, "old-a"), incident(SECOND, "a")],
    ticket_path(SECOND): [incident(SECOND, "a"), incident(SECOND, "none")],
    "kb/page.md": ["a page\n", "see [a](customers/a.md)\n"],
    "kb/图.png": ["x"],
    "pyproject.toml": [SETTINGS.format(name="One"), SETTINGS.format(name="Two")],
}

writes = st.one_of(
    *(st.tuples(st.just("write"), st.just(path), st.sampled_from(texts)) for path, texts in PLACES.items()),
    st.tuples(st.just("delete"), st.sampled_from(sorted(PLACES)), st.just("")),
)
others = st.sampled_from([("stage", "", ""), ("commit", "", ""), ("back", "", ""), ("read", "", ""), ("gc", "", "")])
steps = st.lists(st.one_of(writes, writes, others), min_size=2, max_size=9)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_a_warm_index_answers_as_a_cold_load(history: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        git(root, "init", "-q")
        for kind, path, text in history:
            _step(root, kind, path, text)
        for tree in ("staged", "worktree", *(["HEAD"] if _has_head(root) else [])):
            warm = read(root, tree)
            again = read(root, tree)
            forget(root)
            assert warm == read(root, tree)
            assert again == warm


def _step(root: Path, kind: str, path: str, text: str) -> None:
    if kind == "write":
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    elif kind == "delete":
        (root / path).unlink(missing_ok=True)
    elif kind == "stage":
        git(root, "add", "-A")
    elif kind == "commit":
        git(root, "add", "-A")
        git(root, "commit", "-q", "--allow-empty", "-m", "x")
    elif kind == "back" and _has_head(root):
        git(root, "reset", "-q", "--hard", git(root, "rev-list", "--max-parents=0", "HEAD").strip())
    elif kind == "gc" and _has_head(root):
        git(root, "reflog", "expire", "--expire=now", "--all")
        git(root, "gc", "-q", "--prune=now")
    elif kind == "read":
        read(root, "worktree")


def _has_head(root: Path) -> bool:
    return subprocess.run(["git", "rev-parse", "-q", "--verify", "HEAD"], cwd=root, capture_output=True).returncode == 0


@pytest.fixture
def root(make_repo: Callable[..., Any]) -> Path:
    files = {path: texts[0] for path, texts in PLACES.items()}
    return Path(make_repo("desk", files).root)


def test_lookups_by_what_people_say(root: Path) -> None:
    desk = open_desk(str(root))
    assert [facts.id for facts in desk.find(FIRST)] == [FIRST]
    assert [facts.id for facts in desk.find("7f3k")] == [FIRST]
    assert [facts.id for facts in desk.find("inc-20260312-7f3k")] == [FIRST]
    assert [facts.id for facts in desk.find("customer/a")] == ["a"]
    assert desk.find("service/a") == [] and desk.find("none") == []
    assert desk.get("customer", "zz") is None
    assert desk.at_path("kb/page.md") is None and desk.has_path("kb/page.md")
    assert desk.read("kb/图.png") == b"x"


def test_confusable_letters_are_read_as_crockford_says(root: Path) -> None:
    id = "INC-20260312-01AB"
    (root / ticket_path(id)).write_text(incident(id, "a"), "utf-8")
    desk = open_desk(str(root))
    assert [facts.id for facts in desk.find("OLab")] == [id]


def test_an_alias_leads_to_the_record(root: Path) -> None:
    (root / "kb/customers/a.md").write_text(PLACES["kb/customers/a.md"][1], "utf-8")
    desk = open_desk(str(root))
    facts = desk.get("customer", "old-a")
    assert facts is not None and facts.id == "a"
    assert [facts.id for facts, _ in desk.referrers("customer", "old-a")] == [FIRST, SECOND]


@pytest.mark.parametrize("name", ["anchor", "verdicts"])
@pytest.mark.parametrize("damage", [b"", b"not a database at all", None])
def test_a_damaged_index_is_made_anew(root: Path, name: str, damage: bytes | None) -> None:
    whole = read(root, "worktree")
    path = root / ".git" / "servicebook" / f"{name}.sqlite"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    assert read(root, "worktree") == whole


def test_a_truncated_index_is_made_anew(root: Path) -> None:
    whole = read(root, "worktree")
    path = root / ".git" / "servicebook" / "verdicts.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert read(root, "worktree") == whole


@pytest.mark.parametrize("name", ["anchor", "verdicts"])
@pytest.mark.parametrize("lost", [1, 100, 1000, 4000])
def test_an_index_that_lost_the_end_of_its_last_page_is_made_anew(root: Path, name: str, lost: int) -> None:
    """SQLite reads zeros in place of what is gone, and findings that are zeros are none."""
    whole = read(root, "worktree")
    path = root / ".git" / "servicebook" / f"{name}.sqlite"
    path.write_bytes(path.read_bytes()[:-lost])
    assert read(root, "worktree") == whole


def test_without_a_place_for_an_index_the_answers_are_the_same(root: Path) -> None:
    whole = read(root, "worktree")
    forget(root)
    (root / ".git" / "servicebook").write_text("a file in the way")
    assert read(root, "worktree") == whole


def test_a_locked_index_does_not_stop_a_reader(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "PATIENCE", 0.1)
    whole = read(root, "worktree")
    other = sqlite3.connect(root / ".git" / "servicebook" / "anchor.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert read(root, "worktree") == whole
    finally:
        other.close()


def test_many_at_once(root: Path) -> None:
    def check(_: int) -> str:
        code = f"from servicebook.rules.opening import open_desk; print(len(list(open_desk({str(root)!r}).all())))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        return done.stdout.strip() + done.stderr[-300:]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(check, range(6))) == {"5"}


def test_outside_a_repository_the_remedy_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotADeskError) as told:
        open_desk(str(tmp_path))
    assert "servicebook init" in told.value.hint


def test_an_unknown_revision_is_told(root: Path) -> None:
    with pytest.raises(ServicebookError, match="no-such"):
        open_desk(str(root), tree="no-such")


def test_many_files_are_judged_by_two_processes(make_repo: Callable[..., Any]) -> None:
    ids = [f"INC-20260312-{a}{b}AA" for a in "ABCDEFGHJKMNPQRSTVWX" for b in "ABCDEFGHJKMNPQRSTVWX"]
    files = {ticket_path(id): incident(id, "a") for id in ids} | {"kb/customers/a.md": customer("a")}
    root = Path(make_repo("big", files).root)
    seen: list[int] = []
    desk = open_desk(str(root), progress=lambda done, total: seen.append(done))
    assert sum(1 for _ in desk.of_kind("incident")) == len(ids)
    assert seen[-1] == len(files)
