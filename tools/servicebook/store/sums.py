"""Whether an index is as it was written: a sum in each row, and a seal on the files that hold the rows.

A sum tells that a row is what was written under its key; no sum tells that a row is missing, since damage to the
pages that lead to rows hides them. So each database has a seal beside it: what the machine says of its files (which
file, how long, when written, when changed) after our last write. Whatever else writes into them moves those times,
and the index is then read through, page by page and row by row (store/proof.py), before it is believed. That leaves
what moves no time: a disk that loses bytes by itself, where a row's sum still tells, and a write within the same
tick of the machine's clock as our own.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib

from servicebook.typed import Any

_LOOKS = 12
_PAUSE = 0.01
"""So often and so many seconds apart is looked whether a process that is just writing puts the seal on."""


def damaged(what: str) -> sqlite3.DatabaseError:
    """Return the error that SQLite, too, raises for a damaged file."""
    return sqlite3.DatabaseError(f"what is kept of {what} is not as it was written")


class Connection(sqlite3.Connection):
    """A connection that tells damage as SQLite's error, whatever bytes its message has.

    SQLite names the table that it cannot make sense of; where its name was damaged, Python cannot read the message.
    """

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        """Run one statement. Raises DatabaseError."""
        try:
            return super().execute(statement, values)
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError("the schema is damaged") from error


def sum_of(*values: object) -> int:
    """Return the sum of a row of any values."""
    return zlib.crc32(repr(values).encode("utf-8", "surrogatepass"))


def with_sum(*values: object) -> tuple[object, ...]:
    """Return a row with its sum as the last value."""
    return (*values, sum_of(*values))


def sum_of_texts(*texts: str) -> int:
    """Return the sum of a row of long texts; -1, which no row has, where one is no text."""
    try:
        return zlib.crc32("\x1f".join(texts).encode("utf-8", "surrogatepass"))
    except TypeError:
        return -1


class Seal:
    """The seal of one database, in a file beside it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._last = ""

    def holds(self) -> bool:
        """Whether the database is as it was left, or there is none; waits a moment for another process that writes."""
        for look in range(_LOOKS):
            if look:
                time.sleep(_PAUSE)
            state = self.state()
            if state == self._noted() or state.startswith("-"):
                self._last = state
                return True
        return False

    def renew(self) -> None:
        """Note how the files are now; of what cannot be noted the next process reads all."""
        state = self.state()
        while state != self._last:
            self._note(state)
            # Another process may have written meanwhile, and may have noted it before us.
            self._last, state = state, self.state()

    def state(self) -> str:
        """Return what the machine says of the database's files."""
        return f"{_about(self._path)} {_about(f'{self._path}-wal')}"

    def size_of_log(self) -> int:
        """Return how many bytes the log beside the database has."""
        try:
            return os.stat(f"{self._path}-wal").st_size
        except OSError:
            return 0

    def _noted(self) -> str:
        try:
            file = os.open(f"{self._path}.seal", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return ""
        try:
            return os.read(file, _LENGTH).decode("ascii", "replace").rstrip()
        finally:
            os.close(file)

    def _note(self, state: str) -> None:
        try:
            file = os.open(f"{self._path}.seal", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            return
        try:
            os.write(file, state.ljust(_LENGTH).encode())  # in place: half a note is one that does not hold
        except OSError:
            return
        finally:
            os.close(file)


_LENGTH = 240


def _about(path: str) -> str:
    """Return which file lies at `path`, how long it is and when it was touched; a dash for none, or an empty one."""
    try:
        about = os.stat(path)
    except OSError:
        return "-"
    return f"{about.st_ino} {about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}" if about.st_size else "-"
