"""Who wrote the plan: the authors of every commit that altered what a vote is about, wherever it was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from servicebook.store.git import run_git
from servicebook.store.mainline import Step, read_all_commits
from servicebook.store.repository import Repository

_CO_AUTHOR = re.compile(r"^[ \t]*Co-authored-by[ \t]*:(.*(?:\n[ \t]+.*)*)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>,;:()\"]+@[^\s<>,;:()\"]+")

_AT_ONCE = 2000  # commits whose files are read together

DigestOf = Callable[[str, str], str]
"""From a path and a blob to the digest of what is voted on there; empty for no blob, or none that can be read."""


class Author(NamedTuple):
    """An address that stands as author, or as co-author, on a commit that altered frozen content."""

    email: str
    commit: str


def read_authors(
    repository: Repository,
    tip: str,
    paths: Sequence[str],
    digest_of: DigestOf,
    read_ahead: Callable[[Iterable[str]], object] | None = None,
) -> Mapping[str, tuple[Author, ...]]:
    """Return the authors of the frozen content of each record (`.md`) that matches `paths`, by file name.

    A commit counts when it gives the plan another digest than every one of its parents has: a merge that only takes
    what one side wrote has no author of its own.
    """
    by_commit: dict[str, list[Step]] = {}
    for step in read_all_commits(repository, tip, paths):
        by_commit.setdefault(step.id, []).append(step)
    altering: dict[str, dict[str, Step]] = {}
    commits = list(by_commit.items())
    for start in range(0, len(commits), _AT_ONCE):
        some = commits[start : start + _AT_ONCE]
        if read_ahead:
            files = (file for _, against in some for step in against for file in step.touched)
            read_ahead(blob for file in files if file.path.endswith(".md") for blob in file[1:])
        for id, against in some:
            for name in _altered(against, digest_of):
                altering.setdefault(name, {})[id] = against[0]
    also = _co_authors(repository, {id for steps in altering.values() for id in steps})
    return {
        name: tuple(dict.fromkeys(author for step in steps.values() for author in _authors(step, also)))
        for name, steps in altering.items()
    }


def _altered(against: Sequence[Step], digest_of: DigestOf) -> Iterable[str]:
    """Return the names of the files whose frozen content a commit altered against each of its parents."""
    parents = max(1, len(against[0].parents))
    seen: dict[str, int] = {}
    for step in against:
        for file in step.touched:
            if file.path.endswith(".md") and file.new:
                fresh = digest_of(file.path, file.new) != digest_of(file.path, file.old)
                seen[file.path] = seen.get(file.path, 0) + fresh
    return {path.rpartition("/")[2] for path, count in seen.items() if count >= parents}


def _authors(step: Step, also: Mapping[str, Sequence[str]]) -> Iterable[Author]:
    return [Author(email.lower(), step.id) for email in (step.email, *also.get(step.id, ()))]


def _co_authors(repository: Repository, commits: Iterable[str]) -> dict[str, list[str]]:
    """Return the addresses of `Co-authored-by:` lines, by commit: a forge that squashes keeps its authors there."""
    found: dict[str, list[str]] = {}
    wanted = sorted(commits)
    for start in range(0, len(wanted), 200):
        some = wanted[start : start + 200]
        words = ["log", "--no-walk=unsorted", "--stdin", "--format=%H%x00%B%x01"]
        out = run_git(words, repository.root, "".join(f"{commit}\n" for commit in some).encode())
        for entry in out.decode("utf-8", "replace").split("\x01"):
            commit, _, message = entry.strip("\n").partition("\0")
            if emails := [email for line in _CO_AUTHOR.findall(message) for email in _ADDRESS.findall(line)]:
                found[commit] = emails
    return found
