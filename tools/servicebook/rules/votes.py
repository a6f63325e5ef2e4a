"""Are the files that votes are kept in whole, where they belong, and as their voters signed them?

Whether a vote counts is no rule's business: `servicebook verify` tells that, from the commits.
"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.kinds import BY_NAME, path_of, votes_of
from servicebook.rules.read_votes import keys_of, votes_of_desk
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot
    from servicebook.workflow.statement import Statement

_TOP = Span(1, 1, 1, 1)


@rule(
    "VOT861",
    "vote-unreadable",
    scope="desk",
    message="this is no vote: {why} ({detail})",
    hint="write votes with servicebook approve or reject, take in those by mail with servicebook vote add",
)
def vote_unreadable(desk: Snapshot) -> Iterator[Diagnostic]:
    """A file of votes that does not hold one: not JSON, another form, keys missing or twice, too long.

    Why: a vote has one form, to the byte, so that no two programs read it differently. What is not in that form
    counts for nothing, and its voter believes to have voted.

    Example:
        {"person": "li.wei", "decision": "approve"}

    Instead:
        servicebook approve CHG-20260313-4DXQ
    """
    for vote in votes_of_desk(desk):
        if vote.unreadable:
            yield vote_unreadable.at(vote.path, _TOP, why=vote.unreadable, detail=vote.detail)


@rule(
    "VOT862",
    "vote-without-signature",
    scope="desk",
    message="nothing proves this vote: {why} ({detail})",
    hint="the voter signs once more: servicebook approve or reject | both files belong together: .json and .json.sig",
)
def vote_without_signature(desk: Snapshot) -> Iterator[Diagnostic]:
    """A vote whose signature is missing, damaged, made for something else or for other bytes; a signature alone.

    Why: without it the vote is a text that anybody can have written, and counts for nothing.

    Example:
        li.wei-1.json   (and no li.wei-1.json.sig)

    Instead:
        li.wei-1.json and li.wei-1.json.sig, as servicebook approve writes them
    """
    for vote in votes_of_desk(desk):
        if vote.unsigned:
            yield vote_without_signature.at(vote.path, _TOP, why=vote.unsigned, detail=vote.detail)


@rule(
    "VOT863",
    "vote-by-unknown-person",
    scope="desk",
    message="the vote is of `{person}`, and kb/people has nobody of this name",
    hint="servicebook new person --id {person} | a name that was mistyped: the voter votes once more",
)
def vote_by_unknown_person(desk: Snapshot) -> Iterator[Diagnostic]:
    """A vote of somebody, or signed by somebody, of whom there is no record.

    Why: who may vote and with which key stands in people's records. Nobody's vote counts for nobody.

    Example:
        "person": "li.wie"

    Instead:
        "person": "li.wei"
    """
    for vote in votes_of_desk(desk):
        said = vote.said
        for person in dict.fromkeys((said.person, said.signed_by)) if said else ():
            if desk.get("person", person) is None:
                yield vote_by_unknown_person.at(vote.path, _TOP, person=person)


@rule(
    "VOT864",
    "vote-on-nothing",
    scope="desk",
    message="the vote is on `{subject}`, and there is no such record",
    hint="git checkout HEAD -- the record that went | one that never was: servicebook board ID shows what is voted on",
)
def vote_on_nothing(desk: Snapshot) -> Iterator[Diagnostic]:
    """A vote on a change, board or template that is not on the desk.

    Why: either the record was lost, and with it what was approved, or the vote names another one than was meant.

    Example:
        "change": "CHG-20260313-4DXR"   (and the change is CHG-20260313-4DXQ)

    Instead:
        servicebook approve CHG-20260313-4DXQ
    """
    for vote in votes_of_desk(desk):
        if vote.said and desk.get(*vote.said.about) is None:
            yield vote_on_nothing.at(vote.path, _TOP, subject=vote.said.subject)


@rule(
    "VOT865",
    "vote-misplaced",
    scope="desk",
    message="this lies where votes of another name lie; by what it says it belongs at {due}",
    hint="git mv {path} {due} | and its .sig with it",
)
def vote_misplaced(desk: Snapshot) -> Iterator[Diagnostic]:
    """A vote in the folder of another record, or under another name than it says itself.

    Why: votes are found by their place. Elsewhere they count for nothing.

    Example:
        CHG-20260313-4DXQ.votes/li.wei-1.json   with   "change": "CHG-20260311-0X4M"

    Instead:
        CHG-20260311-0X4M.votes/li.wei-1.json
    """
    for vote in votes_of_desk(desk):
        if vote.said and (due := _due(vote.said)).lower() != vote.path.lower():
            yield vote_misplaced.at(vote.path, _TOP, path=vote.path, due=due)


@rule(
    "VOT866",
    "vote-named-in-other-case",
    scope="desk",
    message="`{path}` differs from `{due}` in upper and lower case",
    hint="git mv {path} {due} | git config core.ignorecase false",
)
def vote_named_in_other_case(desk: Snapshot) -> Iterator[Diagnostic]:
    """A vote, its signature or its folder written with other capitals than its record and its voter.

    Why: on a Mac or on Windows it seems to be the same file; to Git it is another, and the vote is not found.

    Example:
        chg-20260313-4dxq.votes/Li.Wei-1.json

    Instead:
        CHG-20260313-4DXQ.votes/li.wei-1.json
    """
    for vote in votes_of_desk(desk):
        due = _due(vote.said) if vote.said else ""
        if due and due != vote.path and due.lower() == vote.path.lower():
            yield vote_named_in_other_case.at(vote.path, _TOP, path=vote.path, due=due)
        elif due and vote.sig and vote.sig != f"{vote.path}.sig" and vote.sig.lower() == f"{due}.sig".lower():
            yield vote_named_in_other_case.at(vote.sig, _TOP, path=vote.sig, due=f"{due}.sig")


@rule(
    "VOT867",
    "vote-signed-by-another",
    scope="desk",
    message="the vote is signed with {key}, which is none of the keys of `{person}`",
    hint="`{person}` signs it anew, with a new key after servicebook key add has landed | "
    "servicebook key list says whose it is",
)
def vote_signed_by_another(desk: Snapshot) -> Iterator[Diagnostic]:
    """A vote whose signature holds, with a key that is not one of whoever is said to have signed.

    Why: a signature proves who signed only by the keys in the person's record. Keys that ended or were withdrawn
    stay there, so that what was signed in their time stays proven.

    Example:
        a vote of chen.hao, signed with the key of li.wei

    Instead:
        servicebook approve CHG-20260313-4DXQ   (by chen.hao, with their own key)
    """
    for vote in votes_of_desk(desk):
        said, key = vote.said, vote.key
        if said is None or key is None or desk.get("person", said.signed_by) is None:
            continue
        if key not in keys_of(desk, said.signed_by):
            yield vote_signed_by_another.at(vote.path, _TOP, key=key.fingerprint, person=said.signed_by)


def _due(said: Statement) -> str:
    """Return where a vote belongs."""
    kind, id = said.about
    return f"{votes_of(path_of(BY_NAME[kind], id))}/{said.name}.json"


RULES: tuple[Rule, ...] = (
    vote_unreadable,
    vote_without_signature,
    vote_by_unknown_person,
    vote_on_nothing,
    vote_misplaced,
    vote_named_in_other_case,
    vote_signed_by_another,
)
