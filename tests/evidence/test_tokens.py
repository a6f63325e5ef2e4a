"""Signatures of keys in security tokens (FIDO), made here as a token makes them: the library and ssh-keygen agree."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.public_keys import SigningKey, parse_public_key
from servicebook.evidence.signatures import verify_signature
from servicebook.evidence.ssh_keygen import verify_with_keygen
from servicebook.evidence.wire import pack_string

NAMESPACE = "servicebook-vote@v1"
ED25519, ECDSA = "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"
TOUCHED, UNTOUCHED = b"\x01", b"\x00"


def _mpint(number: int) -> bytes:
    data = number.to_bytes((number.bit_length() + 8) // 8, "big")
    return pack_string(data if number else b"")


class Token:
    """What a token does with an application's key, by OpenSSH's PROTOCOL.u2f."""

    def __init__(self, kind: str, application: bytes = b"ssh:") -> None:
        self.kind, self.application = kind, application
        named = pack_string(kind.encode())
        if kind == ED25519:
            self._ed = ed25519.Ed25519PrivateKey.generate()
            raw = self._ed.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            self.blob = named + pack_string(raw) + pack_string(application)
            return
        self._ec = ec.generate_private_key(ec.SECP256R1())
        raw = self._ec.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.blob = named + pack_string(b"nistp256") + pack_string(raw) + pack_string(application)

    @property
    def line(self) -> str:
        return f"{self.kind} {base64.b64encode(self.blob).decode()} li.wei@token"

    def _sign(self, data: bytes) -> bytes:
        if self.kind == ED25519:
            return self._ed.sign(data)
        r, s = decode_dss_signature(self._ec.sign(data, ec.ECDSA(hashes.SHA256())))
        return _mpint(r) + _mpint(s)

    def sign(
        self,
        message: bytes,
        flags: bytes = TOUCHED,
        counter: int = 7,
        told: tuple[bytes, int] | None = None,
        tail: bytes = b"",
        application: bytes | None = None,
    ) -> bytes:
        """Return an armored signature; `told` are other flags and another counter than those that were signed."""
        head = (NAMESPACE.encode(), b"", b"sha512", hashlib.sha512(message).digest())
        signed = b"SSHSIG" + b"".join(map(pack_string, head))
        asked = hashlib.sha256(self.application if application is None else application).digest()
        value = self._sign(asked + flags + counter.to_bytes(4, "big") + hashlib.sha256(signed).digest())
        said = told or (flags, counter)
        inner = pack_string(self.kind.encode()) + pack_string(value) + said[0] + said[1].to_bytes(4, "big") + tail
        parts = (self.blob, NAMESPACE.encode(), b"", b"sha512", inner)
        data = base64.b64encode(b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(pack_string, parts))).decode()
        lines = "\n".join(data[start : start + 70] for start in range(0, len(data), 70))
        return f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n".encode()


def both(message: bytes, armored: bytes) -> list[SigningKey | SignatureFault]:
    return [verify(message, armored, NAMESPACE) for verify in (verify_signature, verify_with_keygen)]


@pytest.mark.parametrize("kind", [ED25519, ECDSA])
@pytest.mark.parametrize("flags", [TOUCHED, UNTOUCHED, b"\x05"])
@pytest.mark.parametrize("application", [b"ssh:", b"ssh:votes"])
def test_what_a_token_signs_holds(kind: str, flags: bytes, application: bytes) -> None:
    token = Token(kind, application)
    key = parse_public_key(token.line)
    assert isinstance(key, SigningKey) and key.kind == kind
    assert both(b"approve\n", token.sign(b"approve\n", flags, counter=2**32 - 1)) == [key, key]


BENT: dict[str, Callable[[Token], bytes]] = {
    "another message": lambda token: token.sign(b"reject\n"),
    "flags that were not signed": lambda token: token.sign(b"approve\n", UNTOUCHED, told=(TOUCHED, 7)),
    "a counter that was not signed": lambda token: token.sign(b"approve\n", told=(TOUCHED, 8)),
    "another application": lambda token: token.sign(b"approve\n", application=b"ssh:other"),
    "bytes behind the counter": lambda token: token.sign(b"approve\n", tail=b"\0"),
}


@pytest.mark.parametrize("kind", [ED25519, ECDSA])
@pytest.mark.parametrize("what", BENT)
def test_what_is_bent_does_not(kind: str, what: str) -> None:
    found = both(b"approve\n", BENT[what](Token(kind)))
    assert all(isinstance(one, SignatureFault) for one in found), found
    assert found[0] == found[1]


def test_a_key_of_a_token_without_its_application_is_damaged() -> None:
    token = Token(ED25519)
    cut = token.blob[: -4 - len(token.application)]
    fault = parse_public_key(f"{ED25519} {base64.b64encode(cut).decode()}")
    assert not isinstance(fault, SigningKey) and fault.reason == "damaged"
