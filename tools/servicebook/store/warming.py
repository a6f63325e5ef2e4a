"""Keeps what is known of HEAD's tree up to date in the background, so that the next commit finds it judged."""

from __future__ import annotations

import os
from collections.abc import Callable

from servicebook.store.git import try_git
from servicebook.store.opening import read_snapshot
from servicebook.store.repository import Repository, find_repository
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot
    from servicebook.store.verdicts import Judge

_ROUNDS = 3  # HEAD may move on while it is judged, as in a rebase; whoever moves it later calls again


def step_aside() -> None:
    """Leave the terminal's session and any pipe, and take the lowest priority."""
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()
    os.closerange(3, 256)  # what a shell or a build server may have left open
    os.nice(19)
    os.environ["GIT_OPTIONAL_LOCKS"] = "0"  # a refresh of Git's index must never be in a person's way


def is_wanted(repository: Repository) -> bool:
    """Whether `git config servicebook.warm` lets this clone be kept warm; it does unless it is false."""
    status, out = try_git(["config", "--type=bool", "--get", "servicebook.warm"], repository.root)
    return status != 0 or out.strip() != b"false"


def warm(start: str, judge: Judge, then: Callable[[Snapshot], object]) -> None:
    """Judge what is new on HEAD; nothing happens while another process of this work tree does so.

    then: what else is made ready of the desk. The lock is the kernel's (flock), so that a crash lets go of it.
    """
    import fcntl  # POSIX; late, since only this needs it

    repository = find_repository(start)
    if not repository.has_head or not is_wanted(repository):
        return
    folder = f"{repository.git_dir}/servicebook"
    os.makedirs(folder, exist_ok=True)
    lock = os.open(f"{folder}/warm.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        for _ in range(_ROUNDS):
            desk = read_snapshot(repository, repository.head_tree, judge)
            then(desk)
            desk.close()
            before, repository = repository.head_tree, find_repository(start)
            if repository.head_tree == before:
                return
    finally:
        os.close(lock)
