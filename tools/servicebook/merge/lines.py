"""Git's own merge of lines, for bodies, for files that are no records, and for whatever else fails."""

from __future__ import annotations

import os
from typing import NamedTuple

from servicebook.store.git import try_git

MARKER_SIZE = 7


class Marks(NamedTuple):
    """How a clash is marked: the names of the two sides, and how many signs a marker has."""

    ours: str = "ours"
    theirs: str = "theirs"
    size: int = MARKER_SIZE


PLAIN = Marks()


def merge_lines(base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> tuple[bytes, bool]:
    """Return what `git merge-file` makes of three texts, and whether it is free of conflicts.

    Where Git refuses, as it does with binary files, both sides stand whole between markers. Raises OSError
    where there is no room for temporary files.
    """
    if ours == theirs or theirs == base:
        return ours, True
    if ours == base:
        return theirs, True
    import tempfile  # late: most merges come without

    with tempfile.TemporaryDirectory(prefix="servicebook-merge-") as folder:
        paths = []
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            paths.append(os.path.join(folder, name))
            with open(paths[-1], "wb") as file:
                file.write(data)
        names = [word for label in (marks.ours, "base", marks.theirs) for word in ("-L", label)]
        status, out = try_git(["merge-file", "-p", f"--marker-size={marks.size}", *names, *paths])
    if 0 <= status < 128:
        return out, status == 0
    return mark_clash(ours, theirs, marks), False


def mark_clash(ours: bytes, theirs: bytes, marks: Marks, newline: bytes = b"\n") -> bytes:
    """Return two texts between conflict markers, each ended by a line end."""

    def line(sign: bytes, label: str) -> bytes:
        return sign * marks.size + (b" " + label.encode("utf-8", "surrogateescape") if label else b"") + newline

    def ended(text: bytes) -> bytes:
        return text + newline if text and not text.endswith(b"\n") else text

    return line(b"<", marks.ours) + ended(ours) + line(b"=", "") + ended(theirs) + line(b">", marks.theirs)
