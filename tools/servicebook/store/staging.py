"""What is staged, written anew: one file of Git's index gets other bytes, and nothing else in it moves."""

from __future__ import annotations

import os

from servicebook.store.git import run_git, try_git
from servicebook.store.repository import Repository
from servicebook.typed import NamedTuple


class Staged(NamedTuple):
    """A file as the index (the one that the environment names) has it."""

    mode: str
    blob: str


def read_staged(repository: Repository, path: str) -> Staged | None:
    """Return how the index has the file at `path`; None when it has none, or several of a merge."""
    status, out = try_git(["ls-files", "--stage", "-z", "--full-name", "--", f":(top,literal){path}"], repository.root)
    entries = out.split(b"\0")[:-1]
    if status or len(entries) != 1:
        return None
    mode, blob, stage = entries[0].partition(b"\t")[0].decode().split(" ")
    return Staged(mode, blob) if stage == "0" and mode.startswith("100") else None


def is_of_paths_alone() -> bool:
    """Whether this commit takes an index of its own (`git commit -- PATH`), of which nothing stays afterwards."""
    return os.path.basename(os.environ.get("GIT_INDEX_FILE", "")).startswith("next-index-")


def stage(repository: Repository, path: str, staged: Staged, data: bytes) -> None:
    """Put other bytes in the place of a staged file; GitError when the index is locked or moved on.

    Not `git add`, which would take what lies in the work tree.
    """
    folder = f"{repository.git_dir}/servicebook"
    os.makedirs(folder, exist_ok=True)
    temporary = f"{folder}/staged.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(data)
        blob = run_git(["hash-object", "-w", "--no-filters", "--", temporary], repository.root).decode().strip()
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
    run_git(["update-index", "-z", "--index-info"], repository.root, f"{staged.mode} {blob}\t{path}\0".encode())
