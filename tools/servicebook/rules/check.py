"""Is the desk in order? Judges files, then what they mean to each other, then the desk as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.records.facts import Facts
from servicebook.store.opening import WORK_TREE, read_snapshot
from servicebook.store.repository import find_repository
from servicebook.store.snapshot import Snapshot

if TYPE_CHECKING:
    from servicebook.settings import Settings
    from servicebook.text.source_file import SourceFile


def judge(source: SourceFile, settings: Settings) -> tuple[Facts | None, tuple[Diagnostic, ...]]:
    """Return a file's fact row (None for what is no record) and its file-scope findings.

    The one place where a cached check reaches the loader, and only on a miss.
    """
    from servicebook.loader import load_record

    loaded = load_record(source, settings)
    return loaded.facts, loaded.diagnostics


def open_desk(
    start: str = ".", *, tree: str = WORK_TREE, progress: Callable[[int, int], object] | None = None
) -> Snapshot:
    """Return the desk around the folder `start` as `tree` has it: "worktree", "staged" or a revision.

    progress is called with (files judged, files in all) while unknown files are judged.
    Raises NotADeskError outside a repository, SettingsError, GitError for an unknown revision.
    """
    return read_snapshot(find_repository(start), tree, judge, progress)
