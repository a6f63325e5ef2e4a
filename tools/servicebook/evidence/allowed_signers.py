"""The list that ssh-keygen verifies with (ALLOWED SIGNERS in ssh-keygen(1)), made from people's records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from servicebook.evidence.held_keys import PURPOSES, HeldKey
from servicebook.evidence.public_keys import SigningKey

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Between these OpenSSH can tell the time."""

HEADER = """\
# Who may sign: made by Servicebook from the people's records, not kept by hand.
# ssh-keygen -Y verify -f THIS-FILE -I PERSON -n {namespace} -s FILE.sig < FILE
# From when to when a key may sign stands in UTC; OpenSSH 9.1 or later reads that.
"""


def render_allowed_signers(keys: Iterable[HeldKey], example: str = "servicebook-vote@v1") -> str:
    """Return the file's text: one line a key, by person.

    Left out and said in a comment: a key that may sign at no time, and one that two people claim.
    """
    keys = sorted(keys, key=lambda held: held.person)
    people: dict[SigningKey, set[str]] = {}
    for held in keys:
        people.setdefault(held.key, set()).add(held.person)
    lines = [_render_key(held, len(people[held.key]) > 1) for held in keys]
    return HEADER.format(namespace=example) + "".join(f"{line}\n" for line in lines)


def render_signer(principal: str, key: SigningKey, namespace: str) -> str:
    """Return a list of one key that may sign for one namespace at any time."""
    return f'{principal} namespaces="{namespace}" {key.line}\n'


def _render_key(held: HeldKey, is_shared: bool) -> str:
    if is_shared:
        return f"# {held.person} {held.key.fingerprint}: two people claim this key"
    names = dict.fromkeys(name for purpose in held.purposes for name in PURPOSES.get(purpose, ()))
    ends = [end for end in (held.valid_until, held.revoked_at, held.compromised_since) if end]
    # Ours end just before an instant, ssh-keygen's at it: both count whole seconds.
    last = min(ends) - timedelta(seconds=1) if ends else None
    start = held.valid_from if held.valid_from and held.valid_from > _FIRST else None
    is_empty = (last and last < (start or _FIRST)) or (start and start > _LAST)
    if not names or is_empty:
        return f"# {held.person} {held.key.fingerprint}: may sign at no time"
    options = [f'namespaces="{",".join(names)}"']
    options += [f'valid-after="{_utc(start)}"'] if start else []
    options += [f'valid-before="{_utc(last)}"'] if last else []
    return f"{held.person} {','.join(options)} {held.key.line} {_one_line(held.comment)}".rstrip()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")


def _one_line(comment: str) -> str:
    return "".join(character for character in comment if character.isprintable())
