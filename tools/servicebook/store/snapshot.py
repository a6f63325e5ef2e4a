"""What a desk looks like at one instant: the files of one tree, judged, with lookups and nothing else.

A snapshot is the anchor's tables with a few changed files laid over them; fact rows are made when they are
asked for, so that a desk of 100,000 records needs little memory and a lookup by id reads one row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from operator import attrgetter

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.packed import unpack_found
from servicebook.errors import ServicebookError
from servicebook.records.facts import Facts, Ref
from servicebook.records.kinds import BY_NAME, CROCKFORD
from servicebook.settings import Settings
from servicebook.store.index import FACT_COLUMNS, Index, forget_index, open_index, tail_of
from servicebook.store.judging import Judging
from servicebook.store.kept import KeptFindings, asking_for, names_at
from servicebook.store.moves import is_way, joined, turned
from servicebook.store.overlay import Overlay
from servicebook.store.repository import GITLINK, GONE, UNREADABLE, Entry, Moved, Repository
from servicebook.store.verdicts import folded, unpack_facts
from servicebook.typed import TYPE_CHECKING, Any, NamedTuple
from servicebook.workflow.lifecycles import is_live

if TYPE_CHECKING:
    from servicebook.store.verdicts import Judge
    from servicebook.text.source_file import SourceFile

_ROWS = f"SELECT f.path, f.blob, {FACT_COLUMNS} FROM main.file f JOIN shared.verdict v ON v.number = f.verdict"
_KEPT = 4096  # fact rows remembered by id, so that a customer named by all tickets is made once
_ASKED_AT_ONCE = 500  # values in one question; SQLite takes a limited number
_LOOSE = str.maketrans("OoIiLl", "001111")
"""Letters that Crockford's base32 reads as digits."""


class Opened(NamedTuple):
    """How a snapshot came about.

    tree: WORK_TREE, STAGED or a revision; target: the id of the tree that a revision names, else empty.
    base: the tree that the index describes, from which `moved` leads to the judged one and `to_head` to HEAD's
    (empty for a revision).
    engine: what the verdicts were made by.
    """

    repository: Repository
    settings: Settings
    tree: str
    target: str
    base: str
    moved: tuple[Moved, ...]
    to_head: tuple[Moved, ...]
    engine: str
    judge: Judge


