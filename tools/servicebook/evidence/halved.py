"""Many changes verified by two processes, which share one reading of the branch's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from servicebook.evidence.found_before import Noted
from servicebook.evidence.verification import Verification
from servicebook.evidence.verify import Verifier, verify_all
from servicebook.store.halves import both, may_fork

_HALVED_FROM = 500  # below this many changes a second process saves less than a second


class _Half(NamedTuple):
    """What one process found: answers, from when on they may be others (`Verifier.until`), findings to keep."""

    answers: list[Verification]
    until: datetime | None
    noted: Noted


def verify_many(verifier: Verifier, ids: Sequence[str] = ()) -> list[Verification]:
    """Return what `verify_all` yields, in its order; of many changes the second half is done by a process of its own.

    What that process finds of blobs, and from when on its answers may be others, is the verifier's afterwards.
    """
    wanted = list(ids) or verifier.ids()
    if len(wanted) < _HALVED_FROM or not may_fork():
        return list(verify_all(verifier, wanted))
    middle = len(wanted) // 2

    def lower() -> _Half:
        return _Half(list(verify_all(verifier, wanted[:middle])), None, {})

    def upper() -> _Half:
        verifier.found.open_again()
        answers = list(verify_all(verifier, wanted[middle:]))
        return _Half(answers, verifier.until, verifier.found.noted)

    here, there = both(lower, upper)
    if there is None:
        return here.answers + list(verify_all(verifier, wanted[middle:]))
    if there.until:
        verifier.may_change_at(there.until)
    verifier.found.noted |= there.noted
    return here.answers + there.answers
