"""The pre-commit hook in repositories and environments that are out of the ordinary, each with real Git."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import DESK, TICKET, Desk, incident

BROKEN = incident(customer="harbour-tw")
FINE = incident(title="Another title")


def desk_at(root: Path, *options: str) -> Desk:
    """Return a connected desk with one commit at `root`, made by `git init OPTIONS`."""
    root.mkdir(parents=True)
    desk = Desk(root)
    desk.git("init", "-q", "-b", "main", *options)
    assert desk.servicebook("install").returncode == 0
    for path, text in DESK.items():
        desk.write(path, text)
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "start")
    return desk


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk whose path has blanks, quotes and Chinese in it."""
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-03-12T10:00:00+08:00")
    yield desk_at(tmp_path / "服务 台 o'desk")


def test_stops_and_passes_below_an_odd_path_and_from_a_subfolder(odd: Desk) -> None:
    odd.write(TICKET, BROKEN)
    below = Desk(odd.root / "kb" / "customers")
    code, said = below.commit("-a")
    assert code == 1 and f"{TICKET}:" in said
    odd.write(TICKET, FINE)
    code, said = below.commit("-a")
    assert code == 0, said


def test_an_index_named_by_the_environment_is_the_one_that_is_judged(odd: Desk) -> None:
    odd.write(TICKET, BROKEN)
    odd.git("add", TICKET)
    other = str(odd.root / ".git" / "other-index")
    shutil.copy(odd.root / ".git" / "index", other)
    odd.git("reset", "-q", "--hard")
    done = odd.run("git", "commit", "-m", "x", GIT_INDEX_FILE=other, GIT_DIR=".git", GIT_WORK_TREE=".")
    assert done.returncode == 1 and "REF501" in done.stdout + done.stderr


def test_a_file_only_intended_for_adding_is_not_part_of_the_commit(odd: Desk) -> None:
    odd.write("kb/customers/later.md", "---\n")
    odd.git("add", "-N", "kb/customers/later.md")
    odd.write(TICKET, FINE)
    odd.git("add", TICKET)
    code, said = odd.commit()
    assert code == 0, said
    odd.git("add", "kb/customers/later.md")
    assert odd.commit()[0] == 1


def test_line_ends_that_git_converts_are_no_findings(odd: Desk) -> None:
    odd.git("config", "core.autocrlf", "true")
    odd.write(TICKET, FINE.replace("\n", "\r\n"))
    code, said = odd.commit("-a")
    assert code == 0 and "FMT" not in said, said


def test_conflict_markers_do_not_get_in(odd: Desk) -> None:
    odd.git("checkout", "-q", "-b", "side")
    odd.write(TICKET, incident(title="Side"))
    assert odd.commit("-a")[0] == 0
    odd.git("checkout", "-q", "main")
    odd.write(TICKET, incident(title="Main"))
    assert odd.commit("-a")[0] == 0
    assert odd.run("git", "merge", "side").returncode == 1
    odd.git("add", "-A")
    code, said = odd.commit()
    assert code == 1 and "FMT107" in said
    odd.write(TICKET, incident(title="Both"))
    odd.git("add", "-A")
    code, said = odd.commit()
    assert code == 0, said


def test_a_submodule_among_the_records_is_refused(odd: Desk, tmp_path: Path) -> None:
    plain = Desk(tmp_path / "plain")
    plain.root.mkdir()
    plain.git("init", "-q")
    plain.git("commit", "-q", "--allow-empty", "-m", "x")
    odd.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(plain.root), "kb/mod")
    code, said = odd.commit()
    assert code == 1 and "TRE707" in said


def test_a_desk_that_is_a_submodule_is_a_desk(odd: Desk, tmp_path: Path) -> None:
    above = Desk(tmp_path / "above")
    above.root.mkdir()
    above.git("init", "-q")
    above.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(odd.root), "desk")
    inside = Desk(above.root / "desk")
    assert inside.servicebook("install").returncode == 0
    inside.write(TICKET, BROKEN)
    assert inside.commit("-a")[0] == 1
    inside.write(TICKET, FINE)
    code, said = inside.commit("-a")
    assert code == 0, said


def test_ids_of_sha256(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-03-12T10:00:00+08:00")
    desk = desk_at(tmp_path / "long", "--object-format=sha256")
    desk.write(TICKET, BROKEN)
    assert desk.commit("-a")[0] == 1
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 0, said


def clone_of(odd: Desk, root: Path, *options: str) -> Desk:
    """Return a connected clone of the desk, made over a protocol that sends only what is asked for."""
    odd.git("config", "uploadpack.allowFilter", "true")
    odd.git("config", "uploadpack.allowAnySHA1InWant", "true")
    odd.git("clone", "-q", *options, f"file://{odd.root}", str(root))
    clone = Desk(root)
    assert clone.servicebook("install").returncode == 0
    return clone


def stops_and_passes(desk: Desk) -> None:
    """Hold that a broken edit is stopped, and a sound one is not."""
    desk.write(TICKET, BROKEN)
    code, said = desk.commit("-a")
    assert code == 1 and "REF501" in said
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 0, said


def test_a_shallow_clone_is_checked_at_commit_and_says_when_it_cannot_tell(odd: Desk, tmp_path: Path) -> None:
    odd.write(TICKET, FINE)
    assert odd.commit("-a")[0] == 0
    clone = clone_of(odd, tmp_path / "shallow", "--depth", "1")
    clone.write(TICKET, BROKEN)
    assert clone.commit("-a")[0] == 1
    clone.write(TICKET, incident(title="A third title"))
    code, said = clone.commit("-a")
    assert code == 0, said
    check = [sys.executable, "-m", "servicebook", "check", "--range"]
    assert clone.run(*check, "HEAD~1..HEAD").returncode in (0, 1)
    done = clone.run(*check, "HEAD~2..HEAD")
    assert done.returncode == 4 and "git fetch --unshallow" in done.stderr


@pytest.mark.parametrize("kind", ["blob:none", "blob:limit=100", "tree:0"])
def test_a_partial_clone(kind: str, odd: Desk, tmp_path: Path) -> None:
    stops_and_passes(clone_of(odd, tmp_path / "partial", f"--filter={kind}"))


@pytest.mark.parametrize("form", ["cone", "no-cone", "sparse index"])
def test_a_sparse_checkout(form: str, odd: Desk) -> None:
    """What lies outside is there all the same: a reference to it holds, and taking it away stops the commit."""
    cone = "--no-cone" if form == "no-cone" else "--cone"
    odd.git("sparse-checkout", "init", cone, *(["--sparse-index"] if form == "sparse index" else []))
    odd.git("sparse-checkout", "set", "tickets")
    assert not (odd.root / "hooks").exists()
    assert odd.servicebook("install").returncode == 0
    assert not (odd.root / "kb/customers/harbour-tv.md").exists()
    assert odd.git("status", "--porcelain") == ""
    stops_and_passes(odd)
    odd.git("rm", "-q", "--cached", "--sparse", "kb/customers/harbour-tv.md")
    code, said = odd.commit()
    assert code == 1 and f"{TICKET}:" in said


def test_an_alternate_object_store(odd: Desk, tmp_path: Path) -> None:
    stops_and_passes(clone_of(odd, tmp_path / "borrower", "--shared"))


def test_a_bare_repository_with_worktrees_beside_it(odd: Desk, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    odd.git("clone", "-q", "--bare", str(odd.root), str(bare))
    Desk(bare).git("worktree", "add", "-q", str(tmp_path / "tree"), "main")
    tree = Desk(tmp_path / "tree")
    assert tree.servicebook("install").returncode == 0
    stops_and_passes(tree)
