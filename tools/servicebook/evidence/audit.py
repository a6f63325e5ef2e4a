"""What the commits of a branch did to what must stay: votes, the text of closed tickets, and records.

Events and fields are judged by the rules on steps and on the history; here is what those do not look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.evidence.checkpoints import Checkpoint
from servicebook.evidence.receipts import RECEIPTS, Receipt, faults_of
from servicebook.records.kinds import is_of_votes, kind_of_path
from servicebook.store.mainline import Step, Touched
from servicebook.store.repository import Repository
from servicebook.text.front_matter import FrontMatter, parse_front_matter
from servicebook.text.source_file import SourceFile
from servicebook.workflow.lifecycles import LIFECYCLES
from servicebook.workflow.transitions import status_of

TOP = Span(1, 1, 1, 1)
_READ_AT_ONCE = 500  # commits whose files are held in memory at a time
_AT_REST = re.compile(rb"\b(?:closed|cancelled|rejected|done|signed_off)\b")
_LOG = re.compile(r"^## (?:Log|日志)\s*$", re.MULTILINE)


class Deed(NamedTuple):
    """A finding on what one commit did; `step` is None where it is the branch as a whole."""

    step: Step | None
    finding: Diagnostic


@found_on_the_way(
    "HIS908",
    "vote-lost",
    message="the vote {path} stood here, and went with the commit {commit}",
    hint="git checkout {commit}^ -- {path} | whoever cast it takes it back with another vote",
)
def vote_lost() -> None:
    """A vote whose file a commit took away.

    Why: votes are the evidence that a change was allowed, and a vote against it is evidence too. One that can be
    deleted proves nothing. Whoever changes their mind casts another vote, and both stay.

    Example:
        git rm tickets/changes/2026/03/CHG-20260313-4DXQ.votes/li.wei-1.json

    Instead:
        servicebook withdraw CHG-20260313-4DXQ
    """


@found_on_the_way(
    "HIS909",
    "vote-changed",
    message="the vote {path} was written once, and the commit {commit} changed it",
    hint="git checkout {commit}^ -- {path} | another opinion is another vote, with the next number",
)
def vote_changed() -> None:
    """A vote whose file a commit changed.

    Why: a vote is what somebody put their name to, to the byte. A changed one is not that vote any more, and its
    signature fails; the vote that was cast is missing from then on.

    Example:
        "decision": "reject"   turned into   "decision": "approve"   in li.wei-1.json

    Instead:
        servicebook approve CHG-20260313-4DXQ   (which writes li.wei-2.json)
    """


@found_on_the_way(
    "HIS910",
    "closed-text-rewritten",
    severity="warning",
    message="the text of `{id}` was rewritten by the commit {commit} after it was `{status}`",
    hint="git show {commit} -- {path} | what came up later is an event `note` or a line below `## Log`",
)
def closed_text_rewritten() -> None:
    """The text of a closed ticket that says something else than when it was closed.

    Why: the report that the customer signed was that text. Lines added below it are in order; lines that vanish
    or change take something back that was said.

    Example:
        The switch was restarted by mistake.   turned into   The switch failed.

    Instead:
        ## Log

        2026-03-20: the supplier found a failed power supply; see PRB-20260320-9ABC.
    """


@found_on_the_way(
    "HIS911",
    "main-rewritten",
    message="{branch} was pinned at {pinned} on {at}, and that commit is not in its history any more",
    hint="ask who pushed with --force; the pinned commit is in the clones of that day | git merge-base {pinned} {tip}",
)
def main_rewritten() -> None:
    """A branch whose history is another one than a checkpoint has pinned.

    Why: everything that Git proves, it proves about the commits that are there. Whoever can replace them can
    replace what was said, when, and by whom. A checkpoint kept elsewhere shows that it was done.

    Example:
        git commit --amend && git push --force origin main

    Instead:
        git revert COMMIT && git push origin main
    """


@found_on_the_way(
    "HIS913",
    "record-lost",
    severity="warning",
    message="the {kind} `{id}` went with the commit {commit}",
    hint="git show {commit}^:{path} shows it | git checkout {commit}^ -- {path}, then servicebook retire {id}",
)
def record_lost() -> None:
    """A record that stood in Git and whose file is gone, tickets aside (these are HIS907).

    Why: tickets of the past name it, and figures were made with it. What is out of use is retired and stays
    readable; a person who left signed for years.

    Example:
        git rm kb/people/li.wei.md

    Instead:
        servicebook retire li.wei
    """


@found_on_the_way(
    "HIS914",
    "receipts-with-a-gap",
    message="receipt {number} of the server does not follow the one before ({fault}): {refs}",
    hint="servicebook receipts lists them | ask who can write in the server's repository",
)
def receipts_with_a_gap() -> None:
    """Receipts of a server that do not hang together.

    Why: each receipt cites the one before and says where a branch stood before the push. A missing number, another
    digest or a branch that moved in between means that somebody wrote on the server past its hooks.

    Example:
        git --git-dir /srv/desk.git update-ref refs/heads/main COMMIT

    Instead:
        git push --signed origin main
    """


RULES: tuple[Rule, ...] = tuple(
    found._replace(scope="edit")
    for found in (
        vote_lost,
        vote_changed,
        closed_text_rewritten,
        main_rewritten,
        record_lost,
        receipts_with_a_gap,
    )
)


def audit_steps(repository: Repository, steps: Sequence[Step], is_there: Callable[[str], bool]) -> Iterator[Deed]:
    """Yield what the commits of a stretch did to votes, closed texts and records.

    is_there: whether the desk of today has a record of this id, or with this alias.
    """
    for start in range(0, len(steps), _READ_AT_ONCE):
        some = steps[start : start + _READ_AT_ONCE]
        texts = _texts(repository, some)
        for step in some:
            for file in step.touched:
                yield from (Deed(step, item) for item in _on_file(step, file, texts, is_there))


def audit_checkpoints(repository: Repository, tip: str, pinned: Iterable[Checkpoint]) -> Iterator[Deed]:
    """Yield the checkpoints whose commit is not in the history of the commit `tip`."""
    points = list(pinned)
    known = set(repository.git("rev-list", tip).decode().split()) if points else set()
    for point in points:
        if point.commit not in known:
            params = {"branch": point.branch, "pinned": point.commit[:10], "at": point.at, "tip": tip[:10]}
            yield Deed(None, main_rewritten.at(point.source, Span(point.line, 1, point.line, 1), **params))


def audit_receipts(receipts: Sequence[Receipt]) -> Iterator[Deed]:
    """Yield the receipts of a server that do not follow the one before."""
    for receipt, fault in faults_of(receipts):
        refs = ", ".join(receipt.gap or (update.ref for update in receipt.updates))
        yield Deed(None, receipts_with_a_gap.at(RECEIPTS, TOP, number=receipt.number, fault=fault, refs=refs))


def as_checkpoints(receipts: Iterable[Receipt]) -> list[Checkpoint]:
    """Return where each receipt says that branches stood: a branch that a server had is pinned by its receipt."""
    moves = ((receipt, update) for receipt in receipts for update in receipt.updates if not update.deletes)
    return [Checkpoint(receipt.at, update.ref, update.new, RECEIPTS) for receipt, update in moves]


def _texts(repository: Repository, steps: Iterable[Step]) -> dict[str, bytes]:
    """Return the bytes of the files that must be read to tell what was done, by blob."""
    wanted = {
        blob
        for step in steps
        for file in step.touched
        if _may_rewrite(file) or _may_lose(file)
        for blob in (file.old, file.new)
        if blob
    }
    return dict(repository.read_blobs(sorted(wanted)))


def _may_rewrite(file: Touched) -> bool:
    return bool(file.old and file.new) and file.path.startswith("tickets/") and file.path.endswith(".md")


def _may_lose(file: Touched) -> bool:
    """Whether a file is one of a record that is no ticket, and is taken away."""
    kind = kind_of_path(file.path) if file.old and not file.new and file.path.endswith(".md") else None
    return kind is not None and not kind.ticket


def _on_file(
    step: Step, file: Touched, texts: dict[str, bytes], is_there: Callable[[str], bool]
) -> Iterator[Diagnostic]:
    known = {"path": file.path, "commit": step.id[:10]}
    if is_of_votes(file.path):
        if file.old:
            yield (vote_changed if file.new else vote_lost).at(file.path, TOP, **known)
    elif _may_rewrite(file):
        ended = _ended(file.path, texts[file.old])
        after = _front(file.path, texts[file.new]) if ended else None
        if ended and after and _is_rewritten(ended[0].body, after.body):
            yield closed_text_rewritten.at(file.path, TOP, id=ended[0].data.get("id"), status=ended[1], **known)
    elif _may_lose(file):
        front = _front(file.path, texts[file.old])
        name = str(front.data.get("id", "")) if front else ""
        if name and not is_there(name):
            kind = str(front.data.get("schema", "")).partition("/")[0] if front else ""
            yield record_lost.at(file.path, TOP, id=name, kind=kind, **known)


def _ended(path: str, data: bytes) -> tuple[FrontMatter, str] | None:
    """Return the fields and the state of a ticket that is over; None for one that is not, or cannot be read.

    The expression leaves most tickets unread: reading YAML costs a hundred times as much.
    """
    front = _front(path, data) if _AT_REST.search(data) else None
    if front is None:
        return None
    kind = str(front.data.get("schema", "")).partition("/")[0]
    timeline = front.data.get("timeline")
    events = [event for event in timeline if isinstance(event, dict)] if isinstance(timeline, list) else []
    status = str(front.data.get("status") or status_of(kind, events))
    return (front, status) if kind in LIFECYCLES and status in LIFECYCLES[kind].final else None


def _front(path: str, data: bytes) -> FrontMatter | None:
    return parse_front_matter(SourceFile(path, data))[0]


def _is_rewritten(before: str, after: str) -> bool:
    """Whether lines of a text changed or vanished: added lines below the log, or at its end, are in order."""
    old, new = before.split("\n"), iter(after.split("\n"))
    if not _LOG.search(before):
        return not after.startswith(before.rstrip())
    return not all(any(line == other for other in new) for line in old if line.strip())
