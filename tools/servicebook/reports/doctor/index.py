"""Is what the program keeps about the desk there, whole and of this version?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from servicebook.reports.doctor.answer import Answer, advise, fine
from servicebook.reports.doctor.clone import Clone
from servicebook.store.index import anchor_path, verdicts_path
from servicebook.store.proof import prove
from servicebook.store.sums import Connection, Seal
from servicebook.store.tables import VERSION

_BYTES_A_FILE = 20_000
_LARGE = 200_000_000
"""An index larger than both is mostly of files long gone."""


def index_state(clone: Clone) -> Iterator[Answer]:
    """Say what is off with the index; nothing is lost with it, the next check makes it anew."""
    if clone.is_bare:
        return
    paths = {"main": Path(anchor_path(clone.repository)), "shared": Path(verdicts_path(clone.repository))}
    if missing := [path for path in paths.values() if not path.is_file()]:
        yield advise("the index is not there yet: {path}", "servicebook check", path=missing[0])
        return
    sealed = all(Seal(str(path)).holds() for path in paths.values())
    trees = {}
    for name, path in paths.items():
        try:
            version, trees[name] = _read_through(name, path)
        except sqlite3.DatabaseError as error:
            yield advise("the index is damaged ({why})", "rm {path} && servicebook check", why=error, path=path)
            return
        if version != VERSION:
            yield advise("the index is of another version", "servicebook check")
            return
    yield from _anchor(clone, trees["main"])
    yield _size(clone, sum(path.stat().st_size for path in paths.values()), sealed=sealed)


def _anchor(clone: Clone, tree: str) -> Iterator[Answer]:
    if not tree:
        yield advise("the index describes no tree yet", "servicebook check")
    elif not clone.repository.has_tree(tree):
        yield advise("the tree that the index describes is gone", "servicebook check")


def _size(clone: Clone, size: int, *, sealed: bool) -> Answer:
    megabytes = f"{size / 1_000_000:.1f}"
    if size > max(_LARGE, _BYTES_A_FILE * len(clone.entries)):
        remedy = "rm -r {path}/servicebook/*.sqlite* && servicebook check"
        return advise("the index takes {size} MB", remedy, size=megabytes, path=clone.repository.common_dir)
    if not sealed:  # a copied clone, a restored backup: the next command reads it through, too, and seals it
        return fine("something else wrote into the index; it is whole and takes {size} MB", size=megabytes)
    return fine("the index is whole and takes {size} MB", size=megabytes)


def _read_through(name: str, path: Path) -> tuple[str, str]:
    """Return a database's version and the tree it describes; DatabaseError unless all in it is as it was written.

    name: `main` or `shared`, whose tables it holds. Of another version only that is read: its tables are others.
    """
    place = f"{path.absolute().as_uri()}?mode=ro"
    own = place if name == "main" else ":memory:"
    with closing(sqlite3.connect(own, uri=True, timeout=10, factory=Connection)) as db:
        if name != "main":
            db.execute(f"ATTACH ? AS {name}", (place,))
        db.execute("BEGIN")
        version = _meta(db, name, "version")
        if version == VERSION:
            prove(db, name, str(path))
        return version, _meta(db, name, "tree")


def _meta(db: sqlite3.Connection, database: str, name: str) -> str:
    try:
        row = db.execute(f"SELECT value FROM {database}.meta WHERE name = ?", (name,)).fetchone()  # noqa: S608 - ours
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        return ""  # no such table: of a version that had none
    return str(row[0]) if row else ""
