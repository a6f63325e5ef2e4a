"""How a desk is opened for a question: the rules are imported when a file has to be judged, which is rare."""

from __future__ import annotations

from collections.abc import Callable

from servicebook.store.moves import STAGED, WORK_TREE
from servicebook.store.opening import read_snapshot
from servicebook.store.repository import find_repository
from servicebook.store.snapshot import Snapshot
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.settings import Settings
    from servicebook.store.verdicts import Judged
    from servicebook.text.source_file import SourceFile


def open_desk(
    start: str = ".",
    *,
    tree: str = WORK_TREE,
    progress: Callable[[int, int], object] | None = None,
    whole: bool = True,
    meanwhile: Callable[[], object] | None = None,
) -> Snapshot:
    """Return the desk around the folder `start` as `tree` has it: "worktree", "staged" or a revision.

    progress is called with (files judged, files in all) while unknown files are judged. whole: whether every file
    of a large work tree is looked at, or what people edit (store/glance.py). meanwhile: called once Git looks for
    what moved, such as imports that will be needed then.
    Raises NotADeskError outside a repository, SettingsError, GitError for an unknown revision.
    """
    repository = find_repository(start, bare=tree not in (WORK_TREE, STAGED))
    return read_snapshot(repository, tree, judge_late, progress, meanwhile, whole=whole)


def judge_late(source: SourceFile, settings: Settings, kept_body: str = "") -> Judged:
    """Judge a file that the index does not know: see servicebook.rules.check.judge."""
    from servicebook.rules.check import judge

    return judge(source, settings, kept_body)
