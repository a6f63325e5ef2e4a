"""The desk that pages, lists, search and feeds are made from: the whole one for the house, a projected one for others.

Nothing that makes a page is given a snapshot of the repository. The projected desk holds what its audience may read
and no way to the rest: records are cut down, texts and files are read through it, and what was not counted in is not
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.errors import CannotDecideError
from servicebook.records.audiences import INTERNAL
from servicebook.records.facts import Facts
from servicebook.settings import Settings
from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.targets import Lookup
from servicebook.store.file_history import PATHS, FileHistory, Move
from servicebook.store.git import GitError
from servicebook.store.moves import WORK_TREE
from servicebook.store.repository import GONE, Entry, Repository
from servicebook.store.snapshot import Snapshot
from servicebook.store.verdicts import is_judged
from servicebook.text.source_file import blob_id

_FOLDERS = tuple(f"{folder}/" for folder in PATHS)
_BATCH = 250  # files asked of Git at a time, so that memory stays small


class Desk(Protocol):
    """A desk as one audience may read it.

    tree: what is judged, for people. git_dir: where rendered pages are kept. repository: the repository with all its
    history, for the house alone; None for everybody else. moved: when each file was last moved by a commit of the
    main line, None for a file that was edited since; what the history does not tell is not in it. last_moves: those
    commits; history: a word that is another once the main line tells something else. All for the house alone.
    """

    audience: str
    settings: Settings
    tree: str
    git_dir: str
    repository: Repository | None

    @property
    def commit(self) -> tuple[str, bool]:
        """Return the short id of the commit that is judged, and whether edits lie over it."""

    @property
    def moved(self) -> Mapping[str, datetime | None]:
        """Return when each file last moved."""

    @property
    def last_moves(self) -> Mapping[str, Move]:
        """Return the commit that last moved each file."""

    @property
    def history(self) -> str:
        """Return a word for what the main line tells."""

    def all(self) -> Iterable[Facts]:
        """Return the records, sorted by path."""

    def entries(self) -> Iterable[Entry]:
        """Return the files that are no records, perhaps others too; `blob` is empty where only the file tells."""

    def entry_at(self, path: str) -> Entry | None:
        """Return the file at `path`."""

    def has_path(self, path: str) -> bool:
        """Whether there is a file at `path`."""

    def is_page(self, path: str) -> bool:
        """Whether a Markdown file of kb/ is an ordinary page: no record, and readable."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; FileNotFoundError when there is none."""

    def read_all(self, records: Sequence[Facts]) -> Iterator[bytes]:
        """Yield the files of records in their order."""

    def is_as_judged(self, facts: Facts, data: bytes) -> bool:
        """Whether the bytes read of a record are those that it was judged by: a file may be saved in between."""

    def naming(self, facts: Facts, folder: str | None = None) -> list[str] | None:
        """Return the paths of the records, in a folder where one is given, that may name a record or link to its file,
        sorted; None where only reading all would tell.
        """

    def count_naming(self, facts: Facts) -> int | None:
        """Return about how many these are; None where only reading all would tell."""

    def former(self, path: str, blob: str) -> Facts | None:
        """Return a record as it was; None where that is not known any more."""

    def clocks_of(self, facts: Facts, now: datetime, desk: Lookup) -> list[ClockStatus]:
        """Return the clocks of a ticket; `desk` is asked where the house itself looks things up."""

    def all_found(self) -> Iterator[Diagnostic]:
        """Return what is wrong with files; of interest to the house alone."""

    def close(self) -> None:
        """Let go of the repository."""


class WholeDesk:
    """The desk as the house reads it: everything."""

    audience = INTERNAL

    def __init__(self, desk: Snapshot) -> None:
        self.settings = desk.settings
        self.tree = desk.tree
        self.git_dir = desk.repository.git_dir
        self.repository: Repository | None = desk.repository
        self.entry_at = desk.entry_at
        self.has_path = desk.has_path
        self.read = desk.read
        self.all_found = desk.all_found
        self.close = desk.close
        self._naming = lru_cache(16)(desk.paths_naming)  # several parts of a page ask for the same
        self._desk = desk

    @cached_property
    def commit(self) -> tuple[str, bool]:
        """Return the short id of the commit that is judged, and whether edits lie over it."""
        return commit_of(self._desk, self._history)

    @cached_property
    def moved(self) -> Mapping[str, datetime | None]:
        """Return when each file last moved."""
        return when_moved(self._history)

    @cached_property
    def last_moves(self) -> Mapping[str, Move]:
        """Return the commit that last moved each file; the log is only read when somebody asks."""
        return self._history.moves

    @property
    def history(self) -> str:
        """Return a word for what the main line tells."""
        return self._history.told

    @cached_property
    def _history(self) -> History:
        return history_of(self._desk)

    def all(self) -> Iterator[Facts]:
        """Yield every record."""
        return iter(self._records)

    @cached_property
    def _records(self) -> list[Facts]:
        return self._desk.lean()

    @cached_property
    def _paths(self) -> set[str]:
        return {facts.path for facts in self._records}

    def entries(self) -> Iterator[Entry]:
        """Yield every file of the tree that is no record."""
        return iter(self._entries)

    @cached_property
    def _entries(self) -> list[Entry]:
        on_disk = self._desk.overlay.on_disk
        return [one._replace(blob="") if one.path in on_disk else one for one in self._desk.loose_entries()]

    def is_page(self, path: str) -> bool:
        """Whether a Markdown file is an ordinary page."""
        return is_plain(self._desk, path, self._paths)

    def read_all(self, records: Sequence[Facts]) -> Iterator[bytes]:
        """Yield the files of records: from disk where they are not in Git yet, else in batches."""
        return read_records(self._desk, records)

    def is_as_judged(self, facts: Facts, data: bytes) -> bool:
        """Whether bytes read of a record are those that it was judged by."""
        return is_as_judged(self._desk, facts, data)

    def naming(self, facts: Facts, folder: str | None = None) -> list[str]:
        """Return the paths of the records that name or mention a record by id or alias, or link to its file."""
        return self._naming(facts.id, *facts.aliases, facts.path, folder=folder)

    def count_naming(self, facts: Facts) -> int:
        """Return about how many these are."""
        return self._desk.count_naming(facts.id, *facts.aliases, facts.path)

    def former(self, path: str, blob: str) -> Facts | None:
        """Return a record as it was when its file had this blob; None where nobody knows any more."""
        try:
            return self._desk.facts_of([(path, blob)]).get(path) if blob else None
        except (GitError, CannotDecideError):  # its verdict is gone, and Git never had the text, or is out of reach
            return None

    def clocks_of(self, facts: Facts, now: datetime, desk: Lookup) -> list[ClockStatus]:
        """Return every clock of a ticket."""
        return clocks_of(facts, desk, now)


