"""When did the server receive what, and who signed the push: a log that only grows, and that clones can fetch.

Each receipt stands twice: as a line of `servicebook/receipts.log` in the server's repository, written through to the
disk before anything else, and as a commit on `refs/servicebook/receipts`, which holds the line and the certificate to
the byte, signed by the server's own key. A line cites the digest of the one before, a commit its parent: what was
taken out or put in later breaks both.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from servicebook.errors import ServicebookError
from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.public_keys import SigningKey
from servicebook.evidence.push_certificates import GIT_NAMESPACE, Pusher
from servicebook.evidence.signatures import verify_signature
from servicebook.store.git import run_git, try_git
from servicebook.store.mainline import is_ancestor
from servicebook.store.pushed import RefUpdate
from servicebook.store.repository import Repository

RECEIPTS = "refs/servicebook/receipts"
LOG = "receipts.log"
KEY = "receipts_key"
"""The server's own key, in the folder `servicebook` of its repository."""

_TAIL = 1 << 20  # bytes at the end of the log that are looked at for the last receipt of a branch


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


def record_receipt(
    repository: Repository,
    now: datetime,
    updates: Sequence[RefUpdate],
    pusher: Pusher,
    nonce: str = "",
    certificate: str = "",
) -> Receipt:
    """Write down that a push was received, in the log first and then on RECEIPTS, and return the receipt.

    A line that a kill kept from RECEIPTS gets there with the next one. Raises ServicebookError where the disk refuses.
    """
    folder = Path(repository.common_dir, "servicebook")
    try:
        folder.mkdir(exist_ok=True)
        with _alone(folder / "receipts.lock"):
            return _record(repository, folder / LOG, now, updates, pusher, nonce, certificate)
    except OSError as error:
        raise ServicebookError(
            "no receipt was written, though the push is done: {path}: {why}",
            "make room on the server's disk or mend its rights; the next receipt shows the gap",
            path=error.filename or folder, why=error.strerror,
        ) from error  # fmt: skip


def _record(
    repository: Repository,
    path: Path,
    now: datetime,
    updates: Sequence[RefUpdate],
    pusher: Pusher,
    nonce: str,
    certificate: str,
) -> Receipt:
    """Write a receipt, alone."""
    lines = _last_lines(path)
    last = _parsed(lines[-1]) if lines else None
    receipt = Receipt(
        number=(last.number if last else _number_on_ref(repository)) + 1,
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        updates=tuple(updates),
        status=pusher.status, person=pusher.person, key=pusher.key, nonce=nonce,
        gap=_gap(lines, updates),
        previous=hashlib.sha256(lines[-1]).hexdigest() if lines else "",
        certificate=certificate,
    )  # fmt: skip
    line = _line_of(receipt)
    _append(path, line)
    _put_on_ref(repository, [*lines, line])
    return receipt


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
        receipt = _parsed(parts[1]) if len(parts) > 1 else None
        if receipt is None:
            raise ServicebookError(
                "{ref} has the commit {commit}, which is no receipt",
                "git fetch origin +{ref}:{ref}",
                ref=RECEIPTS, commit=commit[:10],
            )  # fmt: skip
        by = verify_signature(signed, armored, GIT_NAMESPACE) if armored else None
        found.append(receipt._replace(commit=commit, server_key=None if isinstance(by, SignatureFault) else by))
    return found


def first_with(repository: Repository, receipts: Sequence[Receipt], ref: str, commit: str) -> Receipt | None:
    """Return the receipt of the push that first brought `commit` to a ref; None when no receipt shows it.

    A branch only grows between receipts (a server of ours refuses anything else on the main branch), so it is
    looked for by halving.
    """
    moves = [(receipt, update.new) for receipt in receipts for update in receipt.updates if update.ref == ref]
    low, high = 0, len(moves)
    while low < high:
        middle = (low + high) // 2
        if is_ancestor(repository, commit, moves[middle][1]):
            high = middle
        else:
            low = middle + 1
    return moves[low][0] if low < len(moves) else None


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
    return hashlib.sha256(_line_of(receipt)).hexdigest()


