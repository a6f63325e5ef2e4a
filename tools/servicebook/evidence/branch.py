"""All changes of a branch verified, with what earlier runs found: once for a tip, and again only what is new.

A run's answers hang on the tip (whose id covers the whole history: votes, keys, rules), the pinned rules, the
receipts, the time and this program; they are kept under all of these and given again under the same alone.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from datetime import datetime

from servicebook import digest_of_code
from servicebook.evidence.casts import Verify
from servicebook.evidence.found_before import FoundBefore
from servicebook.evidence.halved import verify_many
from servicebook.evidence.ledger import read_ledger
from servicebook.evidence.packed import pack, unpack
from servicebook.evidence.receipts import RECEIPTS, read_receipts
from servicebook.evidence.received import received_by
from servicebook.evidence.signatures import verify_signature
from servicebook.evidence.verification import Verification
from servicebook.evidence.verify import Verifier
from servicebook.store.engine import installed_versions
from servicebook.store.kept_texts import KeptTexts, open_kept
from servicebook.store.mainline import commit_if_any, require_whole_history
from servicebook.store.repository import Repository

_ROOMS = ("evidence", "workflow", "records", "text", "store", "diagnostics")  # an answer depends on their code
_RUNS = 4  # whose answers are kept: a branch with and without pinned rules, and what another work tree asks
_AT_ONCE = 500  # answers in one row


def open_branch(
    repository: Repository,
    tip: str,
    now: datetime,
    ids: Sequence[str] = (),
    roots: Sequence[str] = (),
    found: FoundBefore | None = None,
    verify: Verify = verify_signature,
) -> Verifier:
    """Return a verifier of the branch that ends at the commit `tip`, with what the server's receipts say."""
    ledger = read_ledger(repository, tip, now, ids)
    received = received_by(repository, read_receipts(repository), tip)
    return Verifier(ledger, now, roots, received, ids, found, verify)


def verify_branch(repository: Repository, tip: str, now: datetime, roots: Sequence[str] = ()) -> list[Verification]:
    """Return what the evidence for every change of the branch that ends at the commit `tip` comes to.

    Raises CannotDecideError in a shallow clone, also where the answers of a whole one are kept.
    """
    return _answers(repository, tip, now, roots, lambda verifier: verifier.ids())


def verify_begun(repository: Repository, tip: str, now: datetime, commits: Collection[str]) -> list[Verification]:
    """Return what the evidence comes to for the changes that these commits of the branch began."""

    def begun(verifier: Verifier) -> list[str]:
        steps = verifier.ledger.steps
        starts = {id: verifier.start_of(id) for id in verifier.ids()}
        return [id for id, start in starts.items() if start is not None and steps[start].id in commits]

    return [one for one in _answers(repository, tip, now, (), begun) if one.commit in commits]


def _answers(
    repository: Repository, tip: str, now: datetime, roots: Sequence[str], choose: Callable[[Verifier], Sequence[str]]
) -> list[Verification]:
    """Return the answers for the chosen changes, or for all where they are kept."""
    require_whole_history(repository)
    with closing(open_kept(repository, "verified", _engine())) as texts:
        key = _key_of(repository, tip, roots, now)
        kept = _kept(texts, key, now)
        if kept is not None:
            return kept
        found = FoundBefore(texts, repository.algorithm)
        verifier = open_branch(repository, tip, now, (), roots, found)
        ids = choose(verifier)
        answers = verify_many(verifier, ids) if ids else []
        found.write()
        if len(ids) == len(verifier.ids()) and not verifier.ledger.is_ahead:
            _keep(texts, key, now, verifier.until, answers)
        return answers


def _engine() -> str:
    """Return a word for this program and the libraries that answers depend on."""
    return digest_of_code(_ROOMS, installed_versions())


def _key_of(repository: Repository, tip: str, roots: Sequence[str], now: datetime) -> str:
    """Return the key of a run; receipts count by the commit that holds the last one, which cites all before."""
    asked = [tip, *sorted(set(roots)), commit_if_any(repository, RECEIPTS), str(now.tzinfo)]
    return "run " + hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _kept(texts: KeptTexts, key: str, now: datetime) -> list[Verification] | None:
    """Return the answers of a run; None where one of its rows is missing, or they were found at another time."""
    head = texts.find([key]).get(key)
    if head is None:
        return None
    made, until, rows = json.loads(head)
    if now < datetime.fromisoformat(made) or (until and now >= datetime.fromisoformat(until)):
        return None
    names = [f"{key} {number}" for number in range(rows)]
    found = texts.find(names)
    if len(found) < rows:
        return None
    return [one for name in names for one in unpack(zlib.decompress(found[name]), tuple[Verification, ...])]


def _keep(texts: KeptTexts, key: str, now: datetime, until: datetime | None, answers: Sequence[Verification]) -> None:
    """Keep the answers of a run in place of the oldest one's."""
    starts = range(0, len(answers), _AT_ONCE)
    rows = {
        f"{key} {number}": zlib.compress(pack(answers[at : at + _AT_ONCE], tuple[Verification, ...]).encode(), 1)
        for number, at in enumerate(starts)
    }
    head = json.dumps([now.isoformat(), until.isoformat() if until else "", len(starts)])
    before = json.loads(texts.find(["runs"]).get("runs", b"[]"))
    runs = [*(one for one in before if one != key), key]
    values = {**rows, key: head.encode(), "runs": json.dumps(runs[-_RUNS:]).encode()}
    texts.keep(values, instead_of=key if len(runs) <= _RUNS else runs[0])
