"""What is at odds on the desk as a whole: found once by reading every row, then carried along with each edit."""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.diagnostics.packed import pack_found, unpack_found
from servicebook.kept_json import dumps, loads
from servicebook.rules.nearby import Nearby
from servicebook.rules.running import MANY_EDITS, run_rule, with_scope
from servicebook.store.edits import read_edits
from servicebook.store.git import GitError
from servicebook.store.repository import Moved
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.diagnostics.diagnostic import Diagnostic
    from servicebook.store.snapshot import Snapshot


def desk_findings(desk: Snapshot) -> list[Diagnostic]:
    """Return what desk rules find, before waivers and quirks are heard; kept for a tree near to the desk as it is."""
    tree, packed = desk.kept.of_desk()
    moved = _moved_since(desk, tree) if tree else None
    if moved is None or len(moved) >= MANY_EDITS:
        tree = desk.is_tree() or desk.base
        found = _found_on(desk if desk.is_tree() else desk.as_tree(tree))
        desk.kept.keep_of_desk(tree, _pack(found))
        moved = desk.moved_since(tree)
        if len(moved) >= MANY_EDITS:
            return _found_on(desk)
    else:
        found = _unpack(packed)
    if not moved:
        return found
    found = _carried(desk, tree, moved, found)
    if here := desk.is_tree():
        desk.kept.keep_of_desk(here, _pack(found))
    return found


def _found_on(desk: Snapshot) -> list[Diagnostic]:
    return [item for rule in with_scope("desk") for item in run_rule(rule, desk)]


def _moved_since(desk: Snapshot, tree: str) -> Sequence[Moved] | None:
    try:
        return desk.moved_since(tree)
    except GitError:  # the tree is gone from the repository
        return None


def _carried(desk: Snapshot, tree: str, moved: Sequence[Moved], known: list[Diagnostic]) -> list[Diagnostic]:
    """Return what holds now of what held in `tree`: around the edits less what was found, and what is found."""
    edits = read_edits(desk, tree)
    kinds = {facts.kind for edit in edits for facts in (edit.before, edit.after) if facts}
    paths = [item.path for item in moved]
    before = desk.as_tree(tree)
    near, near_before = Nearby(desk, edits, paths), Nearby(before, edits, paths)
    found: list[Diagnostic] = []
    for rule in with_scope("desk"):
        own = [item for item in known if item.code == rule.code]
        if not rule.kinds:
            gone = set(run_rule(rule, near_before))
            own = [item for item in own if item not in gone]
            own += [item for item in run_rule(rule, near) if item not in own]
        elif kinds.intersection(rule.kinds):
            own = list(run_rule(rule, desk))
        found += own
    return found


def _pack(found: Sequence[Diagnostic]) -> str:
    by_path: dict[str, list[Diagnostic]] = {}
    for item in found:
        by_path.setdefault(item.path, []).append(item)
    return dumps({path: pack_found(items) for path, items in by_path.items()})


def _unpack(packed: str) -> list[Diagnostic]:
    by_path = loads(packed) if packed else {}
    return [item for path, items in by_path.items() for item in unpack_found(path, items)]
