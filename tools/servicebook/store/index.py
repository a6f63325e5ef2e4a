"""What is already known of a desk: verdicts by blob, and the tables of the tree they were last laid out for.

Two small databases, both disposable: verdicts lie in Git's common folder and serve all work trees, the
anchor (one tree's files, names and references) lies in each work tree's own Git folder. Whatever is missing,
damaged, of another version or out of reach is rebuilt, in memory if need be; the answers stay the same.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from servicebook.kept_json import dumps, loads
from servicebook.store.databases import Databases
from servicebook.store.folders import doubt_folders
from servicebook.store.kept import forget_relations, names_at
from servicebook.store.repository import Entry, Repository
from servicebook.store.sums import Connection, damaged, sum_of_texts, with_sum
from servicebook.store.tables import COLUMNS, FACTS, INDEXES
from servicebook.store.verdicts import Verdict, folded, is_judged
from servicebook.workflow.lifecycles import is_live

MOST_DOUBTFUL = 500
"""So many files that may differ from what is staged are cheaper looked at by Git."""

_MOST_VERDICTS_PER_FILE = 4
_VERDICTS_AT_LEAST = 50_000

_ONE_VERDICT = (
    f"SELECT v.number, {COLUMNS}, v.facts_sum, v.rest_sum FROM shared.verdict v"
    " WHERE v.blob = ? AND v.path = ? AND v.engine = ?"
)
_KEEP_VERDICT = (
    f"INSERT OR IGNORE INTO shared.verdict (blob, path, engine, {', '.join(Verdict._fields)}, facts_sum, rest_sum)"
    f" VALUES (?, ?, ?{', ?' * len(Verdict._fields)}, ?, ?)"
)
_REST = ", ".join(f"v.{name}" for name in Verdict._fields[FACTS:])
_REST_OF_FILES = (
    f"SELECT f.path, f.blob, v.engine, {_REST}, v.rest_sum"
    " FROM main.file f LEFT JOIN shared.verdict v ON v.number = f.verdict WHERE f.verdict IS NOT NULL AND"
)
_NAMES_AT_A_TIME = 50_000
"""So many names of records are held in memory while a tree is laid out."""
_by_key = itemgetter(0, 1)
_NO_VERDICT = Verdict(*[""] * len(Verdict._fields))
_FOUND, _BODY = (Verdict._fields[FACTS:].index(name) for name in ("found", "body"))


class Index(Databases):
    """An open index: the verdicts and the anchor of one work tree."""

    # --- what the anchor describes

    def anchor(self, engine: str) -> str:
        """Return the id of the tree that the tables describe as `engine` judges it; empty when none."""
        row = self.all_meta()
        born, _, last = row.get("verdicts", "").partition(" ")
        # A crash of the machine may cost the verdicts more of their last writes than the anchor.
        fits = row.get("engine") == engine and born == self.meta("born", "shared") and int(last) <= self._last_verdict()
        return row.get("tree", "") if fits else ""

    def _last_verdict(self) -> int:
        (last,) = self.db.execute("SELECT coalesce(max(number), 0) FROM shared.verdict").fetchone()
        return int(last)

    def last_anchor(self) -> str:
        """Return the id of the tree last anchored, by whatever engine; empty when none."""
        return self.meta("tree")

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
        with self.write():
            for table in ("file", "alias", "target", "seen", "seen_name", "folder"):
                self.db.execute(f"DELETE FROM main.{table}")
            self.db.execute("DELETE FROM main.meta WHERE name = 'looked'")
            for index, _ in INDEXES:  # made of all rows at once afterwards, which takes a sixth of the time
                self.db.execute(f"DROP INDEX IF EXISTS main.{index}")
            self._add_files(engine, entries)
            for _, statement in INDEXES:
                self.db.execute(statement)
            self._sign(tree, engine)

    def move(self, old: str, tree: str, engine: str, gone: Iterable[str], entries: Iterable[Entry]) -> None:
        """Make the tables of the tree `old` describe `tree`; nothing happens when another process moved them."""
        with self.write():
            if self.anchor(engine) != old:
                return
            paths = list(gone)
            names = names_at(self.db, paths)
            self._remove_files(paths)
            self._add_files(engine, entries)
            self._doubt(paths)
            forget_relations(self.db, names | names_at(self.db, paths))
            folders = {path.rpartition("/")[0] for path in paths}  # what is not tracked any more may still lie there
            doubt_folders(self.db, folders)
            self._sign(tree, engine)

    def _remove_files(self, paths: Iterable[str]) -> None:
        """Remove the rows of some files. Rows of names lie by name: all are walked over once, not for each file."""
        self.db.execute("CREATE TEMP TABLE IF NOT EXISTS gone (path TEXT PRIMARY KEY) WITHOUT ROWID")
        self.db.executemany("INSERT OR IGNORE INTO temp.gone VALUES (?)", ((path,) for path in paths))
        for table in ("file", "alias", "target"):
            self.db.execute(f"DELETE FROM main.{table} WHERE path IN (SELECT path FROM temp.gone)")
        self.db.execute("DELETE FROM temp.gone")

    def looked(self) -> str:
        """Return what is remembered of the last look at the whole work tree (store/glance.py); empty for nothing."""
        return self.meta("looked")

    def _doubt(self, paths: Iterable[str]) -> None:
        """Let files whose anchored state moved be looked at on disk, though nobody touched them there."""
        if text := self.looked():
            looked = loads(text)
            looked["doubtful"] = sorted({*looked["doubtful"], *paths})
            few = len(looked["doubtful"]) <= MOST_DOUBTFUL
            self.set_meta("looked", dumps(looked) if few else "")

    def _sign(self, tree: str, engine: str) -> None:
        verdicts = f"{self.meta('born', 'shared')} {self._last_verdict()}"
        for name, value in (("tree", tree), ("engine", engine), ("verdicts", verdicts)):
            self.set_meta(name, value)

    def _add_files(self, engine: str, entries: Iterable[Entry]) -> None:
        """Add rows for files, joined to the verdicts that are known of them."""
        named: dict[str, list[tuple[object, ...]]] = {"alias": [], "target": []}
        question = "INSERT OR REPLACE INTO main.file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)"
        self.db.executemany(question, self._rows_of_files(engine, entries, named))
        self._add_names(named)

    def _rows_of_files(
        self, engine: str, entries: Iterable[Entry], named: dict[str, list[tuple[object, ...]]]
    ) -> Iterator[tuple[object, ...]]:
        """Yield rows for files; their rows of names are gathered in `named`, and added where they are many."""
        for entry in entries:
            number, verdict = self._verdict(engine, entry.path, entry.blob) or (None, _NO_VERDICT)
            if number is None and entry.mode.startswith("100") and is_judged(entry.path):
                raise damaged(f"verdict {entry.path}")  # or another process has let go of it: begun again it is found
            yield with_sum(*entry, number, *_told_of(entry.path, verdict))
            for table, texts in (("alias", verdict.names), ("target", verdict.targets)):
                if texts:
                    named[table] += [with_sum(text, entry.path) for text in texts.split("\n") if text]
            if len(named["target"]) > _NAMES_AT_A_TIME:
                self._add_names(named)

    def _add_names(self, named: dict[str, list[tuple[object, ...]]]) -> None:
        """Add rows of names by table, and let go of them; in the order of their keys, which takes half the time."""
        for table, rows in named.items():
            self.db.executemany(f"INSERT OR IGNORE INTO main.{table} VALUES (?, ?, ?)", sorted(rows, key=_by_key))
            rows.clear()

    # --- verdicts

    def _verdict(self, engine: str, path: str, blob: str) -> tuple[int, Verdict] | None:
        row = self.db.execute(_ONE_VERDICT, (blob, path, engine)).fetchone()
        if row is None:
            return None
        number, *parts, of_facts, of_rest = row
        if _sums(blob, path, engine, parts) != (of_facts, of_rest):
            raise damaged(f"verdict {path}")
        return number, Verdict._make(parts)

    def verdicts(self, engine: str, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Verdict]]:
        """Yield the known verdicts among the wanted (path, blob)."""
        for path, blob in wanted:
            if found := self._verdict(engine, path, blob):
                yield (path, blob), found[1]

    def found_in(self, condition: str, *values: str) -> Iterator[tuple[str, str]]:
        """Yield (path, packed findings) of the anchored files that meet a condition on `f` (main.file)."""
        for path, blob, engine, *rest, kept in self.db.execute(f"{_REST_OF_FILES} {condition}", values):
            if sum_of_texts(blob, path, engine, *rest) != kept:
                raise damaged(f"verdict {path}")
            yield path, rest[_FOUND]

    def body_at(self, engine: str, path: str) -> str:
        """Return what the verdict on the anchored file at `path` says of its body; empty when none is there."""
        row = self.db.execute(f"{_REST_OF_FILES} f.path = ? AND v.engine = ?", (path, engine)).fetchone()
        if row is None:
            return ""
        _, blob, _, *rest, kept = row
        return rest[_BODY] if sum_of_texts(blob, path, engine, *rest) == kept else ""

    def known(self, engine: str, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return which of the wanted (path, blob) have a verdict."""
        question = "SELECT 1 FROM shared.verdict WHERE blob = ? AND path = ? AND engine = ?"
        return {(p, b) for p, b in wanted if self.db.execute(question, (b, p, engine)).fetchone()}

    def add_verdicts(self, engine: str, judged: dict[tuple[str, str], Verdict]) -> None:
        """Keep new verdicts."""
        if not judged:
            return
        with self.write():
            self.put_verdicts(engine, judged)

    def put_verdicts(self, engine: str, judged: dict[tuple[str, str], Verdict]) -> None:
        """Keep new verdicts within a write that has begun."""
        rows = ((b, p, engine, *verdict, *_sums(b, p, engine, verdict)) for (p, b), verdict in judged.items())
        self.db.executemany(_KEEP_VERDICT, rows)

    def while_reading(self) -> _Beside:
        """Write in the midst of reading: `with` gives an index to write to, or None where another process writes for
        long. What does not get to disk is no loss: it is found again.
        """
        return _Beside(self)

    def forget_when_many(self) -> None:
        """Start the verdicts afresh when most of them must be of files long gone; anchors notice by `born`."""
        last = self._last_verdict()
        if last <= _VERDICTS_AT_LEAST:
            return
        (files,) = self.db.execute("SELECT count(*) FROM main.file").fetchone()
        if last > _MOST_VERDICTS_PER_FILE * files:
            with self.write():
                self.db.execute("DELETE FROM shared.verdict")
                self.set_meta("born", os.urandom(8).hex(), "shared")


