"""What was edited since the whole work tree was last looked at, on desks where a whole look takes too long to wait for.

Git looks at every file to tell which ones differ. At 100,000 files that takes as long as everything else that a
lookup does, so `list`, `show` and the verbs look at what people edit: tickets that are not closed, everything that is
no ticket, what differed when the whole was last looked at, and every file in a folder whose entries changed since
(Git, our own writes and most editors put a new file in place of the old). A closed ticket that an editor overwrote
in place is seen by `check`, by `git add` and so by the commit, which look at everything.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping

from servicebook.kept_json import dumps, loads
from servicebook.settings import SETTINGS_FILE
from servicebook.store.folders import Folders, file_system_time
from servicebook.store.index import MOST_DOUBTFUL
from servicebook.store.repository import GONE, SYMLINK, Moved
from servicebook.store.verdicts import is_judged
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.index import Index
    from servicebook.store.repository import Repository

LARGE = 20_000
"""From so many files on a lookup does not wait for all of them."""

_TICK = 1_000_000_000  # nanoseconds: file systems tell times in steps


class Glance:
    """The work tree of one clone since it was last looked at as a whole; for an index on disk only."""

    def __init__(self, repository: Repository, index: Index, *, whole: bool) -> None:
        self._root = repository.root
        self._index = index
        self._folders = Folders(repository, index)
        self._whole = whole
        self._now = file_system_time(repository)

    def others(self) -> list[bytes]:
        """Return the names of the files that the anchored tree does not have, nor Git ignores."""
        found = map(os.fsencode, self._folders.others())
        return [name for name in found if not self._index.has_file(name)]

    def doubt(self, added: Iterable[str]) -> None:
        """Let the folders of files that are staged, but not anchored, be read again at the next look."""
        self._folders.doubt(added)

    def is_enough(self) -> bool:
        """Whether a look at what people edit will do: on a large desk that was looked at as a whole before."""
        if self._whole or not self._index.looked():
            return False
        question = "SELECT 1 FROM main.file INDEXED BY file_folded LIMIT 1 OFFSET ?"
        return self._index.db.execute(question, (LARGE - 1,)).fetchone() is not None

    def edited(self, staged: Mapping[str, str]) -> list[Moved] | None:
        """Return the tracked files that may differ from what is staged; None where the whole must be looked at.

        staged: the modes of the files that are staged otherwise than anchored. Each file comes with what the anchored
        tree has in its place and without a blob: its bytes must be read.
        """
        looked = loads(self._index.looked())
        since = looked["at"] - _TICK
        # What differed then, or is staged otherwise than then, may differ now without having been touched.
        sinces = dict.fromkeys(self._worth_a_look(since), since) | dict.fromkeys([*looked["doubtful"], *staged], 0)
        touched = sorted(path for path, since in sinces.items() if self._was_touched(path, since))
        found = [moved for path in touched if (moved := self._look(path, staged.get(path)))]
        # What is not there may be deleted, or left out of a sparse checkout: Git knows.
        return found if len(found) <= MOST_DOUBTFUL and all(moved.mode for moved in found) else None

    def remember(self, doubtful: Iterable[str]) -> None:
        """Remember which tracked files differ, from the anchor or on disk, now that the whole was looked at."""
        self._index.note({"looked": dumps({"at": self._now, "doubtful": sorted(doubtful)})})

    def _worth_a_look(self, since: int) -> set[str]:
        paths = {path for (path,) in self._index.db.execute("SELECT path FROM main.file WHERE live")}
        for (folder,) in self._index.db.execute("SELECT path FROM main.folder").fetchall():
            if self._time_of(folder) >= since:
                paths.update(self._files_in(folder))
        return paths

    def _time_of(self, folder: str) -> int:
        try:
            return os.stat(f"{self._root}/{folder}").st_mtime_ns
        except OSError:
            return 1 << 63  # gone, and its files with it

    def _files_in(self, folder: str) -> Iterator[str]:
        head = f"{folder}/" if folder else ""
        question = "SELECT path FROM main.file WHERE path >= ? AND path < ?"
        rows = self._index.db.execute(question, (head, f"{folder}0" if folder else "\U0010ffff"))
        return (path for (path,) in rows if "/" not in path[len(head) :])

    def _was_touched(self, path: str, since: int) -> bool:
        """Whether a file was written, or put here, since; one that is gone was."""
        try:
            about = os.lstat(f"{self._root}/{path}")
        except OSError:
            return True
        return about.st_ctime_ns >= since or about.st_mtime_ns >= since

    def _look(self, path: str, staged_mode: str | None) -> Moved | None:
        try:
            about = os.lstat(f"{self._root}/{path}")
        except OSError:
            about = None
        row = self._index.db.execute("SELECT mode, blob FROM main.file WHERE path = ?", (path,)).fetchone()
        old_mode, old_blob = row or (GONE, "")
        mode = GONE if about is None else _mode_of(about.st_mode, old_mode)
        is_read = mode.startswith("100") and (is_judged(path) or path == SETTINGS_FILE)
        if mode == (staged_mode or old_mode) and not is_read:
            return None  # of attachments and the like nobody asks but whether they are there, and what they are
        return Moved(path, old_mode, old_blob, mode, "")


def _mode_of(mode: int, before: str) -> str:
    """Return Git's mode of a file; whether it may be executed is left as it was, which no record asks."""
    if stat.S_ISLNK(mode):
        return SYMLINK
    return before if before.startswith("100") else "100644"
