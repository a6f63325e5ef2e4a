"""Git's settings, its history files and what is left behind: each finding in a real repository."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.reports.doctor import clone_kind, git_settings, history, leftovers
from servicebook.reports.doctor.clone import Clone

from .conftest import Ask, Look, told

CHECKS = (
    git_settings.git_version, git_settings.untracked_cache, git_settings.index_version, git_settings.file_monitor,
    git_settings.preload_index, git_settings.line_ends, git_settings.quoted_names, git_settings.composed_names,
    git_settings.protected_names, history.commit_graph, history.tidiness, history.borrowed_objects, leftovers.locks,
    leftovers.half_written,
)  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_small_desk_with_gits_own_settings_is_fine(repo: Repo, ask: Ask, check: object) -> None:
    assert [answer.level for answer in ask(check)] == ["fine"]


@pytest.mark.parametrize(
    ("check", "key", "value", "level"),
    [
        (git_settings.preload_index, "core.preloadIndex", "false", "advice"),
        (git_settings.composed_names, "core.precomposeUnicode", "false", "advice"),
        (git_settings.protected_names, "core.protectNTFS", "false", "change"),
        (git_settings.protected_names, "core.protectHFS", "false", "change"),
        (history.commit_graph, "core.commitGraph", "false", "advice"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_setting_that_harms_is_named_with_the_command_that_mends_it(
    repo: Repo, ask: Ask, check: object, key: str, value: str, level: str
) -> None:
    repo.git("config", key, value)
    (answer,) = ask(check)
    assert answer.level == level
    assert answer.settings == ((key, "true"),)
    assert told([answer])[0].endswith(f"| git config {key} true")
    repo.git("config", *answer.settings[0])
    assert [answer.level for answer in ask(check)] == ["fine"]


def test_line_ends_are_settled_by_the_desk_or_by_git(repo: Repo, ask: Ask) -> None:
    repo.git("config", "core.autocrlf", "true")
    assert ask(git_settings.line_ends)[0].level == "fine"
    repo.write({".gitattributes": "*.md merge=servicebook\n"})
    (answer,) = ask(git_settings.line_ends)
    assert (answer.level, answer.settings) == ("advice", (("core.autocrlf", "input"),))


def test_chinese_names_are_shown_as_they_are(repo: Repo, ask: Ask) -> None:
    repo.commit("a name", {"kb/articles/重启.md": "---\n"})
    (answer,) = ask(git_settings.quoted_names)
    assert "kb/articles/重启.md" in told([answer])[0]
    repo.git("config", *answer.settings[0])
    assert "kb/articles/重启.md" in repo.git("ls-files")
    assert ask(git_settings.quoted_names)[0].level == "fine"


def test_a_file_monitor_that_this_git_has_not_is_named(repo: Repo, look: Look) -> None:
    repo.git("config", "core.fsmonitor", "true")
    has_one = "fsmonitor--daemon" in repo.git("version", "--build-options")
    (answer,) = git_settings.file_monitor(look())
    assert answer.level == ("fine" if has_one else "change")


@pytest.fixture
def large(repo: Repo) -> Repo:
    """A desk whose index names 20,000 files; that they are gone from the work tree is no matter here."""
    blob = repo.git("hash-object", "-w", "pyproject.toml").strip()
    listing = repo.root / "listing"
    listing.write_text("".join(f"100644 {blob}\tkb/articles/a{number}.md\n" for number in range(20_000)))
    os.system(f"git -C {repo.root} update-index --index-info < {listing}")
    return repo


def test_a_large_desk_is_told_what_makes_status_fast(large: Repo, ask: Ask) -> None:
    (answer,) = ask(git_settings.untracked_cache)
    assert (answer.level, answer.settings) == ("advice", (("core.untrackedCache", "true"),))
    large.git("config", *answer.settings[0])
    assert ask(git_settings.untracked_cache)[0].level == "fine"
    assert "version 2, 20003 files" in told(ask(git_settings.index_version))[0]


def test_a_large_sparse_desk_is_told_of_the_sparse_index(large: Repo, ask: Ask) -> None:
    large.git("commit", "-q", "--no-verify", "-m", "many")
    large.git("sparse-checkout", "set", "--cone", "kb/people")
    advice, state = ask(clone_kind.left_out_files)
    assert (advice.level, state.level) == ("advice", "fine")
    large.git(*advice.remedy.split(" ")[1:])
    assert [answer.level for answer in ask(clone_kind.left_out_files)] == ["fine"]


def test_a_long_history_is_told_of_changed_path_filters(repo: Repo, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MANY_COMMITS", 1)
    (answer,) = ask(history.commit_graph)
    assert answer.level == "advice"
    repo.git("commit-graph", "write", "--reachable")
    assert ask(history.commit_graph)[0].level == "advice"
    repo.git(*answer.remedy.split(" ")[1:])
    assert ask(history.commit_graph)[0].level == "fine"
    repo.git("commit-graph", "write", "--reachable", "--changed-paths", "--split=replace")
    assert ask(history.commit_graph)[0].level == "fine"


def test_disorder_among_objects_is_told(repo: Repo, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)  # ours says that maintenance is seen to
    repo.git("config", "gc.auto", "0")
    assert "gc.auto is 0" in told(ask(history.tidiness))[1]
    pack = repo.root / ".git" / "objects" / "pack"
    (pack / "pack-half.idx").write_bytes(b"")
    assert told(ask(history.tidiness))[0].startswith("advice: a crash left 1 half-written")
    monkeypatch.setattr(history, "_LOOSE_AT_MOST", 1)
    assert told(ask(history.tidiness))[0].endswith("| git gc")


def test_borrowed_objects_are_told(repo: Repo, ask: Ask, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--shared", str(repo.root), str(tmp_path / "borrower"))
    (answer,) = ask(history.borrowed_objects, tmp_path / "borrower")
    assert answer.level == "advice"
    Repo(tmp_path / "borrower").git(*answer.remedy.split(" ")[1:])


def test_a_lock_is_forgotten_only_when_it_is_old(repo: Repo, ask: Ask) -> None:
    lock = repo.root / ".git" / "index.lock"
    lock.write_bytes(b"")
    assert ask(leftovers.locks)[0].level == "fine"
    later = datetime.now().astimezone() + timedelta(minutes=3)
    assert told(ask(leftovers.locks, now=later.isoformat()))[0].endswith(f"| rm {lock}")


def test_a_temporary_file_is_left_over_only_when_its_writer_is_gone(repo: Repo, ask: Ask) -> None:
    child = os.spawnlp(os.P_WAIT, "true", "true") or os.posix_spawnp("true", ["true"], os.environ)
    os.waitpid(child, 0)
    repo.write({f"kb/people/li.wei.md.{os.getpid()}.tmp": "half", f"kb/people/wang.fang.md.{child}.tmp": "half"})
    assert told(ask(leftovers.half_written)) == [
        f"advice: a crash left kb/people/wang.fang.md.{child}.tmp; the record beside it is whole"
        f" | rm kb/people/wang.fang.md.{child}.tmp"
    ]


def test_an_old_git_is_named(repo: Repo, look: Look) -> None:
    clone = look()
    clone.git_version = (2, 25, 1)
    assert isinstance(clone, Clone)
    assert (
        told(list(git_settings.git_version(clone)))[0]
        == "change: Git is 2.25.1; 2.30 was due | install Git 2.30 or later"
    )
