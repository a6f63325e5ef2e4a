"""When each file of the desk last moved, by whom and why: the main line's log, kept up to one commit.

`git log` over all files of a desk of 100,000 takes 20 s, so what it said is kept in a database of its own in Git's
common folder; the next asking reads the newer commits only. The database may be deleted at any time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import NamedTuple

from servicebook.store.mainline import commit_if_any, cut_off_at, is_ancestor, steps_since
from servicebook.store.repository import Repository
from servicebook.store.sums import Connection

_VERSION = 1
_TABLES = (
    "CREATE TABLE step (number INTEGER PRIMARY KEY, id TEXT NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, "
    "email TEXT NOT NULL, subject TEXT NOT NULL)",
    "CREATE TABLE moved (path TEXT NOT NULL, step INTEGER NOT NULL, blob TEXT NOT NULL, PRIMARY KEY (path, step)) "
    "WITHOUT ROWID",
    "CREATE TABLE tip (id TEXT NOT NULL, cut_off TEXT NOT NULL)",
)
PATHS = ("kb", "tickets")


class Move(NamedTuple):
    """One commit of the main line that moved files.

    commit: its full id. at: the committer's instant, in UTC. author, email: as Git has them.
    """

    commit: str
    at: datetime
    author: str
    email: str
    subject: str


class FileHistory:
    """The moves of the files of a desk up to the commit `tip`; knows nothing where there is no commit yet.

    Raises GitError when `tip` names no commit of a repository that has some.
    """

    def __init__(self, repository: Repository, tip: str = "HEAD") -> None:
        folder = os.path.join(repository.common_dir, "servicebook")
        os.makedirs(folder, exist_ok=True)
        self._path = os.path.join(folder, "file-history.sqlite")
        commit = commit_if_any(repository, tip)
        try:
            self._db = self._opened()
            self._bring_up(repository, commit)
        except sqlite3.DatabaseError:  # damaged, full disk, or read only: all that is lost is time
            self._db = _in_memory()
            for name in ("", "-wal", "-shm", "-journal"):
                with suppress(OSError):
                    os.unlink(self._path + name)
            self._bring_up(repository, commit)

    def moves_of(self, path: str, most: int = -1) -> list[Move]:
        """Return the commits that moved a file, the newest first, at most `most` of them (-1: all)."""
        rows = self._db.execute(
            "SELECT id, at, author, email, subject FROM moved JOIN step ON step = number WHERE path = ? "
            "ORDER BY step DESC LIMIT ?",
            (path, most),
        )
        return [Move(id, datetime.fromtimestamp(at, UTC), *rest) for id, at, *rest in rows]

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Answer all questions in between from one state: another process may add commits, or begin anew."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def last_moves(self) -> dict[str, Move]:
        """Return the last commit that moved each file that is still there, by path; one of thousands is made once."""
        question = "SELECT number, id, at, author, email, subject FROM step"
        steps = {
            number: Move(id, datetime.fromtimestamp(at, UTC), *rest)
            for number, id, at, *rest in self._db.execute(question)
        }
        # In the order of the key the last row of a path is that of its last commit; to group them takes twice as long.
        rows = "SELECT path, CASE blob WHEN '' THEN 0 ELSE step END FROM moved ORDER BY path, step"
        last = dict(self._db.execute(rows))
        return {path: steps[number] for path, number in last.items() if number}

    def reached(self) -> dict[str, datetime]:
        """Return by commit the latest instant of the main line up to it: clocks differ, and what was told by one commit
        must not be older than what was told by one before it.
        """
        latest, found = 0, {}
        for id, at in self._db.execute("SELECT id, at FROM step ORDER BY number"):
            latest = max(latest, at)
            found[id] = datetime.fromtimestamp(latest, UTC)
        return found

    def told(self) -> str:
        """Return a word for all that is known: the newest commit that moved files, its number, where history begins."""
        last = self._db.execute("SELECT number, id FROM step ORDER BY number DESC LIMIT 1").fetchone() or ()
        return " ".join(map(str, (*last, *(self._db.execute("SELECT cut_off FROM tip").fetchone() or ()))))

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None, factory=Connection)
        db.execute("PRAGMA synchronous=OFF")  # after a crash of the machine it is read from Git again
        if db.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            db.execute("BEGIN IMMEDIATE")
            for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
                db.execute(f'DROP TABLE "{table}"')
            _make_tables(db)
            db.execute("COMMIT")
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")
        return db

    def _bring_up(self, repository: Repository, commit: str) -> None:
        """Add what the commits after the kept one moved; all anew where history was rewritten."""
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        old, cut_off = db.execute("SELECT id, cut_off FROM tip").fetchone() or ("", "")
        begins = " ".join(sorted(cut_off_at(repository)))
        if (old, cut_off) != (commit, begins):
            if cut_off != begins or not _leads_to(repository, old, commit):
                db.execute("DELETE FROM moved")
                db.execute("DELETE FROM step")
                old = ""
            first = db.execute("SELECT coalesce(max(number), 0) + 1 FROM step").fetchone()[0]
            steps = steps_since(repository, old, commit, PATHS) if commit else []
            for number, step in enumerate(steps, first):
                said = [_sound(text) for text in (step.author, step.email, step.subject)]
                db.execute("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?)", (number, step.id, step.committed, *said))
                rows = ((one.path, number, one.new) for one in step.touched if _sound(one.path) == one.path)
                db.executemany("INSERT OR REPLACE INTO moved VALUES (?, ?, ?)", rows)
            db.execute("DELETE FROM tip")
            db.execute("INSERT INTO tip VALUES (?, ?)", (commit, begins))
        db.execute("COMMIT")


def _leads_to(repository: Repository, old: str, commit: str) -> bool:
    """Whether what is known up to `old` still holds on the way to `commit`: no history was rewritten meanwhile."""
    return not old or bool(commit and commit_if_any(repository, old) and is_ancestor(repository, old, commit))


def _sound(text: str) -> str:
    """Return a text of Git's as UTF-8 can hold it: bytes of another encoding become question marks."""
    return text.encode("utf-8", "replace").decode()


def _in_memory() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    _make_tables(db)
    return db


def _make_tables(db: sqlite3.Connection) -> None:
    for statement in _TABLES:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {_VERSION}")
