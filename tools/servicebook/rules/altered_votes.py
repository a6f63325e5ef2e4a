"""Is a vote that has landed still what its voter signed, and where it was?

A vote is written once; whether it may still be altered is asked of every step.
"""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.records.kinds import is_of_votes
from servicebook.store.repository import GONE
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.repository import Moved

_TOP = Span(1, 1, 1, 1)


@found_on_the_way(
    "VOT851",
    "vote-edited",
    message="the vote {path} was written once, and says something else now",
    hint="git checkout HEAD -- {path} | another opinion is another vote: servicebook approve, reject or withdraw",
)
def vote_edited() -> None:
    """A vote, or its signature, that is not what it was.

    Why: a vote is what somebody put their name to, to the byte. A changed one is not that vote any more, its
    signature fails, and the change that rested on it fails with it, for good.

    Example:
        "decision": "reject"   turned into   "decision": "approve"   in li.wei-1.json

    Instead:
        servicebook approve CHG-20260313-4DXQ   (which writes li.wei-2.json)
    """


@found_on_the_way(
    "VOT852",
    "vote-deleted",
    message="the vote {path} stood here, and is gone",
    hint="git checkout HEAD -- {path} | whoever cast it takes it back: servicebook withdraw",
)
def vote_deleted() -> None:
    """A vote, or its signature, that is taken away.

    Why: votes are the evidence that a change was allowed, and a vote against it is evidence too. One that can be
    deleted proves nothing, so whatever it was cast on fails from then on.

    Example:
        git rm tickets/changes/2026/03/CHG-20260313-4DXQ.votes/li.wei-1.json

    Instead:
        servicebook withdraw CHG-20260313-4DXQ   (by li.wei, and both stay)
    """


@found_on_the_way(
    "VOT853",
    "vote-moved",
    message="the vote {path} lay at {old}",
    hint="git mv {path} {old} | votes do not follow a record that got another id: they are cast anew",
)
def vote_moved() -> None:
    """A vote, or its signature, under another name or in another folder than it landed in.

    Why: it is found by its place, and it says itself which change, person and number it is about. Elsewhere it
    counts for nothing, and where it was it is missing.

    Example:
        git mv CHG-20260313-4DXQ.votes/li.wei-1.json CHG-20260313-4DXQ.votes/li.wei-2.json

    Instead:
        git mv CHG-20260313-4DXQ.votes/li.wei-2.json CHG-20260313-4DXQ.votes/li.wei-1.json
    """


RULES: tuple[Rule, ...] = tuple(
    found._replace(scope="edit") for found in (vote_edited, vote_deleted, vote_moved)
)


def altered_votes(moved: Iterable[Moved]) -> list[Diagnostic]:
    """Return what a step does to votes that had landed; `moved` is how its two trees differ."""
    votes = [item for item in moved if is_of_votes(item.path)]
    fresh = {item.blob: item.path for item in votes if item.old_mode == GONE}
    found = []
    for item in votes:
        if item.old_mode == GONE or item.blob == item.old_blob:
            continue
        if item.mode != GONE:
            found.append(vote_edited.at(item.path, _TOP, path=item.path))
        elif item.old_blob in fresh:
            there = fresh[item.old_blob]
            found.append(vote_moved.at(there, _TOP, path=there, old=item.path))
        else:
            found.append(vote_deleted.at(item.path, _TOP, path=item.path))
    return found
