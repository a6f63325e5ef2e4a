"""Where a branch stood at some time, pinned: in a file that an auditor keeps, and by tags in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from servicebook.errors import UsageError
from servicebook.store.git import run_git, try_git
from servicebook.store.mainline import commit_of
from servicebook.store.repository import Repository

TAGS = "refs/tags/checkpoints/"
"""Where checkpoints lie in a repository: checkpoints/BRANCH/20261126T004500Z. Servers refuse to move or delete them."""

_LINE = re.compile(r"(\S+) (refs/heads/\S+) ([0-9a-f]{40}|[0-9a-f]{64})")


class Checkpoint(NamedTuple):
    """A branch, the commit it pointed to, and when that was pinned (ISO 8601 with offset).

    source, line: the file and line that say so; the name of a tag and line 1.
    """

    at: str
    branch: str
    commit: str
    source: str
    line: int = 1


def parse_checkpoints(text: str, source: str) -> list[Checkpoint]:
    """Return the checkpoints of a file: `WHEN BRANCH COMMIT` on a line each; `#` begins a comment.

    Raises UsageError, naming the line, for anything else: a line that cannot be read proves nothing.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or not _is_instant(match[1]):
            raise UsageError(
                "{path}:{line}: `{text}` is no checkpoint",
                "write WHEN BRANCH COMMIT, such as 2026-03-31T18:00:00+00:00 refs/heads/main 0f3c...",
                path=source, line=number, text=line.strip()[:80],
            )  # fmt: skip
        found.append(Checkpoint(match[1], match[2], match[3], source, number))
    return found


def render_checkpoint(point: Checkpoint) -> str:
    """Return the line that a file of checkpoints has for one."""
    return f"{point.at} {point.branch} {point.commit}\n"


def read_tags(repository: Repository) -> list[Checkpoint]:
    """Return the checkpoints that tags of the repository pin, oldest first.

    What a tag says is not proven here: whoever may push tags may push a false one. `git tag --verify` tells who
    signed it.
    """
    form = "--format=%(refname)%00%(*objectname)%00%(contents:body)%01"
    out = repository.git("for-each-ref", form, TAGS).decode("utf-8", "replace")
    found = []
    for entry in out.split("\x01"):
        name, _, rest = entry.strip("\n").partition("\0")
        commit, _, body = rest.partition("\0")
        said = parse_checkpoints("\n".join(line for line in body.split("\n") if _LINE.fullmatch(line)), name)
        found += [point._replace(line=1) for point in said if point.commit == commit]
    return found


def pin(repository: Repository, branch: str, now: datetime, *, sign: bool) -> Checkpoint:
    """Make a tag that pins a branch (`main`, or a full name) where it stands, and return the checkpoint.

    sign: with the key of Git's own settings (`user.signingkey`, `gpg.format`). Raises GitError when there is no such
    branch, when a checkpoint of this second exists, or when signing fails.
    """
    full = branch if branch.startswith("refs/") else f"refs/heads/{branch}"
    commit = commit_of(repository, full)
    at = now.astimezone(UTC)
    tag = f"{TAGS.removeprefix('refs/tags/')}{full.removeprefix('refs/heads/')}/{at:%Y%m%dT%H%M%SZ}"
    point = Checkpoint(at.isoformat(timespec="seconds"), full, commit, f"refs/tags/{tag}")
    words = ["tag", "--sign" if sign else "--annotate", "-m", f"Checkpoint of {full}", "-m", render_checkpoint(point)]
    run_git([*words, tag, commit], repository.root)
    return point


def current_branch(repository: Repository) -> str:
    """Return the full name of the branch that HEAD is on; UsageError when it is on none."""
    status, out = try_git(["symbolic-ref", "--quiet", "HEAD"], repository.root)
    if status:
        raise UsageError("HEAD is on no branch", "name one: --branch main")
    return out.decode().strip()


def can_sign(repository: Repository) -> bool:
    """Whether Git's settings name a key to sign with."""
    return try_git(["config", "--get", "user.signingkey"], repository.root)[0] == 0


def of_branch(points: Iterable[Checkpoint], branch: str) -> list[Checkpoint]:
    """Return the checkpoints of one branch, each commit once, as it is told first."""
    found: dict[str, Checkpoint] = {}
    for point in points:
        if point.branch == branch:
            found.setdefault(point.commit, point)
    return list(found.values())


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