class _Beside:
    """One write beside what is read, which stays as it is to the end; `with` gives the index to write to."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._writer: Index | None = None

    def __enter__(self) -> Index | None:
        try:
            if self._index.in_memory:  # which nobody else changes
                self._writer = self._index
                self._index.end_reading()
            else:
                self._writer = Index(*self._index.paths())
            self._writer.db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return None
        return self._writer

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> bool:
        writer = self._writer
        if writer is not None:
            try:
                if writer.db.in_transaction:
                    writer.db.execute("ROLLBACK" if failed else "COMMIT")
            except sqlite3.OperationalError:  # the disk is full
                writer.end_reading()
            if writer is self._index:
                writer.begin_reading()
            else:
                writer.close()
        return failed is not None and issubclass(failed, sqlite3.OperationalError)


def open_index(repository: Repository) -> Index:
    """Return the work tree's index; a damaged one is made anew, and without a place to write one in memory."""
    anchor, shared = anchor_path(repository), verdicts_path(repository)
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
    """Empty the index, so that the next opening makes it anew."""
    empty = Index(":memory:", ":memory:")
    for name, path in (("main", anchor_path(repository)), ("shared", verdicts_path(repository))):
        try:
            # Not deleted: other processes may read it, and would take away the files of a new one under its name.
            target = sqlite3.connect(path, timeout=2, factory=Connection)
            try:  # without `contextlib`, which no lookup needs
                empty.db.backup(target, name=name)
            finally:
                target.close()
        except sqlite3.OperationalError:
            continue  # another process is at it
        except sqlite3.DatabaseError:
            _delete(path)  # no database any more


