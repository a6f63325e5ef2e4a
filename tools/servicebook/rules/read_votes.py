"""What do the files that votes are kept in hold: what each says, which key signed it, or why nobody can tell?

Whether a vote counts is no rule's business: `servicebook verify` tells that, from the commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from servicebook.packages import find_packages
from servicebook.records.kinds import is_of_votes
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servicebook.evidence.public_keys import SigningKey
    from servicebook.store.snapshot import Snapshot
    from servicebook.workflow.statement import Statement

_READ_AT_ONCE = 500  # votes whose files are held in memory at a time

_NO_VOTE = {
    "it has {size} bytes; {most} at most were due": "longer than any vote",
    "it is not JSON that can be read": "not JSON that can be read",
    "it is not written as votes are: keys, spacing or line ends were altered": "keys, spacing or line ends altered",
    "it is not a JSON object": "not a JSON object",
    "its type is `{found}`, `{due}` was due": "of another type",
    "its version is `{found}`; this program reads {due}": "of a version that this program does not know",
    "its field `{field}` is missing or unknown": "a field is missing or unknown",
    "`{field}` is not as votes have it": "a field is not as votes have it",
    "its level `{level}` does not fit who signed it": "the level does not fit who signed it",
    "it is recorded without evidence": "recorded without evidence",
}
"""Why bytes are no vote (workflow/statement.py), in words that fit behind a colon and take no value."""

_NO_SIGNATURE = {
    "empty": "the signature is missing",
    "too_large": "the signature is larger than any",
    "armor": "the signature is no SSH signature",
    "damaged": "the signature is damaged",
    "version": "the signature is of an unknown version",
    "namespace": "the signature was made for something else",
    "key": "the signature's key cannot be used",
    "algorithm": "the signature is made in a way that is not accepted",
    "mismatch": "the signature was made for other bytes",
}
"""Why a signature proves nothing (evidence/faults.py), as above."""
_TELLING = ("version", "namespace", "algorithm")
"""Faults whose detail is a value out of the signature, in no language."""


class ReadVote(NamedTuple):
    """One vote as it lies there: what it says and which key signed it, as far as that can be read.

    sig: the path of its signature, empty where it has none. unreadable, unsigned: why it is no vote, why nothing
    proves it, in words of the catalogue; detail: the value that this is about.
    """

    path: str
    said: Statement | None = None
    key: SigningKey | None = None
    sig: str = ""
    unreadable: str = ""
    unsigned: str = ""
    detail: str = ""


_READ: WeakKeyDictionary[Snapshot, list[ReadVote]] = WeakKeyDictionary()
"""The votes of the desks that are being judged: seven rules look at each, and arithmetic is dear."""


def votes_of_desk(desk: Snapshot) -> list[ReadVote]:
    """Return all votes of a desk, read once for all rules."""
    if desk not in _READ:
        _READ[desk] = read_votes(desk, [path for path in desk.paths() if is_of_votes(path)])
    return _READ[desk]


def read_votes(desk: Snapshot, paths: Sequence[str]) -> list[ReadVote]:
    """Return the votes among the files at some paths, and signatures that have none."""
    alone = {path.lower(): path for path in paths}
    pairs = [(path, alone.get(f"{path}.sig".lower(), "")) for path in paths if not path.lower().endswith(".sig")]
    found = []
    if pairs:
        find_packages()
    for start in range(0, len(pairs), _READ_AT_ONCE):
        some = pairs[start : start + _READ_AT_ONCE]
        desk.read_ahead([path for pair in some for path in pair if path])
        found += [_read(desk, path, sig) for path, sig in some]
    lone = [path for low, path in alone.items() if low.endswith(".sig") and low.removesuffix(".sig") not in alone]
    return [*found, *(ReadVote(path, unsigned="a signature without its vote", detail=_name(path)) for path in lone)]


def _read(desk: Snapshot, path: str, sig: str) -> ReadVote:
    """Return what a vote's two files hold. What parses and calculates is imported here: no hook needs it daily."""
    from servicebook.evidence.casts import namespace_of
    from servicebook.evidence.faults import SignatureFault
    from servicebook.evidence.signatures import verify_signature
    from servicebook.workflow.statement import NotAVoteError, read_statement

    try:
        data = desk.read(path)
        armored = desk.read(sig) if sig else b""
    except OSError:  # a pipe, a submodule: TRE707 and TRE710 tell that
        return ReadVote(path, unreadable="not a file", detail=_name(path))
    try:
        said = read_statement(data)
    except NotAVoteError as error:
        detail = str(next((value for value in error.params.values() if value), _name(path)))
        return ReadVote(path, sig=sig, unreadable=_NO_VOTE[error.message], detail=detail[:80])
    signed = verify_signature(data, armored, namespace_of(said))
    if isinstance(signed, SignatureFault):
        detail = signed.detail if signed.reason in _TELLING else _name(path)
        return ReadVote(path, said, sig=sig, unsigned=_NO_SIGNATURE[signed.reason], detail=detail)
    return ReadVote(path, said, signed, sig)


def keys_of(desk: Snapshot, person: str) -> Sequence[SigningKey]:
    """Return the keys in a person's record, good or not; none of somebody who has none."""
    from servicebook.evidence.held_keys import held_keys

    facts = desk.get("person", person)
    return [held.key for held in held_keys(facts)] if facts else []


def _name(path: str) -> str:
    return path.rpartition("/")[2]
