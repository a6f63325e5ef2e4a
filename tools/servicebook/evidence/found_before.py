"""What was found of blobs in earlier runs: what states of plans show, and what votes and their signatures prove.

Both hang on nothing but the bytes, and so on the blobs' ids. Kept is only what was read of bytes that have that id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from servicebook.evidence.packed import pack, unpack
from servicebook.evidence.public_keys import SigningKey
from servicebook.store.kept_texts import KeptTexts
from servicebook.text.source_file import blob_id
from servicebook.workflow.statement import Statement
from servicebook.workflow.tally import Why


class Reading(NamedTuple):
    """The little that is kept of every state of a record.

    digest: of the plan; empty where it has none, and a text of its own for a file that cannot be read. starts:
    whether the work has begun there; what cannot be read may show anything.
    """

    digest: str
    starts: bool


class Proven(NamedTuple):
    """What a vote and its signature say: the statement, why it is no vote, the key that signed."""

    said: Statement | None
    fault: Why | None
    key: SigningKey | None


Pair = tuple[str, str, str]
"""The name of a vote's file, its blob, and the blob of its signature; empty for none."""

Noted = dict[str, bytes]
"""Findings, packed, by the keys that they are kept under."""


class FoundBefore:
    """Reads and keeps findings on blobs; without a place for them it knows nothing, and keeps nothing."""

    def __init__(self, texts: KeptTexts | None = None, algorithm: str = "sha1") -> None:
        self._texts = texts
        self._algorithm = algorithm
        self.noted: Noted = {}
        """What was noted since it was last kept."""

    def readings(self, blobs: Iterable[str]) -> dict[str, Reading]:
        """Return what is known of states of records, by blob."""
        return self._known({f"plan {blob}": blob for blob in blobs}, Reading)

    def proofs(self, pairs: Iterable[Pair]) -> dict[Pair, Proven]:
        """Return what is known of votes and their signatures."""
        return self._known({_key(pair): pair for pair in pairs}, Proven)

    def _known(self, keys: dict[str, Any], kind: type) -> dict[Any, Any]:
        found = self._texts.find(keys) if self._texts else {}
        return {keys[key]: unpack(value, kind) for key, value in found.items()}

    def add_reading(self, blob: str, data: bytes, found: Reading) -> None:
        """Note what a state of a record shows."""
        if self._texts and self._is(blob, data):
            self.noted[f"plan {blob}"] = pack(found, Reading).encode()

    def add_proof(self, pair: Pair, data: bytes, armored: bytes, found: Proven) -> None:
        """Note what a vote and its signature prove."""
        _, blob, signature = pair
        if self._texts and self._is(blob, data) and (not signature or self._is(signature, armored)):
            self.noted[_key(pair)] = pack(found, Proven).encode()

    def _is(self, blob: str, data: bytes) -> bool:
        """Whether these bytes are that blob: a submodule, or an object that is damaged here, has others, or none."""
        return blob_id(data, self._algorithm) == blob

    def open_again(self) -> None:
        """Read what is kept by a way of its own, and note anew: in a forked process, which shares no open database."""
        if self._texts:
            self._texts = self._texts.opened_again()
        self.noted = {}

    def write(self) -> None:
        """Keep what was noted."""
        if self._texts:
            self._texts.keep(self.noted)
        self.noted = {}


def _key(pair: Pair) -> str:
    name, blob, signature = pair
    return f"vote {blob} {signature} {name!a}"
