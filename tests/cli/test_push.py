"""`--push`: what one clone writes is with the others, whatever they push meanwhile, or it is kept and said why."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import INCIDENT, PATH, Call
from tests.conftest import Repo

COMMAND = [sys.executable, "-m", "servicebook"]
SECOND = INCIDENT.replace("7F3K", "8G4M")
Clone = Callable[[str], Repo]


@pytest.fixture
def server(desk: Repo, tmp_path: Path) -> Repo:
    """A bare repository that holds the desk, with a second ticket in it."""
    text = (desk.root / PATH).read_text("utf-8")
    desk.commit("A second ticket", {PATH.replace(INCIDENT, SECOND): text.replace(INCIDENT, SECOND)})
    desk.git("clone", "--quiet", "--bare", ".", str(tmp_path / "server.git"))
    return Repo(tmp_path / "server.git")


@pytest.fixture
def clone(server: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """Return a maker of clones; the last one made is where commands are called."""

    def make(name: str) -> Repo:
        server.git("clone", "--quiet", ".", str(tmp_path / name))
        monkeypatch.chdir(tmp_path / name)
        return Repo(tmp_path / name)

    return make


def subjects(repo: Repo) -> list[str]:
    return repo.git("log", "--format=%s", "main").splitlines()


def commit_elsewhere(clone: Clone, files: dict[str, str]) -> Repo:
    """Let somebody else commit and push files."""
    other = clone("other")
    other.commit("by somebody else", files)
    other.git("push", "--quiet")
    return other


def is_at_rest(repo: Repo) -> bool:
    """Whether no merge, no lock and no temporary file is left in a clone."""
    left = [path for path in repo.root.rglob("*") if path.suffix in (".lock", ".tmp") and path.name != "write.lock"]
    return not left and not (repo.root / ".git" / "MERGE_HEAD").exists()


def test_push_commits_just_this_file_and_brings_it_over(clone: Clone, server: Repo, call: Call) -> None:
    mine = clone("mine")
    (mine.root / "README.md").write_text("not mine to commit\n")
    answer = call("note", "7F3K", "pushed", "--push")
    assert answer.code == 0, answer.err
    assert answer.err == ""
    assert answer.out.endswith("\n\npushed to origin/main\n")
    assert subjects(server)[0] == f"{INCIDENT} note: Example service answers slowly"
    assert server.git("show", "--name-only", "--format=", "main").split() == [PATH]
    assert mine.git("status", "--porcelain", "--branch").splitlines() == ["## main...origin/main", " M README.md"]


def test_settings_make_push_the_default(clone: Clone, server: Repo, call: Call) -> None:
    mine = clone("mine")
    settings = mine.root / "pyproject.toml"
    settings.write_text(settings.read_text().replace("push = false", "push = true"))
    assert call("note", "7F3K", "by settings").code == 0
    pushed = server.git("rev-parse", "main")
    assert call("note", "7F3K", "committed", "--commit").code == 0
    assert call("note", "7F3K", "written", "--no-commit").code == 0
    assert server.git("rev-parse", "main") == pushed
    assert mine.git("rev-list", "--count", "origin/main..main").strip() == "1"
    answer = call("note", "7F3K", "x", "--no-commit", "--push")
    assert answer.code == 2
    assert "--no-commit" in answer.err


def test_what_others_pushed_is_merged_and_local_edits_stay(clone: Clone, server: Repo, call: Call) -> None:
    commit_elsewhere(clone, {"kb/guide.md": "# Theirs\n"})
    mine = clone("mine")
    commit_elsewhere_again = Repo(mine.root.parent / "other")
    commit_elsewhere_again.commit("more", {"kb/more.md": "# More\n"})
    commit_elsewhere_again.git("push", "--quiet")
    (mine.root / "README.md").write_text("my own, unfinished\n")
    (mine.root / "new.txt").write_text("staged\n")
    mine.git("add", "new.txt")
    answer = call("note", "7F3K", "merged", "--push")
    assert answer.code == 0, answer.err
    assert subjects(server)[0] == "Merge origin/main"
    assert server.git("rev-parse", "main") == mine.git("rev-parse", "main")
    assert (mine.root / "kb/more.md").read_text() == "# More\n"
    assert (mine.root / "README.md").read_text() == "my own, unfinished\n"
    assert mine.git("status", "--porcelain").splitlines() == [" M README.md", "A  new.txt"]
    assert is_at_rest(mine)


def test_a_merge_never_overwrites_what_is_not_committed(clone: Clone, server: Repo, call: Call) -> None:
    mine = clone("mine")
    commit_elsewhere(clone, {"README.md": "theirs\n"})
    os.chdir(mine.root)
    (mine.root / "README.md").write_text("my own, unfinished\n")
    answer = call("note", "7F3K", "pushed all the same", "--push")
    assert answer.code == 0
    assert "README.md" in answer.err
    assert "git pull" in answer.err
    assert (mine.root / "README.md").read_text() == "my own, unfinished\n"
    assert "pushed all the same" in server.git("show", f"main:{PATH}")
    assert server.git("show", "main:README.md") == "theirs\n"


def test_what_a_killed_merge_left_on_disk_is_taken_for_what_it_is(clone: Clone, server: Repo, call: Call) -> None:
    """Files moved on, index and HEAD not: neither somebody's edits nor in the way of the next merge."""
    mine = clone("mine")
    (mine.root / "old.md").write_text("old\n")
    mine.git("add", "old.md")
    mine.commit("Old")
    mine.git("push", "--quiet")
    other = commit_elsewhere(clone, {"README.md": "theirs\n", "kb/theirs.md": "new\n"})
    other.git("rm", "--quiet", "old.md")
    other.commit("No old")
    other.git("push", "--quiet")
    os.chdir(mine.root)
    mine.write({"README.md": "theirs\n", "kb/theirs.md": "new\n"})
    (mine.root / "old.md").unlink()
    answer = call("note", "7F3K", "after a kill", "--push")
    assert answer.code == 0, answer.err
    assert answer.err == ""
    assert mine.git("status", "--porcelain") == ""
    assert server.git("rev-parse", "main") == mine.git("rev-parse", "main")


