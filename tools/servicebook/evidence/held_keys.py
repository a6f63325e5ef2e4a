"""Whose key is it, and might it sign at that time: the keys of people's records and their lifetimes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from servicebook.evidence.public_keys import SigningKey, comment_of, parse_public_key
from servicebook.evidence.signatures import VOTE_NAMESPACE
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant

Standing = Literal["valid", "not_yet", "expired", "revoked", "compromised", "other_purpose", "unknown"]
"""How a key stands at an instant; all but the first void what it signed."""

VOID = {
    "not_yet": "it may not sign yet",
    "expired": "it has ended",
    "revoked": "it was withdrawn",
    "compromised": "somebody else may have it",
    "other_purpose": "it is not for this",
    "unknown": "it does not stand in the record",
    "shared": "two people claim it",
}
"""Why a key that does not stand `valid` signs nothing; English texts of the catalogue area `cli`."""

PURPOSES = {
    "votes": (VOTE_NAMESPACE,),
    "git": ("git",),
    "attestations": ("servicebook-attestation@v1",),
}
"""What a key may be for (`purpose` of a person's key), and the namespaces it may sign then."""
DEFAULT_PURPOSES = ("votes", "git")
"""What a key is for that says nothing: votes, and commits and pushes of Git."""

_WORST: tuple[Standing, ...] = ("compromised", "valid", "revoked", "expired", "not_yet", "other_purpose", "unknown")
"""A key with several entries stands as the first of these that one of them gives it."""


_ALWAYS = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
_NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
"""Before and after everything; two days off, so that other zones can say them."""


class HeldKey(NamedTuple):
    """One key of one person, as the record has it.

    valid_from: from this instant on it may sign. valid_until, revoked_at: from this instant on it may not;
    what landed before stands. compromised_since: from this instant on somebody else may have signed with it;
    what landed since is void, even where it was counted at the time.
    """

    person: str
    key: SigningKey
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    compromised_since: datetime | None = None
    purposes: tuple[str, ...] = DEFAULT_PURPOSES
    comment: str = ""


def held_keys(person: Facts) -> tuple[HeldKey, ...]:
    """Return the keys of a person's record, in its order; those that cannot be read are left to the rules."""
    return tuple(held for _, held in placed_keys(person))


def placed_keys(person: Facts) -> Iterator[tuple[int, HeldKey]]:
    """Yield each key that can be read with its place in the record's `signing_keys`."""
    entries = person.get("signing_keys")
    for place, entry in enumerate(entries if isinstance(entries, list) else ()):
        held = _held(person.id, entry)
        if held:
            yield place, held


def _held(person: str, entry: Any) -> HeldKey | None:
    line = str(entry.get("public_key", "")) if isinstance(entry, dict) else ""
    key = parse_public_key(line)
    if not isinstance(key, SigningKey):
        return None
    purposes = entry.get("purpose") or DEFAULT_PURPOSES
    return HeldKey(
        person,
        key,
        valid_from=_limit(entry, "valid_from", _NEVER),
        valid_until=_limit(entry, "valid_until", _ALWAYS),
        revoked_at=_limit(entry, "revoked_at", _ALWAYS),
        compromised_since=_limit(entry, "compromised_since", _ALWAYS),
        purposes=tuple(map(str, purposes)) if isinstance(purposes, list | tuple) else (),
        comment=str(entry.get("comment") or comment_of(line)),
    )


def _limit(entry: Mapping[str, Any], name: str, worst: datetime) -> datetime | None:
    """Return the instant of a field; `worst` for one that is no instant: what cannot be read must not let more pass."""
    value = entry.get(name)
    return None if value is None else parse_instant(value) or worst


def is_instant(end: datetime) -> bool:
    """Whether an end of a key could be read: one that is no instant holds for all time."""
    return end != _ALWAYS


def key_standing(
    person_keys: Iterable[HeldKey], key: SigningKey, at: datetime, namespace: str = VOTE_NAMESPACE
) -> Standing:
    """Return how `key` stands among a person's keys at `at`, the instant at which what it signed landed."""
    found = {_standing(held, at, namespace) for held in person_keys if held.key == key}
    return next((standing for standing in _WORST if standing in found), "unknown")


def _standing(held: HeldKey, at: datetime, namespace: str) -> Standing:
    if held.compromised_since and at >= held.compromised_since:
        return "compromised"
    if held.revoked_at and at >= held.revoked_at:
        return "revoked"
    if held.valid_until and at >= held.valid_until:
        return "expired"
    if held.valid_from and at < held.valid_from:
        return "not_yet"
    if not any(namespace in PURPOSES.get(purpose, ()) for purpose in held.purposes):
        return "other_purpose"
    return "valid"


def holders_of(people: Iterable[HeldKey], key: SigningKey) -> tuple[str, ...]:
    """Return the people whose records hold a key, by name.

    A key belongs to one person (rule DSK821); one that two claim is nobody's, and what it signed counts for neither.
    """
    return tuple(sorted({held.person for held in people if held.key == key}))


def holder_of(people: Iterable[HeldKey], key: SigningKey) -> str:
    """Return the person whose record holds a key; empty when nobody's does, or when two people's do."""
    holders = holders_of(people, key)
    return holders[0] if len(holders) == 1 else ""
