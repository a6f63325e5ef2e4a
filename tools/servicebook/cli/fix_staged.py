"""The plain hook mends what is staged where a desk asks for it, and only where nothing unstaged could be lost.

That is where the file in the work tree is what is staged, to the byte: then both are written, the index first, so
that the work tree's file is the old one or the new one whatever happens. Elsewhere the patch is shown.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Sequence
from datetime import datetime

from servicebook.cli.words import speak
from servicebook.errors import ServicebookError
from servicebook.packages import find_packages
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.diagnostics.diagnostic import Diagnostic
    from servicebook.store.edits import Edit
    from servicebook.store.repository import Repository
    from servicebook.store.snapshot import Snapshot
    from servicebook.store.staging import Staged
    from servicebook.text.source_file import SourceFile


def fix_staged(desk: Snapshot, edits: Sequence[Edit], found: Iterable[Diagnostic], now: datetime) -> tuple[int, int]:
    """Mend the changed files that have a finding which `fix` mends; return how many were mended and how many not.

    A file counts as not mended when it is staged in part, so that the commit must wait for a person. Nothing is
    done under `git commit -- PATH`, whose index is thrown away, nor within pre-commit or prek, which take a file
    that a hook changed for a failure: there `servicebook-fix` is the hook that mends.
    """
    from servicebook.store.staging import is_of_paths_alone

    paths = _mendable(edits, found)
    if not paths or is_of_paths_alone() or "PRE_COMMIT" in os.environ:
        return 0, 0
    signal.signal(signal.SIGINT, signal.default_int_handler)  # so that Ctrl-C leaves no temporary file behind
    done = [_fix_one(desk, path, now) for path in paths]
    return done.count(True), done.count(False)


def _mendable(edits: Sequence[Edit], found: Iterable[Diagnostic]) -> list[str]:
    """Return the paths that the commit changes and that have a finding which `fix` mends, sorted."""
    find_packages()
    from servicebook.rules.registry import rule_of

    changed = {edit.path for edit in edits if not edit.gone}
    return sorted({item.path for item in found if item.path in changed and rule_of(item.code).fixable})


def _fix_one(desk: Snapshot, path: str, now: datetime) -> bool | None:
    """Mend one file, in the index and in the work tree; False when it is staged in part, None when nothing helps."""
    from servicebook.actions.mending import why_unsafe
    from servicebook.cli.fix import diff_of, mended
    from servicebook.store.staging import read_staged
    from servicebook.text.source_file import SourceFile

    staged = read_staged(desk.repository, path)
    if staged is None:
        return None
    before = SourceFile(path, next(desk.repository.read_blobs([staged.blob]))[1])
    if why_unsafe(before.data):
        return None
    try:
        after = mended(desk, before, now)
    except ServicebookError:  # a person is needed, or a place that cannot be edited alone: check says the rest
        return None
    if after.data == before.data:
        return None
    if not _is_in_work_tree(desk, before):
        print(speak("{path} is staged in part; what would mend the staged part:", path=path))
        print(diff_of(before, after))
        return False
    _write_both(desk.repository, before, after, staged)
    print(speak("mended {path}", path=path))
    return True


def _is_in_work_tree(desk: Snapshot, staged: SourceFile) -> bool:
    try:
        return desk.repository.read_on_disk(staged.path) == staged.data
    except OSError:
        return False


def _write_both(repository: Repository, before: SourceFile, after: SourceFile, staged: Staged) -> None:
    """Stage the mended file, then write it, under the clone's lock; one saved meanwhile is left as it was saved."""
    from servicebook.store.staging import stage
    from servicebook.store.write import write_files, writing

    with writing(repository.root):
        stage(repository, before.path, staged, after.data)
        write_files(repository.root, [after], {before.path: before.data})