def test_a_conflict_leaves_branch_and_work_tree_as_they_were(clone: Clone, server: Repo, call: Call) -> None:
    mine = clone("mine")
    (mine.root / "README.md").write_text("mine\n")
    mine.git("commit", "--quiet", "-am", "mine")
    commit_elsewhere(clone, {"README.md": "theirs\n"})
    os.chdir(mine.root)
    answer = call("note", "7F3K", "kept", "--push")
    assert answer.code == 1
    assert "README.md" in answer.err
    assert "the commit is kept" in answer.err
    assert "servicebook merge origin/main" in answer.err
    assert subjects(mine)[0].startswith(INCIDENT)
    assert (mine.root / "README.md").read_text() == "mine\n"
    assert mine.git("status", "--porcelain") == ""
    assert is_at_rest(mine)
    assert subjects(server)[0] == "by somebody else"


def test_one_ticket_in_two_clones_keeps_both_events(clone: Clone, server: Repo, call: Call) -> None:
    """The merge driver does it, though nobody ran `servicebook install` here."""
    mine, other = clone("mine"), clone("other")
    assert call("note", "7F3K", "theirs", "--push").code == 0
    assert call("resume", "8G4M", "--by", "wang.fang").code == 1
    os.chdir(mine.root)
    answer = call("pause", "7F3K", "--reason", "waiting_customer", "--note", "mine", "--push")
    assert answer.code == 0
    assert "pushed to origin/main, merged with what others pushed" in answer.out
    assert answer.out.endswith(f"others wrote to it too, it is on hold now: servicebook show {INCIDENT}\n")
    text = server.git("show", f"main:{PATH}")
    assert [text.count(f"note: {word}}}") for word in ("mine", "theirs")] == [1, 1]
    assert "status: on_hold" in text
    assert mine.git("status", "--porcelain") == ""
    os.chdir(other.root)
    assert call("resume", "7F3K", "--push").code == 1, "this clone does not know of the pause yet"


