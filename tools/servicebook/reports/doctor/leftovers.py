"""What did a crash leave behind?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta

from servicebook.reports.doctor.answer import Answer, advise, demand, fine
from servicebook.reports.doctor.clone import Clone

LOCKS = ("index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock")
PATIENCE = timedelta(minutes=2)
"""How old a lock is before it is taken for forgotten: Git holds them for seconds."""

_TEMPORARY = re.compile(r"\.(\d+)\.tmp$")


def locks(clone: Clone) -> Iterator[Answer]:
    """Whether a lock that nobody holds any more keeps Git from writing."""
    found = False
    for name in LOCKS:
        path = clone.path(name)
        if path.exists() and clone.now.timestamp() - path.stat().st_mtime > PATIENCE.total_seconds():
            found = True
            yield demand("{path} was left by a crash: Git writes nothing while it is there", "rm {path}", path=path)
    if not found:
        yield fine("no lock of Git was left behind")


def half_written(clone: Clone) -> Iterator[Answer]:
    """Whether temporary files lie beside the records whose writer is gone."""
    if clone.is_bare:
        return
    found = []
    for name in clone.git("ls-files", "--others", "-z", "--", "kb", "tickets").split("\0"):
        match = _TEMPORARY.search(name)
        if match and not _is_running(int(match[1])):
            found.append(name)
            yield advise("a crash left {path}; the record beside it is whole", "rm {path}", path=name)
    if not found:
        yield fine("no temporary file was left behind")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