class History(NamedTuple):
    """What the main line tells of the files of a snapshot: the commit that last moved each; by commit, the latest
    instant up to it; a word for all that. edited: files that are others than in the commit, or gone. Empty before the
    first commit.
    """

    moves: dict[str, Move]
    reached: dict[str, datetime]
    told: str
    edited: frozenset[str]


def when_moved(history: History) -> dict[str, datetime | None]:
    """Return when each file was last moved by a commit, never before what an earlier one tells; None for edited ones.

    Subscribers take what is older than what they have for old news (RFC 5545, 3.8.7.4), and clocks differ.
    """
    reached = history.reached
    found: dict[str, datetime | None] = {path: reached[move.commit] for path, move in history.moves.items()}
    return found | dict.fromkeys(history.edited)


def history_of(desk: Snapshot) -> History:
    """Return what the main line tells of the files of a snapshot."""
    if not desk.repository.has_head:
        return History({}, {}, "", frozenset())
    history = FileHistory(desk.repository, "HEAD" if desk.tree == WORK_TREE else desk.tree)
    try:
        with history.at_once():
            edited = _edited(desk) if desk.tree == WORK_TREE else frozenset[str]()
            return History(history.last_moves(), history.reached(), history.told(), edited)
    finally:
        history.close()


def _edited(desk: Snapshot) -> frozenset[str]:
    """Return the files of the work tree that are others than in its commit: edited, staged, new or taken away."""
    moved = (one for one in desk.moved_since(desk.repository.head_tree) if one.path.startswith(_FOLDERS))
    here = ((one, "" if one.mode == GONE else one.blob or _blob_of(desk, one.path)) for one in moved)
    # Git's index may take a file for edited that is as it was.
    return frozenset(one.path for one, blob in here if blob != one.old_blob)


def _blob_of(desk: Snapshot, path: str) -> str:
    """Return the id of a file that was not read, as it lies on disk."""
    try:
        return blob_id(desk.repository.read_on_disk(path), desk.repository.algorithm)
    except OSError:
        return "not read"


def read_records(desk: Snapshot, records: Sequence[Facts]) -> Iterator[bytes]:
    """Yield the files of records of a snapshot, in their order.

    Of the work tree's wherever a file there is the one that Git has, told by its id: Git takes three times as long.
    """
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        found = dict(_read_unmoved(desk, batch)) if desk.tree == WORK_TREE else {}
        in_git = {one.blob for one in batch if one.blob not in found and one.path not in desk.overlay.on_disk}
        if in_git:
            found |= desk.repository.read_blobs(in_git)
        for facts in batch:
            yield found[facts.blob] if facts.blob in found else desk.read_as_judged(facts.path)


def is_as_judged(desk: Snapshot, facts: Facts, data: bytes) -> bool:
    """Whether bytes read of a record of a snapshot are those of its row; what Git keeps is."""
    return facts.path not in desk.overlay.on_disk or blob_id(data, desk.repository.algorithm) == facts.blob


def _read_unmoved(desk: Snapshot, records: Sequence[Facts]) -> Iterator[tuple[str, bytes]]:
    """Yield (id, bytes) of the records whose files in the work tree have the bytes that they are judged by."""
    for facts in records:
        try:
            data = desk.repository.read_on_disk(facts.path)
        except OSError:  # not checked out, or no file any more
            continue
        if blob_id(data, desk.repository.algorithm) == facts.blob:
            yield facts.blob, data


def is_plain(desk: Snapshot, path: str, records: set[str]) -> bool:
    """Whether a Markdown file of kb/ is an ordinary page: judged, no record, and without a finding."""
    return is_judged(path) and path not in records and not desk.found_at(path)


def commit_of(desk: Snapshot, history: History) -> tuple[str, bool]:
    """Return the short id of the commit that is judged ("" before the first) and whether edits lie over it."""
    repository = desk.repository
    if not repository.has_head:
        return "", True
    rev = "HEAD" if desk.tree == WORK_TREE else desk.tree
    commit = repository.git("rev-parse", "--short", "--verify", "--end-of-options", rev).decode().strip()
    return commit, bool(history.edited)
