"""What the files of a folder of votes prove: each is read, its signature verified, its key looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.found_before import FoundBefore, Pair, Proven
from servicebook.evidence.ledger import Ledger
from servicebook.evidence.public_keys import SigningKey
from servicebook.evidence.roster import People, Roster
from servicebook.evidence.signatures import verify_signature
from servicebook.workflow.statement import (
    NAMESPACE,
    NotAVoteError,
    Statement,
    name_parts,
    read_statement,
)
from servicebook.workflow.tally import Cast, Why, why

ATTESTATION = "servicebook-attestation@v1"
"""What a forge's account signs votes for: its key can attest a review and never cast a vote."""

SIGNED_WITH = {
    "not_yet": "the key of {person} was not valid yet when it landed",
    "expired": "the key of {person} had expired when it landed",
    "revoked": "the key of {person} was withdrawn when it landed",
    "compromised": "the key of {person} was in other hands since before it landed",
    "other_purpose": "the key of {person} is not for votes",
    "unknown": "it is signed with a key that is not one of {person}'s",
}
"""Why a key did not speak for a person, by how it stood."""


Verify = Callable[[bytes, bytes, str], SigningKey | SignatureFault]
"""From a message, its signature and the namespace to the key that signed, or why none did."""


class CastReader:
    """Reads votes; each pair of files is verified once, whatever it is asked for.

    verify: what does the arithmetic: the library, unless somebody wants ssh-keygen asked too.
    """

    def __init__(
        self, ledger: Ledger, roster: Roster, found: FoundBefore | None = None, verify: Verify = verify_signature
    ) -> None:
        self._ledger = ledger
        self._roster = roster
        self._found = found or FoundBefore()
        self._verify = verify
        self._signers: dict[str, SigningKey] = {}
        self._read: dict[Pair, Proven] = {}

    def read(self, folder: str, position: int, keys_at: int | None = None) -> list[Cast]:
        """Return the votes of a folder before `position`.

        keys_at: the position whose people say which keys are whose; `position` itself unless given.
        """
        files = self._ledger.files(folder, position)
        self.read_ahead(files)
        keys_at = position if keys_at is None else keys_at
        return [cast for path in sorted(files) for cast in self._casts(path, files, keys_at)]

    def read_ahead(self, files: Mapping[str, str]) -> None:
        """Bring what must be read of votes (path to blob) into memory in one go."""
        pairs = [_pair_of(path, files) for path in files if path.endswith(".json")]
        fresh = [pair for pair in pairs if pair not in self._read]
        self._read |= self._found.proofs(fresh)
        self._ledger.read_ahead(blob for pair in fresh if pair not in self._read for blob in pair[1:])

    def as_landed(self, files: Mapping[str, str]) -> Iterator[tuple[str, Cast]]:
        """Yield votes (path to blob) as they stood when they landed: by the keys that their signers had then."""
        self.read_ahead(files)
        for path in sorted(files):
            if path.endswith(".json"):
                yield from ((path, cast) for cast in self._casts(path, files, self.since(path) + 1))

    def signer(self, path: str) -> SigningKey | None:
        """Return the key that signed a vote that was read; None where no signature holds."""
        return self._signers.get(path)

    def since(self, path: str) -> int:
        """Return where a vote is complete: a file and its signature may land apart."""
        both = [self._ledger.states(name) for name in (path, path + ".sig")]
        return max((states[0].position for states in both if states), default=0)

    def _casts(self, path: str, files: Mapping[str, str], keys_at: int) -> Iterable[Cast]:
        name = path.rpartition("/")[2]
        landed = self.since(path)
        at = self._ledger.landed[landed]
        if name.endswith(".json.sig"):
            if path.removesuffix(".sig") not in files:
                yield Cast(name, None, at, why("a signature without its vote"))
            return
        if not name.endswith(".json"):
            yield Cast(name, None, at, why("it is neither a vote nor a signature"))
            return
        said, fault, key = self._proven(_pair_of(path, files))
        if said and key and not fault:
            fault = self._against_key(said, key, landed, keys_at)
            self._signers[path] = key
        yield Cast(name.removesuffix(".json"), said, at, fault, self._ledger.places[landed])

    def _proven(self, pair: Pair) -> Proven:
        if pair not in self._read:
            name, blob, signature = pair
            data, armored = (self._ledger.read(one) if one else b"" for one in (blob, signature))
            self._read[pair] = found = Proven(*prove_vote(name, data, armored, self._verify))
            self._found.add_proof(pair, data, armored, found)
        return self._read[pair]

    def _against_key(self, said: Statement, key: SigningKey, landed: int, keys_at: int) -> Why | None:
        """Return why the key did not speak for the signer; what is known by now of stolen keys is heard too.

        A reject stands by the key as it was when it landed: who writes in people's records later must not silence it.
        """
        at, namespace = self._ledger.landed[landed], namespace_of(said)
        then = self._roster.at(landed + 1)
        if said.decision == "reject" and then.standing(said.signed_by, key, at, namespace) == "valid":
            return None
        standing = self._roster.at(keys_at).standing(said.signed_by, key, at, namespace)
        if standing == "valid" and _is_stolen(self._roster.now(), said.signed_by, key, at):
            standing = "compromised"
        return None if standing == "valid" else why(SIGNED_WITH[standing], person=said.signed_by)


def _pair_of(path: str, files: Mapping[str, str]) -> Pair:
    return path.rpartition("/")[2], files[path], files.get(path + ".sig", "")


def _is_stolen(people: People, person: str, key: SigningKey, at: datetime) -> bool:
    known = people.by_id.get(person)
    return any(
        held.key == key and held.compromised_since and at >= held.compromised_since
        for held in (known.keys if known else ())
    )


def namespace_of(said: Statement) -> str:
    """Return what a vote must be signed for."""
    return ATTESTATION if said.level == "forge_attested" else NAMESPACE


def prove_vote(
    name: str, data: bytes, armored: bytes, verify: Verify = verify_signature
) -> tuple[Statement | None, Why | None, SigningKey | None]:
    """Return what a vote file and its signature say: the statement, why it is no vote, the key that signed."""
    try:
        person, seq = name_parts(name)
        said = read_statement(data)
    except NotAVoteError as error:
        return None, why(error.message, **error.params), None
    if (said.person, said.seq) != (person, seq):
        return None, why("its name says {name}, it says {found} itself", name=f"{person}-{seq}", found=said.name), None
    if not armored:
        return said, why("its signature is missing"), None
    key = verify(data, armored, namespace_of(said))
    if isinstance(key, SignatureFault):
        return said, why(key.template, detail=key.detail), None
    return said, None, key
