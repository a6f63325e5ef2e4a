"""How two states of a desk differ: asked of Git once, and put together from parts where it was asked before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from servicebook.store.repository import Meanwhile, Moved, Repository

if TYPE_CHECKING:
    from servicebook.store.glance import Glance

WORK_TREE = "worktree"
STAGED = "staged"
"""What is judged in place of a revision: the files on disk, and what is staged for the next commit."""


def moved_to(
    repository: Repository,
    tree: str,
    target: str,
    base: str,
    known: Glance | None = None,
    meanwhile: Meanwhile = None,
) -> list[Moved]:
    """Return how WORK_TREE, STAGED or a revision whose tree is `target` differs from the tree `base`.

    known, meanwhile: see Repository.moved_in_work_tree.
    """
    if tree == STAGED:
        return repository.moved_in_index(base, meanwhile)
    if tree == WORK_TREE:
        return repository.moved_in_work_tree(base, known, meanwhile)
    return repository.moved_between(base, target)


def joined(first: Iterable[Moved], then: Mapping[str, Moved]) -> list[Moved]:
    """Return the way from one state to a third, sorted by path, from the ways to a second and on from there."""
    steps = dict(then)
    for item in first:
        later = then.get(item.path)
        steps[item.path] = item if later is None else later._replace(old_mode=item.old_mode, old_blob=item.old_blob)
    ways = (steps[path] for path in sorted(steps))
    return [way for way in ways if (way.old_mode, way.old_blob) != (way.mode, way.blob)]
