"""Disks that are full or refuse, writers that are killed: it is said, nothing is lost, nothing is half written."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import Repo

from servicebook.cli.main import main
from servicebook.store.write import HELD, WriteError, write_files, writing
from servicebook.text.source_file import SourceFile

COMMAND = (sys.executable, "-m", "servicebook")
INCIDENT = "INC-20260312-7F3K"
PATH = f"tickets/incidents/2026/03/{INCIDENT}.md"
WITHOUT_OVERRIDE = ("setpriv", "--bounding-set", "-dac_override") if os.geteuid() == 0 else ()
"""Before a command, lets the rights of files hold for root too."""


class Answer(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    said: str


def call(root: Path, *words: str, before: tuple[str, ...] = (), limit: int | None = None) -> Answer:
    """Run a command in a process of its own; `limit` is the size in bytes of the largest file it may write."""

    def lower() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    # Python keeps what it could write of a compiled module, and cannot read that: none is written under a limit.
    environment = {**os.environ, **({"PYTHONDONTWRITEBYTECODE": "1"} if limit is not None else {})}
    done = subprocess.run(
        [*before, *COMMAND, *words],
        cwd=root, env=environment, capture_output=True, text=True, check=False, preexec_fn=lower,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout + done.stderr)


def make_desk(root: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Make a desk of one incident in a folder."""
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-03-12T10:00:00+08:00")
    root.mkdir(exist_ok=True)
    repo = Repo(root)
    repo.git("init", "--quiet", "--initial-branch=main")
    monkeypatch.chdir(root)
    assert main(["init", ".", "--name", "Test desk", "--timezone", "Asia/Shanghai"]) == 0
    repo.commit("Start")
    repo.git("config", "--unset", "core.hooksPath", check=False)
    return repo


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    return make_desk(tmp_path / "desk", monkeypatch)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; a folder of the common one where nobody may mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    yield folder
    if mounted.returncode == 0:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def is_a_disk(folder: Path) -> bool:
    return folder.is_mount()


def left_over(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.suffix == ".tmp"]


