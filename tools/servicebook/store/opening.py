"""How a tree becomes a snapshot: what moved since the anchor, which of it is unknown, and the judging of that."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from servicebook.language.catalogue import use_own_words
from servicebook.settings import SETTINGS_FILE, Settings, parse_settings
from servicebook.store.engine import engine_of
from servicebook.store.git import GitError
from servicebook.store.glance import Glance
from servicebook.store.index import Index, forget_index, open_index
from servicebook.store.kept_settings import keep_settings, settings_of
from servicebook.store.moves import STAGED, WORK_TREE, begin_staged
from servicebook.store.overlay import Overlay
from servicebook.store.repository import GONE, UNREADABLE, Entry, Moved, Repository
from servicebook.store.snapshot import Opened, Snapshot
from servicebook.store.verdicts import Verdict, is_judged, judge_blobs
from servicebook.store.ways import keep_way, known_way
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.verdicts import Judge, Progress

_FAR = 30  # so many files moved since the anchor that anchoring anew is cheaper than carrying them along
_BATCH = 1000  # verdicts kept at a time while many are made
_MANY = 20_000
_KIB_FOR_MANY = 16_000
"""From so many verdicts on each database gets so much memory: Git's ids come in no order, and send a small one to the
disk and back for each."""
_TRIES = 3
_KEPT_BYTES = 8_000_000  # of files that only lie on disk; they may be saved again before somebody reads them


def read_snapshot(
    repository: Repository,
    tree: str,
    judge: Judge,
    progress: Progress | None = None,
    meanwhile: Callable[[], object] | None = None,
    *,
    whole: bool = True,
) -> Snapshot:
    """Return the desk as `tree` (WORK_TREE, STAGED or a revision) has it, every file judged.

    meanwhile: called while Git looks for what moved, such as imports that will be needed then. whole: whether every
    file of a large work tree is looked at, or what people edit (store/glance.py).

    Raises GitError for a revision that is not there, SettingsError for settings that cannot be read.
    """
    for _ in range(_TRIES):
        index = open_index(repository)
        try:
            if snapshot := _Opening(repository, index, tree, judge, progress, meanwhile, whole=whole).snapshot():
                return snapshot
        except sqlite3.OperationalError:
            break  # locked for long, disk full: go on without
        except sqlite3.DatabaseError:
            forget_index(repository)
    snapshot = _Opening(repository, Index(":memory:", ":memory:"), tree, judge, progress).snapshot()
    assert snapshot is not None  # nobody else moves an index in memory
    return snapshot


class _Opening:
    """One opening of a desk: the steps from Git's answer to a snapshot share these values."""

    def __init__(
        self,
        repository: Repository,
        index: Index,
        tree: str,
        judge: Judge,
        progress: Progress | None,
        meanwhile: Callable[[], object] | None = None,
        *,
        whole: bool = True,
    ) -> None:
        self.repository = repository
        self.index = index
        self.tree = tree
        self.judge = judge
        self.progress = progress
        self.meanwhile = meanwhile
        self.whole = whole
        self.target = "" if tree in (WORK_TREE, STAGED) else repository.tree_of(tree)
        self.to_head: list[Moved] = []
        self.staged_before = ""  # the tree that was staged when Git was asked what is
        self.contents: dict[str, bytes] = {}  # of files known on disk only

    def snapshot(self) -> Snapshot | None:
        """Return the snapshot; None when another process moved the anchor meanwhile."""
        base, moved = self._moved_since_anchor()
        settings = self._settings(base, moved)
        engine = engine_of(self.index, settings)
        if self.index.anchor(engine) != base or (len(moved) > _FAR and base != self._home()):
            base = self._anchor_at_home(engine, settings)
            moved = self._moved_since(base)
        overlay = self._overlay(moved, engine, settings)
        self._keep_way(base, moved)
        self.index.begin_reading()
        if self.index.anchor(engine) != base:
            self.index.close()
            return None
        return Snapshot(self._opened(settings, base, moved, engine), self.index, overlay)

    def _opened(self, settings: Settings, base: str, moved: list[Moved], engine: str) -> Opened:
        ways = (tuple(moved), tuple(self.to_head))
        return Opened(self.repository, settings, self.tree, self.target, base, *ways, engine, self.judge)

    def _home(self) -> str:
        return self.repository.head_tree

    def _moved_since_anchor(self) -> tuple[str, list[Moved]]:
        """Return the anchor (HEAD's tree while there is none, or its tree is gone) and what moved since."""
        base = self.index.last_anchor()
        if base:
            try:
                return base, self._moved_since(base)
            except GitError:
                pass
        return self._home(), self._moved_since(self._home())

    def _moved_since(self, base: str) -> list[Moved]:
        """Return how the judged tree differs from the tree `base`."""
        if self.target:
            return self.repository.moved_between(base, self.target)
        self.staged_before = self.repository.staged_tree()
        staged = begin_staged(self.repository, self._begin_way_to_head(base))
        if self.tree == STAGED:
            if self.meanwhile:
                self.meanwhile()
            return staged()
        anchored = not self.index.in_memory and self.index.last_anchor() == base
        known = Glance(self.repository, self.index, whole=self.whole) if anchored else None
        return self.repository.moved_in_work_tree(staged, known, self.meanwhile)

    def _begin_way_to_head(self, base: str) -> Callable[[], list[Moved]]:
        """Start to look how HEAD's tree differs from `base`, unless it is known, and return a function that waits."""
        tree, way = known_way(self.index, base)
        if tree == self._home():
            self.to_head = way
            return lambda: way
        asked = self.repository.begin_moved_between(base, self._home())

        def wait() -> list[Moved]:
            self.to_head = asked()
            return self.to_head

        return wait

    def _keep_way(self, base: str, moved: list[Moved]) -> None:
        """Keep the way to the tree that HEAD has, or will have when what is staged here is committed."""
        tree, way = self._home(), self.to_head
        if self.tree == STAGED and self.staged_before and self.staged_before == self.repository.staged_tree():
            tree, way = self.staged_before, moved
        if not self.target and tree not in (base, known_way(self.index, base)[0]):
            keep_way(self.index, base, tree, way)

    # --- settings

    def _settings(self, base: str, moved: list[Moved]) -> Settings:
        """Return the settings of the judged tree, whose own words are spoken from here on."""
        settings = self._read_settings(base, moved)
        use_own_words(settings.words_zh)
        return settings

    def _read_settings(self, base: str, moved: list[Moved]) -> Settings:
        entry = next((item for item in moved if item.path == SETTINGS_FILE), None)
        blob = entry.blob if entry else self._blob_in(base, SETTINGS_FILE)
        if (entry and entry.mode == GONE) or not (blob or entry):
            return Settings()
        if not blob:
            return parse_settings(self.repository.read_on_disk(SETTINGS_FILE).decode("utf-8", "replace"))
        if kept := settings_of(self.index, blob):
            return kept
        ((_, data),) = self.repository.read_blobs([blob])
        settings = parse_settings(data.decode("utf-8", "replace"))
        keep_settings(self.index, blob, settings)
        return settings

    def _blob_in(self, base: str, path: str) -> str:
        if self.index.last_anchor() == base:
            return self.index.blob_at(path)
        return next((entry.blob for entry in self.repository.entries_of(base) if entry.path == path), "")

    # --- the anchor

    def _anchor_at_home(self, engine: str, settings: Settings) -> str:
        """Make the tables describe HEAD's tree, judging what is not known of it; return its id."""
        home = self._home()
        old = self.index.anchor(engine)
        if old and self.repository.has_tree(old):
            moved = self.repository.moved_between(old, home)
            entries = [Entry(item.path, item.mode, item.blob) for item in moved if item.mode != GONE]
            self._judge_missing(_regular(entries), engine, settings)
            self.index.move(old, home, engine, [item.path for item in moved], entries)
            return home
        self.index.forget_when_many()
        entries = self.repository.entries_of(home)
        self._judge_missing(_regular(entries), engine, settings)
        self.index.lay_out(home, engine, entries)
        return home

    def _judge_missing(self, wanted: list[tuple[str, str]], engine: str, settings: Settings) -> None:
        """Judge those of the wanted (path, blob) that the index does not know, and keep the verdicts."""
        known = self.index.known(engine, wanted)
        missing = [item for item in wanted if item not in known]
        if len(missing) > _MANY:
            for name in ("main", "shared"):
                self.index.db.execute(f"PRAGMA {name}.cache_size=-{_KIB_FOR_MANY}")
        batch: dict[tuple[str, str], Verdict] = {}
        for path, blob, verdict in judge_blobs(self.repository, missing, settings, self.judge, self.progress):
            batch[path, blob] = verdict
            if len(batch) >= _BATCH:
                self.index.add_verdicts(engine, batch)
                batch = {}
        self.index.add_verdicts(engine, batch)

    # --- what lies over it

    def _overlay(self, moved: list[Moved], engine: str, settings: Settings) -> Overlay:
        """Return the changed files with their verdicts."""
        entries = {item.path: self._entry(item) for item in moved}
        wanted = _regular(entries.values())
        verdicts = dict(self.index.verdicts(engine, wanted))
        missing = [item for item in wanted if item not in verdicts]
        few = missing if len(missing) <= _FAR else []
        bodies = {path: self.index.body_at(engine, path) for path, _ in few}
        judged = judge_blobs(self.repository, missing, settings, self.judge, self.progress, self.contents, bodies)
        fresh = {(path, blob): verdict for path, blob, verdict in judged}
        self.index.add_verdicts(engine, fresh)
        on_disk = frozenset(self.contents)
        size = sum(map(len, self.contents.values()))
        read = {path: data for path, data in self.contents.items() if is_judged(path)} if size <= _KEPT_BYTES else {}
        self.contents.clear()
        return Overlay(entries, verdicts | fresh, on_disk, read)

    def _entry(self, item: Moved) -> Entry:
        """Return a moved file as it is judged; one known only on disk gets the id its bytes would have."""
        if item.mode == GONE or item.blob:
            return Entry(item.path, item.mode, item.blob)
        if not item.mode.startswith("100") or not (is_judged(item.path) or item.path == SETTINGS_FILE):
            self.contents[item.path] = b""
            return Entry(item.path, item.mode, "")
        from servicebook.text.source_file import blob_id

        try:
            data = self.repository.read_on_disk(item.path)
        except (FileNotFoundError, NotADirectoryError):  # gone since Git looked, or no file any more
            return Entry(item.path, GONE, "")
        except OSError:
            return Entry(item.path, UNREADABLE, "")
        self.contents[item.path] = data
        return Entry(item.path, item.mode, blob_id(data, self.repository.algorithm))


def _regular(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Return (path, blob) of the files that are judged; symlinks and submodules are not read."""
    return [(entry.path, entry.blob) for entry in entries if entry.mode.startswith("100") and is_judged(entry.path)]
