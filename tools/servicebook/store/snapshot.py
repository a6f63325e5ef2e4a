"""What a desk looks like at one instant: the files of one tree, judged, with lookups and nothing else.

A snapshot is the anchor's tables with a few changed files laid over them; fact rows are made when they are
asked for, so that a desk of 100,000 records needs little memory and a lookup by id reads one row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.packed import unpack_found
from servicebook.records.facts import Facts
from servicebook.settings import Settings
from servicebook.store.git import GitError
from servicebook.store.index import Index, open_index
from servicebook.store.judging import Judging
from servicebook.store.kept import KeptFindings, asking_for, names_at
from servicebook.store.lookups import Lookups
from servicebook.store.moves import is_way, joined, turned
from servicebook.store.overlay import Overlay
from servicebook.store.repository import GITLINK, UNREADABLE, Entry, Moved, Repository
from servicebook.store.verdicts import unpack_facts
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servicebook.store.verdicts import Judge
    from servicebook.text.source_file import SourceFile


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


class Snapshot(Lookups):
    """The files of one tree, judged: lookups only.

    settings: those of the tree. tree: what is judged, for people. root: the work tree's top folder.
    """

    def __init__(self, opened: Opened, index: Index, overlay: Overlay) -> None:
        super().__init__(opened.repository, index, overlay)
        self.settings = opened.settings
        self.tree = opened.tree
        self.root = opened.repository.root
        self.judge = opened.judge
        self._opened = opened
        self._moved: dict[str, Sequence[Moved]] = {opened.base: opened.moved}
        self.kept = KeptFindings(index, opened.engine, opened.base)
        self._contents: dict[str, bytes] = {}
        self._judging = Judging(opened, index)

    def opened_again(self) -> Snapshot | None:
        """Return the same desk over a connection of its own (for a forked process); None when it moved on."""
        index = open_index(self.repository)
        index.begin_reading()
        if index.in_memory or index.anchor(self._opened.engine) != self._opened.base:
            return None
        return Snapshot(self._opened, index, self.overlay)

    # --- bytes of files

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

    def read_as_judged(self, path: str) -> bytes:
        """Return the same of a record, also when it was saved again since, unless very much is not in Git yet."""
        data = self.overlay.read.get(path)
        return self.read(path) if data is None else data

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

    # --- texts made of a desk

    def kept_text(self, name: str) -> tuple[str, list[str]]:
        """Return the text last kept under a name, and the paths of the files that are otherwise now.

        An empty text where none is, or one of another engine, or of a tree that is gone.
        """
        try:
            kept = self.index.meta(name, "shared")
        except sqlite3.DatabaseError as error:
            self._let_go(error)
        made_of, _, text = kept.partition("\n")
        engine, _, tree = made_of.rpartition(" ")
        if not text or engine != self._opened.engine:
            return "", []
        try:
            return text, [item.path for item in self.moved_since(tree)]
        except GitError:
            return "", []

    def keep_text(self, name: str, text: str) -> None:
        """Keep a text made of this desk in place of the one before, but not while files are edited.

        Nothing is kept while another process writes.
        """
        tree = self.is_tree()
        if not tree:
            return
        with self.index.while_reading() as writer:
            if writer:
                writer.set_meta(name, f"{self._opened.engine} {tree}\n{text}", "shared")

    # --- findings that concern one file alone

    def found_at(self, path: str) -> tuple[Diagnostic, ...]:
        """Return the file-scope findings of the file at `path`."""
        if path in self.overlay.entries:
            return unpack_found(path, self.overlay.found.get(path, ""))
        return next((unpack_found(path, found) for _, found in self._found_in("f.path = ?", path)), ())

    def found_of(self, path: str, facts: Facts | None) -> tuple[Diagnostic, ...]:
        """Return the file-scope findings of a record of any tree, by its fact row; none for no record."""
        if facts is None:
            return ()
        verdicts = self._judging.verdicts_of([(path, facts.blob)])
        return next((unpack_found(path, verdict.found) for verdict in verdicts.values()), ())

    def all_found(self) -> Iterator[Diagnostic]:
        """Yield the file-scope findings of all files."""
        for path, found in self._found_in("f.found"):
            if path not in self.overlay.entries:
                yield from unpack_found(path, found)
        for path, found in self.overlay.found.items():
            yield from unpack_found(path, found)

    def _found_in(self, condition: str, *values: str) -> Iterator[tuple[str, str]]:
        """Yield (path, packed findings) of the anchored files that meet a condition."""
        try:
            yield from self.index.found_in(condition, *values)
        except sqlite3.DatabaseError as error:
            self._let_go(error)

    def close(self) -> None:
        """Let go of the index."""
        self.index.end_reading()
        self.index.close()
