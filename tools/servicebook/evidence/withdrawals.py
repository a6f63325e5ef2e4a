"""A key that was once withdrawn, or told to be in other hands, stays so, whatever its record says later."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from servicebook.evidence.held_keys import HeldKey, is_instant
from servicebook.evidence.public_keys import SigningKey


class _Said(NamedTuple):
    """What the states of a record said of a key so far.

    revoked_at: the earliest that one said. compromised_since: what the last said that said so; noted_at: when the
    first that did landed. An end that cannot be read counts as the landing of what says so.
    """

    revoked_at: datetime | None = None
    compromised_since: datetime | None = None
    noted_at: datetime | None = None


class Withdrawals:
    """What was said of one person's keys, state after state of the record, by their order on the main branch.

    `revoked_at` may come to lie earlier, never later. `compromised_since` may be put right, because it voids what was
    counted long ago; but taken out it stands, and it is never later than the commit that first brought it.
    """

    def __init__(self) -> None:
        self._said: dict[SigningKey, _Said] = {}

    def apply(self, keys: tuple[HeldKey, ...], landed_at: datetime) -> tuple[HeldKey, ...]:
        """Return the keys of the record's next state, each with the ends that this state or an earlier one gave it."""
        for held in keys:
            self._said[held.key] = self._heard(held, landed_at)
        return self.ended(keys, landed_at)

    def ended(self, keys: tuple[HeldKey, ...], at: datetime) -> tuple[HeldKey, ...]:
        """Return the keys as they would be if they were the record's next state and landed at `at`."""
        return tuple(_ended(held, self._heard(held, at)) for held in keys)

    def _heard(self, held: HeldKey, landed_at: datetime) -> _Said:
        return _heard(self._said.get(held.key, _Said()), held, landed_at)


def _heard(said: _Said, held: HeldKey, landed_at: datetime) -> _Said:
    revoked, compromised, noted = said
    if held.revoked_at:
        revoked = _earliest(revoked, held.revoked_at if is_instant(held.revoked_at) else landed_at)
    if held.compromised_since:
        compromised = held.compromised_since if is_instant(held.compromised_since) else landed_at
        noted = noted or landed_at
    return _Said(revoked, compromised, noted)


def _ended(held: HeldKey, said: _Said) -> HeldKey:
    since = held.compromised_since or said.compromised_since
    return held._replace(
        revoked_at=_earliest(held.revoked_at, said.revoked_at), compromised_since=_earliest(since, said.noted_at)
    )


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((at for at in instants if at), default=None)
