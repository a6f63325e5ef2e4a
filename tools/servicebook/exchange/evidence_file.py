"""The evidence for one change in one file, which anybody can check without the desk: made, read, and held to itself.

A tar of: the history (a Git bundle), the plan and the rules in the bytes that their digests are over, votes and
signatures, the list of keys for ssh-keygen, the verdict, and a page in English and Chinese that tells how to check all
of it by hand.
"""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from servicebook.errors import UsageError
from servicebook.evidence.allowed_signers import render_allowed_signers
from servicebook.evidence.chain import Link
from servicebook.evidence.history_bundle import Needed, make_bundle, open_bundle
from servicebook.evidence.ledger import BOARDS
from servicebook.evidence.verification import Verification, as_data
from servicebook.evidence.verify import Verifier
from servicebook.exchange.evidence_page import Landed, Told, render_page, word_name
from servicebook.records.kinds import BY_NAME, path_of, votes_of
from servicebook.store.repository import Repository
from servicebook.text.frozen_body import body_before_log
from servicebook.workflow.plan_digest import NoDigestError, canonical_bytes, canonical_plan
from servicebook.workflow.policy import FORM, POLICY_FIELDS

HISTORY = "history.bundle"
_LARGEST = 2 << 30  # bytes of a file that is read
_BOUND_TO_NOW = ("verification.json", "README.md", "README.zh.md")
"""Members that may say something else later: a time that has run out since changes a verdict."""

OpenVerifier = Callable[[Repository, str, Sequence[str]], Verifier]
"""From a repository, the commit of its branch and ids of changes to a verifier."""


class Checked(NamedTuple):
    """What a file of evidence comes to: the verdict on the history in it, and copies that are not as the history is."""

    verification: Verification
    differing: tuple[str, ...]


def make_evidence(repository: Repository, tip: str, id: str, open_verifier: OpenVerifier) -> bytes:
    """Return the evidence for a change as a tar, the same bytes for the same history and Git."""
    return _tar(f"evidence-{id}", _members(repository, tip, id, open_verifier))


def check_evidence(file: Path, folder: Path, open_verifier: OpenVerifier) -> Checked:
    """Verify the history in a file of evidence, and hold the copies beside it against that history.

    folder: empty, where the history is unpacked. Raises UsageError for a file that is no evidence.
    """
    members = _read(file)
    id = _id_of(members, file.name)
    bundle = folder / HISTORY
    bundle.write_bytes(members[HISTORY])
    repository = open_bundle(bundle, folder / "history")
    tip = repository.git("rev-parse", "refs/heads/main").decode().strip()
    verification = open_verifier(repository, tip, [id]).verify(id)
    due = _members(repository, tip, id, open_verifier, bundle=members[HISTORY])
    names = sorted({*due, *members} - {*_BOUND_TO_NOW, HISTORY})
    return Checked(verification, tuple(name for name in names if due.get(name) != members.get(name)))


