"""How files get to disk: whole or not at all, one process of a clone at a time, ids that nobody has.

A write is a temporary file in the same folder, fsync, rename, fsync of the folder: after a crash at any point a
record is the old one or the new one. The lock is the kernel's (flock), so that a crash lets go of it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from servicebook.errors import ServicebookError
from servicebook.records.ids import random_part
from servicebook.records.kinds import Kind, path_of
from servicebook.store.git import run_git, try_git
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot
    from servicebook.text.source_file import SourceFile

PATIENCE = 20.0
"""Seconds to wait for another process of the same clone."""

HELD = "SERVICEBOOK_WRITING"
"""The environment's word for a lock that this process, or one that called it, holds: the folder it lies in."""


class WriteError(ServicebookError):
    """Something could not be written; what is there is whole, the old or the new."""


@contextlib.contextmanager
def writing(root: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the clone's lock: one process at a time changes its records.

    Whoever is called by the holder (itself again, a hook of its commit) goes on under the same lock.
    Raises WriteError when another process holds it longer than `patience` seconds.
    """
    import fcntl  # POSIX; late, since only writers need it

    folder = _lock_folder(root, os.environ.get("GIT_DIR"))
    if os.environ.get(HELD) == folder:
        yield
        return
    try:
        os.makedirs(folder, exist_ok=True)
        lock = os.open(os.path.join(folder, "write.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _told(error, folder) from error
    try:
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > end:
                    raise WriteError("another servicebook is writing in this clone", "run it again") from error
                time.sleep(0.02)
        outer = os.environ.get(HELD)  # of another repository, whose holder called us
        os.environ[HELD] = folder
        try:
            yield
        finally:
            os.environ.pop(HELD)
            if outer is not None:
                os.environ[HELD] = outer
    finally:
        os.close(lock)


@cache  # a write in the midst of a commit asks again
def _lock_folder(root: str, _git_dir: str | None) -> str:
    """Return the folder that the clone's lock lies in, as this environment of Git has it."""
    folder = run_git(["rev-parse", "--git-path", "servicebook"], root).decode().strip()
    return os.path.realpath(os.path.join(root, folder))


def write_files(root: str, files: Iterable[SourceFile], before: Mapping[str, bytes | None] | None = None) -> None:
    """Write files below `root`, each one whole or not at all, in the order given.

    before: what a file held when it was read (None: it was not there). One that somebody changed since is not
    overwritten: WriteError is raised before anything is written.
    Raises WriteError where disk or permissions refuse; files written before that stay written.
    """
    files = list(files)
    with writing(root):
        for path in before or {}:
            _require_unchanged(root, path, before or {})
        for begin in range(0, len(files), BATCH):
            _write_batch(root, files[begin : begin + BATCH], before or {})


def _require_unchanged(root: str, path: str, before: Mapping[str, bytes | None]) -> None:
    """Raise WriteError where a file is not as it was read."""
    if path not in before:
        return
    there = _on_disk(os.path.join(root, path))
    if there is None and before[path] is not None:
        there = read_left_out(root, path)
    if there != before[path]:
        raise WriteError("{path} was changed by somebody else just now", "run the command again", path=path)


def await_index(root: str, patience: float = 3.0) -> str:
    """Wait while another Git command holds the index of this work tree; return its lock when it stays.

    After `patience` seconds the other command runs long, or it was killed and left its lock.
    """
    lock = os.path.join(root, run_git(["rev-parse", "--git-path", "index.lock"], root).decode().strip())
    end = time.monotonic() + patience
    while os.path.exists(lock):
        if time.monotonic() > end:
            return lock
        time.sleep(0.02)
    return ""


def move_record(
    root: str, files: Iterable[SourceFile], before: Mapping[str, bytes | None], folders: Mapping[str, str], gone: str
) -> None:
    """Write files, then rename `folders` (old to new), then take the file `gone` away, all under one lock.

    The first of `files` is the record in its new place and `gone` its old one: after a crash in between both are
    there, and the same call again does the rest.
    """
    with writing(root):
        write_files(root, files, before)
        try:
            for old, new in folders.items():
                if os.path.isdir(os.path.join(root, old)):
                    os.rename(os.path.join(root, old), os.path.join(root, new))
            os.unlink(_inside(root, gone))
        except OSError as error:
            raise _told(error, gone) from error
        sync_folder(os.path.dirname(os.path.join(root, gone)))


BATCH = 4000
"""Files that reach the disk together: one flush of the whole file system is cheaper than many of single files."""
_FEW = 8


def _write_batch(root: str, files: list[SourceFile], before: Mapping[str, bytes | None]) -> None:
    """Write the temporary files, bring them to disk, then rename them one by one.

    Each is looked at once more just before: an editor knows nothing of our lock, and a flush takes its time.
    """
    ready: list[tuple[str, str, str]] = []
    path = ""
    try:
        for file in files:
            path = file.path
            target = _inside(root, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            ready.append((_temporary(target, file.data, sync=len(files) <= _FEW), target, path))
        if len(files) > _FEW:
            os.sync()
        while ready:
            temporary, target, path = ready[0]
            _require_unchanged(root, path, before)
            os.rename(temporary, target)
            del ready[0]
    except OSError as error:
        raise _told(error, path) from error
    finally:
        for temporary, *_ in ready:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    if len(files) > _FEW:
        os.sync()
    else:
        for folder in {os.path.dirname(os.path.join(root, file.path)) for file in files}:
            sync_folder(folder)


def new_id(kind: Kind, at: datetime, desk: Snapshot, day: str = "") -> str:
    """Return an id that no record has, here or on any branch this clone knows.

    It is dated `day` (YYYYMMDD), else `at` in the desk's zone.
    """
    day = day or f"{at.astimezone(ZoneInfo(desk.settings.timezone)):%Y%m%d}"
    refs = run_git(["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"], desk.root).decode().split()
    while True:
        id = f"{kind.prefix}-{day}-{random_part()}"
        if not desk.with_id(id) and not _is_on_a_branch(desk.root, refs, path_of(kind, id)):
            return id


_REFS_AT_ONCE = 100  # names of refs are long, and git's input must fit a pipe's buffer (16 KB on macOS)


def _is_on_a_branch(root: str, refs: list[str], path: str) -> bool:
    for start in range(0, len(refs), _REFS_AT_ONCE):
        names = "".join(f"{ref}:{path}\n" for ref in refs[start : start + _REFS_AT_ONCE]).encode()
        _, out = try_git(["cat-file", "--batch-check=%(objectname)"], root, names)
        if any(line and not line.endswith(b" missing") for line in out.splitlines()):
            return True
    return False


def _inside(root: str, path: str) -> str:
    """Return where a path lies on disk; refuse to follow a link out of the desk."""
    target = os.path.join(root, path)
    real = os.path.realpath(os.path.dirname(target))
    if real != os.path.realpath(root) and not real.startswith(os.path.realpath(root) + os.sep):
        raise WriteError("{path} leads out of the desk", "remove the link on the way to it", path=path)
    if os.path.islink(target):
        raise WriteError("{path} is a symlink", "put the file itself there", path=path)
    return target


def _temporary(target: str, data: bytes, *, sync: bool) -> str:
    """Write a temporary file beside `target`, with the mode that it has, and return its path."""
    temporary = f"{target}.{os.getpid()}.tmp"
    mode = os.stat(target).st_mode & 0o777 if os.path.exists(target) else 0o644
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


def write_product(path: str, data: bytes) -> None:
    """Write a file that a command makes for somebody, wherever they want it: whole or not at all.

    Raises WriteError when the disk refuses.
    """
    temporary = ""
    try:
        temporary = _temporary(path, data, sync=True)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise _told(error, path) from error
    sync_folder(os.path.dirname(os.path.abspath(path)))


def sync_folder(folder: str) -> None:
    """Make sure that what was renamed or taken away in a folder is so on the disk."""
    with contextlib.suppress(OSError):  # not every file system can; the rename itself is whole
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _on_disk(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def read_left_out(root: str, path: str) -> bytes | None:
    """Return the bytes of a tracked file that a sparse checkout leaves out; None for any other."""
    _, out = try_git(["--literal-pathspecs", "ls-files", "-t", "--stage", "-z", "--", path], root)
    tag, _, rest = out.partition(b" ")
    return run_git(["cat-file", "blob", rest.split(b" ")[1].decode()], root) if tag == b"S" else None


def _told(error: OSError, path: str) -> WriteError:
    remedy = REMEDIES.get(error.errno or 0, "nothing was half written")
    return WriteError("{path} cannot be written: {why}", remedy, path=path, why=error.strerror)


REMEDIES = {
    errno.ENOSPC: "make room on the disk, then run it again",
    errno.EACCES: "give yourself the right to write there",
    errno.EROFS: "the file system is read-only",
    errno.EDQUOT: "your share of the disk is used up: make room, then run it again",
    errno.EFBIG: "this process may not write files of that size: ulimit -f",
}
"""What helps when a disk refuses, by its error."""
