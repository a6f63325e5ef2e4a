"""What is signed in somebody's name, with which of their keys, and what speaks against it before it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.cli.arguments import speak
from servicebook.cli.now import read_now
from servicebook.errors import FindingsError, UsageError
from servicebook.evidence.held_keys import held_keys, key_standing
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile

if TYPE_CHECKING:
    from servicebook.evidence.public_keys import SigningKey
    from servicebook.evidence.verification import Standing
    from servicebook.evidence.verify import Verifier
    from servicebook.workflow.statement import Statement
    from servicebook.workflow.tally import Why

REMEDY = "servicebook key list {person} | servicebook key add FILE, and let it land first"
_ANOTHER = (
    "another key: ssh-keygen -t ed25519, then servicebook key add FILE, and let it land first | "
    "servicebook key history {person}: an end once given holds, whatever the record says later"
)
REMEDIES = {"revoked": _ANOTHER, "compromised": _ANOTHER}
"""What helps against a key that would not count, by how it stands."""


def checked(said: Statement) -> Statement:
    """Return a statement that its own reader takes. Raises UsageError for a text that is too long, and the like."""
    from servicebook.workflow.statement import NotAVoteError, read_statement, write_statement

    try:
        return read_statement(write_statement(said))
    except NotAVoteError as error:
        why = speak(error.message, **error.params)
        raise UsageError("this vote cannot be written: {why}", "servicebook approve --help", why=why) from error


def next_number(desk: Snapshot, path: str, person: str) -> int:
    """Return the number of a person's next vote on a record: one more than any in the work tree, HEAD or branches."""
    from servicebook.records.kinds import votes_of
    from servicebook.store.git import try_git
    from servicebook.workflow.statement import MAX_SEQ, NotAVoteError, name_parts

    folder = votes_of(path)
    _, out = try_git(["ls-tree", "--name-only", "-z", "HEAD", folder + "/"], desk.root)
    names = {name.rpartition("/")[2] for name in out.decode("utf-8", "replace").split("\0")}
    on_disk = Path(desk.root, folder)
    names |= {entry.name for entry in on_disk.iterdir()} if on_disk.is_dir() else set()
    _, branches = try_git(["for-each-ref", "--format=%(refname)", "refs/heads/votes", "refs/remotes"], desk.root)
    names |= {ref.rpartition("/")[2] + ".json" for ref in branches.decode().split() if "/votes/" in ref}
    numbers = {0}
    for name in names:
        try:
            who, number = name_parts(name)
        except NotAVoteError:
            continue
        numbers |= {number} if who == person else set()
    if max(numbers) < MAX_SEQ:
        return max(numbers) + 1
    # Somebody put a file there that has the last number, which must not silence the voter.
    return max(set(range(1, MAX_SEQ)) - numbers, default=MAX_SEQ)


def unheard(verifier: Verifier, standing: Standing, signer: str) -> Callable[[SigningKey], Why | None]:
    """Return what says why a key of a signer would not be heard now: where the rules ask, nobody vouched for it."""

    def against(key: SigningKey) -> Why | None:
        end = verifier.ledger.end
        policy = standing.case.policy if standing.case else None
        return verifier.chain.vouching.against(policy, signer, key, end, end) if policy else None

    return against


def sign_statement(
    desk: Snapshot,
    verifier: Verifier,
    said: Statement,
    path: str,
    given_key: str,
    never: SigningKey | None = None,
    against: Callable[[SigningKey], Why | None] | None = None,
) -> list[SourceFile]:
    """Return a vote's two files, signed with the signer's own key.

    never: a key that may not sign this. against: why a vote signed with a key would not count, None when it would.
    Raises FindingsError for a key that is not the signer's, or that nothing would count with.
    """
    from servicebook.cli.verified import say_why
    from servicebook.evidence.casts import namespace_of
    from servicebook.evidence.held_keys import VOID
    from servicebook.evidence.signing_keys import find_signing_key
    from servicebook.evidence.ssh_keygen import sign_bytes
    from servicebook.records.kinds import votes_of
    from servicebook.workflow.statement import write_statement

    now = read_now(desk.settings, writes=True)
    stands = partial(_standing, desk, verifier, said.signed_by, now, namespace_of(said))
    signer = desk.get("person", said.signed_by)
    good = [held.key for held in (held_keys(signer) if signer else ()) if stands(held.key) == "valid"]
    good = [one for one in good if one != never and not (against and against(one))]
    key = find_signing_key(desk.root, given_key, good)
    standing = stands(key.key)
    if standing != "valid":
        raise FindingsError(
            "the key {fingerprint} would not count for {person}: {standing}", REMEDIES.get(standing, REMEDY),
            fingerprint=key.key.fingerprint, person=said.signed_by, standing=speak(VOID[standing]),
        )  # fmt: skip
    if key.key == never:
        raise FindingsError("nobody vouches for a key with the key itself",
                            "an earlier key signs: --sign-with FILE | or somebody else vouches for it")  # fmt: skip
    if fault := against(key.key) if against else None:
        raise FindingsError("this vote would not count: {why}", "servicebook key vouch {person}", why=say_why(fault),
                            person=said.signed_by)  # fmt: skip
    data = write_statement(said)
    name = f"{votes_of(path)}/{said.name}.json"
    return [SourceFile(name, data), SourceFile(f"{name}.sig", sign_bytes(data, key, namespace_of(said)))]


def _standing(desk: Snapshot, verifier: Verifier, person: str, now: datetime, namespace: str, key: SigningKey) -> str:
    """Return how a key of the record in the work tree would stand, once the record has landed: as the verifier says.

    What the branch ever said of its end holds, and a key that two people claim is nobody's.
    """
    record = desk.get("person", person)
    held = verifier.roster.ended(person, held_keys(record) if record else (), now)
    if verifier.roster.now().holders.get(key, person) != person:
        return "shared" if any(one.key == key for one in held) else "unknown"
    return key_standing(held, key, now, namespace)
