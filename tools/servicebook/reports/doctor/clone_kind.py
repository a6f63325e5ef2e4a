"""What kind of clone is this, what is it in the middle of, and what can it not tell?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.reports.doctor.answer import Answer, advise, demand, fine
from servicebook.reports.doctor.clone import Clone
from servicebook.reports.doctor.git_settings import MANY_FILES

UNDER_WAY = {
    "MERGE_HEAD": ("a merge is not finished", "git merge --continue | git merge --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick is not finished", "git cherry-pick --continue | git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert is not finished", "git revert --continue | git revert --abort"),
    "rebase-merge": ("a rebase is not finished", "git rebase --continue | git rebase --abort"),
    "rebase-apply": ("a rebase is not finished", "git rebase --continue | git rebase --abort"),
    "BISECT_LOG": ("a bisection is not finished", "git bisect reset"),
}
"""What Git leaves in its folder while something is under way: in words, and how it ends."""


SEES_ALL = (2, 36)
"""The first Git that notices a file which lies there although the sparse checkout leaves it out (release notes)."""


def history_depth(clone: Clone) -> Iterator[Answer]:
    """Whether the whole history is here."""
    if clone.git("rev-parse", "--is-shallow-repository") == "true":
        yield advise(
            "the clone is shallow: check works; `check --history` and ranges beyond its depth cannot decide",
            "git fetch --unshallow",
        )
    else:
        yield fine("the whole history is here")


def missing_blobs(clone: Clone) -> Iterator[Answer]:
    """Whether the contents of files are fetched when they are needed."""
    promisors = clone.settings_like(r"remote\..*\.promisor")
    if promisors:
        remote = next(iter(promisors)).split(".", 1)[1].rpartition(".")[0]
        yield fine(
            "a partial clone: what is missing comes from {remote} in one go, so the first check needs it", remote=remote
        )
    else:
        yield fine("the contents of all files are here")


def left_out_files(clone: Clone) -> Iterator[Answer]:
    """Whether the work tree leaves files out."""
    if clone.is_bare:
        yield fine("a bare repository, as on a server: its hooks judge what is pushed")
    elif not clone.flag("core.sparsecheckout", default=False):
        yield fine("the work tree has all files")
    elif clone.git_version < SEES_ALL:
        yield demand(
            "Git {version} overlooks what is written outside of a sparse work tree",
            "install Git 2.36 or later",
            version=".".join(str(part) for part in clone.git_version),
        )
    elif clone.flag("core.sparsecheckoutcone", default=False):
        if len(clone.entries) >= MANY_FILES and not clone.flag("index.sparse", default=False):
            yield advise(
                "Git's index names each of {count} files, those left out too: a commit writes it anew",
                "git sparse-checkout reapply --sparse-index",
                count=len(clone.entries),
            )
        yield fine("a sparse work tree; the files left out are judged as they are tracked")
    else:
        yield advise(
            "a sparse work tree by patterns: Git compares each of {count} files with each pattern",
            "git sparse-checkout init --cone, then git sparse-checkout set FOLDER ...",
            count=len(clone.entries),
        )


def neighbours(clone: Clone) -> Iterator[Answer]:
    """Whether this is one of several work trees, or a part of another repository."""
    if above := clone.git("rev-parse", "--show-superproject-working-tree"):
        yield fine("the desk is a submodule of {path}", path=above)
    trees = clone.git("worktree", "list", "--porcelain").split("\n\n")
    gone = [tree.split("\n")[0].removeprefix("worktree ") for tree in trees if "\nprunable" in tree]
    if gone:
        yield advise("a linked work tree is gone: {path}", "git worktree prune", path=gone[0])
    elif len(trees) > 1:
        yield fine("{count} work trees share this repository", count=len(trees))
    elif not above:
        yield fine("a repository of its own, with one work tree")


def under_way(clone: Clone) -> Iterator[Answer]:
    """Whether something that Git began waits to be ended."""
    found = [name for name in UNDER_WAY if clone.path(name).exists()]
    for name in found:
        yield advise(*UNDER_WAY[name])
    if not found and clone.repository.has_head and not clone.git("symbolic-ref", "-q", "HEAD"):
        yield advise("HEAD is detached: commits made now belong to no branch", "git switch -c NAME")
    elif not found:
        yield fine("nothing is half done")