def _line_of(receipt: Receipt) -> bytes:
    """Return a receipt as one line of JSON, without its newline."""
    values: dict[str, Any] = {
        **receipt._asdict(),
        "updates": [update._asdict() for update in receipt.updates],
        "gap": list(receipt.gap),
    }
    del values["commit"], values["server_key"]
    return json.dumps(values, ensure_ascii=True, sort_keys=True).encode()


def _parsed(line: bytes) -> Receipt | None:
    """Return the receipt of a line; None for one that was cut off, or is none."""
    try:
        values = json.loads(line)
        values["updates"] = tuple(RefUpdate(**update) for update in values["updates"])
        values["gap"] = tuple(values["gap"])
        return Receipt(**values)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _last_lines(path: Path) -> list[bytes]:
    """Return the whole lines at the end of the log, oldest first; a line that was cut off by a kill is closed."""
    try:
        with path.open("rb+") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _TAIL))
            data = file.read()
            if data and not data.endswith(b"\n"):
                file.write(b"\n")
    except FileNotFoundError:
        return []
    lines = data.split(b"\n")[1 if end > _TAIL else 0 :]
    return [line for line in lines if line and _parsed(line)]


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.write(descriptor, line + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _gap(lines: Sequence[bytes], updates: Sequence[RefUpdate]) -> tuple[str, ...]:
    """Return the refs that do not begin where the receipt before left them: somebody moved them past the hook."""
    last: dict[str, str] = {}
    for line in lines:
        receipt = _parsed(line)
        for update in receipt.updates if receipt else ():
            last[update.ref] = update.new
    return tuple(update.ref for update in updates if last.get(update.ref, update.old) != update.old)


def _number_on_ref(repository: Repository) -> int:
    """Return the number of the last receipt on RECEIPTS; 0 for none."""
    status, out = try_git(["log", "-1", "--format=%b", RECEIPTS, "--"], repository.root)
    receipt = None if status else _parsed(out.split(b"\n\n")[0].strip())
    return receipt.number if receipt else 0


def _put_on_ref(repository: Repository, lines: Sequence[bytes]) -> None:
    """Commit the receipts that RECEIPTS lacks."""
    known = _number_on_ref(repository)
    status, out = try_git(["rev-parse", "--quiet", "--verify", RECEIPTS], repository.root)
    old = parent = "" if status else out.decode().strip()
    for line in lines:
        receipt = _parsed(line)
        if receipt is not None and receipt.number > known:
            parent = _commit(repository, receipt, line, parent)
    if parent != old:
        repository.git("update-ref", "-m", "receipt", RECEIPTS, parent, old or "0" * len(parent))


def _commit(repository: Repository, receipt: Receipt, line: bytes, parent: str) -> str:
    """Return a commit without files whose message is the receipt, its line and the certificate."""
    import subprocess

    refs = ", ".join(update.ref for update in receipt.updates)
    subject = f"Receipt {receipt.number} of {receipt.at}: {refs}"
    message = subject.encode("utf-8", "backslashreplace") + b"\n\n" + line  # the line tells every byte of a name
    if receipt.certificate:
        message += b"\n\n" + receipt.certificate.encode("utf-8", "surrogateescape")
    tree = run_git(["mktree"], repository.root).decode().strip()
    key = Path(repository.common_dir, "servicebook", KEY).resolve()
    sign = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={key}"] if key.exists() else []
    words = ["git", "-C", repository.root, *sign, "commit-tree", *(["-S"] if sign else []), "-F", "-", tree]
    names = ("AUTHOR", "COMMITTER")
    who = {f"GIT_{name}_{what}": value for name in names for what, value in _SERVER}
    dates = {f"GIT_{name}_DATE": receipt.at for name in names}
    done = subprocess.run(
        [*words, *(["-p", parent] if parent else [])],
        input=message, capture_output=True, check=False, env={**os.environ, **who, **dates},
    )  # fmt: skip
    if done.returncode:
        raise ServicebookError(done.stderr.decode("utf-8", "replace").strip(), "servicebook install --server")
    return done.stdout.decode().strip()


_SERVER = (("NAME", "Servicebook receipts"), ("EMAIL", "receipts@localhost"))


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


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the kernel's lock on a file: pushes come at any time, receipts one after the other."""
    import fcntl

    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
