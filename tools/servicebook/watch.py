"""When is it time to look at the desk again? Its folders are watched, and what was touched is told once it is quiet.

What the touched files come to is the check's to say: the machine's events tell only that it is worth asking.
"""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from servicebook.diagnostics.machine_formats import fingerprints
from servicebook.diagnostics.render import Shown
from servicebook.errors import ServicebookError
from servicebook.typed import NamedTuple

QUIET = 0.05
"""Seconds without a further event after which what was touched is told: an editor makes several of one save."""

LONGEST = 2.0
"""Seconds after which it is told in any case, while something is written all the time."""

AGAIN = 30.0
"""Seconds after which a look is due where nothing was heard: a disk on the network tells nothing, nor does a machine
that was asked to watch more folders than it may.
"""

FOLDERS = ("kb", "tickets")
_OF_GIT = frozenset(("HEAD", "MERGE_HEAD", "ORIG_HEAD", "index"))
"""Git's own files that tell that a commit, a merge or a switch was made: what a step leads from is another then."""
_OF_THE_TOP = frozenset((*FOLDERS, "pyproject.toml"))

# Not that a file was opened or read: the check itself does that.
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent, DirDeletedEvent, DirMovedEvent,
    FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent,
]  # fmt: skip


class Watch:
    """The watch over one work tree, for the length of a `with`.

    root: the work tree's top folder. git_dir: its own folder of Git.
    Raises ServicebookError where the machine lets nobody watch any more.
    """

    def __init__(self, root: str, git_dir: str) -> None:
        self._root = Path(root)
        self._git_dir = Path(git_dir)
        self._heard: queue.SimpleQueue[tuple[str, ...]] = queue.SimpleQueue()
        self._observer = Observer()
        self._watched: dict[Path, tuple[tuple[int, int], ObservedWatch]] = {}

    def __enter__(self) -> Watch:
        self._observer.start()
        self._see_to_folders()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join()

    def touched(self, longest: float = AGAIN) -> frozenset[str]:
        """Wait until something was touched and it is quiet; return the paths, relative to the desk's top folder.

        Empty where only Git's own state moved, or after `longest` seconds in which nothing was heard.
        """
        paths: set[str] = set()
        try:
            paths.update(self._heard.get(timeout=longest))
            end = time.monotonic() + LONGEST
            while time.monotonic() < end:
                paths.update(self._heard.get(timeout=QUIET))
        except queue.Empty:
            pass
        self._see_to_folders()
        return frozenset(paths)

    def _see_to_folders(self) -> None:
        """Watch each folder that is there; one that was taken away and made again is another one."""
        places = {self._root: False, self._git_dir: False, **{self._root / name: True for name in FOLDERS}}
        for place, deep in places.items():
            try:
                about = place.stat()
            except OSError:
                self._let_go(place)
                continue
            which = (about.st_dev, about.st_ino)
            if place in self._watched and self._watched[place][0] == which:
                continue
            self._let_go(place)
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # gone again: the next look sees to it
                self._watched[place] = (which, self._begin(place, deep=deep))

    def _begin(self, place: Path, *, deep: bool) -> ObservedWatch:
        handler = _Handler(self._root, self._git_dir, self._heard)
        try:
            return self._observer.schedule(handler, str(place), recursive=deep, event_filter=_EVENTS)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EMFILE):
                raise
            raise ServicebookError(
                "this machine does not watch any more folders: {why}",
                "sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512",
                why=error.strerror or error,
            ) from error

    def _let_go(self, place: Path) -> None:
        if place in self._watched:
            self._observer.unschedule(self._watched.pop(place)[1])


class _Handler(FileSystemEventHandler):
    """Takes down which paths an event is about, where it may be about the desk."""

    def __init__(self, root: Path, git_dir: Path, heard: queue.SimpleQueue[tuple[str, ...]]) -> None:
        self._root = root
        self._git_dir = git_dir
        self._heard = heard

    def on_any_event(self, event: FileSystemEvent) -> None:
        names = [os.fsencode(place) for place in (event.src_path, event.dest_path) if place]
        places = [Path(name.decode("utf-8", "backslashreplace")) for name in names]  # as the desk calls them
        paths = [place.relative_to(self._root) for place in places if place.is_relative_to(self._root)]
        ours = [path.as_posix() for path in paths if path.parts[:1] and path.parts[0] in _OF_THE_TOP]
        if ours or any(place.parent == self._git_dir and place.name in _OF_GIT for place in places):
            self._heard.put(tuple(ours))


class News(NamedTuple):
    """What a look found that is worth saying, in the order of files.

    told: findings of the files that were saved, and those that came anywhere; mended: findings that went.
    in_order: saved files without any.
    """

    told: list[Shown]
    mended: list[Shown]
    in_order: list[str]


class Standing:
    """What was found at the last look; lines may move without that being news."""

    def __init__(self) -> None:
        self._known: dict[str, Shown] = {}

    def look(self, shown: Sequence[Shown], saved: Sequence[str]) -> News:
        """Take in all that is found now, and return what is new; saved: the files that were saved and are there."""
        now = dict(zip(fingerprints(shown), shown, strict=True))
        told = [item for mark, item in now.items() if mark not in self._known or item.finding.path in saved]
        mended = [item for mark, item in self._known.items() if mark not in now]
        with_findings = {item.finding.path for item in shown}
        self._known = now
        return News(told, mended, [path for path in saved if path not in with_findings])
