"""What a commit would do to each record: its state before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from servicebook.records.facts import Facts
from servicebook.store.repository import GONE, Moved
from servicebook.store.snapshot import Snapshot
from servicebook.store.verdicts import is_judged
from servicebook.typed import NamedTuple


class Edit(NamedTuple):
    """A before/after pair of one file.

    before, after: None where the file is new, or gone, or no record that can be told.
    before_path: where it lay before; the same as `path` unless it was renamed, empty for a new file.
    gone: whether the file itself is taken away; without it `after` None means that it cannot be read.
    goes_on: of a ticket that is gone, the path of the new one that has its whole timeline, as `renumber` leaves it.
    """

    path: str
    before: Facts | None
    after: Facts | None
    before_path: str
    gone: bool = False
    goes_on: str = ""


def read_edits(desk: Snapshot, since: str = "") -> list[Edit]:
    """Return what leads from the tree `since` (HEAD's when empty) to the desk's own, sorted by path."""
    moved = desk.moved_since(since or desk.repository.head_tree)
    return _paired(desk, moved, {item.path: desk.at_path(item.path) for item in moved if item.mode != GONE})


def edits_between(desk: Snapshot, old: str, new: str) -> list[Edit]:
    """Return what leads from one tree to another, both judged under the desk's settings."""
    return edits_of(desk, desk.repository.moved_between(old, new))


def edits_of(desk: Snapshot, moved: Iterable[Moved]) -> list[Edit]:
    """Return the edits that files moved between two trees make, judged under the desk's settings."""
    moved = [item for item in moved if is_judged(item.path)]
    after = desk.facts_of((item.path, item.blob) for item in moved if item.mode.startswith("100"))
    return _paired(desk, moved, after)


def edits_from(desk: Snapshot, edits: Sequence[Edit], tree: str) -> list[Edit]:
    """Return the same steps as they look from another tree, such as HEAD's parent when a commit is amended."""
    there = {}
    for path in {edit.before_path or edit.path for edit in edits}:
        if blob := desk.repository.blob_in(tree, path):
            there[path] = blob
    before = desk.facts_of(there.items())
    return [edit._replace(before=before.get(edit.before_path or edit.path)) for edit in edits]


def _paired(desk: Snapshot, moved: Iterable[Moved], after: dict[str, Facts | None]) -> list[Edit]:
    """Return one edit a file, a renamed record as one edit in place of a birth and a death."""
    judged = [item for item in moved if is_judged(item.path)]
    before = desk.facts_of((item.path, item.old_blob) for item in judged if item.old_mode.startswith("100"))
    gone = {item.path: before.get(item.path) for item in judged if item.mode == GONE}
    edits = []
    for item in judged:
        if item.mode == GONE:
            continue
        here = after.get(item.path)
        if item.old_mode != GONE:
            edits.append(Edit(item.path, before.get(item.path), here, item.path))
            continue
        origin = next((path for path, facts in gone.items() if here and facts and _is_same(facts, here)), "")
        edits.append(Edit(item.path, gone.pop(origin, None), here, origin))
    born = [edit.after for edit in edits if edit.after and not edit.before]
    edits += [Edit(path, facts, None, path, gone=True, goes_on=_goes_on(facts, born)) for path, facts in gone.items()]
    return sorted(edits, key=lambda edit: edit.path)


def _goes_on(gone: Facts | None, born: Iterable[Facts]) -> str:
    """Return the path of the new record with the timeline of a gone one, event for event; empty where there is none."""
    if gone is None or not gone.timeline:
        return ""
    return next((new.path for new in born if new.kind == gone.kind and new.timeline == gone.timeline), "")


def _is_same(before: Facts, after: Facts) -> bool:
    """Whether a record that went and one that came are one record under another path."""
    same_id = before.id == after.id or before.id in after.get("aliases", default=())
    return (before.kind == after.kind and same_id) or before.blob == after.blob
