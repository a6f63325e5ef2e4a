"""What a public key is: one line of text, read strictly, told by its fingerprint.

Nothing here needs the library `cryptography`, so that rules can judge keys on the hook's path.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import NamedTuple

from servicebook.evidence.faults import KeyFault
from servicebook.evidence.wire import Reader, WireError

MINIMUM_RSA_BITS = 2048
"""Shorter RSA keys are refused (NIST SP 800-57 part 1, table 2: 112 bits of strength)."""
MAXIMUM_RSA_BITS = 16384
"""OpenSSH has none longer."""
KEY_LINE_LIMIT = 4096
"""Characters of the longest line that is read: an RSA key of 16384 bits takes 2800."""

CURVES = {"ecdsa-sha2-nistp256": 256, "ecdsa-sha2-nistp384": 384, "ecdsa-sha2-nistp521": 521}
"""Kinds of ECDSA key (RFC 5656) and the bits of their curve."""
TOKENS = {"sk-ssh-ed25519@openssh.com": "ssh-ed25519", "sk-ecdsa-sha2-nistp256@openssh.com": "ecdsa-sha2-nistp256"}
"""Kinds of key in a security token (FIDO; OpenSSH's PROTOCOL.u2f), and the kind whose arithmetic each has."""
KINDS = ("ssh-ed25519", *CURVES, "ssh-rsa", *TOKENS)
"""The kinds of key that may sign; `ssh-rsa` names the key, its signatures are made with SHA-2."""

_ANY_KIND = re.compile(r"(?:sk-)?(?:ssh|ecdsa|x509v3|pgp)-[a-z0-9.@-]+")
"""What a kind of key looks like, also one that is not accepted."""

_SMALL_ORDER = tuple(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""Points of Ed25519, sign bit aside, under which a signature can be made that fits any message (RFC 7748, 7)."""


class SigningKey(NamedTuple):
    """A public key: its kind, such as `ssh-ed25519`, and its bytes in SSH's own form (which hold the kind again).

    Two keys are the same key when both are equal; comments are no part of it.
    """

    kind: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """The key as people compare it: `SHA256:` and 43 characters, as `ssh-keygen -lf` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode("ascii").rstrip("=")

    @property
    def line(self) -> str:
        """The key as one line of text, without a comment."""
        return f"{self.kind} {base64.b64encode(self.blob).decode('ascii')}"


def key_digest(key: SigningKey) -> str:
    """Return a key's digest as votes name what they are about: `sha256:` and its fingerprint in 64 hex digits."""
    return f"sha256:{hashlib.sha256(key.blob).hexdigest()}"


def parse_public_key(line: str) -> SigningKey | KeyFault:
    """Return the key of a line `KIND BASE64 [COMMENT]`, as it stands in a `.pub` file; else what is wrong with it."""
    if len(line) > KEY_LINE_LIMIT:
        return KeyFault("too_long", str(KEY_LINE_LIMIT))
    if "PRIVATE KEY" in line:
        return KeyFault("private")
    words = line.split(None, 2)
    if len(words) < 2 or len(line.splitlines()) != 1:
        return KeyFault("not_a_line")
    kind, text = words[0], words[1]
    if kind not in KINDS:
        return KeyFault("unknown_kind", kind) if _ANY_KIND.fullmatch(kind) else KeyFault("not_a_line")
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return KeyFault("damaged", "base64")
    if base64.b64encode(blob).decode("ascii") != text:
        return KeyFault("damaged", "base64")
    key = read_key(blob)
    if isinstance(key, SigningKey) and key.kind != kind:
        return KeyFault("damaged", f"{kind} holds {key.kind}")
    return key


def comment_of(line: str) -> str:
    """Return what stands behind a key in its line, such as `li.wei@laptop`."""
    words = line.split(None, 2)
    return words[2].strip() if len(words) == 3 else ""


def describe_key(line: str) -> str:
    """Return a key as people tell it: kind, fingerprint, comment; a line that is no key as it stands."""
    key = parse_public_key(line)
    if isinstance(key, KeyFault):
        return line
    return f"{key.kind.removeprefix('ssh-')} {key.fingerprint} {comment_of(line)}".rstrip()


def read_key(blob: bytes) -> SigningKey | KeyFault:
    """Return the key whose bytes in SSH's form (RFC 4253, 6.6; RFC 5656; RFC 8709) these are; else the fault."""
    try:
        reader = Reader(blob)
        kind = reader.text("the kind of key")
        if kind not in KINDS:
            return KeyFault("unknown_kind", kind)
        fault = _read_rest(kind, reader)
        reader.end("the key")
    except WireError as error:
        return KeyFault("damaged", str(error))
    return fault or SigningKey(kind, blob)


def _read_rest(kind: str, reader: Reader) -> KeyFault | None:
    if kind in TOKENS:
        fault = _read_rest(TOKENS[kind], reader)
        reader.text("the application")
        return fault
    if kind == "ssh-ed25519":
        return _judge_point(reader.string("the point"))
    if kind == "ssh-rsa":
        return _judge_rsa(reader.integer("the exponent"), reader.integer("the modulus"))
    if reader.text("the curve") != kind.removeprefix("ecdsa-sha2-"):
        return KeyFault("damaged", "another curve than the kind says")
    point = reader.string("the point")
    if len(point) != 1 + 2 * ((CURVES[kind] + 7) // 8) or point[0] != 4:
        return KeyFault("damaged", "the point")
    return None


def _judge_point(point: bytes) -> KeyFault | None:
    if len(point) != 32:
        return KeyFault("damaged", "the point")
    if bytes((*point[:31], point[31] & 0x7F)) in _SMALL_ORDER:
        return KeyFault("weak", "small order")
    return None


def _judge_rsa(exponent: int, modulus: int) -> KeyFault | None:
    bits = modulus.bit_length()
    if bits < MINIMUM_RSA_BITS:
        return KeyFault("weak", f"RSA, {bits} bits")
    if bits > MAXIMUM_RSA_BITS:
        return KeyFault("odd", f"RSA, {bits} bits")
    if exponent < 3 or not exponent & 1 or exponent.bit_length() > 64:
        return KeyFault("odd", "RSA, exponent")
    if not modulus & 1:
        return KeyFault("odd", "RSA, modulus")
    return None
