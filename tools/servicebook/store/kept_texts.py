"""What was costly to find out of objects that never change, kept by a key beside Git's objects, each with a checksum.

Disposable, as the index is: what is missing, damaged, of another engine or out of reach is found out anew. Who can
write in Git's folder can write here too; it is no evidence, and nothing that lets a push in reads it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Mapping

from servicebook.store.repository import Repository
from servicebook.store.sums import Connection

_TABLES = "CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB, sum BLOB) WITHOUT ROWID"
_AT_ONCE = 500  # keys of one question; SQLite takes 999 everywhere
_SUM = 16  # bytes of a checksum: enough for whatever disks and copies do


class KeptTexts:
    """Bytes by key, of one engine; those of another are forgotten when the file is opened.

    Nothing here raises: where the file cannot be read or written it is as if nothing were kept.
    """

    def __init__(self, path: str, engine: str) -> None:
        self._path = path
        self._engine = engine
        self._db: sqlite3.Connection | None = None
        if not self._opened():
            self._opened()

    def _opened(self) -> bool:
        """Open the file; False where it was damaged, and is gone now: another attempt makes it anew.

        A second function, so that nothing holds the first connection, and its locks, any more when it is called again.
        """
        try:
            self._open()
        except (OSError, sqlite3.Error) as error:
            return not self._let_go(error)
        return True

    def _open(self) -> None:
        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        self._db = db = sqlite3.connect(self._path, timeout=1, isolation_level=None, factory=Connection)
        db.execute("PRAGMA synchronous=NORMAL")
        if db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'kept'").fetchone() == (0,):
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(_TABLES.replace("TABLE", "TABLE IF NOT EXISTS"))
        if self._rows([""]).get("") != self._engine.encode():
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM kept")
            self._put({"": self._engine.encode()})
            db.execute("COMMIT")

    def _let_go(self, error: Exception) -> bool:
        """Close the file; delete it too where it is damaged, not only locked or out of reach, and return whether."""
        self.close()
        is_damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
        if is_damaged:
            for suffix in ("", "-wal", "-shm"):
                try:
                    os.unlink(self._path + suffix)
                except OSError:
                    continue
        return is_damaged

    def opened_again(self) -> KeptTexts:
        """Return the same, opened anew: for a forked process, which must let an open database be."""
        return KeptTexts(self._path, self._engine)

    def find(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is kept under these keys; a row whose checksum does not fit is as good as none."""
        if self._db is None:
            return {}
        try:
            return self._rows(sorted(set(keys)))
        except sqlite3.Error as error:
            self._let_go(error)
            return {}

    def _rows(self, keys: list[str]) -> dict[str, bytes]:
        assert self._db is not None
        found = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            for key, value, told in self._db.execute(f"SELECT * FROM kept WHERE key IN ({marks})", some):
                if isinstance(value, bytes) and told == self._sum(key, value):
                    found[key] = value
        return found

    def keep(self, values: Mapping[str, bytes], instead_of: str = "") -> None:
        """Keep values by key, all or none; those whose keys begin with `instead_of` (unless empty) are forgotten."""
        if self._db is None or not values:
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            if instead_of:
                self._db.execute("DELETE FROM kept WHERE substr(key, 1, ?) = ?", (len(instead_of), instead_of))
            self._put(values)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._let_go(error)

    def _put(self, values: Mapping[str, bytes]) -> None:
        assert self._db is not None
        rows = ((key, value, self._sum(key, value)) for key, value in values.items())
        self._db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)

    def _sum(self, key: str, value: bytes) -> bytes:
        parts = (self._engine.encode(), key.encode("utf-8", "surrogatepass"), value)
        told = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hashlib.blake2b(told, digest_size=_SUM).digest()

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()
            self._db = None


def open_kept(repository: Repository, name: str, engine: str) -> KeptTexts:
    """Return what is kept under a name in Git's common folder, for all work trees."""
    return KeptTexts(f"{repository.common_dir}/servicebook/{name}.sqlite", engine)
