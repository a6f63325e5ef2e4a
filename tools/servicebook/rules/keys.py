"""Can the keys that people sign with be used, is each one person's, and does none come back once withdrawn?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.rules.reading import is_broken, sound_facts
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.edits import Edit
    from servicebook.store.snapshot import Snapshot

UNREADABLE = {
    "not_a_line": "not one line as in a .pub file",
    "private": "a private key",
    "too_long": "longer than any key",
    "damaged": "damaged",
}
"""What a key is that cannot be read, by the reason that the parser gives."""

WITHDRAWN = ("revoked_at", "compromised_since")
"""Fields of a key that say that it is not to be trusted any more."""


@rule(
    "REC271",
    "key-unreadable",
    scope="file",
    message="`public_key` is {fault}: {key}",
    hint="copy the whole line out of the .pub file | `servicebook key add` writes it",
    kinds=("person",),
)
def key_unreadable(loaded: Loaded) -> Iterator[Diagnostic]:
    """A signing key that is not the one line of a .pub file.

    Why: what the person signs with it counts for nothing, and that shows only when the vote is needed. A private
    key in a repository is everybody's: it is spent, and must be replaced.

    Example:
        - {public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5}

    Instead:
        - {public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHr4OPzdRKsKUUtBb6HCyOlhGkFLBLxsWPoQfaWgZ3w li.wei@laptop}
    """
    for facts, place, line, fault in _faults(loaded):
        if fault.reason in UNREADABLE:
            shown = line if len(line) <= 40 else f"{line[:40]}…"
            where = ("signing_keys", place, "public_key")
            yield key_unreadable.at(facts.path, where, fault=UNREADABLE[fault.reason], key=shown)


@rule(
    "REC272",
    "key-too-weak",
    scope="file",
    message="the key is {kind}; due was ed25519, ecdsa, or RSA from 2048 bits up",
    hint="make another: ssh-keygen -t ed25519, then `servicebook key add`",
    kinds=("person",),
)
def key_too_weak(loaded: Loaded) -> Iterator[Diagnostic]:
    """A signing key of a kind or length that is not accepted: DSA, short RSA, a kind that nobody here can verify.

    Why: an approval must still prove something in ten years; RSA below 2048 bits and SHA-1 do not even now.

    Example:
        - {public_key: ssh-dss AAAAB3NzaC1kc3MAAACBAJ... old@desktop}

    Instead:
        - {public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHr4OPzdRKsKUUtBb6HCyOlhGkFLBLxsWPoQfaWgZ3w li.wei@laptop}
    """
    for facts, place, _, fault in _faults(loaded):
        if fault.reason not in UNREADABLE:
            yield key_too_weak.at(facts.path, ("signing_keys", place, "public_key"), kind=fault.detail)


def _faults(loaded: Loaded) -> Iterator[tuple[Facts, int, str, Any]]:
    """Yield what is wrong with the keys of a person's record: the record, the place, the line, the fault."""
    facts = sound_facts(loaded)
    entries = facts.get("signing_keys", default=()) if facts and facts.kind == "person" else ()
    if not facts or not entries:
        return
    from servicebook.evidence.public_keys import SigningKey, parse_public_key

    for place, entry in enumerate(entries):
        key = parse_public_key(entry["public_key"])
        if not isinstance(key, SigningKey):
            yield facts, place, entry["public_key"], key


@rule(
    "DSK821",
    "key-of-two-people",
    scope="desk",
    message="this key stands with `{other}` as well",
    hint="leave it with the one who holds it; the other makes one: ssh-keygen -t ed25519, then `servicebook key add`",
    kinds=("person",),
)
def key_of_two_people(desk: Snapshot) -> Iterator[Diagnostic]:
    """One signing key on two people.

    Why: a board counts people, and a key that two of them share would let one vote for both. Such a key counts
    for neither.

    Example:
        li.wei:   signing_keys: [{public_key: ssh-ed25519 AAAA...Z3w li.wei@laptop}]
        zhao.min: signing_keys: [{public_key: ssh-ed25519 AAAA...Z3w office}]

    Instead:
        li.wei:   signing_keys: [{public_key: ssh-ed25519 AAAA...Z3w li.wei@laptop}]
        zhao.min: signing_keys: [{public_key: ssh-ed25519 AAAA...x9Q zhao.min@laptop}]
    """
    first: dict[str, Facts] = {}
    for facts in desk.of_kind("person"):
        for place, entry in enumerate(facts.get("signing_keys", default=())):
            other = first.setdefault(_body(entry), facts)
            if other.path != facts.path:
                yield key_of_two_people.at(facts.path, ("signing_keys", place, "public_key"), other=other.id)


