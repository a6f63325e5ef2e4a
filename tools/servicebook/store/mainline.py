"""The first-parent line of a branch, each commit with who made it and which files it moved: Git is asked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from servicebook.errors import CannotDecideError
from servicebook.store.git import GitError, try_git
from servicebook.store.repository import Repository
from servicebook.typed import NamedTuple

_FORMAT = "--format=%x01%H%x02%P%x02%at%x02%ct%x02%ae%x02%an%x02%cn%x02%s"
"""What people write comes last, the address before the names: whatever stands in one shifts none that is relied on."""
_LATEST = 253_370_764_800  # 9999-01-01: a commit may say any number, and years end there
_NO_FILE = ("000000", "160000")  # a submodule has no bytes here


class Touched(NamedTuple):
    """A file that a commit added, changed or took away; a blob is empty where there is no file."""

    path: str
    old: str
    new: str


class Step(NamedTuple):
    """One commit of the line, against its first parent.

    authored, committed: seconds since 1970. committer: the name, where a forge or a colleague committed for the author.
    """

    id: str
    parents: tuple[str, ...]
    authored: int
    committed: int
    author: str
    email: str
    committer: str
    subject: str
    touched: tuple[Touched, ...]

    @property
    def at(self) -> datetime:
        """The committer's time, in UTC."""
        return datetime.fromtimestamp(self.committed, UTC)


def read_mainline(repository: Repository, tip: str = "HEAD", paths: Sequence[str] = ()) -> list[Step]:
    """Return the first-parent commits up to `tip`, oldest first; with `paths` (Git's pathspecs) those that moved some.

    Raises GitError for a revision that is not there, CannotDecideError in a shallow clone, whose first commit is
    not the first.
    """
    require_whole_history(repository)
    commit = commit_of(repository, tip)
    words = ["log", "--first-parent", "-m", "--reverse", "--raw", "-z", "--no-renames", "--no-abbrev", _FORMAT]
    return list(_steps(repository.git(*words, "--end-of-options", commit, "--", *paths)))


def steps_since(repository: Repository, old: str, tip: str, paths: Sequence[str]) -> list[Step]:
    """Return the first-parent commits up to `tip` that moved one of `paths` and are not in the history of `old`.

    Oldest first; `old` may be empty. Where a shallow clone begins, what its first commit holds did not move there,
    so that commit is left out.
    """
    words = ["log", "--first-parent", "-m", "--reverse", "--raw", "-z", "--no-renames", "--no-abbrev", _FORMAT]
    steps = _steps(repository.git(*words, "--end-of-options", f"{old}..{tip}" if old else tip, "--", *paths))
    begins = cut_off_at(repository)
    return [step for step in steps if step.id not in begins]


def cut_off_at(repository: Repository) -> frozenset[str]:
    """Return the commits at which a shallow clone was cut off: Git shows them as if they had no parents."""
    try:
        with open(f"{repository.common_dir}/shallow", encoding="ascii") as file:
            return frozenset(file.read().split())
    except FileNotFoundError:
        return frozenset()


def require_whole_history(repository: Repository) -> None:
    """Raise CannotDecideError in a shallow clone, whose first commit is not the first."""
    if cut_off_at(repository):
        raise CannotDecideError("this clone has only a part of the history", "git fetch --unshallow")


def read_all_commits(repository: Repository, tip: str, paths: Sequence[str], *, merges: bool = False) -> list[Step]:
    """Return every commit in the history of `tip` that moved one of `paths`, against each of its parents, oldest first.

    A merge comes once for each parent. merges: only merges, and of these only what they took away or changed.
    """
    only = ["--merges", "--diff-filter=DMT"] if merges else []
    words = ["log", "--full-history", "--topo-order", "-m", "--reverse", "--raw", "-z", "--no-renames", "--no-abbrev"]
    return list(_steps(repository.git(*words, *only, _FORMAT, "--end-of-options", tip, "--", *paths)))


def first_commit(repository: Repository, tip: str) -> str:
    """Return the id of the first commit of the first-parent line of `tip`: what tells one repository from another."""
    found = repository.git("rev-list", "--first-parent", "--max-parents=0", "--end-of-options", tip).decode().split()
    return found[-1]


def read_line(repository: Repository, tip: str) -> list[tuple[str, int]]:
    """Return (id, committed) of every commit of the first-parent line of `tip`, oldest first."""
    words = ["rev-list", "--first-parent", "--reverse", "--timestamp", "--end-of-options", tip]
    lines = repository.git(*words).decode().splitlines()
    return [(line[line.index(" ") + 1 :], _seconds(line[: line.index(" ")])) for line in lines]


def commits_since(repository: Repository, old: str, new: str) -> frozenset[str]:
    """Return the commits in the history of `new` that are not in that of `old`."""
    words = ["rev-list", "--end-of-options", new, f"^{old}"]
    return frozenset(repository.git(*words).decode().split())


def commit_of(repository: Repository, name: str) -> str:
    """Return the id of the commit that `name` names; GitError when there is none."""
    if commit := commit_if_any(repository, name):
        return commit
    raise GitError("there is no revision `{rev}` here", "git log --oneline --all", rev=name)


def commit_if_any(repository: Repository, name: str) -> str:
    """Return the id of the commit that `name` names, or an empty text."""
    words = ["rev-parse", "--quiet", "--verify", "--end-of-options", name + "^{commit}"]
    status, out = try_git(words, repository.root)
    return "" if status else out.decode().strip()


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether the commit `old` is `new` or lies in its history."""
    return try_git(["merge-base", "--is-ancestor", old, new], repository.root)[0] == 0


def between(steps: Sequence[Step], since: datetime | None, until: datetime | None) -> Sequence[Step]:
    """Return the stretch of a line from its first commit not before `since` to its last one before `until`.

    A stretch, not a choice: a commit in the middle that says another date is in it all the same.
    """
    first = next((place for place, step in enumerate(steps) if since is None or step.at >= since), len(steps))
    end = next((place for place in range(len(steps), 0, -1) if until is None or steps[place - 1].at < until), 0)
    return steps[first : max(first, end)]


def _steps(out: bytes) -> Iterator[Step]:
    """Read `log --raw -z`: a head that begins with \\x01, then `:modes blobs status` and path in turn."""
    parts = iter(out.decode("utf-8", "surrogateescape").split("\0"))
    head: list[str] = []
    touched: list[Touched] = []
    for part in parts:
        text = part.lstrip("\n")
        if text.startswith("\x01"):
            if head:
                yield _step(head, touched)
            head, touched = text[1:].split("\x02"), []
        elif text.startswith(":"):
            old_mode, mode, old, new, _ = text[1:].split(" ")
            before, after = ("" if one in _NO_FILE else blob for one, blob in ((old_mode, old), (mode, new)))
            touched.append(Touched(next(parts), before, after))
    if head:
        yield _step(head, touched)


def _step(head: list[str], touched: list[Touched]) -> Step:
    # A name or subject may have our separator in it (Git allows any but line ends).
    id, parents, authored, committed, email, author, committer, subject = [*head, *[""] * 8][:8]
    times = _seconds(authored), _seconds(committed)
    return Step(id, tuple(parents.split()), *times, author, email, committer, subject, tuple(touched))


def _seconds(text: str) -> int:
    """Return a time as Git prints it, in seconds since 1970; 0 for one that is none."""
    try:
        return max(0, min(int(text), _LATEST))
    except ValueError:
        return 0
