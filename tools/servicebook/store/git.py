"""How Git is asked: the command line, started without `subprocess`, whose import costs more than a cached check."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from servicebook.errors import ServicebookError

_NO_INDEX = os.path.abspath("/servicebook-no-index")
"""Told to Git where it compares trees: it would read an index of 100,000 files (20 ms) that has no say in that."""


_NOT_REPLACED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
"""What is judged is what a tree names: with `refs/replace`, which anybody may push, Git reads other bytes under the
same id, and a verdict on those would let the named ones in. A grafts file gives commits other parents.
"""


_PLAIN_LOG = ("log.showSignature=false", "log.diffMerges=separate", "i18n.logOutputEncoding=UTF-8")
"""What people set for their own eyes would stand in what is read here: checks of signatures, names in GBK."""


class GitError(ServicebookError):
    """Git could not do what it was asked: its own words are the message."""


def run_git(words: Sequence[str], root: str = "", given: bytes = b"") -> bytes:
    """Return what `git WORDS` prints, run in `root` with `given` (less than a pipe's buffer) as its input.

    Raises GitError with Git's own message when it fails.
    """
    status, out = try_git(words, root, given)
    if status:
        raise GitError(complaint_of(words, root) or f"git {words[0]} failed ({status})")
    return out


def try_git(words: Sequence[str], root: str = "", given: bytes = b"") -> tuple[int, bytes]:
    """Return git's exit status and what it printed; its complaints are dropped."""
    return begin_git(words, root, given)()


def begin_git(words: Sequence[str], root: str = "", given: bytes = b"") -> Callable[[], tuple[int, bytes]]:
    """Start `git WORDS` and return a function that waits for its end, to be called once: see `try_git`.

    What is done in between costs no time on a machine with a second core.
    """
    settings = _PLAIN_LOG if "log" in words[:3] else ()
    command = ["git", *(["-C", root] if root else []), *(word for one in settings for word in ("-c", one)), *words]
    environment = {**os.environ, **_NOT_REPLACED}
    if words[0] == "diff-tree":
        environment["GIT_INDEX_FILE"] = _NO_INDEX
    if not hasattr(os, "posix_spawnp"):
        return lambda: _try_slowly(command, environment, given)
    reader, writer = os.pipe()
    actions: list[tuple[int, ...] | tuple[int, int, str, int, int]] = [
        (os.POSIX_SPAWN_DUP2, writer, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    source = _input(given)
    actions.append((os.POSIX_SPAWN_DUP2, source, 0))
    try:
        child = os.posix_spawnp("git", command, environment, file_actions=actions)
    except FileNotFoundError as error:
        os.close(reader)
        raise ServicebookError("git is not installed", "install Git 2.30 or later") from error
    finally:
        os.close(source)
        os.close(writer)
    return lambda: _end(child, reader)


def _end(child: int, reader: int) -> tuple[int, bytes]:
    pieces = []
    while piece := os.read(reader, 1 << 20):
        pieces.append(piece)
    os.close(reader)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), b"".join(pieces)


def _input(given: bytes) -> int:
    """Return a descriptor that gives `given` to a child."""
    if not given:
        return os.open(os.devnull, os.O_RDONLY)
    source, feed = os.pipe()
    os.write(feed, given)
    os.close(feed)
    return source


def _try_slowly(command: list[str], environment: Mapping[str, str], given: bytes) -> tuple[int, bytes]:
    import subprocess

    done = subprocess.run(command, env=environment, input=given, capture_output=True, check=False)
    return done.returncode, done.stdout


def complaint_of(words: Sequence[str], root: str) -> str:
    """Return what git says on its error stream: asked again, off the fast path."""
    import subprocess

    done = subprocess.run(
        ["git", "-C", root or ".", *words], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.stderr.decode("utf-8", "replace").strip()
