"""How two states of a desk differ: asked of Git once, and put together from parts where it was asked before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from servicebook.store.repository import Moved, Repository

WORK_TREE = "worktree"
STAGED = "staged"
"""What is judged in place of a revision: the files on disk, and what is staged for the next commit."""


def begin_staged(repository: Repository, to_head: Callable[[], list[Moved]]) -> Callable[[], list[Moved]]:
    """Start to look how what is staged differs from a tree and return a function that waits for the answer.

    to_head: waits for the way from that tree to HEAD's; the rest of the way is short, and soon told.
    """
    over_head = repository.begin_moved_in_index(repository.head_tree)
    return lambda: joined(to_head(), {item.path: item for item in over_head()})


def turned(way: Iterable[Moved]) -> list[Moved]:
    """Return the way back."""
    return [Moved(item.path, item.mode, item.blob, item.old_mode, item.old_blob) for item in way]


def joined(first: Iterable[Moved], then: Mapping[str, Moved]) -> list[Moved]:
    """Return the way from one state to a third, sorted by path, from the ways to a second and on from there."""
    steps = dict(then)
    for item in first:
        way = item
        if later := steps.pop(item.path, None):
            way = later._replace(old_mode=item.old_mode, old_blob=item.old_blob)
        if is_way(way):
            steps[way.path] = way
    return [steps[path] for path in sorted(steps)]


def is_way(moved: Moved) -> bool:
    """Whether a file is another at the end than at the beginning."""
    return (moved.old_mode, moved.old_blob) != (moved.mode, moved.blob)
