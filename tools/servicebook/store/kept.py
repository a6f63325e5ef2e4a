"""What rules that look beyond one file found in the anchored tree, and by which names they looked.

A finding on a record hangs on the record and on what its rules looked up, each by a name: an id, an alias, a path.
The names that are no references of the record itself (its customer's agreement, that agreement's hours) are kept
beside the finding, once for the thousands of tickets that ask for the same ones. When a name comes to lead
elsewhere, what hangs on it is forgotten, and the next check runs those rules again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.index import Index

EVERY_NAME = "*"
"""Stands among the names looked up by a rule that asked for more than names can say."""

_BY_TARGET = "SELECT path FROM main.target WHERE target = ?"
_BY_LOOK = (
    "SELECT path FROM main.file WHERE seen IS NOT NULL AND seen IN (SELECT number FROM main.seen_name WHERE name = ?)"
)


def names_at(db: sqlite3.Connection, paths: Iterable[str]) -> set[str]:
    """Return every name that a change of these files may concern: their paths, ids and aliases as anchored."""
    names = set(paths)
    for path in tuple(names):
        names.update(id for (id,) in db.execute("SELECT id FROM main.file WHERE path = ?", (path,)) if id)
        names.update(name for (name,) in db.execute("SELECT name FROM main.alias WHERE path = ?", (path,)))
    return names


def asking_for(db: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """Return the paths of the anchored records whose findings may change with what these names lead to."""
    asked = [*names, EVERY_NAME]
    return {path for question in (_BY_TARGET, _BY_LOOK) for name in asked for (path,) in db.execute(question, (name,))}


def forget_relations(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Forget the findings that hang on these names; within a write."""
    paths = ((path,) for path in asking_for(db, names))
    db.executemany("UPDATE main.file SET relation = NULL WHERE path = ?", paths)


class KeptFindings:
    """The findings kept for the anchored tree of an index, of rules between records and over the whole desk."""

    def __init__(self, index: Index, engine: str, tree: str) -> None:
        self._index = index
        self._engine = engine
        self._tree = tree

    def relations(self) -> Iterator[tuple[str, str]]:
        """Yield (path, packed findings) of the records on which rules between records found something."""
        yield from self._index.db.execute("SELECT path, relation FROM main.file WHERE relation != ''")

    def unknown(self) -> list[str]:
        """Return the paths of the records on which those rules have not been run, sorted."""
        question = "SELECT path FROM main.file WHERE relation IS NULL AND kind != '' ORDER BY path"
        return [path for (path,) in self._index.db.execute(question)]

    def keep_relations(self, found: Iterable[tuple[str, str, tuple[str, ...]]]) -> None:
        """Keep (path, packed findings, names looked up that the record does not refer to), sorted names.

        Nothing is kept where another process moved the anchor meanwhile.
        """
        with self._index.while_reading() as may_write:
            if may_write and self._index.anchor(self._engine) == self._tree:
                numbers: dict[tuple[str, ...], int | None] = {(): None}
                rows = [(packed, self._number_of(names, numbers), path) for path, packed, names in found]
                self._index.db.executemany("UPDATE main.file SET relation = ?, seen = ? WHERE path = ?", rows)

    def _number_of(self, names: tuple[str, ...], numbers: dict[tuple[str, ...], int | None]) -> int | None:
        """Return the number under which a set of names is kept."""
        if names not in numbers:
            db, text = self._index.db, "\n".join(names)
            db.execute("INSERT OR IGNORE INTO main.seen (names) VALUES (?)", (text,))
            (number,) = db.execute("SELECT number FROM main.seen WHERE names = ?", (text,)).fetchone()
            db.executemany("INSERT OR IGNORE INTO main.seen_name VALUES (?, ?)", ((name, number) for name in names))
            numbers[names] = number
        return numbers[names]

    def of_desk(self) -> tuple[str, str]:
        """Return the tree on which the rules over the whole desk were last run, and what they found, packed."""
        asked = self._index.db.execute("SELECT name, value FROM main.meta WHERE name LIKE 'desk %'")
        row = dict(asked.fetchall())
        return (row["desk tree"], row["desk found"]) if row.get("desk engine") == self._engine else ("", "")

    def keep_of_desk(self, tree: str, packed: str) -> None:
        """Keep what the rules over the whole desk found in `tree`."""
        with self._index.while_reading() as may_write:
            if may_write:
                for name, value in (("tree", tree), ("engine", self._engine), ("found", packed)):
                    self._index.set_meta(f"desk {name}", value)

    def places(self) -> dict[str, list[int]]:
        """Return the places in files that were kept when findings were last shown, as `keep_places` was given them."""
        row = self._index.db.execute("SELECT value FROM main.meta WHERE name = 'places'").fetchone()
        engine, places = json.loads(row[0]) if row else ("", {})
        return places if engine == self._engine else {}

    def keep_places(self, places: dict[str, list[int]]) -> None:
        """Keep places in files, each by the file's blob and a key path, instead of those kept before."""
        with self._index.while_reading() as may_write:
            if may_write:
                self._index.set_meta("places", json.dumps([self._engine, places]))
