"""The last way that was gone from the anchored tree: where it led, and what differs there.

HEAD's tree after a commit is the one that the hook has judged, so the next question need not have Git compare trees
of ten thousand entries once more. Both ends are named by their ids, so a kept way is never out of date.
"""

from __future__ import annotations

from servicebook.kept_json import dumps, loads
from servicebook.store.repository import Moved
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.index import Index


def known_way(index: Index, base: str) -> tuple[str, list[Moved]]:
    """Return the tree that the last kept way from `base` leads to, and how it differs; no tree where none is kept."""
    kept = index.meta("way")
    start, tree, way = loads(kept) if kept else ("", "", [])
    return (tree, [Moved(*item) for item in way]) if start == base else ("", [])


def keep_way(index: Index, base: str, tree: str, way: list[Moved]) -> None:
    """Keep how the tree `tree` differs from `base`, in place of the way kept before."""
    index.note({"way": dumps([base, tree, way])})
