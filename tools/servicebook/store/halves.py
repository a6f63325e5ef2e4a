"""Two halves of one work at a time: the second is done by a forked process while the first is done here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from servicebook.typed import TypeVar

Result = TypeVar("Result")


def may_fork() -> bool:
    """Whether a second process is worth starting here (macOS does not bear forks well)."""
    return hasattr(os, "fork") and sys.platform != "darwin" and (os.cpu_count() or 1) > 1


def both(first: Callable[[], Result], second: Callable[[], Result | None]) -> tuple[Result, Result | None]:
    """Return what both give; None in place of the second when its process failed or gave nothing.

    `second` must open what it reads anew: an open database does not outlive a fork.
    """
    import pickle

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)  # else it would wait for itself to read, once its parent has given up
        _give(writer, second)
    os.close(writer)
    try:
        with os.fdopen(reader, "rb") as stream:  # closed before the child is waited for: nobody reads what it writes
            here = first()
            said = stream.read()
    finally:
        _, status = os.waitpid(child, 0)
    # What is unpickled was pickled a moment ago by our own child.
    return here, pickle.loads(said) if status == 0 and said else None  # noqa: S301


def _give(writer: int, work: Callable[[], object]) -> None:
    """Do the work, write its result and end this process; nothing of the parent's is cleaned up."""
    import pickle

    code = 1
    try:
        result = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writer, "wb") as stream:
            stream.write(result)
        code = 0
    finally:
        os._exit(code)
