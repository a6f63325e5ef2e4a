"""A commit beside what somebody is working on: files on a branch of their own, work tree and index untouched."""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.errors import UsageError
from servicebook.store.git import run_git, try_git
from servicebook.store.landing import with_files
from servicebook.text.source_file import SourceFile


def commit_aside(root: str, branch: str, files: Sequence[SourceFile], subject: str) -> str:
    """Commit files on top of HEAD as the new branch `branch`, and return the commit.

    Raises UsageError when there is such a branch, GitError when Git refuses (no identity, say).
    """
    ref = f"refs/heads/{branch}"
    if try_git(["rev-parse", "--quiet", "--verify", ref], root)[0] == 0:
        raise UsageError("there is a branch `{branch}` already", "git branch -D {branch}, or push it", branch=branch)
    tree = with_files(root, run_git(["rev-parse", "HEAD^{tree}"], root).decode().strip(), files)
    signs = run_git(["config", "--type=bool", "--default=false", "commit.gpgsign"], root).strip() == b"true"
    words = ["commit-tree", *(["-S"] if signs else []), "-p", "HEAD", "-m", subject, tree]
    commit = run_git(words, root).decode().strip()
    run_git(["update-ref", "-m", subject, ref, commit, ""], root)
    return commit
