"""The two databases of an index on one connection: opened, proven or made anew, read at one state, written to."""

from __future__ import annotations

import os
import sqlite3
import weakref

from servicebook.store.sums import Connection, Seal, damaged, sum_of
from servicebook.store.tables import VERSION, statements

PATIENCE = 10.0
"""How long, in seconds, another program that writes is waited for."""
_LARGE = 1 << 20
"""From so many bytes on a log takes the next process longer to read than this one to write it into its database."""
_OPEN: list[weakref.ref[Databases]] = []


def let_go_of_large_logs() -> None:
    """Close the indexes of a process that ends otherwise than by taking the interpreter down, where much was written.

    What was written lies in a log that the next process reads through before its first answer, 0.4 ms a megabyte, and
    the one after it again. Closing, the last process at a database writes the log into it and removes it.
    """
    for one in _OPEN:
        if (index := one()) is not None and index.has_large_log():
            try:
                index.end_reading()
                index.close()
            except sqlite3.Error:  # the disk is full, say: the next process finds what is there
                continue


class Databases:
    """An open connection to the anchor (`main`) and the verdicts (`shared`); both paths may be `:memory:`.

    Raises DatabaseError where a database is damaged, OperationalError where it is locked for long or out of reach.
    """

    def __init__(self, anchor: str, shared: str) -> None:
        self.in_memory = anchor == ":memory:"
        self._trusted = False
        self._seals = {} if self.in_memory else {"main": Seal(anchor), "shared": Seal(shared)}
        self._paths = {"main": anchor, "shared": shared}
        doubtful = {name for name, seal in self._seals.items() if not seal.holds()}
        self.db: sqlite3.Connection = sqlite3.connect(
            anchor, timeout=PATIENCE, isolation_level=None, check_same_thread=False, factory=Connection
        )
        self.db.execute("ATTACH ? AS shared", (shared,))
        for name in self._paths:
            self._prepare(name, doubtful=name in doubtful)
        self._trusted = True
        self.seal()
        _OPEN.append(weakref.ref(self))

    def _prepare(self, name: str, *, doubtful: bool) -> None:
        """Make the tables of one database unless they stand there in this version, beyond doubt."""
        self.db.execute(f"PRAGMA {name}.synchronous=NORMAL")
        if self._version(name) != VERSION:
            self._make(name)
        elif doubtful:
            self._prove(name)

    def _make(self, name: str) -> None:
        self.db.execute(f"PRAGMA {name}.journal_mode=WAL")
        with self.write():
            if self._version(name) == VERSION:
                return
            for (table,) in self.db.execute(
                f"SELECT name FROM {name}.sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite%'"
            ).fetchall():
                self.db.execute(f"DROP TABLE {name}.{table}")
            for statement in statements(name):
                self.db.execute(statement)
            for key, value in (("version", VERSION), ("born", os.urandom(8).hex())):
                self.set_meta(key, value, name)
            if self.db.execute(f"PRAGMA {name}.integrity_check(1)").fetchone() != ("ok",):
                raise damaged("the tables that stood there")

    def _prove(self, name: str) -> None:
        from servicebook.store.proof import prove

        self.db.execute("BEGIN")
        try:
            prove(self.db, name, self._paths[name])
        finally:
            self.end_reading()

    def _version(self, name: str) -> str:
        try:
            return self.meta("version", name)
        except sqlite3.OperationalError as error:
            if "no such" not in str(error):
                raise
            return ""  # no table, or one of before rows had sums

    # --- facts about each database

    def meta(self, name: str, database: str = "main") -> str:
        """Return a fact that was written down, or an empty text."""
        row = self.db.execute(f"SELECT value, sum FROM {database}.meta WHERE name = ?", (name,)).fetchone()
        return _proven(name, *row) if row else ""

    def all_meta(self, like: str = "%") -> dict[str, str]:
        """Return the facts about the anchor by name."""
        rows = self.db.execute("SELECT name, value, sum FROM main.meta WHERE name LIKE ?", (like,))
        return {name: _proven(name, value, kept) for name, value, kept in rows}

    def set_meta(self, name: str, value: str, database: str = "main") -> None:
        """Write down a fact, within a write."""
        row = (name, value, sum_of(name, value))
        self.db.execute(f"INSERT OR REPLACE INTO {database}.meta VALUES (?, ?, ?)", row)

    def note(self, facts: dict[str, str], database: str = "main") -> None:
        """Write down facts of no weight; nothing happens while another process writes."""
        try:
            with self.write():
                for name, value in facts.items():
                    self.set_meta(name, value, database)
        except sqlite3.OperationalError:
            return

    # --- transactions

    def write(self) -> _Transaction:
        """Write: all of it or nothing, waiting for other writers."""
        return _Transaction(self)

    def paths(self) -> tuple[str, str]:
        """Return where the anchor and the verdicts lie."""
        return self._paths["main"], self._paths["shared"]

    def begin_reading(self) -> None:
        """Hold what is read from here on to one state of the index, whatever other processes write."""
        self.db.execute("BEGIN")
        self.meta("tree"), self.meta("born", "shared")

    def end_reading(self) -> None:
        """Let go of the state held by `begin_reading`."""
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def seal(self) -> None:
        """Note how our write left the files, so that other ones are noticed; of damaged files nothing is noted."""
        if self._trusted:
            for seal in self._seals.values():
                seal.renew()

    def has_large_log(self) -> bool:
        """Whether much of what was written lies in a log yet."""
        return any(seal.size_of_log() > _LARGE for seal in self._seals.values())

    def close(self) -> None:
        """Close both databases: the last process to do so writes what others left in their logs."""
        self.db.close()
        self.seal()

    def __del__(self) -> None:
        try:
            self.close()
        except (AttributeError, TypeError, sqlite3.Error):  # never opened, or the interpreter is half gone
            return


class _Transaction:
    def __init__(self, index: Databases) -> None:
        self._index = index

    def __enter__(self) -> None:
        self._index.db.execute("BEGIN IMMEDIATE")

    def __exit__(self, failed: object, *_: object) -> None:
        try:
            self._index.db.execute("ROLLBACK" if failed else "COMMIT")
        except sqlite3.OperationalError:  # the disk is full
            self._index.end_reading()
            raise
        self._index.seal()


def _proven(name: str, value: str, kept: int) -> str:
    if sum_of(name, value) != kept:
        raise damaged(name)
    return value
