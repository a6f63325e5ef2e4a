"""Whose clock was off: times of commits and votes that cannot be true, told beside an answer that does without.

'Before' is ancestry. Times only serve where rules speak of time (a key's lifetime, a deadline, a seat's dates), and
then as `Ledger.landed` has them: never earlier than the commits before, never later than now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from servicebook.evidence.ledger import Ledger
from servicebook.records.instants import parse_instant
from servicebook.workflow.tally import Judged, Why, why

SLACK = timedelta(hours=1)
"""By so much clocks may differ without a word."""
LONG = timedelta(days=30)
"""A vote that was signed so long before it landed is told."""


def clocks_off(ledger: Ledger, votes: Sequence[Judged], landed: Sequence[int], start: int | None) -> Iterator[Why]:
    """Yield what times cannot be true: of the counted votes, of the commits that brought them, of the start.

    landed: the position of each vote's landing. start: that of the work's beginning.
    """
    told: set[int] = set()
    for vote, position in zip(votes, landed, strict=True):
        if position not in told:
            yield from _of_commit(ledger, position)
        told.add(position)
        said = parse_instant(vote.cast.statement.at) if vote.cast.statement else None
        known = {"name": vote.cast.name, "landed": _shown(vote.cast.landed_at)}
        if said and said > vote.cast.landed_at + SLACK:
            yield why("the vote {name} says {at}, later than it landed ({landed}): the voter's clock was ahead",
                      at=_shown(said), **known)  # fmt: skip
        elif said and said < vote.cast.landed_at - LONG:
            yield why("the vote {name} says {at}, long before it landed ({landed}): it lay about, or the voter's clock "
                      "was behind", at=_shown(said), **known)  # fmt: skip
    if start is not None and start not in told:
        yield from _of_commit(ledger, start)


def _of_commit(ledger: Ledger, position: int) -> Iterator[Why]:
    step, landed = ledger.steps[position], ledger.landed[position]
    known = {"commit": step.id[:10], "at": _shown(step.at), "landed": _shown(landed)}
    if step.at > landed + SLACK:
        yield why("the commit {commit} says {at}, which has not come yet: it is taken to have landed at {landed}",
                  **known)  # fmt: skip
    elif step.at < landed - SLACK:
        yield why("the commit {commit} says {at}, earlier than commits before it: it is taken to have landed at "
                  "{landed}", **known)  # fmt: skip


def _shown(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
