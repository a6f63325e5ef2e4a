"""One build of a clone at a time: two would write the same kept pages, and an older state over a newer one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def one_build(git_dir: str) -> Iterator[None]:
    """Wait for another build of the same clone and hold its lock; where nothing can be locked, go on without.

    The lock is the kernel's (flock), so that a crash lets go of it.
    """
    import fcntl  # POSIX; late, since only this needs it

    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            folder = Path(git_dir) / "servicebook"
            folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(folder / "site.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            stack.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
