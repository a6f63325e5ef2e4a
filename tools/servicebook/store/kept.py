"""What rules that look beyond one file found in the anchored tree, and by which names they looked.

A finding on a record hangs on the record and on what its rules looked up, each by a name: an id, an alias, a path.
The names that are no references of the record itself (its customer's agreement, that agreement's hours) are kept
beside the finding, once for the thousands of tickets that ask for the same ones. When a name comes to lead
elsewhere, what hangs on it is forgotten, and the next check runs those rules again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from servicebook.kept_json import dumps, loads
from servicebook.store.sums import damaged, sum_of, with_sum
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.index import Index

EVERY_NAME = "*"
"""Stands among the names looked up by a rule that asked for more than names can say."""

_FEW = 8
_ALIASES = "SELECT name FROM main.alias"
_BY_TARGET = "SELECT path FROM main.target WHERE target = ?"
_BY_LOOK = (
    "SELECT path FROM main.file WHERE seen IS NOT NULL AND seen IN (SELECT number FROM main.seen_name WHERE name = ?)"
)

_KEEP_RELATION = "UPDATE main.file SET relation = ?2, seen = ?3, relation_sum = ?4 WHERE path = ?1"


def names_at(db: sqlite3.Connection, paths: Iterable[str]) -> set[str]:
    """Return every name that a change of these files may concern: their paths, ids and aliases as anchored."""
    files = set(paths)
    names = set(files)
    for path in files:
        names.update(id for (id,) in db.execute("SELECT id FROM main.file WHERE path = ?", (path,)) if id)
    # Aliases lie by name: for one file SQLite walks over them all, for many they are walked over once here.
    if len(files) <= _FEW:
        names.update(name for path in files for (name,) in db.execute(f"{_ALIASES} WHERE path = ?", (path,)))
    else:
        names.update(name for name, path in db.execute("SELECT name, path FROM main.alias") if path in files)
    return names


def asking_for(db: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """Return the paths of the anchored records whose findings may change with what these names lead to."""
    asked = [*names, EVERY_NAME]
    return {path for question in (_BY_TARGET, _BY_LOOK) for name in asked for (path,) in db.execute(question, (name,))}


def forget_relations(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Forget the findings that hang on these names; within a write."""
    paths = ((path,) for path in asking_for(db, names))
    db.executemany("UPDATE main.file SET relation = NULL, relation_sum = NULL WHERE path = ?", paths)


class KeptFindings:
    """The findings kept for the anchored tree of an index, of rules between records and over the whole desk."""

    def __init__(self, index: Index, engine: str, tree: str) -> None:
        self._index = index
        self._engine = engine
        self._tree = tree

    def relations(self) -> Iterator[tuple[str, str]]:
        """Yield (path, packed findings) of the records on which rules between records found something."""
        for *row, kept in self._index.db.execute(
            "SELECT path, relation, seen, relation_sum FROM main.file WHERE relation != ''"
        ):
            if sum_of(*row) != kept:
                raise damaged(f"relation {row[0]}")
            yield row[0], row[1]

    def unknown(self) -> list[str]:
        """Return the paths of the records on which those rules have not been run, sorted."""
        question = "SELECT path FROM main.file WHERE relation IS NULL AND kind != '' ORDER BY path"
        return [path for (path,) in self._index.db.execute(question)]

    def keep_relations(self, found: Iterable[tuple[str, str, tuple[str, ...]]]) -> None:
        """Keep (path, packed findings, names looked up that the record does not refer to), sorted names.

        Nothing is kept where another process moved the anchor meanwhile.
        """
        with self._index.while_reading() as writer:
            if writer and writer.anchor(self._engine) == self._tree:
                numbers: dict[tuple[str, ...], int | None] = {(): None}
                rows = [with_sum(path, packed, _number_of(writer.db, names, numbers)) for path, packed, names in found]
                writer.db.executemany(_KEEP_RELATION, rows)

    def of_desk(self) -> tuple[str, str]:
        """Return the tree on which the rules over the whole desk were last run, and what they found, packed."""
        row = self._index.all_meta("desk %")
        return (row["desk tree"], row["desk found"]) if row.get("desk engine") == self._engine else ("", "")

    def keep_of_desk(self, tree: str, packed: str) -> None:
        """Keep what the rules over the whole desk found in `tree`."""
        with self._index.while_reading() as writer:
            if writer:
                for name, value in (("tree", tree), ("engine", self._engine), ("found", packed)):
                    writer.set_meta(f"desk {name}", value)

    def places(self) -> dict[str, list[int]]:
        """Return the places in files that were kept when findings were last shown, as `keep_places` was given them."""
        kept = self._index.meta("places")
        engine, places = loads(kept) if kept else ("", {})
        return places if engine == self._engine else {}

    def keep_places(self, places: dict[str, list[int]]) -> None:
        """Keep places in files, each by the file's blob and a key path, instead of those kept before."""
        with self._index.while_reading() as writer:
            if writer:
                writer.set_meta("places", dumps([self._engine, places]))


def _number_of(
    db: sqlite3.Connection, names: tuple[str, ...], numbers: dict[tuple[str, ...], int | None]
) -> int | None:
    """Return the number under which a set of names is kept."""
    if names not in numbers:
        text = "\n".join(names)
        row = db.execute("SELECT number FROM main.seen WHERE names = ?", (text,)).fetchone()
        if row is None:
            row = db.execute("SELECT coalesce(max(number), 0) + 1 FROM main.seen").fetchone()
            db.execute("INSERT INTO main.seen VALUES (?, ?, ?)", with_sum(row[0], text))
            rows = [with_sum(name, row[0]) for name in names]
            db.executemany("INSERT OR IGNORE INTO main.seen_name VALUES (?, ?, ?)", rows)
        numbers[names] = row[0]
    return numbers[names]