def test_the_closing_block_that_a_merge_takes_out_is_written_again(clone: Clone, server: Repo, call: Call) -> None:
    mine, other = clone("mine"), clone("other")
    solved = ["--code", "fixed", "--cause", "software", "--method", "restarted", "--human-caused", "no"]
    solved += ["--set", "problem_review.result=not_needed", "--set", "problem_review.reason=known cause"]
    assert call("resolve", "7F3K", *solved, "--push").code == 0
    os.chdir(mine.root)
    mine.git("pull", "--quiet")
    assert call("note", "7F3K", "the customer agrees", "--commit").code == 0
    os.chdir(other.root)
    assert call("close", "7F3K", "--push").code == 0
    os.chdir(mine.root)
    answer = call("note", "8G4M", "x", "--push")
    assert answer.code == 0, answer.err
    text = server.git("show", f"main:{PATH}")
    assert "the customer agrees" in text
    assert "status: closed" in text
    assert "outcome: met" in text
    assert mine.git("status", "--porcelain") == ""
    assert call("check").code == 0


def test_two_sides_that_are_whole_but_not_together(clone: Clone, server: Repo, call: Call) -> None:
    """One links an article while the other takes it away: neither hook could see it."""
    mine = clone("mine")
    other = clone("other")
    article = "kb/articles/loose.md"
    text = (mine.root / "kb/articles/first-steps.md").read_text("utf-8").replace("first-steps", "loose")
    other.commit("An article", {article: text})
    other.git("push", "--quiet")
    mine.git("pull", "--quiet")
    other.git("rm", "--quiet", article)
    other.commit("No article")
    other.git("push", "--quiet")
    os.chdir(mine.root)
    assert call("link", "8G4M", "loose", "--commit").code == 0
    answer = call("note", "7F3K", "x", "--push")
    assert answer.code == 1
    assert "`loose`" in answer.err
    assert "git pull" in answer.err
    assert subjects(server)[0] == "No article"
    assert is_at_rest(mine)


def test_the_server_says_no(clone: Clone, server: Repo, call: Call) -> None:
    hook = server.root / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'the desk is closed for today' >&2; echo '   ^^^' \nexit 1\n")
    hook.chmod(0o755)
    mine = clone("mine")
    answer = call("note", "7F3K", "refused", "--push")
    assert answer.code == 1
    assert "\nthe desk is closed for today\n   ^^^\n" in answer.err
    assert "the commit is kept" in answer.err
    assert mine.git("rev-list", "--count", "origin/main..main").strip() == "1"
    hook.unlink()
    assert call("note", "8G4M", "later", "--push").code == 0
    assert mine.git("rev-list", "--count", "origin/main..main").strip() == "0"


def test_no_upstream_no_branch_no_remote_no_server(clone: Clone, server: Repo, desk: Repo, call: Call) -> None:
    mine = clone("mine")
    mine.git("switch", "--quiet", "--create", "trial")
    answer = call("note", "7F3K", "no upstream", "--push")
    assert answer.code == 2
    assert "git push --set-upstream origin trial" in answer.err
    mine.git("switch", "--quiet", "--detach")
    assert "on no branch" in call("note", "7F3K", "detached", "--push").err
    mine.git("switch", "--quiet", "main")
    server.root.rename(server.root.with_name("away.git"))
    answer = call("note", "7F3K", "offline", "--push")
    assert answer.code == 2
    assert "the commit is kept" in answer.err
    assert "server.git" in answer.err
    assert "git push" in answer.err
    assert "offline" in mine.git("show", f"main:{PATH}")
    os.chdir(desk.root)
    assert "git remote add origin" in call("note", "7F3K", "alone", "--push").err


def test_the_first_push_to_an_empty_server(desk: Repo, tmp_path: Path, call: Call) -> None:
    desk.git("init", "--quiet", "--bare", str(tmp_path / "empty.git"))
    desk.git("remote", "add", "origin", str(tmp_path / "empty.git"))
    desk.git("config", "branch.main.remote", "origin")
    desk.git("config", "branch.main.merge", "refs/heads/main")
    answer = call("note", "7F3K", "first", "--push")
    assert answer.code == 0, answer.err
    assert Repo(tmp_path / "empty.git").git("rev-parse", "main") == desk.git("rev-parse", "main")


def test_a_merge_that_somebody_began_is_left_to_them(clone: Clone, server: Repo, call: Call) -> None:
    mine = clone("mine")
    commit_elsewhere(clone, {"kb/theirs.md": "# Theirs\n"})
    os.chdir(mine.root)
    mine.commit("mine", {"kb/mine.md": "# Mine\n"})
    mine.git("fetch", "--quiet")
    mine.git("merge", "--quiet", "--no-commit", "origin/main")
    answer = call("note", "7F3K", "in between", "--push")
    assert answer.code == 1
    assert "a merge is not finished here" in answer.err
    mine.git("commit", "--quiet", "--no-edit")
    assert mine.git("status", "--porcelain") == ""
    assert "in between" in mine.git("show", f"HEAD:{PATH}")
    assert call("note", "7F3K", "afterwards", "--push").code == 0
    assert server.git("rev-parse", "main") == mine.git("rev-parse", "main")


