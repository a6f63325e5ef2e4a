"""The driver in real Git: merge, rebase, cherry-pick, stash and revert, and what is left when it fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.cli.main import main
from servicebook.merge.driver import driver_line

from .conftest import ACK, NOTE, PATH, incident

BOTH = incident(NOTE + ACK, status="in_progress", title="黑屏 3")


def branches(repo: Repo, ours: str, theirs: str, path: str = PATH) -> None:
    """Commit `theirs` on the branch topic and `ours` on main, where the work tree stays."""
    repo.git("switch", "-qc", "topic")
    repo.commit("theirs", {path: theirs})
    repo.git("switch", "-q", "main")
    repo.commit("ours", {path: ours})


def text(repo: Repo, path: str = PATH) -> str:
    return (repo.root / path).read_text("utf-8")


def unmerged(repo: Repo) -> str:
    return repo.git("diff", "--name-only", "--diff-filter=U")


@pytest.fixture
def apart(repo: Repo) -> Repo:
    """Two branches that plain Git cannot merge: each has another last event."""
    branches(repo, incident(ACK, status="in_progress"), incident(NOTE, title="黑屏 3"))
    return repo


def test_plain_git_would_leave_a_conflict(apart: Repo) -> None:
    apart.git("config", "--remove-section", "merge.servicebook")
    apart.git("merge", "-q", "topic", check=False)
    assert unmerged(apart) == PATH + "\n"


def test_the_driver_alone_where_other_hooks_are_in_charge(apart: Repo) -> None:
    apart.git("config", "--remove-section", "merge.servicebook")
    apart.git("config", "core.hooksPath", ".husky")
    assert main(["install"]) == 2
    assert main(["install", "--driver"]) == 0
    assert apart.git("config", "core.hooksPath") == ".husky\n"
    apart.git("merge", "-q", "--no-edit", "topic")
    assert text(apart) == BOTH


def test_merge(apart: Repo) -> None:
    apart.git("merge", "-q", "--no-edit", "topic")
    assert text(apart) == BOTH


def test_rebase(apart: Repo) -> None:
    apart.git("rebase", "-q", "topic")
    assert text(apart) == BOTH
    assert apart.git("log", "--format=%s") == "ours\ntheirs\nstart\n"


def test_cherry_pick(apart: Repo) -> None:
    apart.git("cherry-pick", "topic")
    assert text(apart) == BOTH


def test_stash_pop(apart: Repo) -> None:
    apart.git("switch", "-q", "topic")
    apart.git("reset", "-q", "--soft", "HEAD^")
    apart.git("stash")
    apart.git("switch", "-q", "main")
    apart.git("stash", "pop")
    assert text(apart) == BOTH


def test_revert_of_an_event_keeps_it(repo: Repo) -> None:
    """What a revert would take off a timeline stays, and is told: a timeline only grows."""
    repo.commit("note", {PATH: incident(NOTE)})
    repo.commit("more", {PATH: incident(NOTE + ACK, status="in_progress", title="黑屏 3")})
    done = subprocess.run(["git", "revert", "--no-commit", "HEAD~1"], cwd=repo.root, capture_output=True, check=True)
    assert text(repo) == BOTH
    assert f"{PATH}: one side deleted timeline.n0te; a timeline only grows, so it stays" in done.stderr.decode()


def test_revert_of_a_field(repo: Repo) -> None:
    repo.commit("title", {PATH: incident(title="黑屏 3")})
    repo.commit("more", {PATH: incident(NOTE, title="黑屏 3")})
    repo.git("revert", "--no-edit", "HEAD~1")
    assert text(repo) == incident(NOTE)


def test_a_clash_of_one_field_leaves_markers_around_that_field_alone(repo: Repo) -> None:
    branches(repo, incident(ACK, "in_progress", "a"), incident(NOTE, title="b"))
    said = repo.git("merge", "topic", check=False)
    assert "CONFLICT" in said and unmerged(repo) == PATH + "\n"
    due = "<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> topic\n"
    here = text(repo).replace("<<<<<<< ours", "<<<<<<< HEAD").replace(">>>>>>> theirs", ">>>>>>> topic")
    assert here == incident(NOTE + ACK, "in_progress").replace("title: 黑屏\n", due)


def test_what_cannot_be_read_is_left_to_a_person_and_told(repo: Repo) -> None:
    """One side broke the front matter where Git merges without a word: it is a conflict all the same."""
    branches(repo, incident().replace("schema: incident/1", "schema: [incident/1"), incident(NOTE))
    done = subprocess.run(["git", "merge", "topic"], cwd=repo.root, capture_output=True)
    assert f"{PATH}: its fields could not be told apart, Git merged its lines" in done.stderr.decode()
    assert unmerged(repo) == PATH + "\n"
    assert NOTE in text(repo) and "schema: [incident/1" in text(repo)


def test_the_same_id_opened_on_two_branches(repo: Repo) -> None:
    path = "tickets/incidents/2026/03/INC-20260312-9XYZ.md"
    branches(repo, incident(ACK, "in_progress"), incident(NOTE), path)
    repo.git("merge", "-q", "topic", check=False)
    assert unmerged(repo) == ""
    assert text(repo, path) == incident(NOTE + ACK, "in_progress")


def test_renamed_on_one_side(repo: Repo) -> None:
    new = "tickets/incidents/2026/04/故障 单.md"
    repo.git("switch", "-qc", "topic")
    (repo.root / new).parent.mkdir(parents=True)
    repo.git("mv", PATH, new)
    repo.commit("move", {new: incident(NOTE, body="Text\n")})
    repo.git("switch", "-q", "main")
    repo.commit("ours", {PATH: incident(ACK, "in_progress")})
    repo.git("merge", "-q", "--no-edit", "topic")
    assert text(repo, new) == incident(NOTE + ACK, "in_progress")
    assert not (repo.root / PATH).exists()


def test_chinese_names_and_names_with_quotes(repo: Repo) -> None:
    path = "kb/customers/海港 'TV' $HOME.md"
    repo.commit("more", {path: incident()})
    branches(repo, incident(ACK, "in_progress"), incident(NOTE), path)
    repo.git("merge", "-q", "--no-edit", "topic")
    assert text(repo, path) == incident(NOTE + ACK, "in_progress")


def test_deleted_on_one_side_is_gits_affair(repo: Repo) -> None:
    repo.git("switch", "-qc", "topic")
    repo.git("rm", "-q", PATH)
    repo.commit("gone")
    repo.git("switch", "-q", "main")
    repo.commit("ours", {PATH: incident(ACK, "in_progress")})
    said = repo.git("merge", "topic", check=False)
    assert "CONFLICT (modify/delete)" in said
    assert text(repo) == incident(ACK, "in_progress")


def test_criss_cross_merges_have_an_ancestor_that_git_makes_itself(repo: Repo) -> None:
    branches(repo, incident(title="a"), incident(title="b"))
    ours, theirs = repo.git("rev-parse", "main", "topic").split()
    for branch, other, title in (("main", theirs, "c"), ("topic", ours, "d")):
        repo.git("switch", "-q", branch)
        repo.git("merge", "-q", other, check=False)
        repo.commit("settled", {PATH: incident(ACK if title == "c" else NOTE, title=title)})
    repo.git("merge", "-q", "main", check=False)
    assert unmerged(repo) == PATH + "\n"
    assert NOTE + ACK in text(repo)
    assert "title: d\n=======\ntitle: c\n" in text(repo)


@pytest.mark.parametrize(
    "line",
    [
        driver_line("/no/such/python", "start_merge.py"),
        driver_line(sys.executable, "/no/such/start_merge.py"),
        driver_line("false", ""),
        driver_line("sh", "-c"),
        driver_line("/bin/sh", str(Path(__file__).with_name("killed.sh"))),
    ],
    ids=["no python", "no program", "fails", "nonsense", "killed"],
)
def test_a_driver_that_fails_leaves_markers_and_both_sides(apart: Repo, line: str) -> None:
    apart.git("config", "merge.servicebook.driver", line)
    said = apart.git("merge", "topic", check=False)
    assert "CONFLICT" in said and unmerged(apart) == PATH + "\n"
    assert "<<<<<<< ours" in text(apart) and ACK in text(apart) and NOTE in text(apart)


@pytest.mark.parametrize("after", [0.002, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1])
def test_a_driver_that_is_killed_at_any_point_loses_no_side(apart: Repo, tmp_path: Path, after: float) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec timeout -s KILL {after} {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o755)
    apart.git("config", "merge.servicebook.driver", driver_line(str(python), str(start_path())))
    apart.git("merge", "-q", "--no-edit", "topic", check=False)
    assert ACK in text(apart) and NOTE in text(apart)
    assert (text(apart) == BOTH) == (unmerged(apart) == "")
    assert "<<<<<<< ours" in text(apart) or text(apart) == BOTH
    assert not [path for path in apart.root.iterdir() if path.name.startswith(".merge_file")]


def test_a_driver_that_cannot_write_leaves_markers(apart: Repo, tmp_path: Path) -> None:
    """Its temporary file is in the way: nothing of ours is overwritten, and Git's own merge steps in."""
    broken = tmp_path / "start.py"
    broken.write_text("import sys, os\nos.mkdir(sys.argv[2] + '.servicebook')\n" + start_text(), "utf-8")
    shutil.copy(start_path(), tmp_path / "start_merge.py")
    apart.git("config", "merge.servicebook.driver", driver_line(sys.executable, str(broken)))
    apart.git("merge", "topic", check=False)
    assert unmerged(apart) == PATH + "\n"
    assert "<<<<<<< ours" in text(apart) and ACK in text(apart) and NOTE in text(apart)


def start_path() -> Path:
    import servicebook.cli

    return Path(servicebook.cli.__file__).with_name("start_merge.py")


def start_text() -> str:
    return f"sys.path.insert(0, {str(start_path().parent)!r})\nfrom start_merge import begin\nbegin()\n"


def test_a_path_with_a_percent_sign_is_no_placeholder() -> None:
    assert "'/opt/100%% py/python'" in driver_line("/opt/100% py/python", "x")
