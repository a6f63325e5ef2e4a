"""Write a desk of many approved changes, and time the verifier on it: `approvals.py DIR --changes N`.

Each change has a plan, a signed submission, three signed votes and a start, in three commits; history is written
with `git fast-import`, signatures with the library, in the form of ssh-keygen. Times are processor seconds of the
command itself and of Git below it, each apart, and how long it took.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from servicebook.evidence.wire import pack_string
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.frozen_body import body_before_log
from servicebook.text.source_file import SourceFile
from servicebook.workflow.plan_digest import plan_digest
from servicebook.workflow.policy import policy_digest
from servicebook.workflow.statement import NAMESPACE, Statement, write_statement

ROLES = {"ann.lee": "chair", "bob.yu": "engineer", "cho.an": "engineer"}
PEOPLE = ("dan.wu", *ROLES)
START = 1_770_000_000
BODY = "## Implementation\n\nMove channel {n} to the spare, upgrade, move it back.\n\n## Log\n\n"
BOARD: dict[str, Any] = {
    "schema": "board/1", "id": "cab", "title": "Board", "board_type": "cab", "version": 1,
    "members": [{"person": person, "role": role} for person, role in ROLES.items()],
    "quorum": [{"votes": 3}],
}  # fmt: skip


class Signer:
    """A key that signs as ssh-keygen does."""

    def __init__(self, seed: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._blob = pack_string(b"ssh-ed25519") + pack_string(public)

    @property
    def line(self) -> str:
        return "ssh-ed25519 " + base64.b64encode(self._blob).decode()

    def sign(self, message: bytes) -> bytes:
        digest = hashlib.sha512(message).digest()
        parts = (NAMESPACE.encode(), b"", b"sha512", digest)
        value = self._key.sign(b"SSHSIG" + b"".join(map(pack_string, parts)))
        fields = (NAMESPACE.encode(), b"", b"sha512", pack_string(b"ssh-ed25519") + pack_string(value))
        envelope = b"SSHSIG" + (1).to_bytes(4, "big") + pack_string(self._blob) + b"".join(map(pack_string, fields))
        text = base64.b64encode(envelope).decode()
        lines = [text[at : at + 70] for at in range(0, len(text), 70)]
        return ("-----BEGIN SSH SIGNATURE-----\n" + "\n".join(lines) + "\n-----END SSH SIGNATURE-----\n").encode()


def signature() -> tuple[bytes, bytes, Callable[[], object]]:
    """Return a message, its signature, and the arithmetic alone that verifying it takes."""
    signer, message = Signer("bench"), b"x" * 800
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"bench").digest())
    value, raw = key.sign(message), key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return message, signer.sign(message), lambda: Ed25519PublicKey.from_public_bytes(raw).verify(value, message)


def record(fields: dict[str, Any], body: str) -> bytes:
    lines = [f"{key}: {json.dumps(value)}" for key, value in fields.items()]
    return ("---\n" + "\n".join(lines) + "\n---\n" + body).encode()


def change(number: int) -> tuple[str, str, dict[str, Any]]:
    """Return id, path and fields of the change with a number."""
    month, day = 1 + number // 28 % 12, 1 + number % 28
    id = f"CHG-2025{month:02d}{day:02d}-{number:04d}"
    fields = {
        "schema": "change/1", "id": id, "title": f"Change {number}", "status": "draft", "change_type": "normal",
        "service": "live", "assets": [f"transcoder-{number % 40}"], "risk": "medium", "requested_by": "dan.wu",
        "assigned_to": "dan.wu", "planned_start_at": "2026-03-28T02:00:00+08:00",
        "planned_end_at": "2026-03-28T04:00:00+08:00", "board": "cab",
        "plan": {"implementation": f"Step {number}.", "test": "Two hours.", "backout": "Back."}, "timeline": [],
    }  # fmt: skip
    return id, f"tickets/changes/2025/{month:02d}/{id}.md", fields


def commits(changes: int, root: str, policy: str, keys: dict[str, Signer]) -> Iterator[tuple[str, dict[str, bytes]]]:
    for number in range(changes):
        id, path, fields = change(number)
        body = BODY.format(n=number)
        plan = record(fields, body)
        yield "plan", {path: plan}
        front, _ = parse_front_matter(SourceFile(path, plan))
        assert front is not None
        digest = plan_digest(front.data, body_before_log(front.body))
        files = {}
        for person in PEOPLE:
            decision = "approve" if person in ROLES else "submit"
            said = Statement(root, id, digest, policy, person, ROLES.get(person, ""), decision, 1, signed_by=person)
            data = write_statement(said)
            name = f"{path[:-3]}.votes/{said.name}.json"
            files |= {name: data, f"{name}.sig": keys[person].sign(data)}
        yield "votes", files
        event = {"at": "2026-03-28T02:00:00+08:00", "id": "k3f9", "event": "implementation_started", "by": "dan.wu"}
        yield "start", {path: record(fields | {"status": "in_implementation", "timeline": [event]}, body)}


def write_desk(folder: Path, changes: int) -> None:
    """Write the repository."""
    folder.mkdir(parents=True)
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "--quiet", "--bare", "--initial-branch=main"], check=True)
    keys = {person: Signer(person) for person in PEOPLE}
    first = {
        f"kb/people/{person}.md": record(
            {"schema": "person/1", "id": person, "title": person, "emails": [f"{person}@example.org"],
             "signing_keys": [{"public_key": keys[person].line}]}, "Here.\n")
        for person in PEOPLE
    }  # fmt: skip
    load(git, [("desk", first | {"kb/boards/cab.md": record(BOARD, "Rules.\n")})], START)
    root = subprocess.run([*git, "rev-parse", "main"], check=True, capture_output=True, text=True).stdout.strip()
    load(git, commits(changes, root, policy_digest(BOARD), keys), START + 60, "main")
    subprocess.run([*git, "repack", "-adq"], check=True)
    subprocess.run([*git, "commit-graph", "write", "--reachable", "--changed-paths"], check=True, capture_output=True)


def load(git: list[str], written: Any, at: int, since: str = "") -> None:
    with subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        out = child.stdin
        for number, (message, files) in enumerate(written):
            who = f"dan.wu <dan.wu@example.org> {at + number * 60} +0000"
            out.write(
                f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(message)}\n{message}\n".encode()
            )
            if since and not number:
                out.write(f"from refs/heads/{since}^0\n".encode())
            for path, data in files.items():
                out.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")


_INSIDE = """\
import resource, sys
from servicebook.cli.main import main
code = main(sys.argv[1:])
own, below = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print("seconds", own.ru_utime + own.ru_stime, below.ru_utime + below.ru_stime, file=sys.stderr)
sys.exit(code)
"""


def seconds(words: list[str], cwd: Path) -> tuple[float, float, float]:
    """Return the processor seconds of a command of the program, those of Git below it, and how long it took."""
    start = monotonic()
    done = subprocess.run([sys.executable, "-c", _INSIDE, *words], cwd=cwd, capture_output=True, text=True)
    took = monotonic() - start
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr)
    _, own, below = done.stderr.splitlines()[-1].split()
    return float(own), float(below), took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--changes", type=int, default=1000)
    given = parser.parse_args()
    if not given.folder.exists():
        write_desk(given.folder, given.changes)
    one = change(given.changes // 2)[0]
    print("processor seconds    ours     Git    took")
    for name, words in {
        "version": ["--version"],
        "verify one": ["verify", one],
        "verify --all": ["verify", "--all"],
        "again": ["verify", "--all"],
    }.items():
        print(f"{name:15}  {'  '.join(f'{value:6.3f}' for value in seconds(words, given.folder))}")


if __name__ == "__main__":
    main()
