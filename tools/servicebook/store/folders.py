"""Which files of the work tree Git does not track: read again only in folders whose entries changed.

`git ls-files --others` reads every folder, which takes as long as ten commits at 100,000 files. A folder's own
time changes when an entry comes, goes or is renamed, so the answer is kept by folder beside that time. A folder that
changed within the last second is not trusted, nor is anything after a change of what is ignored.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator

from servicebook.kept_json import dumps, loads
from servicebook.store.git import try_git
from servicebook.store.sums import damaged, sum_of, with_sum
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.index import Index
    from servicebook.store.repository import Repository

_TRUSTED_AFTER = 1_000_000_000
"""Nanoseconds: file systems tell times in steps, and two changes may fall into one."""

_OTHERS = ("ls-files", "--others", "--exclude-standard", "-z")
_MANY = 200  # so many changed folders are cheaper read by Git in one go


class Folders:
    """The folders of one work tree, as far as they are known; for an index on disk only.

    Paths are relative to the work tree; the top is the empty text. Names that are not UTF-8 are surrogate-escaped.
    """

    def __init__(self, repository: Repository, index: Index) -> None:
        self._repository = repository
        self._index = index
        self._root = repository.root

    def others(self) -> list[str]:
        """Return the files that are neither tracked in the anchored tree nor ignored, sorted; GitError as Git's."""
        known = self._known()
        stale = [path for path, (time, _) in known.items() if self._time_of(path) != time]
        if not known or "" in stale or len(stale) > _MANY:
            known = {}
            stale = [""]
        if stale:
            known = self._read_here(known, stale) or self._read_again(known, stale)
        names = {name for _, listed in known.values() for name in listed}
        whole = sorted(name for name in names if name.endswith("/"))
        return sorted({name for name in names if not name.endswith("/")} | set(self._ask(whole) if whole else ()))

    def doubt(self, paths: Iterable[str]) -> None:
        """Let the folders of files be read again next time: Git will tell something else of them then."""
        folders = {os.path.dirname(path) for path in paths}
        question = "SELECT 1 FROM main.folder WHERE path = ? AND time != -1"
        trusted = [path for path in folders if self._index.db.execute(question, (path,)).fetchone()]
        if not trusted:
            return
        try:
            with self._index.write():
                doubt_folders(self._index.db, trusted)
        except sqlite3.OperationalError:  # another process writes for long: it keeps what it read itself
            return

    def _known(self) -> dict[str, tuple[int, list[str]]]:
        """Return (time, untracked entries) by folder; nothing where what is ignored may have changed."""
        row = self._index.all_meta("ignored%")
        files = loads(row.get("ignored by", "[]"))
        if not row or row["ignored"] != self._signature(files):
            return {}
        rows = self._index.db.execute("SELECT path, time, others, sum FROM main.folder").fetchall()
        if any(sum_of(path, time, others) != kept for path, time, others, kept in rows):
            raise damaged("folders")
        return {path: (time, loads(others) if others else []) for path, time, others, _ in rows}

    def _read_here(
        self, known: dict[str, tuple[int, list[str]]], stale: list[str]
    ) -> dict[str, tuple[int, list[str]]] | None:
        """Read the stale folders without Git, which reads its whole index for one; None where they hold anything else
        than files of the anchored tree: what that is, only Git knows.
        """
        before = file_system_time(self._repository)
        fresh: dict[str, tuple[int, list[str]]] = {path: (self._time_known(path, before), []) for path in stale}
        if "" in stale or not all(self._has_only_tracked(path) for path in fresh):
            return None
        moved = {path: row for path, row in fresh.items() if row != known[path]}
        if moved:
            self._keep(moved)
        return known | fresh

    def _has_only_tracked(self, folder: str) -> bool:
        question = "SELECT path FROM main.file WHERE path > ? AND path < ?"
        rows = self._index.db.execute(question, (f"{folder}/", f"{folder}0"))
        tracked = {path[len(folder) + 1 :] for (path,) in rows} - {".gitignore"}
        try:
            with os.scandir(f"{self._root}/{folder}") as entries:
                return all(entry.name in tracked and not entry.is_dir(follow_symlinks=False) for entry in entries)
        except OSError:
            return False

    def _time_known(self, path: str, before: int) -> int:
        """Return a folder's time, -1 where it may change again without another time."""
        time = self._time_of(path)
        return time if time < before - _TRUSTED_AFTER else -1

    def _read_again(
        self, known: dict[str, tuple[int, list[str]]], stale: list[str]
    ) -> dict[str, tuple[int, list[str]]]:
        """Read the stale folders and all below them; keep what is found unless another process writes."""
        tops = [path for path in stale if not any(other != path and _is_below(path, other) for other in stale)]
        before = file_system_time(self._repository)
        others = self._ask([f"{path}/" for path in tops if path], "--directory")
        read = (folder for top in tops for folder in self._folders_in(top, set(others), before))
        fresh: dict[str, tuple[int, list[str]]] = {path: (time, []) for path, time in read}
        for name in others:
            # A folder that was empty when its parent was read is told as a whole itself; its own row then says so.
            place = name.rstrip("/") if name.rstrip("/") in tops else os.path.dirname(name.rstrip("/"))
            if place in fresh:
                fresh[place][1].append(name)
        kept = {path: row for path, row in known.items() if not any(_is_below(path, top) for top in tops)}
        found = kept | fresh
        self._keep(fresh, tops, self._ignoring_files(found))
        return found

    def _folders_in(self, top: str, untracked: set[str], before: int) -> Iterator[tuple[str, int]]:
        """Yield a folder and those below it with their times; none that is untracked as a whole, or ignored."""
        waiting = [top]
        while waiting:
            path = waiting.pop()
            yield path, self._time_known(path, before)
            below = [name for name in self._folders_at(path) if f"{name}/" not in untracked]
            doubtful = [name for name in below if not self._has_tracked(name)]
            ignored = self._ignored(doubtful) if doubtful else set()
            waiting += [name for name in below if name not in ignored]

    def _folders_at(self, path: str) -> list[str]:
        try:
            with os.scandir(f"{self._root}/{path}") as entries:
                names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        return [f"{path}/{name}" if path else name for name in names if path or name != ".git"]

    def _has_tracked(self, path: str) -> bool:
        question = "SELECT 1 FROM main.file WHERE path > ? AND path < ? LIMIT 1"
        return self._index.db.execute(question, (f"{path}/", f"{path}0")).fetchone() is not None

    def _ignored(self, paths: list[str]) -> set[str]:
        given = b"".join(os.fsencode(path) + b"/\0" for path in paths)
        out = try_git(["check-ignore", "-z", "--stdin"], self._root, given)[1]
        return {os.fsdecode(name).rstrip("/") for name in out.split(b"\0")}

    def _ask(self, folders: Iterable[str], *options: str) -> list[str]:
        out = self._repository.git(*_OTHERS, *options, "--", *(f":(literal){path}" for path in folders))
        return [os.fsdecode(name) for name in out.split(b"\0") if name]

    def _time_of(self, path: str) -> int:
        try:
            return os.stat(f"{self._root}/{path}" if path else self._root).st_mtime_ns
        except OSError:
            return 0

    # --- what is ignored

    def _signature(self, files: Iterable[str]) -> str:
        """Return a text that changes when one of the files that say what is ignored does."""
        said = []
        for path in files:
            try:
                about = os.stat(os.path.join(self._root, path))
                said.append(f"{about.st_mtime_ns} {about.st_size} {about.st_ino}")
            except OSError:
                said.append("-")
        return "\n".join(said)

    def _ignoring_files(self, folders: Iterable[str]) -> list[str]:
        told = os.fsdecode(try_git(["config", "--path", "core.excludesFile"], self._root)[1].rstrip(b"\n"))
        home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
        own = [f"{folder}/.gitignore" if folder else ".gitignore" for folder in folders]
        nested = [path for path in own if path == ".gitignore" or os.path.exists(f"{self._root}/{path}")]
        own_config = f"{self._repository.common_dir}/config"
        exclude = f"{self._repository.common_dir}/info/exclude"
        return [*sorted(nested), exclude, told or f"{home}/git/ignore", own_config]

    def _keep(
        self, fresh: dict[str, tuple[int, list[str]]], tops: Iterable[str] = (), ignoring: list[str] | None = None
    ) -> None:
        """Keep what was read of some folders, in place of all below `tops`, and the files that say what is ignored."""
        db = self._index.db
        rows = [with_sum(path, time, dumps(names) if names else "") for path, (time, names) in fresh.items()]
        gone = [(top, f"{top}/", f"{top}0") for top in tops]
        try:
            with self._index.write():
                db.executemany("DELETE FROM main.folder WHERE path = ? OR (path > ? AND path < ?)", gone)
                if "" in tops:
                    db.execute("DELETE FROM main.folder")
                db.executemany("INSERT OR REPLACE INTO main.folder VALUES (?, ?, ?, ?)", rows)
                if ignoring is not None:
                    self._index.set_meta("ignored by", dumps(ignoring))
                    self._index.set_meta("ignored", self._signature(ignoring))
        except sqlite3.OperationalError:  # another process writes for long, or the disk is full
            return


def doubt_folders(db: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Let folders be read again, within a write."""
    for path in paths:
        if row := db.execute("SELECT others FROM main.folder WHERE path = ?", (path,)).fetchone():
            db.execute("INSERT OR REPLACE INTO main.folder VALUES (?, ?, ?, ?)", with_sum(path, -1, row[0]))


def _is_below(path: str, top: str) -> bool:
    return not top or path == top or path.startswith(f"{top}/")


def file_system_time(repository: Repository) -> int:
    """Return what time the file system of the clone says it is, in nanoseconds; 0, which trusts nothing, where nobody
    may write there: a disk that is read-only, or another person's clone.
    """
    stamp = f"{repository.git_dir}/servicebook/now"
    try:
        os.utime(stamp)
    except OSError:
        try:
            os.close(os.open(stamp, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644))
        except OSError:
            return 0
    return os.stat(stamp).st_mtime_ns
