"""Which commits got past the hook: what each did is judged as the hook would have judged it then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from servicebook.diagnostics.render import Shown
from servicebook.rules.check import check_landing, judge, steps_of
from servicebook.rules.showing import show_findings
from servicebook.settings import read_zone
from servicebook.store.commits import Commit, read_commits
from servicebook.store.edits import read_edits
from servicebook.store.opening import read_snapshot
from servicebook.store.repository import EMPTY_TREE, Repository


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
        # A sample desk lives in no time of its own commits.
        now = (desk.settings.as_of or commit.at).astimezone(read_zone(desk.settings))
        found = check_landing(desk, edits, steps_of(desk, [(commit.before, edits)]), now)
        return tuple(item for item in show_findings(desk, found) if item.severity == "error")
    finally:
        desk.close()