def test_an_index_lock_that_a_killed_git_left(clone: Clone, call: Call) -> None:
    mine = clone("mine")
    (mine.root / ".git" / "index.lock").write_text("")
    answer = call("note", "7F3K", "locked out", "--push")
    assert answer.code == 1
    assert "rm " in answer.err
    assert "index.lock" in answer.err
    assert (mine.root / PATH).read_text("utf-8").count("locked out") == 1


@pytest.mark.slow
def test_two_processes_of_one_clone_do_not_meet(clone: Clone, server: Repo) -> None:
    mine = clone("mine")
    both = [
        subprocess.Popen([*COMMAND, "note", id, f"{id} {n}", "--push"], cwd=mine.root, stdout=subprocess.DEVNULL)
        for n in range(3)
        for id in (INCIDENT, SECOND)
    ]
    assert [process.wait(120) for process in both] == [0] * 6
    for id in (INCIDENT, SECOND):
        text = server.git("show", f"main:{PATH.replace(INCIDENT, id)}")
        assert [text.count(f"note: {id} {n}") for n in range(3)] == [1] * 3
    assert mine.git("status", "--porcelain") == ""
    assert server.git("rev-parse", "main") == mine.git("rev-parse", "main")


def test_what_is_committed_here_during_the_push_goes_along(
    clone: Clone, server: Repo, call: Call, tmp_path: Path
) -> None:
    """While the server takes a merge, another process of the clone commits: both are pushed, nothing stays behind."""
    mine = clone("mine")
    commit_elsewhere(clone, {"kb/guide.md": "# Theirs\n"})
    os.chdir(mine.root)
    hook = server.root / "hooks" / "pre-receive"
    hook.write_text(
        f"""#!/bin/sh
test -e {tmp_path}/once && exit 0
touch {tmp_path}/once
unset $(git rev-parse --local-env-vars) GIT_QUARANTINE_PATH
cd {mine.root} && {sys.executable} -m servicebook note {SECOND} meanwhile --commit
"""
    )
    hook.chmod(0o755)
    answer = call("note", "7F3K", "pushed", "--push")
    assert answer.code == 0, answer.err
    assert "stay as they are" not in answer.err
    assert "note: pushed" in server.git("show", f"main:{PATH}")
    assert "note: meanwhile" in server.git("show", f"main:{PATH.replace(INCIDENT, SECOND)}")
    assert server.git("rev-parse", "main") == mine.git("rev-parse", "main")
    assert mine.git("status", "--porcelain") == "" and is_at_rest(mine)


def test_a_lock_that_a_killed_git_left_on_the_server_is_named(
    clone: Clone, server: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no race: nobody else is faster, and it does not go away by itself."""
    monkeypatch.setattr("servicebook.store.landing.PATIENCE", 0.5)
    mine = clone("mine")
    lock = server.root / "HEAD.lock"
    lock.touch()
    answer = call("note", "7F3K", "kept", "--push")
    assert answer.code == 2
    assert "a lock of Git's stays on origin/main" in answer.err and "HEAD.lock" in answer.err
    assert "somebody else" not in answer.err
    lock.unlink()
    assert call("note", "7F3K", "both", "--push").code == 0
    assert len(subjects(server)) == len(subjects(mine))


def test_a_rebase_in_progress_is_named(clone: Clone, call: Call) -> None:
    """A commit made there goes along when the rebase goes on, and is lost when it is given up."""
    mine = clone("mine")
    mine.git("switch", "--quiet", "--create", "topic")
    mine.commit("theirs", {"README.md": "theirs\n"})
    mine.git("switch", "--quiet", "main")
    mine.commit("ours", {"README.md": "ours\n"})
    mine.git("switch", "--quiet", "topic")
    mine.git("rebase", "main", check=False)
    answer = call("note", "7F3K", "in between", "--push")
    assert answer.code == 2
    assert "a rebase is not finished here" in answer.err and "git rebase --continue" in answer.err
    assert "git switch" not in answer.err
