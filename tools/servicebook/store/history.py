"""What the commits of a range did, each against its first parent."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.errors import CannotDecideError
from servicebook.store.edits import Edit, edits_between
from servicebook.store.repository import EMPTY_TREE, GitError
from servicebook.store.snapshot import Snapshot


def edits_in_range(desk: Snapshot, base: str, tip: str) -> Iterator[tuple[str, list[Edit]]]:
    """Yield (the tree before, the edits) for the first-parent commits of `base..tip`, oldest first.

    A base of zeros (a new branch on a server) stands for no commit at all. Raises CannotDecideError where
    the history was cut off (a shallow clone).
    """
    repository = desk.repository
    new = not base.strip("0")
    words = ["rev-list", "--first-parent", "--reverse", "--parents", "--end-of-options"]
    try:
        out = repository.git(*words, tip if new else f"{base}..{tip}").decode()
    except GitError as error:
        if repository.git("rev-parse", "--is-shallow-repository").strip() == b"true":
            raise CannotDecideError(
                "this clone has only a part of the history, the range cannot be judged", "git fetch --unshallow"
            ) from error
        raise
    for line in out.splitlines():
        commit, *parents = line.split(" ")
        old = repository.tree_of(parents[0]) if parents else EMPTY_TREE[repository.algorithm]
        yield old, edits_between(desk, old, repository.tree_of(commit))