def _members(
    repository: Repository, tip: str, id: str, open_verifier: OpenVerifier, bundle: bytes = b""
) -> dict[str, bytes]:
    """Return the files of the evidence by name; bundle: the history, where it is there already."""
    verifier = open_verifier(repository, tip, [id])
    verification = verifier.verify(id)
    ledger, path = verifier.ledger, path_of(BY_NAME["change"], id)
    start = verifier.start_of(id)
    position = ledger.end if start is None else start
    blob = ledger.blob(path, position)
    plan = verifier.plans.plan(path, blob) if blob else None
    if plan is None:
        raise UsageError("the branch has no plan of {id} to give evidence for", "servicebook list change", id=id)
    template = plan.front.data.get("template")
    found = {"change.md": ledger.read(blob), "verification.json": _json(as_data(verification))}
    with contextlib.suppress(NoDigestError):
        found["plan.canonical"] = canonical_plan(plan.front.data, body_before_log(plan.front.body))
    people = verifier.roster.at(position).by_id.values()
    keys = [key for person in people for key in person.keys]
    for word in verification.vouched:  # who vouched may have left since
        person = verifier.roster.at(ledger.states(word.path)[0].position + 1).by_id.get(word.voucher)
        keys += [key for key in (person.keys if person else ()) if key not in keys]
        name = word_name(word)
        found[f"vouching/{name}.json"] = ledger.read(ledger.states(word.path)[0].blob)
        found[f"vouching/{name}.json.sig"] = ledger.read(ledger.states(f"{word.path}.sig")[0].blob)
        found[f"vouching/{name}.key"] = f"{word.person} {word.key}\n".encode()
    found["allowed_signers"] = render_allowed_signers(keys).encode()
    landed = []
    for place, vote in sorted(ledger.files(votes_of(path), ledger.end).items()):
        name = place.rpartition("/")[2]
        found[f"votes/{name}"] = ledger.read(vote)
        first = ledger.states(place)[0].position
        landed.append(Landed(name, place, ledger.steps[first].id, ledger.landed[first]))
    links = []
    for board in sorted({judgement.board for judgement in verification.counts}):
        for link in verifier.chain.links.get(board, ()):
            links.append((board, link))
            found.update(_rules(verifier, board, link))
    told = Told(verification, path, tip, tuple(landed), tuple(links))
    found["README.md"], found["README.zh.md"] = (render_page(told, one).encode() for one in ("en", "zh"))
    templates = (template,) if isinstance(template, str) and template else ()
    asked = any(link.policy and "overlap" in link.policy.waivers_asked_for for _, link in links)
    needed = Needed(path, templates, others=bool(templates) or asked, estate=asked)
    found[HISTORY] = bundle or make_bundle(repository, tip, needed)
    return found


def _rules(verifier: Verifier, board: str, link: Link) -> Iterator[tuple[str, bytes]]:
    """Yield a version of a board's rules as it stands, and in the bytes that its digest is over."""
    if link.policy is None:
        return
    path = f"{BOARDS}/{board}.md"
    blob = verifier.ledger.blob(path, link.position + 1)
    front = verifier.ledger.front(path, blob)
    yield f"rules/{board}-{link.policy.version}.md", verifier.ledger.read(blob)
    if front:
        told = {name: front.data[name] for name in POLICY_FIELDS if name in front.data}
        yield f"rules/{board}-{link.policy.version}.canonical", canonical_bytes(FORM, told)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _tar(folder: str, members: dict[str, bytes]) -> bytes:
    """Return a tar without anything of the machine that made it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(members):
            about = tarfile.TarInfo(f"{folder}/{name}")
            about.size, about.mode = len(members[name]), 0o644
            tar.addfile(about, io.BytesIO(members[name]))
    return out.getvalue()


def _read(file: Path) -> dict[str, bytes]:
    """Return the files of a tar by their names below its one folder; nothing is unpacked to the disk."""
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError("{path} is larger than 2 GB", "servicebook evidence CHG -o FILE", path=file)
        with tarfile.open(file, mode="r:") as tar:
            entries = [entry for entry in tar.getmembers() if entry.isfile()]
            data = {entry.name: tar.extractfile(entry) for entry in entries}
            found = {name.partition("/")[2]: opened.read() for name, opened in data.items() if opened}
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise UsageError("{path} is no evidence that can be read: {why}", "ask for it again",
                         path=file, why=error) from error  # fmt: skip
    if HISTORY not in found or "verification.json" not in found:
        raise UsageError("{path} is no evidence: it has no {name}", "servicebook evidence CHG -o FILE makes one",
                         path=file, name=HISTORY)  # fmt: skip
    return found


def _id_of(members: dict[str, bytes], name: str) -> str:
    from servicebook.records.kinds import is_id_of

    try:
        id = json.loads(members["verification.json"])["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        id = ""
    if not isinstance(id, str) or not is_id_of(BY_NAME["change"], id):
        raise UsageError("{path} does not say which change it is about", "ask for it again", path=name)
    return id
