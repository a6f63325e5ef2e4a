"""When did the server receive what, and who signed the push: a log that only grows, and that clones can fetch.

Each receipt stands twice: as a line of `servicebook/receipts.log` in the server's repository, written through to the
disk before anything else, and as a commit on `refs/servicebook/receipts`, which holds the line and the certificate to
the byte, signed by the server's own key. A line cites the digest of the one before, a commit its parent: what was
taken out or put in later breaks both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from servicebook.errors import ServicebookError
from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.public_keys import SigningKey
from servicebook.evidence.push_certificates import GIT_NAMESPACE
from servicebook.evidence.signatures import verify_signature
from servicebook.store.git import try_git
from servicebook.store.pushed import RefUpdate
from servicebook.store.repository import Repository

RECEIPTS = "refs/servicebook/receipts"


class Receipt(NamedTuple):
    """What one push moved, and what was known of who pushed it.

    number: from 1. at: when the server had it (ISO 8601, UTC). person: whose key signed, empty for none known.
    key: the key's fingerprint. status: `valid`, `unsigned`, or why the certificate proves nothing. nonce: Git's word
    on the certificate's freshness. gap: refs that somebody moved without a receipt since the one before.
    """

    number: int
    at: str
    updates: tuple[RefUpdate, ...]
    status: str
    person: str = ""
    key: str = ""
    nonce: str = ""
    gap: tuple[str, ...] = ()
    previous: str = ""
    certificate: str = ""
    """The bytes of the certificate, signature included; empty for an unsigned push."""
    commit: str = ""
    """The commit on RECEIPTS that holds it, where it was read from there."""
    server_key: SigningKey | None = None
    """The key that signed that commit; None where none did."""


def read_receipts(repository: Repository) -> list[Receipt]:
    """Return the receipts on RECEIPTS, oldest first; none where the ref is not here (`git fetch` brings it).

    Raises ServicebookError for a ref that holds something else. Whether they hang together: see `faults_of`.
    """
    status, out = try_git(["rev-list", "--reverse", RECEIPTS, "--"], repository.root)
    if status:
        return []
    found = []
    for commit, data in repository.read_blobs(out.decode().split()):
        message, armored, signed = _taken_apart(data)
        parts = message.split(b"\n\n", 2)
        receipt = parse_line(parts[1]) if len(parts) > 1 else None
        if receipt is None:
            raise ServicebookError(
                "{ref} has the commit {commit}, which is no receipt",
                "git fetch origin +{ref}:{ref}",
                ref=RECEIPTS, commit=commit[:10],
            )  # fmt: skip
        by = verify_signature(signed, armored, GIT_NAMESPACE) if armored else None
        found.append(receipt._replace(commit=commit, server_key=None if isinstance(by, SignatureFault) else by))
    return found


def faults_of(receipts: Sequence[Receipt]) -> Iterator[tuple[Receipt, str]]:
    """Yield the receipts that do not follow the one before: (receipt, `number`, `previous`, `time` or `gap`)."""
    before: Receipt | None = None
    for receipt in receipts:
        if receipt.number != (before.number if before else 0) + 1:
            yield receipt, "number"
        if before and receipt.previous != digest_of(before):
            yield receipt, "previous"
        if before and receipt.at < before.at:
            yield receipt, "time"
        if receipt.gap:
            yield receipt, "gap"
        before = receipt


def digest_of(receipt: Receipt) -> str:
    """Return the digest by which the next receipt cites this one."""
    return hashlib.sha256(line_of(receipt)).hexdigest()


def line_of(receipt: Receipt) -> bytes:
    """Return a receipt as one line of JSON, without its newline."""
    values: dict[str, Any] = {
        **receipt._asdict(),
        "updates": [update._asdict() for update in receipt.updates],
        "gap": list(receipt.gap),
    }
    del values["commit"], values["server_key"]
    return json.dumps(values, ensure_ascii=True, sort_keys=True).encode()


def parse_line(line: bytes) -> Receipt | None:
    """Return the receipt of a line; None for one that was cut off, or is none."""
    try:
        values = json.loads(line)
        values["updates"] = tuple(RefUpdate(**update) for update in values["updates"])
        values["gap"] = tuple(values["gap"])
        return Receipt(**values)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _taken_apart(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return a raw commit's message, its signature (empty for none), and the bytes that were signed."""
    head, _, message = data.partition(b"\n\n")
    kept: list[bytes] = []
    signature: list[bytes] = []
    inside = False
    for line in head.split(b"\n"):
        inside = line.startswith((b"gpgsig ", b"gpgsig-sha256 ")) or (inside and line.startswith(b" "))
        (signature if inside else kept).append(line)
    armored = b"\n".join(line.partition(b" ")[2] for line in signature)
    return message, armored, b"\n".join(kept) + b"\n\n" + message