def test_a_full_disk_is_said_and_nothing_is_lost(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no disk can be mounted, a limit on the size of files stands for it."""
    repo = make_desk(disk / "desk", monkeypatch)
    whole = (repo.root / PATH).read_bytes()
    limit = None if is_a_disk(disk) else 64
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while limit is None:
            try:
                file.write(b"x" * 4096)
            except OSError:
                break
    for words in (
        ("note", "7F3K", "never written"),
        ("new", "incident", "--incomplete", "--title", "x", "--customer", "example-customer"),
    ):
        answer = call(repo.root, *words, limit=limit)
        assert answer.code == 2, answer.said
        assert "cannot be written" in answer.said
    assert (repo.root / PATH).read_bytes() == whole
    assert left_over(repo.root) == []
    filler.unlink()
    assert repo.git("status", "--porcelain") == ""
    assert call(repo.root, "note", "7F3K", "there is room again").code == 0
    assert (repo.root / PATH).read_text("utf-8").count("there is room again") == 1


@pytest.mark.parametrize("command", ["note", "fix"])
def test_a_file_too_large_for_this_process(command: str, desk: Repo) -> None:
    whole = (desk.root / PATH).read_bytes()
    if command == "fix":
        whole = whole.replace(b"\n", b"\r\n")
        (desk.root / PATH).write_bytes(whole)
    words = ("note", "7F3K", "x") if command == "note" else ("fix",)
    answer = call(desk.root, *words, limit=len(whole) // 2)
    assert answer.code == 2, answer.said
    assert f"{PATH} cannot be written: File too large" in answer.said
    assert "ulimit -f" in answer.said
    assert (desk.root / PATH).read_bytes() == whole
    assert left_over(desk.root) == []


@pytest.mark.parametrize("place", [PATH.rpartition("/")[0], ".git/servicebook"])
def test_a_folder_nobody_may_write_to(place: str, desk: Repo) -> None:
    whole = (desk.root / PATH).read_bytes()
    folder = desk.root / place
    folder.mkdir(exist_ok=True)
    for file in folder.glob("*"):
        file.chmod(0o444) if file.is_file() else None
    folder.chmod(0o555)
    answer = call(desk.root, "note", "7F3K", "x", before=WITHOUT_OVERRIDE)
    folder.chmod(0o755)
    assert answer.code == 2, answer.said
    assert "Permission denied" in answer.said
    assert "give yourself the right to write there" in answer.said
    assert (desk.root / PATH).read_bytes() == whole
    assert left_over(desk.root) == []


def test_a_store_that_refuses_the_commit_keeps_what_was_written(desk: Repo) -> None:
    objects = desk.root / ".git" / "objects"
    folders = [objects, *(path for path in objects.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    answer = call(desk.root, "note", "7F3K", "written", "--commit", before=WITHOUT_OVERRIDE)
    for folder in folders:
        folder.chmod(0o755)
    assert answer.code == 1
    assert f"{PATH} is written, but not committed" in answer.said
    assert f"git commit -- {PATH}" in answer.said
    assert (desk.root / PATH).read_text("utf-8").count("note: written") == 1


@pytest.mark.parametrize("judged", [False, True])
def test_a_read_only_disk_can_be_read(judged: bool, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are answered, writes are refused; where nobody may mount, folders without rights stand for it."""
    repo = make_desk(disk / "desk", monkeypatch)
    if judged:  # an index lies there, which cannot be written to any more
        assert call(repo.root, "check").code == 0
    whole = (repo.root / PATH).read_bytes()
    before: tuple[str, ...] = ()
    if is_a_disk(disk):
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    else:
        before = WITHOUT_OVERRIDE
        for folder in (repo.root / PATH).parents[:3]:
            folder.chmod(0o555)
    try:
        for words in (("show", "7F3K"), ("list", "incident"), ("check",), ("sla",)):
            answer = call(repo.root, *words, before=before)
            assert answer.code == 0, (words, answer.said)
        answer = call(repo.root, "note", "7F3K", "x", before=before)
        assert answer.code == 2, answer.said
        assert "Read-only file system" in answer.said or before
    finally:
        if is_a_disk(disk):
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert (repo.root / PATH).read_bytes() == whole


def test_a_killed_writer_lets_go_of_the_lock(desk: Repo) -> None:
    script = (
        "import sys, time; from servicebook.store.write import writing\n"
        "with writing('.'): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], cwd=desk.root, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(WriteError, match="another servicebook is writing"), writing(str(desk.root), patience=0.1):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with writing(str(desk.root), patience=0.1):
        pass


def test_whoever_the_holder_calls_goes_on_under_its_lock(desk: Repo) -> None:
    """A hook that writes, such as one that mends a file, must not wait for the commit that called it."""
    with writing(str(desk.root)):
        assert call(desk.root, "note", "7F3K", "from within").code == 0
        write_files(str(desk.root), [SourceFile("kb/x.txt", b"x")])
    assert HELD not in os.environ
    assert (desk.root / PATH).read_text("utf-8").count("from within") == 1


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(desk: Repo) -> None:
    with pytest.raises(WriteError, match="changed by somebody else"):
        write_files(str(desk.root), [SourceFile(PATH, b"mine")], {PATH: b"as I read it"})
    assert b"schema: incident/1" in (desk.root / PATH).read_bytes()


def test_temporary_files_are_never_added(desk: Repo) -> None:
    (desk.root / f"{PATH}.123.tmp").write_text("left by a kill")
    desk.git("add", "--all")
    assert desk.git("diff", "--cached", "--name-only") == ""
    assert call(desk.root, "check").code == 0


@pytest.mark.parametrize("target", ["outside", "link"])
def test_no_link_leads_a_write_out_of_the_desk(target: str, desk: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    if target == "outside":
        shutil.rmtree(desk.root / "tickets")
        (desk.root / "tickets").symlink_to(outside)
        path, said = "tickets/x.md", "leads out of the desk"
    else:
        (desk.root / "kb" / "x.md").symlink_to(outside / "x.md")
        path, said = "kb/x.md", "is a symlink"
    with pytest.raises(WriteError, match=said):
        write_files(str(desk.root), [SourceFile(path, b"x")])
    assert list(outside.iterdir()) == []


def test_locks_of_two_repositories_do_not_stand_for_each_other(desk: Repo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    with writing(str(desk.root)):
        mine = os.environ[HELD]
        with writing(str(other)):
            assert os.environ[HELD] != mine
        assert os.environ[HELD] == mine
