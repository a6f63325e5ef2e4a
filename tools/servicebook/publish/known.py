"""What the last build knew of all records: their files, their last commits, and what else their own pages hang on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from servicebook.publish.sealed import Parts
from servicebook.publish.shelves import Shelf
from servicebook.store.file_history import Move

_HEAD = "records"
_FOLDER = "records in "


class Told(NamedTuple):
    """What a build knew: its stamp (of what all pages hang on), its day, a word for the history; own: by path, a digest
    of what else a record's own page hangs on (clocks, duty, attachments, approval, edits), where there is any.
    sums: what those show that are named by many; see referrer_sums.
    """

    stamp: str
    day: str
    history: str
    own: dict[str, str]
    sums: dict[str, int]


class Known(NamedTuple):
    """The same of the last build, and the stamps of its shelves; the files of each are read when asked for."""

    told: Told
    stamps: Mapping[str, str]
    parts: Parts

    def files(self, folder: str) -> dict[str, tuple[str, str]]:
        """Return the records of a folder by path: the id of each file, and of the last commit that moved it or ""."""
        if folder not in self.stamps:
            return {}
        names, blobs, commits, at = self.parts.get(_FOLDER + folder)
        paths = [f"{folder}/{name}" for name in names]
        return dict(zip(paths, zip(blobs, map(commits.__getitem__, at), strict=True), strict=True))


def recall(parts: Parts) -> Known | None:
    """Return what the last build wrote down; None where there is nothing."""
    if (head := parts.get(_HEAD)) is None:
        return None
    *told, stamps = head
    return Known(Told(*told), stamps, parts)


def parts_to_keep(
    told: Told, shelves: Mapping[str, Shelf], moves: Mapping[str, Move], before: Known | None
) -> dict[str, object]:
    """Return what the next build should know, in parts; of folders in which nothing moved, as they are kept."""
    parts: dict[str, object] = {_HEAD: [*told, {folder: shelf.stamp for folder, shelf in shelves.items()}]}
    for folder, shelf in shelves.items():
        name = _FOLDER + folder
        if before and before.stamps.get(folder) == shelf.stamp and before.told.history == told.history:
            parts[name] = before.parts.bytes_of(name)
        else:
            parts[name] = _columns(folder, shelf, moves)
    return parts


def _columns(folder: str, shelf: Shelf, moves: Mapping[str, Move]) -> list[list[str] | list[int]]:
    places: dict[str, int] = {}
    found = (moves.get(one.path) for one in shelf.records)
    at = [places.setdefault(move.commit if move else "", len(places)) for move in found]
    names = [one.path[len(folder) + 1 :] for one in shelf.records]
    return [names, [one.blob for one in shelf.records], list(places), at]
