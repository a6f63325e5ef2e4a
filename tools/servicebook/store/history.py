"""What the commits of a range did, each against its first parent."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.errors import CannotDecideError
from servicebook.records.kinds import is_of_votes
from servicebook.store.edits import Edit, edits_of
from servicebook.store.git import GitError
from servicebook.store.mainline import cut_off_at
from servicebook.store.repository import EMPTY_TREE, Moved, Repository
from servicebook.store.snapshot import Snapshot
from servicebook.typed import NamedTuple

_AT_ONCE = 500  # commits whose files are judged together


class CommitEdits(NamedTuple):
    """What one commit does: its id, its first parent's tree, the edits of records and the moves of votes from there."""

    commit: str
    before: str
    edits: list[Edit]
    votes: list[Moved]


def edits_in_range(desk: Snapshot, base: str, tip: str) -> Iterator[CommitEdits]:
    """Yield what the first-parent commits of `base..tip` do, oldest first.

    A base of zeros (a new branch on a server) stands for no commit at all. Raises CannotDecideError where
    the history was cut off (a shallow clone).
    """
    repository = desk.repository
    try:
        steps = _steps(repository, base, tip)
    except GitError as error:
        if repository.git("rev-parse", "--is-shallow-repository").strip() == b"true":
            raise _not_here() from error
        raise
    for start in range(0, len(steps), _AT_ONCE):
        some = steps[start : start + _AT_ONCE]
        moved = list(repository.moved_in_steps([(before, after) for _, before, after in some]))
        desk.judge_ahead(pair for step in moved for item in step for pair in _files_of(item))
        for (commit, before, _), step in zip(some, moved, strict=True):
            votes = [item for item in step if is_of_votes(item.path)]
            yield CommitEdits(commit, before, edits_of(desk, step), votes)


def _files_of(item: Moved) -> Iterator[tuple[str, str]]:
    """Yield (path, blob) of what a moved file was and is, as far as it can be read."""
    for mode, blob in ((item.old_mode, item.old_blob), (item.mode, item.blob)):
        if mode.startswith("100"):
            yield item.path, blob


def _steps(repository: Repository, base: str, tip: str) -> list[tuple[str, str, str]]:
    """Return (id, tree before, tree after) of each first-parent commit of the range, oldest first."""
    words = ["rev-list", "--first-parent", "--reverse", "--parents", "--format=%T", "--end-of-options"]
    out = repository.git(*words, f"{base}..{tip}" if base.strip("0") else tip).decode()
    cut_off = cut_off_at(repository)
    trees: dict[str, str] = {}
    steps = []
    lines = iter(out.splitlines())
    for line in lines:
        _, commit, *parents = line.split(" ")
        trees[commit] = next(lines)
        if commit in cut_off:
            raise _not_here()
        if not parents:
            old = EMPTY_TREE[repository.algorithm]
        else:
            old = trees.get(parents[0]) or repository.tree_of(parents[0])
        steps.append((commit, old, trees[commit]))
    return steps


def _not_here() -> CannotDecideError:
    return CannotDecideError(
        "this clone has only a part of the history, the range cannot be judged", "git fetch --unshallow"
    )
