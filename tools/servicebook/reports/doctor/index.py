"""Is what the program keeps about the desk there, whole and of this version?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from servicebook.reports.doctor.answer import Answer, advise, fine
from servicebook.reports.doctor.clone import Clone
from servicebook.store.tables import VERSION

_BYTES_A_FILE = 20_000
_LARGE = 200_000_000
"""An index larger than both is mostly of files long gone."""


def index_state(clone: Clone) -> Iterator[Answer]:
    """Say what is off with the index; nothing is lost with it, the next check makes it anew."""
    if clone.is_bare:
        return
    folders = {"anchor": clone.repository.git_dir, "verdicts": clone.repository.common_dir}
    paths = {name: Path(folder) / "servicebook" / f"{name}.sqlite" for name, folder in folders.items()}
    if missing := [path for path in paths.values() if not path.is_file()]:
        yield advise("the index is not there yet: {path}", "servicebook check", path=missing[0])
        return
    for path in paths.values():
        if why := _damage(path):
            yield advise("the index is damaged ({why})", "rm {path} && servicebook check", why=why, path=path)
            return
    version = _meta(paths["anchor"], "version")
    if version != VERSION or _meta(paths["verdicts"], "version") != VERSION:
        yield advise("the index is of another version", "servicebook check")
        return
    yield from _anchor(clone, _meta(paths["anchor"], "tree"))
    yield _size(clone, sum(path.stat().st_size for path in paths.values()))


def _anchor(clone: Clone, tree: str) -> Iterator[Answer]:
    if not tree:
        yield advise("the index describes no tree yet", "servicebook check")
    elif not clone.repository.has_tree(tree):
        yield advise("the tree that the index describes is gone", "servicebook check")


def _size(clone: Clone, size: int) -> Answer:
    megabytes = f"{size / 1_000_000:.1f}"
    if size > max(_LARGE, _BYTES_A_FILE * len(clone.entries)):
        remedy = "rm -r {path}/servicebook/*.sqlite* && servicebook check"
        return advise("the index takes {size} MB", remedy, size=megabytes, path=clone.repository.common_dir)
    return fine("the index is whole and takes {size} MB", size=megabytes)


def _damage(path: Path) -> str:
    """Return what SQLite has against a database; empty when nothing."""
    try:
        with _opened(path) as db:
            answer = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if answer == ("ok",) else str(answer[0])


def _meta(path: Path, name: str) -> str:
    try:
        with _opened(path) as db:
            row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    except sqlite3.DatabaseError:
        return ""
    return str(row[0]) if row else ""


def _opened(path: Path) -> closing[sqlite3.Connection]:
    """Return a database for reading only, closed at the end of the `with`."""
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10))