def _delete(path: str) -> None:
    for suffix in ("", "-wal", "-shm", ".seal"):
        try:
            os.unlink(f"{path}{suffix}")
        except OSError:
            continue


def anchor_path(repository: Repository) -> str:
    """Return where the anchor of a work tree lies."""
    return f"{repository.git_dir}/servicebook/anchor.sqlite"


def verdicts_path(repository: Repository) -> str:
    """Return where the verdicts of a clone lie."""
    return f"{repository.common_dir}/servicebook/verdicts.sqlite"


def tail_of(id: str) -> str:
    """Return the last four characters of a ticket's id, by which people call it; empty for slugs."""
    return id[-4:] if len(id) > 13 and id[-5] == "-" and id[-13:-5].isdigit() else ""


def _told_of(path: str, verdict: Verdict) -> tuple[str | int, ...]:
    """Return what a file's row holds beside Git's entry: what lookups and walks ask for."""
    live = int(is_live(verdict.kind, verdict.status))
    quirks = int('"quirks"' in verdict.raw)
    found = int(verdict.found != "")
    return verdict.kind, verdict.id, tail_of(verdict.id), found, folded(path), quirks, verdict.status, live


def _sums(blob: str, path: str, engine: str, verdict: Sequence[str]) -> tuple[int, int]:
    """Return the sums of a verdict's row: of what makes the fact row, and of the rest."""
    return (
        sum_of_texts(blob, path, *verdict[:FACTS]),
        sum_of_texts(blob, path, engine, *verdict[FACTS:]),
    )
