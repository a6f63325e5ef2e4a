"""Are the files that votes are kept in whole, where they belong, and as their voters signed them?

A vote is written once: whether it may still be altered is asked of every step, what it holds of the desk as it is.
Whether it counts is no rule's business: `servicebook verify` tells that, from the commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from weakref import WeakKeyDictionary

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way, rule
from servicebook.packages import find_packages
from servicebook.records.kinds import BY_NAME, VOTES, is_of_votes, path_of, votes_of
from servicebook.store.repository import GONE
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servicebook.evidence.public_keys import SigningKey
    from servicebook.records.facts import Facts
    from servicebook.store.repository import Moved
    from servicebook.store.snapshot import Snapshot
    from servicebook.workflow.statement import Statement
    from servicebook.workflow.votes import Condition

_TOP = Span(1, 1, 1, 1)
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
    for vote in _votes(desk):
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
    for vote in _votes(desk):
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
    for vote in _votes(desk):
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
    for vote in _votes(desk):
        if vote.said and desk.get(*_subject(vote.said)) is None:
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
    for vote in _votes(desk):
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
    for vote in _votes(desk):
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
    for vote in _votes(desk):
        said, key = vote.said, vote.key
        if said is None or key is None or desk.get("person", said.signed_by) is None:
            continue
        if key not in _keys_of(desk, said.signed_by):
            yield vote_signed_by_another.at(vote.path, _TOP, key=key.fingerprint, person=said.signed_by)


@rule(
    "VOT868",
    "closed-with-open-conditions",
    scope="desk",
    message="the change is closed, and nobody has met the condition {number} of the vote {vote}: {condition}",
    hint="servicebook vote met {id} --vote {vote} --number {number} --evidence FILE",
)
def closed_with_open_conditions(desk: Snapshot) -> Iterator[Diagnostic]:
    """A change that is closed while a condition of a vote for it is not known to be met.

    Why: the board agreed on that condition. Whoever closes the change without it has done something else than
    what was approved, and nobody looks at it again.

    Example:
        status: closed   with a vote   "conditions": ["the backup is restored on the twin first"]

    Instead:
        conditions_met:
        - {vote: chen.hao-1, number: 1, by: he.jun, met_on: 2026-03-27, evidence: restore.log}
    """
    changes = {vote.path.rpartition("/")[0]: None for vote in _votes(desk) if vote.said and vote.said.conditions}
    for folder in changes:
        change = desk.at_path(f"{folder.removesuffix(VOTES)}.md")
        if change is None or change.status != "closed":
            continue
        for one in open_conditions(desk, change):
            params = {"id": change.id, "vote": one.vote, "number": one.number, "condition": one.text}
            yield closed_with_open_conditions.at(change.path, ("status",), **params)


RULES: tuple[Rule, ...] = (
    *(found._replace(scope="edit") for found in (vote_edited, vote_deleted, vote_moved)),
    vote_unreadable,
    vote_without_signature,
    vote_by_unknown_person,
    vote_on_nothing,
    vote_misplaced,
    vote_named_in_other_case,
    vote_signed_by_another,
    closed_with_open_conditions,
)


def open_conditions(desk: Snapshot, change: Facts) -> list[Condition]:
    """Return the conditions of votes for a change's plan that its `conditions_met` does not name.

    Asked of the last word of each person, when it approves this plan and is signed with the signer's key. Whether a
    vote counts is not asked: that would take the commits.
    """
    from servicebook.workflow.votes import Condition

    last: dict[str, Statement] = {}
    for vote in _read_some(desk, desk.paths_in(votes_of(change.path))):
        said = vote.said
        if said is None or vote.key is None or vote.key not in _keys_of(desk, said.signed_by):
            continue
        if said.decision != "submit" and said.seq > (last[said.person].seq if said.person in last else 0):
            last[said.person] = said
    with_conditions = [said for said in last.values() if said.decision == "approve" and said.conditions]
    plan = _plan_of(desk, change) if with_conditions else ""
    met = {(entry.get("vote"), entry.get("number", 1)) for entry in change.get("conditions_met", default=())}
    return [
        Condition(said.name, number, text)
        for said in sorted(with_conditions, key=lambda said: said.name)
        for number, text in enumerate(said.conditions, 1)
        if said.plan == plan and (said.name, number) not in met
    ]


def _plan_of(desk: Snapshot, change: Facts) -> str:
    """Return the digest of a change's plan; empty where it has none."""
    from servicebook.evidence.plans import digest_of
    from servicebook.text.front_matter import parse_front_matter
    from servicebook.text.source_file import SourceFile

    front, _ = parse_front_matter(SourceFile(change.path, desk.read(change.path)))
    return digest_of(front) if front else ""


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


class _Vote(NamedTuple):
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


_READ: WeakKeyDictionary[Snapshot, list[_Vote]] = WeakKeyDictionary()
"""The votes of the desks that are being judged: seven rules look at each, and arithmetic is dear."""


def _votes(desk: Snapshot) -> list[_Vote]:
    if desk not in _READ:
        _READ[desk] = _read_some(desk, [path for path in desk.paths() if is_of_votes(path)])
    return _READ[desk]


def _read_some(desk: Snapshot, paths: Sequence[str]) -> list[_Vote]:
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
    return [*found, *(_Vote(path, unsigned="a signature without its vote", detail=_name(path)) for path in lone)]


def _read(desk: Snapshot, path: str, sig: str) -> _Vote:
    """Return what a vote's two files hold. What parses and calculates is imported here: no hook needs it daily."""
    from servicebook.evidence.casts import namespace_of
    from servicebook.evidence.faults import SignatureFault
    from servicebook.evidence.signatures import verify_signature
    from servicebook.workflow.statement import NotAVoteError, read_statement

    try:
        data = desk.read(path)
        armored = desk.read(sig) if sig else b""
    except OSError:  # a pipe, a submodule: TRE707 and TRE710 tell that
        return _Vote(path, unreadable="not a file", detail=_name(path))
    try:
        said = read_statement(data)
    except NotAVoteError as error:
        detail = str(next((value for value in error.params.values() if value), _name(path)))
        return _Vote(path, sig=sig, unreadable=_NO_VOTE[error.message], detail=detail[:80])
    signed = verify_signature(data, armored, namespace_of(said))
    if isinstance(signed, SignatureFault):
        detail = signed.detail if signed.reason in _TELLING else _name(path)
        return _Vote(path, said, sig=sig, unsigned=_NO_SIGNATURE[signed.reason], detail=detail)
    return _Vote(path, said, signed, sig)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _subject(said: Statement) -> tuple[str, str]:
    """Return kind and id of the record that a vote is on."""
    kind, slash, id = said.subject.partition("/")
    return (kind, id) if slash else ("change", said.subject)


def _due(said: Statement) -> str:
    """Return where a vote belongs."""
    kind, id = _subject(said)
    return f"{votes_of(path_of(BY_NAME[kind], id))}/{said.name}.json"


def _keys_of(desk: Snapshot, person: str) -> Sequence[SigningKey]:
    from servicebook.evidence.held_keys import held_keys

    facts = desk.get("person", person)
    return [held.key for held in held_keys(facts)] if facts else []
