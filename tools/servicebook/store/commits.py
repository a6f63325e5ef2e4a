"""The commits of a range as people speak of them: who, when, what was said, and the trees before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from servicebook.errors import CannotDecideError
from servicebook.store.git import GitError
from servicebook.store.repository import EMPTY_TREE, Repository
from servicebook.typed import NamedTuple


class Commit(NamedTuple):
    """One first-parent commit. before, tree: the trees it leads from and to. at: the committer's time."""

    id: str
    before: str
    tree: str
    at: datetime
    author: str
    subject: str


def read_commits(repository: Repository, since: str, tip: str = "HEAD") -> Iterator[Commit]:
    """Yield the first-parent commits of `since..tip`, oldest first.

    Raises GitError for a revision that is not there, CannotDecideError where the history was cut off.
    """
    repository.tree_of(since)
    start = repository.git("rev-parse", "--verify", "--end-of-options", f"{since}^{{commit}}").decode().strip()
    words = ["rev-list", "--first-parent", "--reverse", "--format=%T%x00%P%x00%cI%x00%an%x00%s", "--end-of-options"]
    lines = iter(repository.git(*words, f"{start}..{tip}").decode("utf-8", "replace").split("\n")[:-1])
    trees: dict[str, str] = {}
    for head in lines:
        id = head.removeprefix("commit ")
        tree, parents, at, author, subject = next(lines).split("\0")
        trees[id] = tree
        first = parents.partition(" ")[0]
        before = trees.get(first) or _tree_before(repository, first)
        yield Commit(id, before, tree, datetime.fromisoformat(at), author, subject)


def _tree_before(repository: Repository, parent: str) -> str:
    if not parent:
        return EMPTY_TREE[repository.algorithm]
    try:
        return repository.tree_of(parent)
    except GitError as error:
        raise CannotDecideError("this clone has only a part of the history", "git fetch --unshallow") from error
