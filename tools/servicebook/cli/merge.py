"""`servicebook merge`: bring another branch into the current one, records field by field."""

from __future__ import annotations

import os
import sys

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import open_here
from servicebook.cli.driver import driver_options
from servicebook.cli.merging import clashes_in, with_outcome
from servicebook.errors import FindingsError, ServicebookError, UsageError
from servicebook.language.display import plain
from servicebook.store.git import GitError, try_git
from servicebook.store.repository import Repository, find_repository
from servicebook.store.write import write_files, writing
from servicebook.text.source_file import SourceFile
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import CompletedProcess

GIVE_UP = "git merge --abort"

_STOPPED = "Automatic merge went well; stopped before committing as requested"
"""What Git says where it did as told."""


def run(argv: list[str]) -> int:
    """Merge a branch with the driver, put closing blocks back and commit; 1 where a person has to choose."""
    parser = make_parser("merge")
    parser.add_argument("branch", metavar="BRANCH", help=speak("the branch, tag or commit to bring in"))
    branch = parser.parse_args(argv).branch
    repository = find_repository(".")
    _require_ready(repository, branch)
    head = _commit(repository, "HEAD")
    # Whatever is configured for merges: a merge that moves on where it can, and waits to be committed.
    call = [*driver_options(repository), "merge", "--ff", "--no-squash", "--no-commit", branch]
    with writing(repository.root):
        done = _run_git(repository, call, LC_ALL="C")
    unmerged = _paths(repository, "diff", "--name-only", "--diff-filter=U")
    if done.returncode and not unmerged:
        words = _words_of(done)
        remedy = "commit or stash it, then run it again" if "overwritten" in words else "git status"
        raise GitError(words or f"git merge failed ({done.returncode})", remedy)
    if said := _words_of(done):
        print(said, file=sys.stderr)
    if unmerged:
        return _tell_conflicts(repository, unmerged)
    if _is_merging(repository):
        _finish(repository)
    elif _commit(repository, "HEAD") == head:
        print(speak("{branch} is part of this branch already", branch=branch))
        return 0
    count = len(_paths(repository, "diff", "--name-only", repository.head_tree, "HEAD"))  # as it was before
    print(speak("merged {branch}; files changed here: {n}", branch=branch, n=count))
    return 0


def _require_ready(repository: Repository, branch: str) -> None:
    """Raise where no merge can begin: one is in progress, or there is nothing of that name."""
    if _is_merging(repository):
        raise ServicebookError(
            "a merge is not finished here", "servicebook mend FILE and git commit | {give_up}", give_up=GIVE_UP
        )
    if not _commit(repository, branch):
        raise UsageError("there is no branch or commit `{branch}` here", "git fetch, git branch -a", branch=branch)


def _finish(repository: Repository) -> None:
    """Put the closing blocks back that the merge took out, and commit it; hooks run."""
    desk = open_here(whole=True)
    before = {
        path: desk.read_in_work_tree(path)
        for path in _paths(repository, "diff", "--cached", "--name-only", "--diff-filter=d", "HEAD")
        if path.endswith(".md")
    }
    files = [with_outcome(desk, SourceFile(path, data)) for path, data in before.items()]
    files = [file for file in files if file.data != before[file.path]]
    if files:
        write_files(repository.root, files, {file.path: before[file.path] for file in files})
        repository.git("add", "--", *(file.path for file in files))
        for file in files:
            print(speak("wrote the clocks of {path} down again", path=file.path))
    done = _run_git(repository, ["commit", "--quiet", "--no-edit"])
    said = "\n".join(part.decode("utf-8", "replace").strip() for part in (done.stdout, done.stderr) if part.strip())
    if said:
        print(said)
    if done.returncode:
        raise FindingsError(
            "the branches are merged, but the commit was refused",
            "mend what is named above, git add it, git commit | {give_up}",
            give_up=GIVE_UP,
        )


def _tell_conflicts(repository: Repository, paths: list[str]) -> int:
    """Say which fields of which files a person has to choose in, and how."""
    print(speak("left to you ({n}):", n=len(paths)))
    for path in paths:
        print(f"  {plain(path)}: {_left_in(repository, path)}")
    records = [path for path in paths if path.endswith(".md")]
    print()
    for path in records:
        print(f"  servicebook mend {plain(path)}")
    print(f"  git add ... && git commit      {speak('or give up')}: {GIVE_UP}")
    return 1


def _left_in(repository: Repository, path: str) -> str:
    try:
        found = clashes_in(repository.read_on_disk(path))
    except OSError:
        found = []
    if found:
        return ", ".join(region.name for region in found)
    stages = repository.git("ls-files", "--unmerged", "-z", "--", f":(literal,top){path}").split(b"\0")[:-1]
    there = {entry.split(b"\t")[0][-1:] for entry in stages}
    if not {b"2", b"3"} <= there:
        return speak("deleted on one side, changed on the other: git add keeps it, git rm deletes it")
    return speak("the file")


def _is_merging(repository: Repository) -> bool:
    return bool(_commit(repository, "MERGE_HEAD"))


def _commit(repository: Repository, name: str) -> str:
    words = ["rev-parse", "--quiet", "--verify", "--end-of-options", name + "^{commit}"]
    status, out = try_git(words, repository.root)
    return "" if status else out.decode().strip()


def _paths(repository: Repository, *words: str) -> list[str]:
    return [os.fsdecode(path) for path in repository.git(*words, "-z", "--").split(b"\0")[:-1]]


def _run_git(repository: Repository, words: list[str], **environment: str) -> CompletedProcess[bytes]:
    """Run git with all that it says kept: it is told where it refuses."""
    import subprocess

    command = ["git", "-C", repository.root, *words]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False, env={**os.environ, **environment}
    )


def _words_of(done: CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    told = [line for line in lines if line != _STOPPED and not line.startswith("hint:")]
    return "\n".join(told)
