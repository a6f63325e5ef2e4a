"""The records and files of one tree, by what they are asked for: names, kinds, states, references, places.

Each lookup is a question to the anchor's tables with the few changed files laid over the answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter, itemgetter

from servicebook.errors import ServicebookError
from servicebook.records.facts import Facts, Ref
from servicebook.records.kinds import BY_NAME, CROCKFORD
from servicebook.store.index import Index, forget_index, tail_of
from servicebook.store.overlay import Overlay
from servicebook.store.repository import GONE, Entry, Repository
from servicebook.store.sums import damaged, sum_of_texts
from servicebook.store.tables import FACT_COLUMNS
from servicebook.store.verdicts import folded
from servicebook.typed import TYPE_CHECKING, Any, TypeVar
from servicebook.workflow.lifecycles import is_live

if TYPE_CHECKING:
    from typing import NoReturn

Row = TypeVar("Row")

# A verdict that is not there is damage, not an answer: hence the outer join.
_ROWS = (
    f"SELECT f.path, f.blob, {FACT_COLUMNS}, v.facts_sum"
    " FROM main.file f LEFT JOIN shared.verdict v ON v.number = f.verdict WHERE f.verdict IS NOT NULL AND"
)
_KEPT = 4096  # fact rows remembered by id, so that a customer named by all tickets is made once
_ASKED_AT_ONCE = 500  # values in one question; SQLite takes a limited number
_LOOSE = str.maketrans("OoIiLl", "001111")
"""Letters that Crockford's base32 reads as digits."""


