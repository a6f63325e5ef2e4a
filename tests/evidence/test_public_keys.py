"""Which lines are keys: one form each, and none that is too weak to prove anything."""

from __future__ import annotations

import base64

import pytest

from servicebook.evidence.faults import KeyFault
from servicebook.evidence.public_keys import _SMALL_ORDER, SigningKey, comment_of, describe_key, parse_public_key
from servicebook.evidence.wire import pack_string

from .conftest import MadeKey
from .test_wire import mpint


def line(kind: str, *parts: bytes, named: str = "") -> str:
    blob = b"".join((pack_string(kind.encode()), *parts))
    return f"{named or kind} {base64.b64encode(blob).decode()} somebody@somewhere"


def point(data: bytes) -> str:
    return line("ssh-ed25519", pack_string(data))


def rsa(exponent: int, bits: int, odd: int = 1) -> str:
    return line("ssh-rsa", mpint(exponent), mpint((1 << bits - 1) | odd))


def ecdsa(data: bytes, curve: bytes = b"nistp256") -> str:
    return line("ecdsa-sha2-nistp256", pack_string(curve), pack_string(data))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_a_line"),
        ("ssh-ed25519", "not_a_line"),
        (f"{point(b'x' * 32)}\n{point(b'y' * 32)}", "not_a_line"),
        ("li.wei's laptop", "not_a_line"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "private"),
        ("ssh-rsa " + "A" * 5000, "too_long"),
        ("ssh-dss AAAA", "unknown_kind"),
        ("sk-ssh-ed25519@openssh.com AAAA", "damaged"),
        ("sk-ssh-ed25519-cert-v01@openssh.com AAAA", "unknown_kind"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "unknown_kind"),
        (line("ssh-dss", named="ssh-ed25519"), "unknown_kind"),
        (point(b"x" * 32).replace("ssh-ed25519", "ssh-rsa"), "damaged"),
        (point(b"x" * 31), "damaged"),
        (point(b"x" * 33), "damaged"),
        (line("ssh-ed25519", pack_string(b"x" * 32), b"\0"), "damaged"),
        ("ssh-ed25519 AAAA$", "damaged"),
        ("ssh-ed25519 密钥", "damaged"),
        (rsa(65537, 2047), "weak"),
        (rsa(65537, 16385), "odd"),
        (rsa(1, 2048), "odd"),
        (rsa(2, 2048), "odd"),
        (rsa((1 << 65) | 1, 2048), "odd"),
        (rsa(65537, 2048, odd=0), "odd"),
        (line("ssh-rsa", mpint(65537), pack_string(b"\0" + (1 << 2047).to_bytes(256, "big"))), "odd"),
        (ecdsa(b"\x04" + b"x" * 64, b"nistp384"), "damaged"),
        (ecdsa(b"\x02" + b"x" * 32), "damaged"),
        (ecdsa(b"\x03" + b"x" * 64), "damaged"),
        (ecdsa(b"\x04" + b"x" * 63), "damaged"),
    ],
)
def test_what_is_no_key_that_may_sign(text: str, reason: str) -> None:
    fault = parse_public_key(text)
    assert isinstance(fault, KeyFault), fault
    assert (fault.reason, "{" in fault.sentence) == (reason, False)
    assert describe_key(text) == text


@pytest.mark.parametrize("text", [point(b"x" * 32), rsa(3, 2048), rsa(65537, 4096), ecdsa(b"\x04" + b"x" * 64)])
def test_what_may_sign(text: str) -> None:
    key = parse_public_key(f"  {text} \n")
    assert isinstance(key, SigningKey)
    assert text.startswith(key.line)
    assert comment_of(text) == "somebody@somewhere"
    assert describe_key(text) == f"{key.kind.removeprefix('ssh-')} {key.fingerprint} somebody@somewhere"


def test_points_of_small_order_are_refused_with_either_sign(keys: dict[str, MadeKey]) -> None:
    """Each is a multiple of one of the eight points whose eighth multiple is nothing (RFC 7748, section 7)."""
    prime = 2**255 - 19
    for data in _SMALL_ORDER:
        for sign in (0, 0x80):
            fault = parse_public_key(point(bytes((*data[:31], data[31] | sign))))
            assert fault == KeyFault("weak", "small order")
        assert _is_small(int.from_bytes(data, "little") % prime, prime)
    assert len(set(_SMALL_ORDER)) == 7


def _is_small(y: int, prime: int) -> bool:
    """Whether a point with this y (x taken from the curve's equation) doubles to the neutral one in three steps."""
    d = -121665 * pow(121666, -1, prime) % prime
    for _ in range(3):
        if y == 1:
            return True
        # Doubling on the curve, by y alone: x*x is (y*y - 1) / (d*y*y + 1).
        square = y * y % prime
        x_square = (square - 1) * pow(d * square + 1, -1, prime) % prime
        y = (square + x_square) * pow(1 - d * x_square * square, -1, prime) % prime
    return y == 1