def _body(entry: dict[str, Any]) -> str:
    """Return what makes a key itself: its base64; kind and comment are but names."""
    words = str(entry.get("public_key", "")).split(None, 2)
    return words[1] if len(words) > 1 else ""


@rule(
    "WFL471",
    "key-removed",
    scope="edit",
    message="the key {key} is gone from `{person}`",
    hint="put it back: git checkout HEAD -- {path} | `servicebook key revoke` ends it and leaves it readable",
    kinds=("person",),
)
def key_removed(edit: Edit) -> Iterator[Diagnostic]:
    """A signing key that stood with a person and does not any more.

    Why: what it signed can still be proven only while it stands here, with the time it was good for.

    Example:
        the line of the old laptop's key deleted

    Instead:
        - {public_key: ssh-ed25519 AAAA...Z3w li.wei@laptop, revoked_at: 2026-11-20T09:00:00+08:00, reason: lost}
    """
    before = edit.before
    if before is None or is_broken(before) or not before.get("signing_keys"):
        return
    after = None if edit.gone else edit.after
    if not edit.gone and (after is None or is_broken(after)):
        return
    kept = {_body(entry) for entry in after.get("signing_keys", default=())} if after else set()
    for entry in before.get("signing_keys"):
        if _body(entry) not in kept:
            path = after.path if after else before.path
            where = ("signing_keys",) if after and after.get("signing_keys") else ()
            yield key_removed.at(path, where, key=_shown(entry), person=before.id, path=before.path)


@rule(
    "WFL472",
    "withdrawal-of-key-lifted",
    scope="edit",
    message="`{field}` of the key {key} was {old} and is {new} now",
    hint="restore it: `git diff` shows it | a person with a new key: `servicebook key add`",
    kinds=("person",),
)
def withdrawal_of_key_lifted(edit: Edit) -> Iterator[Diagnostic]:
    """A key that was withdrawn and is to be trusted again, or for longer.

    Why: whoever stole a key would do just that. A key that was given up stays given up; an earlier date is
    welcome, when it turns out that the loss was earlier.

    Example:
        compromised_since: 2026-11-18T00:00:00+08:00   taken out

    Instead:
        leave it, and let the person add a new key
    """
    before, after = edit.before, edit.after
    if before is None or after is None or is_broken(before) or not before.get("signing_keys"):
        return
    now = [(_body(entry), place, entry) for place, entry in enumerate(after.get("signing_keys", default=()))]
    for old in before.get("signing_keys"):
        for field in WITHDRAWN:
            was = parse_instant(old.get(field))
            same = [(place, entry) for body, place, entry in now if was and body == _body(old)]
            if same and was and not any(_is_as_early(entry.get(field), was) for _, entry in same):
                place, entry = same[0]
                where: KeyPath = ("signing_keys", place, field) if field in entry else ("signing_keys", place)
                params = {"key": _shown(old), "old": old[field], "new": entry.get(field, "-")}
                yield withdrawal_of_key_lifted.at(after.path, where, field=field, **params)


def _is_as_early(value: Any, was: Any) -> bool:
    instant = parse_instant(value)
    return instant is not None and instant <= was


def _shown(entry: dict[str, Any]) -> str:
    """Return a key as people tell it apart: by its comment, else by the end of its text."""
    words = str(entry.get("public_key", "")).split(None, 2)
    return str(entry.get("comment") or (words[2] if len(words) > 2 else f"…{_body(entry)[-8:]}"))


RULES: tuple[Rule, ...] = (key_unreadable, key_too_weak, key_of_two_people, key_removed, withdrawal_of_key_lifted)
