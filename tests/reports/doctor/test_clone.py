"""Kinds of clones, hooks, index and file names: each finding in a real repository."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.errors import NotADeskError
from servicebook.reports.doctor import clone_kind, hooks, index, names
from servicebook.rules.opening import open_desk
from servicebook.store.sums import sum_of

from .conftest import HOOK, Ask, Look, told

START = str(Path(clone_kind.__file__).parents[2] / "cli" / "start_hook.py")


def clone_of(repo: Repo, folder: Path, *options: str) -> Path:
    repo.git("clone", "--quiet", *options, f"file://{repo.root}", str(folder))
    return folder


# --- what kind of clone


def test_kinds_of_clone_are_told(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    for check in (clone_kind.history_depth, clone_kind.missing_blobs, clone_kind.left_out_files, clone_kind.neighbours):
        assert [answer.level for answer in ask(check)] == ["fine"]
    repo.commit("second")
    repo.git("config", "uploadpack.allowFilter", "true")
    shallow = clone_of(repo, tmp_path / "shallow", "--depth=1")
    assert told(ask(clone_kind.history_depth, shallow))[0].endswith("| git fetch --unshallow")
    partial = clone_of(repo, tmp_path / "partial", "--filter=blob:none")
    assert "a partial clone: what is missing comes from origin" in told(ask(clone_kind.missing_blobs, partial))[0]
    bare = clone_of(repo, tmp_path / "bare.git", "--bare")
    assert "a bare repository" in told(ask(clone_kind.left_out_files, bare))[0]


def test_a_git_that_overlooks_files_in_a_sparse_work_tree_is_told(repo: Repo, look: Look) -> None:
    repo.git("sparse-checkout", "set", "--cone", "tickets")
    clone = look()
    clone.git_version = (2, 34, 1)
    assert told(list(clone_kind.left_out_files(clone)))[0].endswith("| install Git 2.36 or later")


def test_sparse_work_trees_are_told(repo: Repo, ask: Ask) -> None:
    repo.git("sparse-checkout", "set", "--cone", "tickets")
    assert told(ask(clone_kind.left_out_files))[0].startswith("fine: a sparse work tree;")
    repo.git("sparse-checkout", "set", "--no-cone", "/tickets/*")
    assert ask(clone_kind.left_out_files)[0].level == "advice"


def test_linked_work_trees_are_told_also_when_they_are_gone(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    assert told(ask(clone_kind.neighbours))[0].startswith("fine: 2 work trees")
    shutil.rmtree(tmp_path / "side")
    assert told(ask(clone_kind.neighbours))[0].endswith("| git worktree prune")


def test_a_submodule_is_told(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    above = Repo(tmp_path / "above")
    above.root.mkdir()
    above.git("init", "-q")
    above.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.root), "desk")
    assert told(ask(clone_kind.neighbours, above.root / "desk")) == [
        f"fine: the desk is a submodule of {above.root} | "
    ]


def test_what_is_under_way_is_told(repo: Repo, ask: Ask) -> None:
    assert ask(clone_kind.under_way)[0].level == "fine"
    repo.git("switch", "-q", "-c", "side")
    repo.commit("side", {"kb/a.md": "side\n"})
    repo.git("switch", "-q", "main")
    repo.commit("main", {"kb/a.md": "main\n"})
    repo.git("merge", "side", check=False)
    assert told(ask(clone_kind.under_way))[0].startswith("advice: a merge is not finished")
    repo.git("merge", "--abort")
    repo.git("switch", "-q", "--detach")
    assert told(ask(clone_kind.under_way))[0].startswith("advice: HEAD is detached")


def test_what_is_no_desk_is_not_examined(look: Look, tmp_path: Path) -> None:
    with pytest.raises(NotADeskError):
        look(tmp_path)
    Repo(tmp_path).git("init", "-q")
    with pytest.raises(NotADeskError, match="holds no desk"):
        look(tmp_path)


# --- hooks and merging


def connect(repo: Repo, python: str = sys.executable, start: str = START) -> None:
    repo.write({"hooks/pre-commit": HOOK})
    (repo.root / "hooks" / "pre-commit").chmod(0o755)
    for key, value in (("core.hooksPath", "hooks"), ("servicebook.python", python), ("servicebook.start", start)):
        repo.git("config", key, value)


def test_a_connected_clone_is_fine(repo: Repo, ask: Ask) -> None:
    connect(repo)
    for check in (hooks.hooks_connected, hooks.hooks_python, hooks.hook_files):
        assert [answer.level for answer in ask(check)] == ["fine"], check


def test_a_clone_that_nobody_connected_is_told(repo: Repo, ask: Ask) -> None:
    assert told(ask(hooks.hooks_connected)) == ["change: no hook checks commits here | servicebook install"]
    assert ask(hooks.hooks_python) == [] == ask(hooks.hook_files)


def test_a_server_without_its_hook_is_told(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    bare = clone_of(repo, tmp_path / "bare.git", "--bare")
    assert told(ask(hooks.hooks_connected, bare))[0].endswith("| servicebook install --server")
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexec servicebook hook pre-receive\n")
    hook.chmod(0o755)
    assert ask(hooks.hooks_connected)[0].level == "fine"


def test_a_hook_that_may_not_be_run_is_told(repo: Repo, ask: Ask) -> None:
    connect(repo)
    (repo.root / "hooks" / "pre-commit").chmod(0o644)
    assert told(ask(hooks.hooks_connected))[0].endswith(f"| chmod +x {repo.root}/hooks/pre-commit")


@pytest.mark.parametrize("framework", ["pre-commit", "prek"])
def test_rivals_are_fine_when_they_call_us(repo: Repo, ask: Ask, framework: str) -> None:
    config = "repos:\n- repo: local\n  hooks:\n  - {id: x, name: x, entry: 'true', language: system}\n"
    repo.write({".pre-commit-config.yaml": config})
    subprocess.run([Path(sys.executable).parent / framework, "install"], check=True, capture_output=True)
    (answer,) = ask(hooks.hooks_connected)
    assert answer.level == "change" and "framework" in answer.says
    repo.write({".pre-commit-config.yaml": config.replace("id: x", "id: servicebook-check")})
    assert ask(hooks.hooks_connected)[0].level == "fine"
    assert ask(hooks.merge_driver)[0].remedy == "servicebook install --driver"


def test_husky_is_fine_when_it_calls_us(repo: Repo, ask: Ask) -> None:
    repo.write({".husky/pre-commit": "npx lint-staged\n"})
    repo.git("config", "core.hooksPath", ".husky")
    (answer,) = ask(hooks.hooks_connected)
    assert answer.level == "change" and ".husky/pre-commit" in told([answer])[0]
    repo.write({".husky/pre-commit": "npx lint-staged\nservicebook hook pre-commit\n"})
    (repo.root / ".husky" / "pre-commit").chmod(0o755)
    assert ask(hooks.hooks_connected)[0].level == "fine"


def test_a_python_or_program_that_is_gone_or_of_another_version_is_told(repo: Repo, ask: Ask) -> None:
    connect(repo, python="/nowhere/bin/python")
    assert (
        told(ask(hooks.hooks_python))[0]
        == "change: the hooks' Python is gone: /nowhere/bin/python | servicebook install"
    )
    connect(repo, start="/nowhere/servicebook/cli/start_hook.py")
    assert told(ask(hooks.hooks_python))[0].startswith("change: the hooks' program is gone")
    connect(repo)
    assert "this is 99.0" in told(ask(hooks.hooks_python, version="99.0"))[0]
    repo.write({".git/servicebook/hook": f"python='/gone too/python'\nstart={START}\n"})
    assert "/gone too/python" in told(ask(hooks.hooks_python))[0], "the hook reads this file first"


def test_hook_files_of_another_text_or_missing_are_told(repo: Repo, ask: Ask) -> None:
    connect(repo)
    repo.write({"hooks/pre-commit": HOOK + "echo mine\n"})
    assert told(ask(hooks.hook_files))[0].startswith("advice: hooks/ has pre-commit in words of your own")
    (repo.root / "hooks" / "pre-commit").unlink()
    assert told(ask(hooks.hook_files)) == ["advice: hooks/ lacks pre-commit | servicebook install"]


def test_the_merge_driver_is_looked_for_at_both_ends(repo: Repo, ask: Ask) -> None:
    assert told(ask(hooks.merge_driver))[0].endswith("not set up | servicebook install")
    repo.git("config", "merge.servicebook.driver", f"'{sys.executable}' -m x %O %A %B")
    assert ask(hooks.merge_driver)[0].level == "fine"
    repo.write({".gitattributes": "*.md text eol=lf\n"})
    (answer,) = ask(hooks.merge_driver)
    assert answer.level == "advice"
    os.system(answer.remedy)
    assert ask(hooks.merge_driver)[0].level == "fine"
    for driver in ("/nowhere/python -m x %O %A %B", f"{sys.executable} -I /nowhere/start_merge.py %O %A %B; exit 1"):
        repo.git("config", "merge.servicebook.driver", driver)
        assert ask(hooks.merge_driver)[0].level == "change"


# --- the index


def test_the_index_is_looked_at_and_never_made(repo: Repo, ask: Ask) -> None:
    folder = repo.root / ".git" / "servicebook"
    assert told(ask(index.index_state))[0].endswith("| servicebook check")
    assert not folder.exists()
    open_desk().close()
    assert [answer.level for answer in ask(index.index_state)] == ["fine"]


def test_a_damaged_an_old_and_an_orphaned_index_are_told(repo: Repo, ask: Ask) -> None:
    open_desk().close()
    anchor = repo.root / ".git" / "servicebook" / "anchor.sqlite"
    with sqlite3.connect(anchor) as db:
        gone = "1" * 40
        db.execute("UPDATE meta SET value = ?, sum = ? WHERE name = 'tree'", (gone, sum_of("tree", gone)))
    db.close()
    assert told(ask(index.index_state))[0].startswith("advice: the tree that the index describes is gone")
    with sqlite3.connect(anchor) as db:
        db.execute("UPDATE meta SET value = 'old' WHERE name = 'version'")
    db.close()
    assert told(ask(index.index_state)) == ["advice: the index is of another version | servicebook check"]
    anchor.write_bytes(b"no database at all, but longer than a header of one hundred bytes" * 20)
    assert told(ask(index.index_state))[0].startswith("advice: the index is damaged (file is not a database)")


def test_the_index_is_read_through_row_by_row(repo: Repo, ask: Ask) -> None:
    """Whole pages with rows that nobody wrote so: SQLite has nothing against them."""
    open_desk().close()
    folder = repo.root / ".git" / "servicebook"
    os.utime(folder / "verdicts.sqlite", ns=(1, 1))
    (answer,) = ask(index.index_state)
    assert told([answer])[0].startswith("fine: something else wrote into the index; it is whole")
    for name, change in (("verdicts", "UPDATE verdict SET title = 'x'"), ("anchor", "UPDATE file SET mode = 'x'")):
        kept = (folder / f"{name}.sqlite").read_bytes()
        with sqlite3.connect(folder / f"{name}.sqlite") as db:
            db.execute(change)
        db.close()
        (answer,) = ask(index.index_state)
        assert told([answer])[0].startswith("advice: the index is damaged (what is kept of "), name
        assert f"servicebook/{name}.sqlite && servicebook check" in told([answer])[0]
        (folder / f"{name}.sqlite").write_bytes(kept)


# --- file names


def test_names_that_other_machines_cannot_hold_are_told(repo: Repo, ask: Ask) -> None:
    for check in (names.clashes, names.unfit, names.length):
        assert [answer.level for answer in ask(check)] == ["fine"]
    long = "kb/articles/" + "long-" * 40 + ".md"
    odd = ("kb/articles/Restart.md", "kb/articles/restart.md", "kb/articles/cafe\u0301.md", "kb/notes ./a.md",
           "kb/articles/aux.md", long)  # fmt: skip
    repo.commit("names", dict.fromkeys(odd, "x\n"))
    clash = "`kb/articles/restart.md` and `kb/articles/Restart.md` are one file on macOS and Windows"
    assert clash in told(ask(names.clashes))[0]
    assert {answer.params["path"] for answer in ask(names.unfit)} == {*odd[2:5]}
    assert {answer.params["path"] for answer in ask(names.length)} == {long}
