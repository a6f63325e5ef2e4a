"""Which votes on a change came too late to count: with the commit that began the work, or after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servicebook.workflow.policy import Policy
from servicebook.workflow.tally import Judged, why

if TYPE_CHECKING:
    from servicebook.evidence.verify import Verifier


def late_votes(verifier: Verifier, policy: Policy, folder: str, start: int) -> list[Judged]:
    """Return the votes of a folder that were not there before the work began at `start`, each with what brought it."""
    ledger = verifier.ledger
    known, now = ledger.files(folder, start), ledger.files(folder, ledger.end)
    if now.keys() <= known.keys():
        return []
    names = {path.rpartition("/")[2].removesuffix(".json") for path in known}
    found = []
    for cast in verifier.chain.casts(policy, folder, ledger.end):
        if cast.name in names:
            continue
        position = verifier.casts.since(f"{folder}/{cast.name}.json")
        commit = ledger.steps[position].id[:10]
        reason = cast.fault or (
            why("it landed with the very commit that began the work, {commit}", commit=commit)
            if position == start
            else why("it landed after the work had begun, with the commit {commit}", commit=commit)
        )
        found.append(Judged(cast, False, False, reason))
    return found