class Lookups:
    """What can be looked up in one tree."""

    def __init__(self, repository: Repository, index: Index, overlay: Overlay) -> None:
        self.repository = repository
        self.index = index
        self.overlay = overlay
        self._kept: dict[tuple[str, str], Facts | None] = {}

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
        over = (facts for facts in self.overlay.all() if facts.kind in kinds)
        return _merged(base, over)

    def latest(self, kind: str, most: int) -> list[Facts]:
        """Return about so many records of a dated kind, those of the newest folders, sorted by path."""
        base = self._base("f.kind = ? AND f.kind != '' ORDER BY f.path DESC LIMIT ?", kind, most)
        return sorted([*base, *(facts for facts in self.overlay.all() if facts.kind == kind)], key=attrgetter("path"))

    def whole_kinds(self, *kinds: str) -> list[Facts]:
        """Return all records of these kinds, sorted by path: read in one go, which costs less than in order."""
        found = [*self._base(f"f.kind IN ({', '.join('?' * len(kinds))}) AND f.kind != ''", *kinds)]
        found += [facts for facts in self.overlay.all() if facts.kind in kinds]
        return sorted(found, key=attrgetter("path"))

    def with_status(self, status: str, kinds: Sequence[str] = ()) -> Iterator[Facts]:
        """Yield the records, of these kinds when any are given, that are in a state, sorted by path."""
        of_kinds = f" AND f.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        base = self._base(f"f.status = ? AND f.kind != ''{of_kinds} ORDER BY f.path", status, *kinds)
        over = (f for f in self.overlay.all() if f.status == status and (not kinds or f.kind in kinds))
        return _merged(base, over)

    def live(self, kinds: Sequence[str] = ()) -> Iterator[Facts]:
        """Yield the records, of these kinds when any are given, but tickets on which nobody works any more."""
        # With a sign before it, a kind does not tempt SQLite to go through all tickets of it, closed ones too.
        of_kinds = f" AND +f.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        base = self._base(f"f.live AND +f.kind != ''{of_kinds} ORDER BY f.path", *kinds)
        over = (f for f in self.overlay.all() if is_live(f.kind, f.status) and (not kinds or f.kind in kinds))
        return _merged(base, over)

    def all(self, start: str = "", end: str = "") -> Iterator[Facts]:
        """Yield every record, sorted by path; only from path `start` on and up to (without) `end` when given."""
        stop = end or "\U0010ffff"
        base = self._base("f.kind != '' AND f.path >= ? AND f.path < ? ORDER BY f.path", start, stop)
        over = (facts for facts in self.overlay.all() if start <= facts.path < stop)
        return _merged(base, over)

    def lean(self) -> list[Facts]:
        """Return every record, sorted by path; what is in it is read when somebody asks (store/lean_rows.py)."""
        if self.index.in_memory:
            return list(self.all())
        from servicebook.store.lean_rows import REMEMBERED, LongTexts  # for the site, of which no hook needs anything

        try:
            texts = LongTexts(self.index, self._let_go, stay=self.count_records() <= REMEMBERED)
        except sqlite3.DatabaseError as error:
            self._let_go(error)
        base = texts.rows(self.overlay.entries)
        return list(_merged(base, self.overlay.all())) if self.overlay.rows else base

    def saying(self, words: str) -> Iterator[Facts]:
        """Yield the records whose fact row, as JSON text, has these words, such as `"external"`; sorted by path."""
        # A verdict that is not there is damage here too, and must not drop out.
        base = self._base("f.kind != '' AND (v.raw IS NULL OR instr(v.raw, ?)) ORDER BY f.path", words)
        return _merged(base, (facts for facts in self.overlay.all() if words in facts.raw))

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Yield (path, kind, id) of every record, sorted by path."""
        rows = self._rows("SELECT path, kind, id FROM main.file WHERE kind != '' ORDER BY path")
        base = (row for row in rows if row[0] not in self.overlay.entries)
        return _merged(base, ((facts.path, facts.kind, facts.id) for facts in self.overlay.all()), itemgetter(0))

    def names_like(self, day: str, tail: str) -> Iterator[tuple[str, str, str]]:
        """Yield (path, kind, id) of every record with a lasting name, and of the tickets whose id begins with `day` or
        ends with `tail`, when these are given; sorted by path.
        """
        alike = "(f.tail = '' OR f.tail = ? OR substr(f.id, 1, ?) = ?)" if tail else "f.tail = ''"
        question = f"SELECT f.path, f.kind, f.id FROM main.file f WHERE f.kind != '' AND {alike} ORDER BY f.path"
        rows = self._rows(question, *((tail, len(day), day) if tail else ()))
        base = (row for row in rows if row[0] not in self.overlay.entries)
        over = ((facts.path, facts.kind, facts.id) for facts in self.overlay.all())

        def is_like(id: str) -> bool:
            return not tail_of(id) or bool(tail and (id.startswith(day) or id.endswith(tail)))

        near = (row for row in over if is_like(row[2]))
        return _merged(base, near, itemgetter(0))

    def path_in_the_middle(self, least: int = 2000) -> str:
        """Return a path that halves the records; empty when they are fewer than `least` or not kept on disk."""
        (count,) = next(self._rows("SELECT count(*) FROM main.file WHERE kind != ''"))
        if count < least or self.index.in_memory:
            return ""
        question = "SELECT path FROM main.file WHERE kind != '' ORDER BY path LIMIT 1 OFFSET ?"
        return next((path for (path,) in self._rows(question, count // 2)), "")

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

    def referrers(self, kind: str, id: str, kinds: Sequence[str] = (), most: int = -1) -> Iterator[tuple[Facts, Ref]]:
        """Yield who names the record of `kind` with this id (or one of its aliases), and by which reference.

        kinds, most: see `naming`.
        """
        own = self.get(kind, id)
        names = {id, *((own.id, *own.get("aliases", default=())) if own else ())}
        for facts in self.naming(*names, kinds=kinds, most=most):
            for ref in facts.refs:
                if kind in ref.kinds and ref.target in names:
                    yield facts, ref

    def naming(self, *targets: str, kinds: Sequence[str] = (), most: int = -1) -> list[Facts]:
        """Return the records, of these kinds when any are given, that refer to, mention or link to one of these ids
        or paths, sorted by path.

        most: about so many, those with the last paths: of one dated kind, the newest; -1 for all.
        """
        rows: dict[str, Facts] = {}
        of_kinds = f" AND f.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        for start in range(0, len(targets), _ASKED_AT_ONCE):
            some = targets[start : start + _ASKED_AT_ONCE]
            marks = ", ".join("?" * len(some))
            named = f"f.path IN (SELECT path FROM main.target WHERE target IN ({marks})){of_kinds}"
            last = f"{named} ORDER BY f.path DESC LIMIT {most}" if most >= 0 else named
            rows |= {facts.path: facts for facts in self._base(last, *some, *kinds)}
        for target in targets:
            over = self.overlay.of(self.overlay.by_target.get(target, ()))
            rows |= {path: facts for path, facts in over.items() if not kinds or facts.kind in kinds}
        return [rows[path] for path in sorted(rows)]

    def count_naming(self, *targets: str) -> int:
        """Return how often these ids or paths are named: about, where files are edited."""
        marks = ", ".join("?" * len(targets))
        base = next(self._rows(f"SELECT count(*) FROM main.target WHERE target IN ({marks})", *targets))
        return int(base[0]) + sum(len(self.overlay.by_target.get(target, ())) for target in targets)

    def paths_naming(self, *targets: str, folder: str | None = None) -> list[str]:
        """Return the paths of the records that refer to, mention or link to one of these ids or paths, sorted.

        folder: of those, the ones whose files lie in this folder itself.
        """
        within, bounds = ("", ()) if folder is None else (" AND path > ? AND path < ?", (f"{folder}/", f"{folder}0"))
        found: set[str] = set()
        for target in targets:
            rows = self._rows(f"SELECT path FROM main.target WHERE target = ?{within}", target, *bounds)
            found |= {path for (path,) in rows if path not in self.overlay.entries}
            found |= self.overlay.of(self.overlay.by_target.get(target, ())).keys()
        return sorted(path for path in found if folder is None or path.rpartition("/")[0] == folder)

    # --- files by place

    def entries(self) -> Iterator[Entry]:
        """Yield every file of the tree (attachments, symlinks and submodules too), sorted by path."""
        rows = self._rows("SELECT path, mode, blob FROM main.file ORDER BY path")
        base = (Entry(*row) for row in rows if row[0] not in self.overlay.entries)
        over = (entry for _, entry in sorted(self.overlay.entries.items()) if entry.mode != GONE)
        return _merged(base, over)

    def loose_entries(self) -> list[Entry]:
        """Return every file that is no record (pages, attachments, what cannot be read), sorted by path."""
        rows = self._rows("SELECT path, mode, blob FROM main.file WHERE kind = '' OR kind IS NULL")
        base = [Entry(*row) for row in rows if row[0] not in self.overlay.entries]
        over = [
            entry
            for path, entry in self.overlay.entries.items()
            if entry.mode != GONE and path not in self.overlay.rows
        ]
        return sorted([*base, *over], key=attrgetter("path"))

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

    # The indexes are partial: SQLite takes them only when a condition says that the column is not empty.

    def _base(self, condition: str, *values: str | int) -> Iterator[Facts]:
        """Yield the anchor's rows for a condition, without those that the overlay hides."""
        hidden = self.overlay.entries
        for path, blob, *verdict, kept in self._rows(f"{_ROWS} {condition}", *values):
            if sum_of_texts(blob, path, *verdict) != kept:
                self._let_go(damaged(f"verdict {path}"))
            if path not in hidden and verdict[0]:
                yield Facts(path, blob, *verdict)  # as `unpack_facts` does, for thousands

    def _rows(self, question: str, *values: str | int) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self.index.db.execute(question, values)
        except sqlite3.DatabaseError as error:
            self._let_go(error)

    def _let_go(self, error: sqlite3.DatabaseError) -> NoReturn:
        """Delete an index in whose midst damage was met, and tell."""
        forget_index(self.repository)
        raise ServicebookError(
            "the index was damaged: {error}", "it is deleted; run the command again", error=error
        ) from error


def _merged(base: Iterable[Row], over: Iterable[Row], key: Callable[[Row], str] = attrgetter("path")) -> Iterator[Row]:
    """Yield the rows of both, each of which comes sorted by path, in the order of their paths."""
    rest = iter(over)
    for first in rest:
        from heapq import merge  # to merge takes longer than to read a row, and mostly there is nothing over the anchor

        return merge(base, chain((first,), rest), key=key)
    return iter(base)
