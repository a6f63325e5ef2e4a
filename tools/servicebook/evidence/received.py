"""Which push brought a commit to the main branch, as a server's receipts show it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from servicebook.evidence.receipts import Receipt, faults_of
from servicebook.store.repository import Repository


class Push(NamedTuple):
    """What a server says of the push that brought a commit: its number, and when it was received."""

    number: int
    at: datetime


Received = Callable[[str], Push | None]
"""From a commit to the push that first brought it to the main branch, as far as a server's receipts show it."""


def received_by(repository: Repository, receipts: Sequence[Receipt], tip: str) -> Received | None:
    """Return a function from a commit of the first-parent line of `tip` to its push; None where nothing is proven.

    Receipts that do not hang together, or that no key or several have signed, prove nothing.
    """
    keys = {receipt.server_key for receipt in receipts}
    if not receipts or len(keys) != 1 or None in keys or any(True for _ in faults_of(receipts)):
        return None
    line = repository.git("rev-list", "--first-parent", "--reverse", "--end-of-options", tip).decode().split()
    place = {commit: number for number, commit in enumerate(line)}
    moves = sorted(
        (place[update.new], receipt.number, receipt.at)
        for receipt in receipts
        for update in receipt.updates
        if update.new in place
    )
    ends = [move[0] for move in moves]

    def find(commit: str) -> Push | None:
        at = bisect_left(ends, place[commit]) if commit in place else len(ends)
        # What lies below the first receipt may have come long before it.
        if at == len(moves) or (at == 0 and place[commit] < ends[0] and not _is_first(receipts, moves[0][1])):
            return None
        return Push(moves[at][1], datetime.fromisoformat(moves[at][2]))

    return find


def _is_first(receipts: Sequence[Receipt], number: int) -> bool:
    """Whether a receipt tells of the push that made its branch."""
    return any(
        not update.old.strip("0") for receipt in receipts if receipt.number == number for update in receipt.updates
    )
