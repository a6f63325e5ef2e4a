"""Do the words on people's keys answer for a key that is there, and can the board's rules on vouching be kept?

Whether a word counts is no rule's business: `servicebook verify` tells that, from the commits.
"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, rule
from servicebook.rules.read_votes import ReadVote, keys_of, votes_of_desk
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.evidence.public_keys import SigningKey
    from servicebook.store.snapshot import Snapshot

_TOP = Span(1, 1, 1, 1)


@rule(
    "VOT871",
    "vouched-for-unknown-key",
    scope="desk",
    message="the word is on the key {digest}, and `{person}` has no such key",
    hint="servicebook key list {person} shows the keys | servicebook key vouch {person} once the key is there",
)
def vouched_for_unknown_key(desk: Snapshot) -> Iterator[Diagnostic]:
    """A word that vouches for a key which does not stand in the person's record.

    Why: it answers for nothing. Either the key never landed, or the word names another person's.

    Example:
        kb/people/chen.hao.votes/wang.fang-1.json   with the digest of a key of li.wei

    Instead:
        servicebook key vouch chen.hao   (after chen.hao's key has landed, or on the branch that brings it)
    """
    for vote, person in _words(desk):
        if vote.said and vote.said.plan not in map(_digest_of, keys_of(desk, person)):
            yield vouched_for_unknown_key.at(vote.path, _TOP, digest=vote.said.plan, person=person)


@rule(
    "VOT872",
    "key-vouched-for-by-itself",
    scope="desk",
    message="the key of `{person}` is vouched for with that very key",
    hint="somebody else does: servicebook key vouch {person} | or an earlier key of theirs: --sign-with OLD-KEY",
)
def key_vouched_for_by_itself(desk: Snapshot) -> Iterator[Diagnostic]:
    """A word for a key that is signed with the same key.

    Why: whoever plants a key can sign with it. It says nothing about whose it is, and counts for nothing.

    Example:
        servicebook key vouch chen.hao --sign-with ~/.ssh/new   (and the word is on that new key)

    Instead:
        servicebook key vouch chen.hao --sign-with ~/.ssh/old   (while the old one still may sign)
    """
    for vote, person in _words(desk):
        if vote.said and vote.key and vote.said.decision == "approve" and vote.said.plan == _digest_of(vote.key):
            yield key_vouched_for_by_itself.at(vote.path, _TOP, person=person)


@rule(
    "BOD325",
    "vouching-role-without-seat",
    scope="desk",
    message="`{role}` vouches for keys, and no seat of the board has that role",
    hint="name the role of a seat: {roles}",
    kinds=("board",),
)
def vouching_role_without_seat(desk: Snapshot) -> Iterator[Diagnostic]:
    """A board whose rules let somebody vouch for keys who does not sit on it.

    Why: nobody could answer for a new member's key then, and the new member could not vote.

    Example:
        members: [{person: chen.hao, role: engineer}]
        keys_vouched_by: [change_manager]

    Instead:
        members: [{person: chen.hao, role: engineer}, {person: zhao.min, role: change_manager}]
        keys_vouched_by: [change_manager]
    """
    for board in desk.of_kind("board"):
        roles = {str(seat["role"]): None for seat in board.get("members", default=()) if seat.get("role")}
        for place, role in enumerate(board.get("keys_vouched_by", default=())):
            if role not in roles:
                where = ("keys_vouched_by", place)
                yield vouching_role_without_seat.at(board.path, where, role=role, roles=", ".join(roles) or "-")


RULES: tuple[Rule, ...] = (vouched_for_unknown_key, key_vouched_for_by_itself, vouching_role_without_seat)


def _digest_of(key: SigningKey) -> str:
    from servicebook.evidence.public_keys import key_digest  # late: most commits have no such word

    return key_digest(key)


def _words(desk: Snapshot) -> Iterator[tuple[ReadVote, str]]:
    """Yield the words on people's keys, and whose keys; those on nobody's are VOT864's."""
    for vote in votes_of_desk(desk):
        kind, person = vote.said.about if vote.said else ("", "")
        if kind == "person" and desk.get("person", person):
            yield vote, person
