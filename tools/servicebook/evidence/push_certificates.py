"""Who signed a push, and which branches that person meant to move where: what `git push --signed` sends along.

The form is Git's own ("push certificate" in gitprotocol-pack(5)); SSH signatures only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.held_keys import HeldKey, holder_of, key_standing
from servicebook.evidence.public_keys import SigningKey
from servicebook.evidence.signatures import verify_signature
from servicebook.store.pushed import RefUpdate

GIT_NAMESPACE = "git"
"""What Git signs commits, tags and pushes for."""

_BEGIN = b"-----BEGIN "


class PushCertificate(NamedTuple):
    """What a pusher signed.

    pusher: who they say they are, and when. pushee: which server they meant. nonce: the server's word, so that a
    certificate cannot be used again. signed_by: the key that made the signature, or why it does not hold.
    """

    pusher: str
    pushee: str
    nonce: str
    updates: tuple[RefUpdate, ...]
    signed_by: SigningKey | SignatureFault


def parse_certificate(data: bytes) -> PushCertificate | None:
    """Return what a certificate says and who signed it; None for what is no certificate at all.

    What it says is only worth something when `signed_by` is a key.
    """
    place = data.find(_BEGIN)
    payload, armored = (data[:place], data[place:]) if place >= 0 else (data, b"")
    head, blank, body = payload.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    if not blank or not lines[0].startswith("certificate version "):
        return None
    fields = dict(line.split(" ", 1) for line in lines if " " in line)
    updates = []
    for line in body.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n"):
        old, _, rest = line.partition(" ")
        new, _, ref = rest.partition(" ")
        if not ref:
            return None
        updates.append(RefUpdate(ref, old, new))
    signed_by = verify_signature(payload, armored, GIT_NAMESPACE)
    return PushCertificate(
        fields.get("pusher", ""), fields.get("pushee", ""), fields.get("nonce", ""), tuple(updates), signed_by
    )


class Pusher(NamedTuple):
    """What a certificate proves about who pushed.

    status: `valid`, `unsigned`, or why it proves nothing: a reason of SIGNATURE_FAULTS, a standing of a key that may
    not sign, `unknown` for a key of nobody, `nonce` for a certificate of another push.
    """

    status: str
    person: str = ""
    key: str = ""


def pusher_of(data: bytes, nonce: str, people: Sequence[HeldKey], at: datetime) -> Pusher:
    """Return who signed a push, by the keys of people's records as they were before it.

    nonce: what Git says of the certificate's nonce (GIT_PUSH_CERT_NONCE_STATUS).
    """
    if not data:
        return Pusher("unsigned")
    certificate = parse_certificate(data)
    if certificate is None:
        return Pusher("damaged")
    key = certificate.signed_by
    if isinstance(key, SignatureFault):
        return Pusher(key.reason)
    person = holder_of(people, key)
    if not person:
        return Pusher("unknown", "", key.fingerprint)
    standing = key_standing((held for held in people if held.person == person), key, at, GIT_NAMESPACE)
    if standing == "valid" and nonce not in ("OK", "SLOP"):
        return Pusher("nonce", person, key.fingerprint)
    return Pusher(standing, person, key.fingerprint)
