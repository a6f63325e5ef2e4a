"""Shallow and partial clones: checked as they are, in one call to the server, and what they cannot tell is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bench.generator import write_desk
from tests.conftest import GIT_ENVIRONMENT, Repo

from servicebook.cli.main import main
from servicebook.errors import CannotDecideError
from servicebook.rules.check import check_desk
from servicebook.rules.opening import open_desk
from servicebook.store.partial_clone import fetch_missing, is_partial

NOW = "2026-11-20T09:00:00+08:00"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A bare repository with a desk and three commits, which gives contents to partial clones."""
    folder = tmp_path_factory.mktemp("server")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in GIT_ENVIRONMENT.items():
            patch.setenv(name, value)
        write_desk(folder / "desk", 60)
        desk = Repo(folder / "desk")
        for number in range(2):
            desk.commit(f"notes {number}", {f"kb/notes-{number}.md": "# Notes\n"})
        desk.git("clone", "--quiet", "--bare", str(desk.root), str(folder / "desk.git"))
        bare = Repo(folder / "desk.git")
        bare.git("config", "uploadpack.allowFilter", "true")
    return bare


@pytest.fixture
def clone(server: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Repo]:
    """Return a maker of clones: `clone("--depth=1")`; the current folder is then the clone."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)

    def make(*options: str) -> Repo:
        repo = Repo(tmp_path / "clone")
        server.git("clone", "--quiet", *options, f"file://{server.root}", str(repo.root))
        monkeypatch.chdir(repo.root)
        return repo

    return make


# --- shallow


def test_a_shallow_clone_is_checked_as_a_full_one(
    clone: Callable[..., Repo], capfd: pytest.CaptureFixture[str]
) -> None:
    clone("--depth=1")
    assert main(["check"]) == 0
    assert "169 records in order" in capfd.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("--history",),
        ("--range", "HEAD~1..HEAD"),
        ("--range", "0000000000000000000000000000000000000000..HEAD"),
    ],
)
def test_what_needs_more_history_than_there_is_ends_with_four_and_the_command_that_brings_it(
    clone: Callable[..., Repo], capfd: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    repo = clone("--depth=1")
    assert main(["check", *words]) == 4
    assert "hint: git fetch --unshallow\n" in capfd.readouterr().err
    repo.git("fetch", "--quiet", "--unshallow")
    assert main(["check", *words]) in (0, 1)


def test_a_range_within_the_depth_is_judged_and_one_across_its_end_is_not(clone: Callable[..., Repo]) -> None:
    repo = clone("--depth=2")
    assert main(["check", "--range", "HEAD~1..HEAD"]) == 0
    # The base is here, but what lies between it and the tip was cut off: no commit of it may pass for the first.
    base = repo.git("ls-remote", "origin", "HEAD").split()[0]
    repo.git("commit", "--quiet", "--allow-empty", "-m", "of our own", GIT_AUTHOR_DATE=NOW)
    repo.git("fetch", "--quiet", "--depth=1", "origin", "main")
    assert repo.git("rev-parse", "FETCH_HEAD").strip() == base
    repo.git("checkout", "--quiet", "--orphan", "elsewhere")
    repo.git("commit", "--quiet", "-m", "elsewhere")
    assert main(["check", "--range", "elsewhere..main"]) == 4


# --- partial


def fetches_in(trace: Path) -> int:
    """Return how many calls to the server a trace shows."""
    return sum("built-in: git fetch " in line for line in trace.read_text("utf-8").splitlines())


def test_what_a_partial_clone_lacks_is_brought_in_one_call(
    clone: Callable[..., Repo], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = clone("--filter=blob:none", "--no-checkout")
    repo.git("sparse-checkout", "set", "--cone", "none")
    repo.git("checkout", "--quiet", "main")
    assert len(repo.git("rev-list", "--objects", "--missing=print", "HEAD").split("\n?")) > 170
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    desk = open_desk()
    assert sum(1 for _ in desk.record_paths()) == 169
    assert check_desk(desk, desk.settings.as_of) == []
    desk.close()
    assert fetches_in(tmp_path / "trace") == 1
    assert main(["grep", "直播"]) == 0
    assert main(["check"]) == 0
    assert fetches_in(tmp_path / "trace") == 1, "what is here is not asked for again"


def test_old_states_are_brought_in_one_call_too(
    clone: Callable[..., Repo], server: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = clone("--filter=blob:none")
    old = repo.git("rev-list", "--max-parents=0", "HEAD").strip()
    repo.git("rm", "-rq", "tickets", "kb/services")
    repo.git("commit", "--quiet", "-m", "all gone")
    repo.git("push", "--quiet", "origin", "HEAD:refs/heads/emptied")
    fresh = clone_beside(repo, server, tmp_path)
    monkeypatch.chdir(fresh.root)
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    assert main(["check", "--rev", old]) == 0
    assert fetches_in(tmp_path / "trace") == 1
    assert main(["grep", "--rev", old, "直播"]) == 0
    assert fetches_in(tmp_path / "trace") == 1


def clone_beside(repo: Repo, server: Repo, folder: Path) -> Repo:
    options = ("--quiet", "--filter=blob:none", "--branch", "emptied")
    repo.git("clone", *options, f"file://{server.root}", str(folder / "fresh"))
    return Repo(folder / "fresh")


def test_a_server_out_of_reach_is_said_plainly(
    clone: Callable[..., Repo], server: Repo, capfd: pytest.CaptureFixture[str]
) -> None:
    repo = clone("--filter=blob:none", "--no-checkout")
    repo.git("sparse-checkout", "set", "--cone", "none")
    repo.git("checkout", "--quiet", "main")
    repo.git("remote", "set-url", "origin", "file:///nowhere/desk.git")
    for words in (["check"], ["list", "incident"], ["grep", "x"]):
        assert main(words) == 4, words
        said = capfd.readouterr().err
        assert "files of this partial clone are not here, and origin does not give them" in said
        assert "'/nowhere/desk.git' does not appear to be a git repository" in said
        assert len(said.splitlines()) < 8, said


def test_the_hook_of_a_partial_clone_needs_its_server_only_for_what_it_does_not_know(
    clone: Callable[..., Repo], capfd: pytest.CaptureFixture[str]
) -> None:
    repo = clone("--filter=blob:none", "--no-checkout")
    repo.git("sparse-checkout", "set", "--cone", "hooks")
    repo.git("checkout", "--quiet", "main")
    assert main(["check"]) == 0
    repo.git("remote", "set-url", "origin", "file:///nowhere/desk.git")
    repo.write({"kb/news.md": "# News\n"})
    repo.git("add", "--sparse", "-A")
    assert main(["hook", "pre-commit"]) == 0, capfd.readouterr()


def test_only_partial_clones_are_asked_what_they_lack(clone: Callable[..., Repo]) -> None:
    repo = clone()
    assert not is_partial(f"{repo.root}/.git")
    repo.git("config", "remote.origin.promisor", "true")
    assert is_partial(f"{repo.root}/.git")
    blobs = [line.split()[2] for line in repo.git("ls-tree", "-r", "HEAD").splitlines()]
    assert fetch_missing(str(repo.root), blobs) == 0
    with pytest.raises(CannotDecideError, match="1 files of this partial clone"):
        fetch_missing(str(repo.root), [*blobs, "1" * 40])
