"""Which tree Git's index stands for, where Git has noted it at the end of the index file.

Git keeps there the ids of the trees that the index would be written as, and drops what an `add` made untrue. After
a commit, a checkout, a merge and whenever Git calls a hook they are complete, and to read the first of them takes no
time, while Git reads 100,000 entries to say how the index differs from a tree.
"""

from __future__ import annotations

import os

_TAIL = 1 << 18  # of the file: the trees are noted behind the entries; a note longer than this is asked of Git
_HEADER = 8  # of an extension: four letters and four bytes that tell its length (gitformat-index)
_TREES = b"TREE"


def staged_tree(path: str, algorithm: str) -> str:
    """Return the id of the tree that the index file at `path` stands for; empty where it is not noted.

    algorithm: the repository's object format, `sha1` or `sha256`.
    """
    size = 20 if algorithm == "sha1" else 32
    try:
        with open(path, "rb", buffering=0) as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
            tail = file.read()
    except OSError:
        return ""  # no index yet: nothing was ever staged
    end = len(tail) - size  # the last bytes are the checksum
    place = tail.rfind(_TREES)
    while place >= 0 and not _is_extension(tail, place, end):
        place = tail.rfind(_TREES, 0, place)
    return _root_of(tail[place + _HEADER :], size) if place >= 0 else ""


def _is_extension(tail: bytes, place: int, end: int) -> bool:
    """Whether extensions follow each other from here to the end, so that no name in an entry is taken for one."""
    while place < end:
        place += _HEADER + int.from_bytes(tail[place + 4 : place + _HEADER], "big")
    return place == end


def _root_of(note: bytes, size: int) -> str:
    """Return the first tree's id: its name (none) and NUL, `ENTRIES SUBTREES` and a line's end, the id.

    Fewer than no entries mean that something was staged since, and no id follows.
    """
    counts, _, rest = note.partition(b"\n")
    return rest[:size].hex() if counts.startswith(b"\0") and not counts.startswith(b"\0-") else ""
