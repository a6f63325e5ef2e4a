"""A server writes down what it received: in a log on its disk first, and then on a ref that clones can fetch."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from servicebook.errors import ServicebookError
from servicebook.evidence.push_certificates import Pusher
from servicebook.evidence.receipts import RECEIPTS, Receipt, line_of, parse_line
from servicebook.store.git import run_git, try_git
from servicebook.store.pushed import RefUpdate
from servicebook.store.repository import Repository

LOG = "receipts.log"
KEY = "receipts_key"
"""The server's own key, in the folder `servicebook` of its repository."""

_TAIL = 1 << 20  # bytes at the end of the log that are looked at for the last receipt of a branch


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
    last = parse_line(lines[-1]) if lines else None
    receipt = Receipt(
        number=(last.number if last else _number_on_ref(repository)) + 1,
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        updates=tuple(updates),
        status=pusher.status, person=pusher.person, key=pusher.key, nonce=nonce,
        gap=_gap(lines, updates),
        previous=hashlib.sha256(lines[-1]).hexdigest() if lines else "",
        certificate=certificate,
    )  # fmt: skip
    line = line_of(receipt)
    _append(path, line)
    _put_on_ref(repository, [*lines, line])
    return receipt


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
    return [line for line in lines if line and parse_line(line)]


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
        receipt = parse_line(line)
        for update in receipt.updates if receipt else ():
            last[update.ref] = update.new
    return tuple(update.ref for update in updates if last.get(update.ref, update.old) != update.old)


def _number_on_ref(repository: Repository) -> int:
    """Return the number of the last receipt on RECEIPTS; 0 for none."""
    status, out = try_git(["log", "-1", "--format=%b", RECEIPTS, "--"], repository.root)
    receipt = None if status else parse_line(out.split(b"\n\n")[0].strip())
    return receipt.number if receipt else 0


def _put_on_ref(repository: Repository, lines: Sequence[bytes]) -> None:
    """Commit the receipts that RECEIPTS lacks."""
    known = _number_on_ref(repository)
    status, out = try_git(["rev-parse", "--quiet", "--verify", RECEIPTS], repository.root)
    old = parent = "" if status else out.decode().strip()
    for line in lines:
        receipt = parse_line(line)
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
