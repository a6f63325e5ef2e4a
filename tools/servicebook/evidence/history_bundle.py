"""The history that the evidence for one change rests on, as a Git bundle that holds no more than that.

It has every commit of the branch and the names of files in the folders that approvals hang on, but only the boards, the
people, the change with its votes and its template in full. What other tickets say is not in it: it can be given away.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from servicebook.errors import ServicebookError, UsageError
from servicebook.evidence.estate import FOLDERS
from servicebook.evidence.ledger import ARTICLES, BOARDS, CHANGES, PEOPLE
from servicebook.evidence.receipts import RECEIPTS
from servicebook.records.kinds import votes_of
from servicebook.settings import SETTINGS_FILE
from servicebook.store.git import run_git, try_git
from servicebook.store.mainline import read_all_commits
from servicebook.store.repository import Repository, find_repository

BRANCH = "refs/heads/main"
"""What the branch is called in a bundle, whatever its name was."""

_FOLDERS = ("", "kb")
_WHOLE = ("tickets", BOARDS, PEOPLE, ARTICLES)
"""Folders whose structure (names, no content) is taken over in full: Git looks into all of `tickets` for one change."""


class Needed(NamedTuple):
    """What the evidence for a change rests on.

    path: of its record. templates: slugs. others: whether every change's record is needed: to count how often a
    template was used, or to tell what overlaps. estate: whether assets and services are, to tell what hangs together.
    """

    path: str
    templates: tuple[str, ...] = ()
    others: bool = False
    estate: bool = False


def make_bundle(repository: Repository, tip: str, needed: Needed) -> bytes:
    """Return a Git bundle of the branch that ends at the commit `tip`, the same bytes for the same history and Git."""
    refs = {BRANCH: tip}
    status, out = try_git(["rev-parse", "--quiet", "--verify", RECEIPTS], repository.root)
    if status == 0:
        refs[RECEIPTS] = out.decode().strip()
    commits = repository.git("rev-list", "--topo-order", *refs.values()).decode().split()
    whole = (*_WHOLE, *(FOLDERS if needed.estate else ()))
    objects = [*commits, *_trees(repository, commits, whole), *_blobs(repository, tip, needed)]
    kind = "# v2 git bundle\n" if repository.algorithm == "sha1" else "# v3 git bundle\n@object-format=sha256\n"
    head = kind + "".join(f"{id} {name}\n" for name, id in refs.items()) + "\n"
    return head.encode() + _pack(repository, dict.fromkeys(objects))


def open_bundle(bundle: Path, folder: Path) -> Repository:
    """Return a repository made of a bundle in an empty folder. Raises UsageError for a file that is none."""
    run_git(["init", "--quiet", "--bare", "--initial-branch=main", str(folder)])
    status, out = try_git(["bundle", "unbundle", str(bundle)], str(folder))
    lines = (line.partition(" ") for line in out.decode("utf-8", "replace").splitlines())
    refs = {name: id for id, _, name in lines}
    if status or BRANCH not in refs:
        raise UsageError("{path} is no Git bundle of a branch, or is damaged", "ask for it again", path=bundle.name)
    for name in (BRANCH, RECEIPTS):
        if name in refs:
            run_git(["update-ref", name, refs[name]], str(folder))
    return find_repository(str(folder), bare=True)


def _trees(repository: Repository, commits: Sequence[str], folders: Sequence[str]) -> list[str]:
    """Return the folders of all commits: those on the way, and all below the ones that are taken whole."""
    asked = "".join(f"{commit}:{folder}\n" for commit in commits for folder in (*_FOLDERS, *folders))
    answers = _ask(repository, ["cat-file", "--batch-check=%(objectname) %(objecttype)"], asked).splitlines()
    found = [line.split()[0] if line.endswith(" tree") else "" for line in answers]
    size, way = len(_FOLDERS) + len(folders), len(_FOLDERS)
    on_the_way = [tree for at in range(0, len(found), size) for tree in found[at : at + way] if tree]
    whole = dict.fromkeys(tree for at in range(0, len(found), size) for tree in found[at + way : at + size] if tree)
    words = ["rev-list", "--objects", "--filter=blob:none", "--no-object-names", "--stdin"]
    below = _ask(repository, words, "".join(f"{tree}\n" for tree in whole)).split() if whole else []
    return list(dict.fromkeys((*on_the_way, *below)))


def _blobs(repository: Repository, tip: str, needed: Needed) -> Iterable[str]:
    """Return every state that a needed file had in any commit."""
    record = needed.path.rpartition("/")[2]
    paths = [BOARDS, PEOPLE, f":(glob){CHANGES}/**/{record}", f":(glob){CHANGES}/**/{votes_of(record)}/**"]
    for slug in needed.templates:
        paths += [f"{ARTICLES}/{slug}.md", f"{ARTICLES}/{votes_of(slug + '.md')}"]
    if needed.others:
        paths.append(f":(glob){CHANGES}/**/CHG-*.md")
    paths += FOLDERS if needed.estate else ()
    steps = read_all_commits(repository, tip, paths)
    touched = (blob for step in steps for file in step.touched for blob in (file.old, file.new) if blob)
    return dict.fromkeys((*touched, *([own] if (own := repository.blob_in(tip, SETTINGS_FILE)) else [])))


def _pack(repository: Repository, objects: Iterable[str]) -> bytes:
    """Return a pack of just these objects; nothing of what a repository has packed before shows in its bytes."""
    words = ["pack-objects", "--stdout", "-q", "--threads=1", "--no-reuse-delta", "--no-reuse-object"]
    return _run(repository, words, "".join(f"{id}\n" for id in objects))


def _ask(repository: Repository, words: Sequence[str], given: str) -> str:
    return _run(repository, words, given).decode("utf-8", "replace")


def _run(repository: Repository, words: Sequence[str], given: str) -> bytes:
    """Return what Git prints, given more than a pipe's buffer holds."""
    command = ["git", "-C", repository.root, *words]
    done = subprocess.run(command, input=given.encode(), capture_output=True, check=False)
    if done.returncode:
        raise ServicebookError(done.stderr.decode("utf-8", "replace").strip(), "git fsck")
    return done.stdout
