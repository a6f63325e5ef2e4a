"""An index whose bytes were damaged so that only a lookup meets it: how that is told from a bug, and mended."""

from __future__ import annotations

import json
import os
import sqlite3
import traceback

from servicebook.errors import ServicebookError
from servicebook.store.index import forget_index
from servicebook.store.repository import find_repository

_READERS = frozenset(
    (
        "facts.py",
        "folders.py",
        "glance.py",
        "history.py",
        "index.py",
        "kept.py",
        "packed.py",
        "ways.py",
        "whole_desk.py",
    )
)
"""Modules that read JSON out of the index: what they cannot read was not written so by us."""


def let_go_of_damaged(error: Exception) -> ServicebookError | None:
    """Delete the index that an unexpected error comes from and return what to say; None for any other error."""
    if not _is_damage(error):
        return None
    forget_index(find_repository(".", bare=True))
    return ServicebookError("the index was damaged: {error}", "it is deleted; run the command again", error=error)


def _is_damage(error: Exception) -> bool:
    if isinstance(error, sqlite3.DatabaseError):  # its heirs tell of locks, full disks and our own mistakes
        return type(error) is sqlite3.DatabaseError or "Could not decode" in str(error)
    if not isinstance(error, json.JSONDecodeError):
        return False
    files = [os.path.basename(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    return next((file for file in reversed(files) if file not in ("decoder.py", "__init__.py")), "") in _READERS
