"""What is already known of a desk: verdicts by blob, and the tables of the tree they were last laid out for.

Two small databases, both disposable: verdicts lie in Git's common folder and serve all work trees, the
anchor (one tree's files, names and references) lies in each work tree's own Git folder. Whatever is missing,
damaged, of another version or out of reach is rebuilt, in memory if need be; the answers stay the same.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator

from servicebook.store.kept import forget_relations, names_at
from servicebook.store.repository import Entry, Repository
from servicebook.store.verdicts import Verdict, folded
from servicebook.typed import Any
from servicebook.workflow.lifecycles import is_live

_SHARED = """
CREATE TABLE shared.meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE shared.setting (blob TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE shared.verdict (
  number INTEGER PRIMARY KEY, blob TEXT, path TEXT, engine TEXT,
  kind TEXT, id TEXT, title TEXT, status TEXT, raw TEXT, refs TEXT, found TEXT, names TEXT, targets TEXT,
  body TEXT, UNIQUE (blob, path, engine)
);
"""

_ANCHOR = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE file (
  path TEXT PRIMARY KEY, mode TEXT, blob TEXT, verdict INTEGER, kind TEXT, id TEXT, tail TEXT, found INTEGER,
  folded TEXT, quirks INTEGER, status TEXT, live INTEGER, relation TEXT, seen INTEGER
) WITHOUT ROWID;
CREATE INDEX file_id ON file (id) WHERE id != '';
CREATE INDEX file_tail ON file (tail) WHERE tail != '';
CREATE INDEX file_kind ON file (kind, path) WHERE kind != '';
CREATE INDEX file_found ON file (path) WHERE found;
CREATE INDEX file_folded ON file (folded);
CREATE INDEX file_status ON file (status, kind, path) WHERE kind != '';
CREATE INDEX file_live ON file (path) WHERE live;
CREATE INDEX file_quirks ON file (path) WHERE quirks;
CREATE INDEX file_unknown ON file (path) WHERE relation IS NULL AND kind != '';
CREATE INDEX file_relation ON file (path) WHERE relation != '';
CREATE INDEX file_seen ON file (seen) WHERE seen IS NOT NULL;
CREATE TABLE folder (path TEXT PRIMARY KEY, time INTEGER, others TEXT) WITHOUT ROWID;
CREATE TABLE seen (number INTEGER PRIMARY KEY, names TEXT UNIQUE);
CREATE TABLE seen_name (name TEXT, number INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID;
CREATE TABLE alias (name TEXT, path TEXT, PRIMARY KEY (name, path)) WITHOUT ROWID;
CREATE TABLE target (target TEXT, path TEXT, PRIMARY KEY (target, path)) WITHOUT ROWID;
CREATE TABLE history (
  path TEXT, id TEXT, place INTEGER, entry TEXT, born TEXT, at INTEGER, moved_by TEXT, moved_at INTEGER,
  branch INTEGER, PRIMARY KEY (path, id)
) WITHOUT ROWID;
"""

VERSION = f"{zlib.crc32((_SHARED + _ANCHOR).encode()):08x}"
"""Changes with the tables above; an index of another version is made anew."""

MOST_DOUBTFUL = 500
"""So many files that may differ from what is staged are cheaper looked at by Git."""

_MOST_VERDICTS_PER_FILE = 4
_VERDICTS_AT_LEAST = 50_000

COLUMNS = ", ".join(f"v.{name}" for name in Verdict._fields)
"""The columns of a verdict in the order of `Verdict`."""

FACT_COLUMNS = ", ".join(f"v.{name}" for name in Verdict._fields[:6])
"""The columns of a verdict that a fact row is made of."""

_ONE_VERDICT = f"SELECT {COLUMNS} FROM shared.verdict v WHERE v.blob = ? AND v.path = ? AND v.engine = ?"
_KEEP_VERDICT = (
    f"INSERT OR IGNORE INTO shared.verdict (blob, path, engine, {', '.join(Verdict._fields)})"
    f" VALUES (?, ?, ?{', ?' * len(Verdict._fields)})"
)
_PART_OF_VERDICT = (
    "SELECT v.number, v.kind, v.id, v.found != '', v.names, v.targets, instr(v.raw, '\"quirks\"') > 0, v.status"
    " FROM shared.verdict v"
    " WHERE v.blob = ? AND v.path = ? AND v.engine = ?"
)

_BODY = "SELECT v.body FROM main.file f JOIN shared.verdict v ON v.number = f.verdict WHERE f.path = ? AND v.engine = ?"


class Index:
    """An open index: the verdicts and the anchor of one work tree."""

    def __init__(self, anchor: str, shared: str) -> None:
        self.in_memory = anchor == ":memory:"
        self._paths = {"main": anchor, "shared": shared}
        self.db = sqlite3.connect(anchor, timeout=10, isolation_level=None, check_same_thread=False)
        self.db.execute("ATTACH ? AS shared", (shared,))
        self._prepare("main", _ANCHOR)
        self._prepare("shared", _SHARED)

    def _prepare(self, name: str, tables: str) -> None:
        """Make the tables of one database unless they stand there in this version."""
        self.db.execute(f"PRAGMA {name}.synchronous=NORMAL")
        if self._version(name) == VERSION:
            self._require_whole_pages(name)
            return
        self.db.execute(f"PRAGMA {name}.journal_mode=WAL")
        self.db.execute("BEGIN IMMEDIATE")
        if self._version(name) != VERSION:
            for (table,) in self.db.execute(
                f"SELECT name FROM {name}.sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite%'"
            ).fetchall():
                self.db.execute(f"DROP TABLE {name}.{table}")
            for statement in tables.split(";\n")[:-1]:
                self.db.execute(statement)
            pairs = [("version", VERSION), ("born", os.urandom(8).hex())]
            self.db.executemany(f"INSERT INTO {name}.meta VALUES (?, ?)", pairs)
        self.db.execute("COMMIT")

    def _require_whole_pages(self, name: str) -> None:
        """Raise DatabaseError for a file cut off within its last page: SQLite would read zeros, findings among them."""
        path = self._paths[name]
        if path != ":memory:":
            (size,) = self.db.execute(f"PRAGMA {name}.page_size").fetchone()
            if os.stat(path).st_size % size:
                raise sqlite3.DatabaseError("the file is cut off")

    def _version(self, name: str) -> str:
        try:
            return self._meta(name, "version")
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return ""

    def _meta(self, database: str, name: str) -> str:
        row = self.db.execute(f"SELECT value FROM {database}.meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Write down a fact about the anchor."""
        self.db.execute("INSERT OR REPLACE INTO main.meta VALUES (?, ?)", (name, value))

    def note(self, facts: dict[str, str]) -> None:
        """Write down facts about the work tree; nothing happens while another process writes."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return
        for name, value in facts.items():
            self.set_meta(name, value)
        self.db.execute("COMMIT")

    # --- what the anchor describes

    def anchor(self, engine: str) -> str:
        """Return the id of the tree that the tables describe as `engine` judges it; empty when none."""
        row = dict(self.db.execute("SELECT name, value FROM main.meta").fetchall())
        fits = row.get("engine") == engine and row.get("verdicts") == self._meta("shared", "born")
        return row.get("tree", "") if fits else ""

    def last_anchor(self) -> str:
        """Return the id of the tree last anchored, by whatever engine; empty when none."""
        return self._meta("main", "tree")

    def blob_at(self, path: str) -> str:
        """Return the blob that the anchored tree has at `path`, or an empty text."""
        row = self.db.execute("SELECT blob FROM main.file WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def has_file(self, name: bytes) -> bool:
        """Whether the anchored tree has a file of this name, as its bytes stand on disk."""
        question = "SELECT 1 FROM main.file WHERE path = ?"
        return self.db.execute(question, (name.decode("utf-8", "backslashreplace"),)).fetchone() is not None

    def lay_out(self, tree: str, engine: str, entries: Iterable[Entry]) -> None:
        """Describe `tree` in place of what stood here; the verdicts of its files are known already."""
        with self._write():
            for table in ("file", "alias", "target", "seen", "seen_name", "folder"):
                self.db.execute(f"DELETE FROM main.{table}")
            self.db.execute("DELETE FROM main.meta WHERE name = 'looked'")
            self._add_files(engine, entries)
            self._sign(tree, engine)

    def move(self, old: str, tree: str, engine: str, gone: Iterable[str], entries: Iterable[Entry]) -> None:
        """Make the tables of the tree `old` describe `tree`; nothing happens when another process moved them."""
        with self._write():
            if self.anchor(engine) != old:
                return
            paths = list(gone)
            names = names_at(self.db, paths)
            for path in paths:
                for table in ("file", "alias", "target"):
                    self.db.execute(f"DELETE FROM main.{table} WHERE path = ?", (path,))
            self._add_files(engine, entries)
            self._doubt(paths)
            forget_relations(self.db, names | names_at(self.db, paths))
            folders = {path.rpartition("/")[0] for path in paths}  # what is not tracked any more may still lie there
            self.db.executemany("UPDATE main.folder SET time = -1 WHERE path = ?", ((path,) for path in folders))
            self._sign(tree, engine)

    def looked(self) -> str:
        """Return what is remembered of the last look at the whole work tree (store/glance.py); empty for nothing."""
        return self._meta("main", "looked")

    def _doubt(self, paths: Iterable[str]) -> None:
        """Let files whose anchored state moved be looked at on disk, though nobody touched them there."""
        if text := self.looked():
            looked = json.loads(text)
            looked["doubtful"] = sorted({*looked["doubtful"], *paths})
            few = len(looked["doubtful"]) <= MOST_DOUBTFUL
            self.set_meta("looked", json.dumps(looked) if few else "")

    def _sign(self, tree: str, engine: str) -> None:
        for name, value in (("tree", tree), ("engine", engine), ("verdicts", self._meta("shared", "born"))):
            self.set_meta(name, value)

    def _add_files(self, engine: str, entries: Iterable[Entry]) -> None:
        """Add rows for files, joined to the verdicts that are known of them."""
        for entry in entries:
            question = (entry.blob, entry.path, engine)
            row = self.db.execute(_PART_OF_VERDICT, question).fetchone() or (None, "", "", False, "", "", False, "")
            number, kind, id, found, names, targets, quirks, status = row
            live = is_live(kind, status)
            self.db.execute(
                "INSERT OR REPLACE INTO main.file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                (*entry, number, kind, id, tail_of(id), found, folded(entry.path), quirks, status, live),
            )
            for table, texts in (("alias", names), ("target", targets)):
                pairs = [(text, entry.path) for text in texts.split("\n") if text]
                self.db.executemany(f"INSERT OR IGNORE INTO main.{table} VALUES (?, ?)", pairs)

    # --- verdicts

    def verdicts(self, engine: str, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Verdict]]:
        """Yield the known verdicts among the wanted (path, blob)."""
        for path, blob in wanted:
            if row := self.db.execute(_ONE_VERDICT, (blob, path, engine)).fetchone():
                yield (path, blob), Verdict(*row)

    def body_at(self, engine: str, path: str) -> str:
        """Return what the verdict on the anchored file at `path` says of its body; empty when none is there."""
        row = self.db.execute(_BODY, (path, engine)).fetchone()
        return row[0] if row else ""

    def known(self, engine: str, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return which of the wanted (path, blob) have a verdict."""
        question = "SELECT 1 FROM shared.verdict WHERE blob = ? AND path = ? AND engine = ?"
        return {(p, b) for p, b in wanted if self.db.execute(question, (b, p, engine)).fetchone()}

    def add_verdicts(self, engine: str, judged: dict[tuple[str, str], Verdict]) -> None:
        """Keep new verdicts."""
        if not judged:
            return
        with self._write():
            self.put_verdicts(engine, judged)

    def put_verdicts(self, engine: str, judged: dict[tuple[str, str], Verdict]) -> None:
        """Keep new verdicts within a write that has begun."""
        rows = ((blob, path, engine, *verdict) for (path, blob), verdict in judged.items())
        self.db.executemany(_KEEP_VERDICT, rows)

    def forget_when_many(self) -> None:
        """Start the verdicts afresh when most of them must be of files long gone; anchors notice by `born`."""
        (last,) = self.db.execute("SELECT coalesce(max(number), 0) FROM shared.verdict").fetchone()
        if last <= _VERDICTS_AT_LEAST:
            return
        (files,) = self.db.execute("SELECT count(*) FROM main.file").fetchone()
        if last > _MOST_VERDICTS_PER_FILE * files:
            with self._write():
                self.db.execute("DELETE FROM shared.verdict")
                self.db.execute("UPDATE shared.meta SET value = ? WHERE name = 'born'", (os.urandom(8).hex(),))

    # --- what commits show of each event (store/recorded.py)

    def history_tip(self) -> str:
        """Return the commit up to which the history is known; empty when none is."""
        return self._meta("main", "history")

    def history(self) -> Iterator[tuple[Any, ...]]:
        """Yield the events that the history up to `history_tip` recorded, as they were kept."""
        yield from self.db.execute("SELECT * FROM main.history")

    def keep_history(self, old: str, tip: str, touched: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep the events of the touched paths as the history up to `tip` shows them; of all, when `old` is empty.

        old: the tip they were read from. Nothing is kept when another process moved it, or writes for long: the
        next check reads those commits again.
        """
        with self.while_reading() as may_write:
            if not may_write or (old and self.history_tip() != old):
                return
            if old:
                self.db.executemany("DELETE FROM main.history WHERE path = ?", ((path,) for path in touched))
            else:
                self.db.execute("DELETE FROM main.history")
            self.db.executemany("INSERT INTO main.history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self.set_meta("history", tip)

    # --- transactions

    def _write(self) -> _Transaction:
        return _Transaction(self.db)

    def while_reading(self) -> _Interruption:
        """Write in the midst of reading: `with` gives False, and nothing may be written, where another process
        writes for long. What does not get to disk is no loss: it is found again.
        """
        return _Interruption(self)

    def begin_reading(self) -> None:
        """Hold what is read from here on to one state of the index, whatever other processes write."""
        self.db.execute("BEGIN")
        self._meta("main", "tree"), self._meta("shared", "born")

    def end_reading(self) -> None:
        """Let go of the state held by `begin_reading`."""
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def close(self) -> None:
        """Close both databases."""
        self.db.close()


class _Transaction:
    """One write: all of it or nothing, waiting for other writers."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, failed: object, *_: object) -> None:
        self._db.execute("ROLLBACK" if failed else "COMMIT")


class _Interruption:
    """One write in the midst of reading; whether it may be made is what `with` gives."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __enter__(self) -> bool:
        self._index.end_reading()
        try:
            self._index.db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> bool:
        db = self._index.db
        try:
            if db.in_transaction:
                db.execute("ROLLBACK" if failed else "COMMIT")
        except sqlite3.OperationalError:  # the disk is full
            self._index.end_reading()
        self._index.begin_reading()
        return failed is not None and issubclass(failed, sqlite3.OperationalError)


def open_index(repository: Repository) -> Index:
    """Return the work tree's index; a damaged one is made anew, and without a place to write one in memory."""
    anchor = f"{repository.git_dir}/servicebook/anchor.sqlite"
    shared = f"{repository.common_dir}/servicebook/verdicts.sqlite"
    for _ in range(2):
        try:
            for path in (anchor, shared):
                os.makedirs(os.path.dirname(path), exist_ok=True)
            return Index(anchor, shared)
        except sqlite3.OperationalError:
            break  # locked for long, or nowhere to write
        except sqlite3.DatabaseError:
            forget_index(repository)
        except OSError:
            break
    return Index(":memory:", ":memory:")


def forget_index(repository: Repository) -> None:
    """Delete the index's files; the next opening makes them anew."""
    for folder, name in ((repository.git_dir, "anchor"), (repository.common_dir, "verdicts")):
        for suffix in ("", "-wal", "-shm"):
            try:
                os.unlink(f"{folder}/servicebook/{name}.sqlite{suffix}")
            except OSError:
                continue


def tail_of(id: str) -> str:
    """Return the last four characters of a ticket's id, by which people call it; empty for slugs."""
    return id[-4:] if len(id) > 13 and id[-5] == "-" and id[-13:-5].isdigit() else ""
