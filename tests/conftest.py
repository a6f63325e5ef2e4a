"""Shared fixtures: real Git repositories in temporary folders, with a fixed identity and configuration; commands."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple, TextIO

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing of what it is about.
settings.register_profile("servicebook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("servicebook")

GIT_ENVIRONMENT = {
    "CI": "true",  # no hook leaves a process behind
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": str(Path(__file__).parent / "git.config"),
    "GIT_AUTHOR_NAME": "Wang Fang",
    "GIT_AUTHOR_EMAIL": "wang.fang@example.org",
    "GIT_COMMITTER_NAME": "Wang Fang",
    "GIT_COMMITTER_EMAIL": "wang.fang@example.org",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "SERVICEBOOK_LANG": "en",
}


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a shell began in the background (`make test &`) ignores Ctrl-C, and so would all that tests press it in.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the nightly profiles unless `-m nightly` asks for them; put what takes long first, so that nobody waits."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if "nightly" not in (config.option.markexpr or ""):
        for item in items:
            if item.get_closest_marker("nightly"):
                item.add_marker(pytest.mark.skip(reason="run by: pytest -m nightly"))


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own Git configuration, locale and clock out of every test."""
    plain_environment(monkeypatch)


def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the fixed environment of a test; a fixture of wider scope, which is made before a test's, calls it too."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "SERVICEBOOK_"))]:
        monkeypatch.delenv(name)
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@contextmanager
def environment_at(now: str) -> Iterator[None]:
    """Give what serves many tests the environment that each of them has, at a fixed instant."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        plain_environment(monkeypatch)
        monkeypatch.setenv("SERVICEBOOK_NOW", now)
        yield


def copied(template: Path, target: Path) -> Path:
    """Copy a repository for one test: to make it anew takes many times as long."""
    shutil.copytree(template, target, symlinks=True)
    if (target / ".git").is_dir():  # Git's index tells files by their inodes, which are others now
        subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=target, check=True)
    return target


class Repo:
    """A real Git repository in a folder, with the few steps that tests need."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *words: str, check: bool = True, **environment: str) -> str:
        """Run git here and return what it printed."""
        done = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, text=True, env={**os.environ, **environment}
        )
        if check and done.returncode:
            raise AssertionError(f"git {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files below the root, by relative path."""
        for path, content in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str = "commit", files: Mapping[str, str | bytes] | None = None) -> str:
        """Write files, add everything, commit without hooks, and return the commit's id."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
        return self.head()

    def head(self) -> str:
        """Return the id of the commit that HEAD names, read from its file: that is asked for after every commit."""
        said = (self.root / ".git" / "HEAD").read_text("ascii").strip()
        branch = self.root / ".git" / said.removeprefix("ref: ")
        return branch.read_text("ascii").strip() if branch.is_file() else self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def make_repo(tmp_path: Path) -> Callable[..., Repo]:
    """Return a maker of new repositories: `make_repo("name", {"path": "content"})`, the files committed."""

    def make(name: str = "desk", files: Mapping[str, str | bytes] | None = None) -> Repo:
        root = tmp_path / name
        root.mkdir(parents=True)
        repo = Repo(root)
        repo.git("init", "--quiet", "--initial-branch=main")
        if files:
            repo.commit("start", files)
        return repo

    return make


class Answer(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


def in_process(*words: str, where: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call the command line as a program in a folder, without the quarter of a second in which Python starts one.

    For tests of what a command does. Where its process is the subject (signals, hooks, terminals), start a real one.
    """
    from servicebook.cli.main import main

    with pytest.MonkeyPatch.context() as patch, TemporaryFile() as out, TemporaryFile() as err:
        patch.chdir(where)
        for name, value in environment.items():
            patch.setenv(name, value)
        with _leading(1, out) as stdout, _leading(2, err) as stderr, redirect_stdout(stdout), redirect_stderr(stderr):
            code = main(list(words))
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(words, code, out.read().decode(), err.read().decode())


@contextmanager
def _leading(number: int, file: IO[bytes]) -> Iterator[TextIO]:
    """Let what is written to a file descriptor go to a file, also by the programs that are started meanwhile."""
    kept = os.dup(number)
    os.dup2(file.fileno(), number)
    try:
        with open(number, "w", encoding="utf-8", closefd=False) as stream:
            yield stream
    finally:
        os.dup2(kept, number)
        os.close(kept)


Call = Callable[..., Answer]


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process: `call("list", "incident")`."""

    def run(*words: str) -> Answer:
        from servicebook.cli.main import main

        capfd.readouterr()
        code = main(list(words))
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return run