class Snapshot:
    """The files of one tree, judged: lookups only.

    settings: those of the tree. tree: what is judged, for people. root: the work tree's top folder.
    """

    def __init__(self, opened: Opened, index: Index, overlay: Overlay) -> None:
        self.repository = opened.repository
        self.settings = opened.settings
        self.tree = opened.tree
        self.root = opened.repository.root
        self.judge = opened.judge
        self.index = index
        self.overlay = overlay
        self._opened = opened
        self._moved: dict[str, Sequence[Moved]] = {opened.base: opened.moved}
        self._kept: dict[tuple[str, str], Facts | None] = {}
        self.kept = KeptFindings(index, opened.engine, opened.base)
        self._contents: dict[str, bytes] = {}
        self._judging = Judging(opened, index)

    # --- records by name

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of `kind` with this id, or the one that has it as an alias; None when there is none."""
        key = (kind, id)
        try:
            return self._kept[key]
        except KeyError:
            pass
        found = [facts for facts in self.named(id) if facts.kind == kind]
        facts = next((facts for facts in found if facts.id == id), found[0] if found else None)
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[key] = facts
        return facts

    def find(self, id: str) -> list[Facts]:
        """Return the records that a person may mean: full id, slug, `kind/slug`, or the last four of an id."""
        kind, _, name = id.rpartition("/")
        if kind:
            return [facts for facts in self.named(name) if facts.kind == kind] if kind in BY_NAME else []
        if found := self.named(id) or self.named(id.upper()):
            exact = [facts for facts in found if id in (facts.id, facts.id.lower())]
            return exact or found
        tail = id.translate(_LOOSE).upper()
        if len(tail) == 4 and set(tail) <= set(CROCKFORD):
            return self._with_tail(tail)
        return self.named(tail) if "-" in tail else []

    def with_id(self, id: str) -> list[Facts]:
        """Return every record with exactly this id, of any kind, sorted by path; aliases do not count."""
        return [facts for facts in self.named(id) if facts.id == id]

    def named(self, name: str) -> list[Facts]:
        """Return the records that have `name` as their id or an alias, sorted by path, true ids first."""
        by_alias = "f.path IN (SELECT path FROM main.alias WHERE name = ?)"
        found = {facts.path: facts for facts in self._base("f.id = ? AND f.id != ''", name)}
        found |= {facts.path: facts for facts in self._base(by_alias, name)}
        found |= self.overlay.of(self.overlay.by_name.get(name, ()))
        return sorted(found.values(), key=lambda facts: (facts.id != name, facts.path))

    def _with_tail(self, tail: str) -> list[Facts]:
        over = self.overlay.of(path for path, row in self.overlay.rows.items() if tail_of(row.id) == tail).values()
        return sorted([*self._base("f.tail = ? AND f.tail != ''", tail), *over], key=attrgetter("path"))

    # --- records by kind, place and reference

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of these kinds, sorted by path."""
        marks = ", ".join("?" * len(kinds))
        base = self._base(f"f.kind IN ({marks}) AND f.kind != '' ORDER BY f.path", *kinds)
        over = [facts for facts in self.overlay.all() if facts.kind in kinds]
        return merge(base, over, key=attrgetter("path")) if over else base

    def with_status(self, status: str, kinds: Sequence[str] = ()) -> Iterator[Facts]:
        """Yield the records, of these kinds when any are given, that are in a state, sorted by path."""
        of_kinds = f" AND f.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        base = self._base(f"f.status = ? AND f.kind != ''{of_kinds} ORDER BY f.path", status, *kinds)
        over = (f for f in self.overlay.all() if f.status == status and (not kinds or f.kind in kinds))
        return merge(base, over, key=attrgetter("path"))

    def live(self, kinds: Sequence[str] = ()) -> Iterator[Facts]:
        """Yield the records, of these kinds when any are given, but tickets on which nobody works any more."""
        of_kinds = f" AND f.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        base = self._base(f"f.live AND f.kind != ''{of_kinds} ORDER BY f.path", *kinds)
        over = (f for f in self.overlay.all() if is_live(f.kind, f.status) and (not kinds or f.kind in kinds))
        return merge(base, over, key=attrgetter("path"))

    def all(self, start: str = "", end: str = "") -> Iterator[Facts]:
        """Yield every record, sorted by path; only from path `start` on and up to (without) `end` when given."""
        stop = end or "\U0010ffff"
        base = self._base("f.kind != '' AND f.path >= ? AND f.path < ? ORDER BY f.path", start, stop)
        over = (facts for facts in self.overlay.all() if start <= facts.path < stop)
        return merge(base, over, key=attrgetter("path"))

    def path_in_the_middle(self, least: int = 2000) -> str:
        """Return a path that halves the records; empty when they are fewer than `least` or not kept on disk."""
        (count,) = next(self._rows("SELECT count(*) FROM main.file WHERE kind != ''"))
        if count < least or self.index.in_memory:
            return ""
        question = "SELECT path FROM main.file WHERE kind != '' ORDER BY path LIMIT 1 OFFSET ?"
        return next((path for (path,) in self._rows(question, count // 2)), "")

    def opened_again(self) -> Snapshot | None:
        """Return the same desk over a connection of its own (for a forked process); None when it moved on."""
        index = open_index(self.repository)
        index.begin_reading()
        if index.in_memory or index.anchor(self._opened.engine) != self._opened.base:
            return None
        return Snapshot(self._opened, index, self.overlay)

    def count_records(self) -> int:
        """Return how many records there are."""
        base = next(self._rows("SELECT count(*) FROM main.file WHERE kind != ''"))[0]
        hidden = sum(1 for path in self.overlay.entries if next(self._base_kind(path), ("",))[0])
        return int(base) - hidden + len(self.overlay.rows)

    def _base_kind(self, path: str) -> Iterator[tuple[Any, ...]]:
        return self._rows("SELECT kind FROM main.file WHERE path = ?", path)

    def quirky_paths(self) -> set[str]:
        """Return the paths of the records that may declare quirks of the system they came from."""
        base = {path for (path,) in self._rows("SELECT path FROM main.file WHERE quirks")}
        over = {path for path, row in self.overlay.rows.items() if '"quirks"' in row.raw}
        return base - self.overlay.entries.keys() | over

    def record_paths(self) -> Iterator[str]:
        """Yield the path of every record, in no certain order; cheaper than the records themselves."""
        for (path,) in self._rows("SELECT path FROM main.file WHERE kind != ''"):
            if path not in self.overlay.entries:
                yield path
        yield from self.overlay.rows

    def at_path(self, path: str) -> Facts | None:
        """Return the record that lies at `path`."""
        if path in self.overlay.entries:
            return self.overlay.facts(path)
        return next(self._base("f.path = ?", path), None)

    def referrers(self, kind: str, id: str) -> Iterator[tuple[Facts, Ref]]:
        """Yield who names the record of `kind` with this id (or one of its aliases), and by which reference."""
        own = self.get(kind, id)
        names = {id, *((own.id, *own.get("aliases", default=())) if own else ())}
        for facts in self.naming(*names):
            for ref in facts.refs:
                if kind in ref.kinds and ref.target in names:
                    yield facts, ref

    def naming(self, *targets: str, kinds: Sequence[str] = ()) -> list[Facts]:
        """Return the records, of these kinds when any are given, that refer to, mention or link to one of these ids
        or paths, sorted by path.
        """
        rows: dict[str, Facts] = {}
        of_kinds = f" AND f.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        for start in range(0, len(targets), _ASKED_AT_ONCE):
            some = targets[start : start + _ASKED_AT_ONCE]
            marks = ", ".join("?" * len(some))
            named = f"f.path IN (SELECT path FROM main.target WHERE target IN ({marks})){of_kinds}"
            rows |= {facts.path: facts for facts in self._base(named, *some, *kinds)}
        for target in targets:
            over = self.overlay.of(self.overlay.by_target.get(target, ()))
            rows |= {path: facts for path, facts in over.items() if not kinds or facts.kind in kinds}
        return [rows[path] for path in sorted(rows)]

    # The indexes are partial: SQLite takes them only when a condition says that the column is not empty.

    def _base(self, condition: str, *values: str) -> Iterator[Facts]:
        """Yield the anchor's rows for a condition, without those that the overlay hides."""
        hidden = self.overlay.entries
        for row in self._rows(f"{_ROWS} WHERE {condition}", *values):
            if row[0] not in hidden and row[2]:
                yield Facts(*row)  # as `unpack_facts` does, for thousands

    def _rows(self, question: str, *values: str | int) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self.index.db.execute(question, values)
        except sqlite3.DatabaseError as error:
            forget_index(self.repository)
            raise ServicebookError(
                "the index was damaged: {error}", "it is deleted; run the command again", error=error
            ) from error

    # --- files

    def entries(self) -> Iterator[Entry]:
        """Yield every file of the tree (attachments, symlinks and submodules too), sorted by path."""
        rows = self._rows("SELECT path, mode, blob FROM main.file ORDER BY path")
        base = (Entry(*row) for row in rows if row[0] not in self.overlay.entries)
        over = (entry for _, entry in sorted(self.overlay.entries.items()) if entry.mode != GONE)
        return merge(base, over, key=attrgetter("path"))

    def entries_like(self, path: str) -> list[Entry]:
        """Return the files that share their name with `path` on machines that do not tell case or accents apart,
        and the attachments of the record at `path`.
        """
        like, stem = folded(path), folded(path).removesuffix(".md")
        rows = self._rows(
            "SELECT path, mode, blob FROM main.file WHERE folded = ? OR (folded >= ? AND folded < ?)",
            *(like, f"{stem}.files/", f"{stem}.files0"),
        )
        over = (entry for _, entry in sorted(self.overlay.entries.items()) if entry.mode != GONE)
        near = [
            entry for entry in over if folded(entry.path) == like or folded(entry.path).startswith(f"{stem}.files/")
        ]
        return [*near, *(Entry(*row) for row in rows if row[0] not in self.overlay.entries)]

    def paths_in(self, folder: str) -> list[str]:
        """Return the paths of the files in a folder, however it is capitalised."""
        start = folded(folder) + "/"
        rows = self._rows("SELECT path FROM main.file WHERE folded >= ? AND folded < ?", start, f"{start[:-1]}0")
        over = [path for path, entry in self.overlay.entries.items() if entry.mode != GONE]
        here = [path for path in over if folded(path).startswith(start)]
        return [*here, *(row[0] for row in rows if row[0] not in self.overlay.entries)]

    def entry_at(self, path: str) -> Entry | None:
        """Return the file at `path`, or None."""
        entry = self.overlay.entries.get(path)
        if entry is None:
            rows = self._rows("SELECT path, mode, blob FROM main.file WHERE path = ?", path)
            entry = next((Entry(*row) for row in rows), None)
        return entry if entry and entry.mode != GONE else None

    def has_path(self, path: str) -> bool:
        """Whether the tree has a file at `path`."""
        return self.entry_at(path) is not None

    def paths(self) -> Iterable[str]:
        """Yield the path of every file, sorted."""
        return (entry.path for entry in self.entries())

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read some files together, for `read` to find: Git is asked once, not once a file.

        Those of before are let go, unless all are among them.
        """
        paths = list(paths)
        if all(path in self._contents for path in paths):
            return
        entries = [entry for path in paths if (entry := self.entry_at(path)) and entry.mode.startswith("100")]
        blobs = {entry.blob for entry in entries if entry.path not in self.overlay.on_disk}
        contents = dict(self.repository.read_blobs(sorted(blobs)))
        self._contents = {entry.path: contents[entry.blob] for entry in entries if entry.blob in contents}

    def read(self, path: str) -> bytes:
        """Return the bytes of a file as the judged tree has it; FileNotFoundError when it has none."""
        if path in self._contents:
            return self._contents[path]
        entry = self.entry_at(path)
        if entry is None or entry.mode in (GITLINK, UNREADABLE):
            raise FileNotFoundError(path)
        if path in self.overlay.on_disk:
            return self.repository.read_on_disk(path)
        return next(self.repository.read_blobs([entry.blob]))[1]

    def read_in_work_tree(self, path: str) -> bytes:
        """Return the bytes of a file as they lie on disk, where commands write; FileNotFoundError when it has none.

        What a sparse checkout leaves out is read as it is tracked.
        """
        try:
            return self.repository.read_on_disk(path)
        except FileNotFoundError:
            return self.read(path)

    # --- other states

    def moved_since(self, tree: str) -> Sequence[Moved]:
        """Return how the judged tree differs from the tree `tree`, sorted by path."""
        if tree not in self._moved:
            # Two trees are compared in no time; the index or the work tree would have to be read again.
            self._moved[tree] = joined(turned(self._way_to(tree)), self._over_base())
        return self._moved[tree]

    def _way_to(self, tree: str) -> list[Moved]:
        """Return how the tree `tree` differs from the anchored one: by way of HEAD's, which is near and known."""
        opened, head = self._opened, self.repository.head_tree
        if opened.target:
            return self.repository.moved_between(opened.base, tree)
        return joined(opened.to_head, {item.path: item for item in self.repository.moved_between(head, tree)})

    def _over_base(self) -> dict[str, Moved]:
        """Return what lies over the anchored tree, with the ids of files that are only known on disk."""
        pairs = [(item, self.overlay.entries[item.path]) for item in self._opened.moved]
        over = (item._replace(mode=entry.mode, blob=entry.blob) for item, entry in pairs)
        return {item.path: item for item in over if is_way(item)}

    def moved_names(self) -> set[str]:
        """Return every name that may lead elsewhere here than in the anchored tree: paths, ids, aliases."""
        over = self.overlay
        return names_at(self.index.db, over.entries) | over.by_name.keys() if over.entries else set()

    def asking_for(self, names: Iterable[str]) -> set[str]:
        """Return the paths of the anchored records whose kept findings may not hold where these names moved."""
        return asking_for(self.index.db, names)

    @property
    def base(self) -> str:
        """The id of the anchored tree, over which what differs from it lies."""
        return self._opened.base

    def is_tree(self) -> str:
        """Return the id of the tree that the files judged here make up; empty where nobody wrote it as a tree."""
        if not self.overlay.entries:
            return self._opened.base
        head = self.repository.head_tree
        return self._opened.target or (head if not self.moved_since(head) else "")

    def as_tree(self, tree: str) -> Snapshot:
        """Return the desk as the tree `tree` has it, under this desk's settings."""
        opened = self._opened
        moved = tuple(self._way_to(tree))
        entries = {item.path: Entry(item.path, item.mode, item.blob) for item in moved}
        verdicts = self._judging.verdicts_of((e.path, e.blob) for e in entries.values() if e.mode.startswith("100"))
        other = opened._replace(tree=tree, target=tree, moved=moved)
        return Snapshot(other, self.index, Overlay(entries, verdicts, frozenset()))

    def facts_of(self, wanted: Iterable[tuple[str, str]]) -> dict[str, Facts | None]:
        """Return by path the fact rows of (path, blob) pairs of any tree, judged under this desk's settings."""
        verdicts = self._judging.verdicts_of(wanted)
        return {path: unpack_facts(path, blob, verdict) for (path, blob), verdict in verdicts.items()}

    def judged(self, source: SourceFile) -> tuple[Facts | None, tuple[Diagnostic, ...]]:
        """Return a file's fact row and file-scope findings under this desk's settings, be it on disk or not yet.

        The verdict is kept, so that the commit of these very bytes need not judge them again.
        """
        blob, verdict = self._judging.verdict_on(source)
        return unpack_facts(source.path, blob, verdict), unpack_found(source.path, verdict.found)

    def judge_ahead(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Judge many (path, blob) pairs of any tree together, for `facts_of` to find; those of before are let go."""
        self._judging.judge_ahead(wanted)

    # --- findings that concern one file alone

    def found_at(self, path: str) -> tuple[Diagnostic, ...]:
        """Return the file-scope findings of the file at `path`."""
        if path in self.overlay.entries:
            return unpack_found(path, self.overlay.found.get(path, ""))
        question = "SELECT v.found FROM main.file f JOIN shared.verdict v ON v.number = f.verdict WHERE f.path = ?"
        return next((unpack_found(path, found) for (found,) in self._rows(question, path)), ())

    def found_of(self, path: str, facts: Facts | None) -> tuple[Diagnostic, ...]:
        """Return the file-scope findings of a record of any tree, by its fact row; none for no record."""
        if facts is None:
            return ()
        verdicts = self._judging.verdicts_of([(path, facts.blob)])
        return next((unpack_found(path, verdict.found) for verdict in verdicts.values()), ())

    def all_found(self) -> Iterator[Diagnostic]:
        """Yield the file-scope findings of all files."""
        question = "SELECT f.path, v.found FROM main.file f JOIN shared.verdict v ON v.number = f.verdict WHERE f.found"
        for path, found in self._rows(question):
            if path not in self.overlay.entries:
                yield from unpack_found(path, found)
        for path, found in self.overlay.found.items():
            yield from unpack_found(path, found)

    def close(self) -> None:
        """Let go of the index."""
        self.index.end_reading()
        self.index.close()
