"""May another line take the branch's place: a push whose merge has that line as its first parent (`git pull`).

What landed on the branch since the two parted will have landed with the merge, at once and later: that is in order
where it makes no verdict another one. What the other line did will have landed before it, at the dates of whoever
made it: that is in order where it did nothing that verdicts hang on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from servicebook.evidence.ledger import ALL, ARTICLES, BOARDS, CHANGES
from servicebook.evidence.verification import Verification
from servicebook.evidence.verify import Verifier, verify_all
from servicebook.records.kinds import BY_NAME, is_id_of
from servicebook.store.git import try_git
from servicebook.store.mainline import is_ancestor, read_mainline
from servicebook.store.repository import Repository
from servicebook.workflow.tally import Tally, Why, why

OpenVerifier = Callable[[str, Sequence[str]], Verifier]
"""From a commit and the ids of changes (none for all) to a verifier of the branch that ends there."""

_TEMPLATE = b"standard_change"
"""Stands in every article that approvals hang on; the others are nobody's business here."""


def takes_the_place(repository: Repository, base: str, tip: str, open_verifier: OpenVerifier) -> Why | None:
    """Return why the line of `tip` may not take the place of the branch that ended at `base`.

    None when it may, when the branch's own line goes on, and where there is no board. base: a commit in the history
    of `tip`.
    """
    line = [words.split() for words in _lines(repository, "rev-list", "--first-parent", "--parents", f"{base}..{tip}")]
    if not line or line[-1][1:2] == [base]:
        return None
    known = read_mainline(repository, base, ALL)
    if not any(file.path.startswith(BOARDS + "/") for step in known for file in step.touched):
        return None
    fork = line[-1][1] if len(line[-1]) > 1 else ""
    merge = _first_with(repository, base, [step[0] for step in reversed(line)])
    if own := next(_of_its_own(repository, fork, base, merge), ""):
        return why("it puts a line of its own in the place of the branch, with {path}: git pull --rebase, then "
                   "git push", path=own)  # fmt: skip
    before = [step.id for step in read_mainline(repository, fork, ALL)] if fork else []
    if [step.id for step in known[: len(before)]] != before:
        return why("it puts a line of its own in the place of the branch, from {commit} on: git pull --rebase, then "
                   "git push", commit=fork[:10])  # fmt: skip
    meanwhile = [file.path for step in known[len(before) :] for file in step.touched]
    if other := _judged_otherwise(base, merge, meanwhile, open_verifier):
        return why("what landed meanwhile would land later, and be judged otherwise ({what}): git pull --rebase, then "
                   "git push", what=other)  # fmt: skip
    return None


def _lines(repository: Repository, *words: str) -> list[str]:
    return repository.git(*words[:-1], "--end-of-options", words[-1]).decode().splitlines()


def _first_with(repository: Repository, base: str, line: Sequence[str]) -> str:
    """Return the first commit of a line, oldest first, that has `base` in its history; its last one has."""
    low, high = 0, len(line) - 1
    while low < high:
        middle = (low + high) // 2
        if is_ancestor(repository, base, line[middle]):
            high = middle
        else:
            low = middle + 1
    return line[low]


def _of_its_own(repository: Repository, fork: str, base: str, merge: str) -> Iterator[str]:
    """Yield what the other line did to files that approvals hang on, and what its merges made of them.

    A merge that takes a file as one of its parents has it did nothing to it; but in the end all must be as the branch
    has it.
    """
    words = ["log", "--full-history", "-c", "--no-renames", "--name-only", "-z", "--format=", "--end-of-options"]
    out = repository.git(*words, f"{base}..{merge}", "--", *ALL).decode("utf-8", "surrogateescape")
    paths = [path.lstrip("\n") for path in out.split("\0")]
    paths += [item.path for item in repository.moved_between(base, merge) if item.path.startswith(tuple(ALL))]
    for path in dict.fromkeys(path for path in paths if path):
        if not _is_idle(repository, path, [rev for rev in (fork, base, merge) if rev]):
            yield path


def _is_idle(repository: Repository, path: str, revs: Iterable[str]) -> bool:
    """Whether no approval hangs on a file: an article that is no template."""
    if not path.startswith(ARTICLES + "/") or not path.endswith(".md"):
        return False
    return not any(_TEMPLATE in try_git(["cat-file", "blob", f"{rev}:{path}"], repository.root)[1] for rev in revs)


def _judged_otherwise(base: str, merge: str, meanwhile: Iterable[str], open_verifier: OpenVerifier) -> str:
    """Return the first change or board that comes to something else after the merge; empty when none does."""
    ids = sorted({id for path in meanwhile if (id := _change_of(path))})
    old, new = open_verifier(base, ids), open_verifier(merge, ids)
    for board in sorted(old.chain.links.keys() | new.chain.links.keys()):
        links = [[(link.policy, link.fault) for link in one.chain.links.get(board, ())] for one in (old, new)]
        if links[0] != links[1]:
            return board
    if not ids:
        return ""
    timed = any(links[-1].policy and links[-1].policy.vote_within for links in new.chain.links.values())
    for one, other in zip(verify_all(old, ids), verify_all(new, ids), strict=True):
        if _essence(one, timed=timed) != _essence(other, timed=timed):
            return one.id
    return ""


def _change_of(path: str) -> str:
    """Return the change whose record, or whose vote, lies at a path; empty for none."""
    if not path.startswith(CHANGES + "/"):
        return ""
    names = (part.removesuffix(".md").removesuffix(".votes") for part in path.split("/"))
    return next((name for name in names if is_id_of(BY_NAME["change"], name)), "")


def _essence(one: Verification, *, timed: bool) -> tuple[object, ...]:
    """Return what a verification comes to, without when its votes landed (but when voting began, where that counts)."""
    counts = tuple((count.board, count.version, count.policy, _counted(count.tally, timed)) for count in one.counts)
    return (one.outcome, one.assurance, one.plan, one.commit, one.reasons, one.after_the_fact, one.weakest,
            one.open_conditions, one.freezes, one.overlaps, counts)  # fmt: skip


def _counted(tally: Tally, timed: bool) -> tuple[object, ...]:
    votes = tuple((vote.cast.name, vote.counts, vote.blocks, vote.why) for vote in tally.votes)
    return votes, tally.gaps, tally.submitters, tally.submitted_at if timed else None, tally.waives
