"""What a push would bring to each branch: the lines that Git gives a server's hook, and where their ranges begin."""

from __future__ import annotations

from typing import NamedTuple

from servicebook.store.git import try_git
from servicebook.store.repository import EMPTY_TREE, Repository

BRANCHES = "refs/heads/"


class Pushed(NamedTuple):
    """A branch as a push would move it.

    base: the commit from which on its commits are judged, empty when they lead back to no known commit.
    new: the commit it would point to.
    """

    branch: str
    base: str
    new: str


def read_pushed(repository: Repository, lines: bytes) -> list[Pushed]:
    """Return the branches that a push moves and that are judged, from lines `OLD NEW REF`.

    Those that it deletes or that gain no commit are left out, and so are tags and other refs.
    """
    patterns = _patterns(repository)
    found = []
    for line in lines.decode("utf-8", "surrogateescape").splitlines():
        old, new, ref = line.split(" ", 2)
        if _is_judged(ref, patterns) and new.strip("0"):
            base = _base_of(repository, old, new, patterns)
            if base != new:
                found.append(Pushed(ref.removeprefix(BRANCHES), base, new))
    return found


def _patterns(repository: Repository) -> list[str]:
    """Return the patterns of branches that are judged, from `git config servicebook.branches`; none means all."""
    status, out = try_git(["config", "--get-all", "servicebook.branches"], repository.root)
    return [] if status else out.decode("utf-8", "surrogateescape").split()


def _is_judged(ref: str, patterns: list[str]) -> bool:
    from fnmatch import fnmatchcase

    branch = ref.removeprefix(BRANCHES)
    return branch != ref and (not patterns or any(fnmatchcase(branch, pattern) for pattern in patterns))


def _base_of(repository: Repository, old: str, new: str, patterns: list[str]) -> str:
    """Return the commit from which on `new` is judged; `new` itself where it brings nothing.

    A branch that goes on, or is forced elsewhere, is judged from the last commit that both have; a new one from
    where it left the branches that were judged before.
    """
    if old.strip("0"):
        status, out = try_git(["merge-base", old, new], repository.root)
        if status == 0:
            return out.decode().split()[0]
    known = ["--not", "--branches"]
    if patterns:
        refs = repository.git("for-each-ref", "--format=%(objectname) %(refname)", BRANCHES).decode("utf-8", "replace")
        pairs = (line.split(" ", 1) for line in refs.splitlines())
        known = sorted({f"^{commit}" for commit, ref in pairs if _is_judged(ref, patterns)})
    commits = repository.git("rev-list", "--first-parent", "--parents", new, *known).decode().splitlines()
    if not commits:
        return new
    _, *parents = commits[-1].split(" ")
    return parents[0] if parents else ""


def as_before(repository: Repository, pushed: Pushed) -> Repository:
    """Return the repository as if its HEAD stood where the judging of a branch begins.

    What is known of that tree is on the server to stay; the pushed one may be gone when the push is refused. A
    branch that begins with itself has no such tree: the pushed one serves, and is forgotten if it goes.
    """
    tree = repository.tree_of(pushed.base or pushed.new)
    if tree == EMPTY_TREE[repository.algorithm]:
        tree = ""
    return Repository(repository.root, repository.git_dir, repository.common_dir, repository.algorithm, tree)
