"""What a push would bring to each branch: the lines that Git gives a server's hook, and where their ranges begin."""

from __future__ import annotations

from servicebook.store.git import try_git
from servicebook.store.repository import EMPTY_TREE, Repository
from servicebook.typed import NamedTuple

BRANCHES = "refs/heads/"
OWN = ("refs/servicebook/",)
"""Refs that only the server itself writes."""
PINNED = ("refs/tags/checkpoints/",)
"""Refs that are made once and neither moved nor deleted."""


class RefUpdate(NamedTuple):
    """A ref as a push moves it; ids of zeros stand for none."""

    ref: str
    old: str
    new: str

    @property
    def deletes(self) -> bool:
        """Whether the ref is taken away."""
        return not self.new.strip("0")

    @property
    def creates(self) -> bool:
        """Whether the ref was not there before."""
        return not self.old.strip("0")


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
    for update in read_updates(lines):
        if _is_judged(update.ref, patterns) and not update.deletes:
            base = _base_of(repository, update.old, update.new, patterns)
            if base != update.new:
                found.append(Pushed(update.ref.removeprefix(BRANCHES), base, update.new))
    return found


def read_updates(lines: bytes) -> list[RefUpdate]:
    """Return what a push moves, from the lines `OLD NEW REF` that Git gives a server's hook."""
    # Only "\n" ends a line: a ref's name may hold any other character that ends lines elsewhere.
    parts = (line.split(" ", 2) for line in lines.decode("utf-8", "surrogateescape").split("\n") if line)
    return [RefUpdate(ref, old, new) for old, new, ref in parts]


def main_branch(repository: Repository) -> str:
    """Return the full name of the branch that counts: the one that the server's HEAD names."""
    status, out = try_git(["symbolic-ref", "--quiet", "HEAD"], repository.root)
    return "" if status else out.decode().strip()


def takes_back(repository: Repository, update: RefUpdate) -> str:
    """Return how an update would take away what stands here (a key of TAKEN_BACK); empty where it does not.

    The main branch may be rewritten where `git config servicebook.allowRewrite true` says so.
    """
    if update.ref.startswith(OWN):
        return "own"
    if update.creates:
        return ""
    if update.ref.startswith(PINNED):
        return "pinned"
    if update.ref != main_branch(repository) or _allows_rewriting(repository):
        return ""
    if update.deletes:
        return "deleted"
    goes_on = try_git(["merge-base", "--is-ancestor", update.old, update.new], repository.root)[0] == 0
    return "" if goes_on else "rewritten"


TAKEN_BACK = {
    "own": "`{ref}` is kept by the server: nobody pushes to it",
    "pinned": "`{ref}` is a checkpoint: it is neither moved nor deleted",
    "deleted": "`{ref}` is the main branch: it is not deleted",
    "rewritten": "`{ref}` is the main branch: its history is not rewritten (git revert takes a commit back)",
}
"""What a server refuses, whatever the files say, in words."""


def _allows_rewriting(repository: Repository) -> bool:
    words = ["config", "--type=bool", "--get", "servicebook.allowRewrite"]
    return try_git(words, repository.root)[1].strip() == b"true"


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
        refs = repository.git("for-each-ref", "--format=%(objectname) %(refname)", BRANCHES)
        pairs = (line.split(" ", 1) for line in refs.decode("utf-8", "surrogateescape").split("\n") if line)
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
