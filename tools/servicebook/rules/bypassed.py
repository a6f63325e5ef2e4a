"""Which commits got past the hook: what each did is judged as the hook would have judged it then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.render import Shown
from servicebook.records.kinds import is_of_votes
from servicebook.rules.check import check_landing, check_step, judge, steps_of
from servicebook.rules.showing import severity_of, show_findings
from servicebook.rules.waived import excused
from servicebook.settings import read_zone
from servicebook.store.commits import Commit, read_commits
from servicebook.store.edits import Edit, read_edits
from servicebook.store.history import CommitEdits, edits_in_range
from servicebook.store.mainline import Step
from servicebook.store.opening import read_snapshot
from servicebook.store.repository import EMPTY_TREE, Repository
from servicebook.store.snapshot import Snapshot
from servicebook.typed import NamedTuple


class Bypass(NamedTuple):
    """A commit that the hook would have stopped, and the errors that it would have shown, as that tree has them."""

    commit: Commit
    errors: tuple[Shown, ...]


def bypasses_since(
    repository: Repository, since: str, progress: Callable[[int, int], object] | None = None
) -> Iterator[Bypass]:
    """Yield the first-parent commits of `since..HEAD` that the hook would have stopped, oldest first.

    Each is judged against its first parent, by its own settings and at the time it was made.
    """
    commits = list(read_commits(repository, since))
    for done, commit in enumerate(commits, 1):
        if errors := _errors_of(repository, commit):
            yield Bypass(commit, errors)
        if progress:
            progress(done, len(commits))


def _errors_of(repository: Repository, commit: Commit) -> tuple[Shown, ...]:
    """Return the errors among what the hook would have found."""
    if commit.before == commit.tree:
        return ()
    empty = commit.before == EMPTY_TREE[repository.algorithm]
    before = "" if empty else commit.before
    then = Repository(repository.root, repository.git_dir, repository.common_dir, repository.algorithm, before)
    desk = read_snapshot(then, commit.id, judge)
    try:
        edits = read_edits(desk)
        votes = [item for item in desk.moved_since(then.head_tree) if is_of_votes(item.path)]
        # A sample desk lives in no time of its own commits.
        now = (desk.settings.as_of or commit.at).astimezone(read_zone(desk.settings))
        found = check_landing(desk, edits, steps_of(desk, [CommitEdits("", commit.before, edits, votes)]), now)
        return tuple(item for item in show_findings(desk, found) if item.severity == "error")
    finally:
        desk.close()


def broken_by(
    desk: Snapshot, steps: Sequence[Step], progress: Callable[[int, int], object] | None = None
) -> Iterator[tuple[Step, Diagnostic]]:
    """Yield what the commits of a stretch of the first-parent line broke: unlawful steps, and files that were in order.

    Under the settings of `desk`, each file by itself: what a commit broke in records it did not touch takes
    `bypasses_since`, which opens the desk anew for every commit. Waivers in the record as it was then are heard.
    """
    if not steps:
        return
    base = steps[0].parents[0] if steps[0].parents else ""
    zone = read_zone(desk.settings)
    walk = zip(steps, edits_in_range(desk, base, steps[-1].id), strict=True)
    for done, (step, (_, tree, edits, _)) in enumerate(walk, 1):
        for edit in edits:
            for item in _broken_in(desk, edit, tree, step.at.astimezone(zone).date()):
                yield step, item
        if progress:
            progress(done, len(steps))


def _broken_in(desk: Snapshot, edit: Edit, tree: str, day: date) -> Iterator[Diagnostic]:
    """Yield what one edit broke, after the waivers of its record."""
    found = check_step(desk, edit, tree)
    if edit.after is not None:
        old = {(item.code, item.params) for item in desk.found_of(edit.before_path, edit.before)}
        fresh = (item for item in desk.found_of(edit.path, edit.after) if (item.code, item.params) not in old)
        found += (item for item in fresh if severity_of(item) == "error")
        yield from excused(edit.after, found, day, lambda code: False)
    else:
        yield from found
