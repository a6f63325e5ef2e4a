"""What people do to the keys they sign with, each as a pure function from the record before to the record after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from servicebook.errors import FindingsError, UsageError
from servicebook.evidence.held_keys import HeldKey, placed_keys
from servicebook.evidence.public_keys import SigningKey
from servicebook.records.facts import Facts
from servicebook.text.set_field import append_item, set_field
from servicebook.text.source_file import SourceFile


class NewKey(NamedTuple):
    """A key to be added: the line of its .pub file, from when to when it may sign, for what, and which key it is."""

    key: SigningKey
    line: str
    valid_from: datetime
    valid_until: datetime | None = None
    purposes: tuple[str, ...] = ()
    comment: str = ""


class Placed(NamedTuple):
    """A key of a record and its place in `signing_keys`."""

    place: int
    held: HeldKey


def add_key(source: SourceFile, person: Facts, new: NewKey) -> SourceFile:
    """Add a key. Raises FindingsError when the person has it already, also when it was ended or withdrawn."""
    for _, held in placed_keys(person):
        if held.key == new.key:
            over = held.compromised_since or held.revoked_at or held.valid_until
            raise FindingsError(
                "{person} has the key {fingerprint} already, and it ended on {day}"
                if over
                else "{person} has the key {fingerprint} already",
                "a key that ended stays so: ssh-keygen -t ed25519 makes another" if over else "servicebook key list",
                person=person.id, fingerprint=new.key.fingerprint, day=f"{over:%Y-%m-%d}" if over else "",
            )  # fmt: skip
    entry: dict[str, object] = {"public_key": new.line, "valid_from": new.valid_from.isoformat()}
    if new.valid_until:
        entry["valid_until"] = new.valid_until.isoformat()
    if new.purposes:
        entry["purpose"] = list(new.purposes)
    if new.comment:
        entry["comment"] = new.comment
    return SourceFile(source.path, append_item(source.data, ("signing_keys",), entry))


def end_key(source: SourceFile, old: Placed, at: datetime) -> SourceFile:
    """Let a key sign up to `at` and no longer, unless it ends before that anyway."""
    if old.held.valid_until and old.held.valid_until <= at:
        return source
    return SourceFile(source.path, set_field(source.data, ("signing_keys", old.place, "valid_until"), at.isoformat()))


def withdraw_key(
    source: SourceFile, old: Placed, at: datetime, *, compromised_since: datetime | None = None, reason: str = ""
) -> SourceFile:
    """Withdraw a key from `at` on, and say since when somebody else may have had it.

    Raises FindingsError when that was said already: a withdrawal is not written anew, an earlier loss may be.
    """
    held = old.held
    known_since = held.compromised_since
    if compromised_since and known_since and known_since <= compromised_since:
        raise FindingsError(
            "the key {fingerprint} counts as lost since {known} already",
            "give an earlier time, or leave it as it is",
            fingerprint=held.key.fingerprint, known=known_since.isoformat(),
        )  # fmt: skip
    if held.revoked_at and not compromised_since:
        raise FindingsError(
            "the key {fingerprint} was withdrawn on {day} already", "servicebook key list {person}",
            fingerprint=held.key.fingerprint, day=f"{held.revoked_at:%Y-%m-%d}", person=held.person,
        )  # fmt: skip
    data = source.data
    where = ("signing_keys", old.place)
    if not held.revoked_at:
        data = set_field(data, (*where, "revoked_at"), at.isoformat())
    if compromised_since:
        data = set_field(data, (*where, "compromised_since"), compromised_since.isoformat())
    if reason:
        data = set_field(data, (*where, "reason"), reason)
    return SourceFile(source.path, data)


def choose_key(person: Facts, word: str, at: datetime, key: SigningKey | None = None) -> Placed:
    """Return the one key of a person that is meant: `key` itself, or by fingerprint, its beginning, or comment.

    Without a word: the only one that has not ended at `at`. Raises UsageError when none or several fit.
    """
    known = [Placed(place, held) for place, held in placed_keys(person)]
    if key or word:
        found = [item for item in known if item.held.key == key or (word and _is_meant(item.held, word))]
    else:
        found = [item for item in known if not _has_ended(item.held, at)]
    if len(found) == 1:
        return found[0]
    choices = ", ".join(_told(item.held) for item in found or known)
    if not known:
        raise UsageError("{person} has no key", "servicebook key add --person {person}", person=person.id)
    if found:
        raise UsageError("{person} has several keys: {choices}", "say which: its comment or fingerprint",
                         person=person.id, choices=choices)  # fmt: skip
    if not word and not key:
        raise UsageError("all keys of {person} have ended: {choices}", "servicebook key add --person {person}",
                         person=person.id, choices=choices)  # fmt: skip
    raise UsageError("{person} has no key `{word}`: {choices}", "say which: its comment or fingerprint",
                     person=person.id, word=word or (key.fingerprint if key else ""), choices=choices)  # fmt: skip


def _is_meant(held: HeldKey, word: str) -> bool:
    fingerprint = held.key.fingerprint
    short = word.removeprefix("SHA256:")
    return word == held.comment or (len(short) >= 4 and fingerprint.removeprefix("SHA256:").startswith(short))


def _has_ended(held: HeldKey, at: datetime) -> bool:
    ends: Sequence[datetime | None] = (held.valid_until, held.revoked_at, held.compromised_since)
    return any(end and end <= at for end in ends)


def _told(held: HeldKey) -> str:
    return f"{held.comment or '-'} ({held.key.fingerprint[:15]}…)"
