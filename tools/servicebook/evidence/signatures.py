"""Does a signature fit these bytes, and whose key made it: SSH signatures, read and verified without ssh-keygen.

The form is OpenSSH's PROTOCOL.sshsig. Reading the envelope is ours, since no library that is looked after takes
all kinds of key; the arithmetic is the library `cryptography`, imported where it is needed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import NamedTuple

from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.public_keys import CURVES, TOKENS, SigningKey, parse_public_key, read_key
from servicebook.evidence.wire import Reader, WireError, pack_string

__all__ = ["SIGNATURE_LIMIT", "VOTE_NAMESPACE", "Envelope", "SigningKey", "parse_public_key", "read_signature",
           "verify_signature"]  # fmt: skip

VOTE_NAMESPACE = "servicebook-vote@v1"
"""What votes are signed for; a signature made for anything else, such as a commit, is no vote."""
SIGNATURE_LIMIT = 8192
"""Bytes of the largest signature that is read: one with an RSA key of 16384 bits takes 5900."""

_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG"
_HASHES = ("sha256", "sha512")
_RSA_HASHES = ("rsa-sha2-256", "rsa-sha2-512")
_ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


class Envelope(NamedTuple):
    """A signature taken apart: key, namespace, what the message is hashed with, algorithm, the signature's bytes.

    token: of a key in a security token its flags and counter (5 bytes), which are signed with the message.
    """

    key: SigningKey
    namespace: str
    hash: str
    algorithm: str
    value: bytes
    token: bytes = b""

    @property
    def arithmetic(self) -> str:
        """The kind of key whose arithmetic the signature's has."""
        return TOKENS.get(self.key.kind, self.key.kind)

    def signed_bytes(self, message: bytes) -> bytes:
        """Return the bytes that were really signed: a preamble and the message's hash."""
        digest = hashlib.new(self.hash, message).digest()
        parts = (self.namespace.encode("ascii"), b"", self.hash.encode("ascii"), digest)
        signed = _MAGIC + b"".join(map(pack_string, parts))
        if not self.token:
            return signed
        # A token signs hashes only: of the application, then flags and counter, then of the message (PROTOCOL.u2f).
        application = _parts_of(self.key)[1]
        return hashlib.sha256(application).digest() + self.token + hashlib.sha256(signed).digest()


def verify_signature(message: bytes, armored: bytes, namespace: str) -> SigningKey | SignatureFault:
    """Return the key that signed `message` for `namespace`, or why the signature does not hold.

    Whose key that is, and whether it might sign at the time, is not asked here: see `held_keys`. Where the library
    is missing ssh-keygen is asked; CannotDecideError where that is missing too.
    """
    envelope = read_signature(armored, namespace)
    if isinstance(envelope, SignatureFault):
        return envelope
    try:
        import cryptography.exceptions  # noqa: F401 - whether it is there
    except ImportError:  # a machine for which it was not built: ssh-keygen can do the same
        from servicebook.evidence.ssh_keygen import verify_with_keygen

        return verify_with_keygen(message, armored, namespace)
    return envelope.key if _fits(envelope, envelope.signed_bytes(message)) else SignatureFault("mismatch")


def read_signature(armored: bytes, namespace: str) -> Envelope | SignatureFault:
    """Return the parts of a signature made for `namespace`, or why they cannot be read or are not accepted.

    Everything that can be refused without arithmetic is refused here, so that verifying with the library and
    with ssh-keygen starts from the same bytes.
    """
    data = _dearmored(armored)
    if isinstance(data, SignatureFault):
        return data
    try:
        return _read_envelope(Reader(data), namespace)
    except WireError as error:
        return SignatureFault("damaged", str(error))


def _dearmored(armored: bytes) -> bytes | SignatureFault:
    """Return the bytes inside the armor: its two lines and base64 between them, nothing before or behind."""
    if not armored.strip():
        return SignatureFault("empty")
    if len(armored) > SIGNATURE_LIMIT:
        return SignatureFault("too_large", str(SIGNATURE_LIMIT))
    lines = armored.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
    if lines[0] != _BEGIN:
        return SignatureFault("armor", f"its first line is not {_BEGIN.decode()}")
    if lines[-1] != _END:
        return SignatureFault("armor", f"its last line is not {_END.decode()}")
    text = b"".join(lines[1:-1])
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return SignatureFault("armor", "its lines are not base64")
    return data if base64.b64encode(data) == text else SignatureFault("armor", "its lines are not base64")


def _read_envelope(reader: Reader, namespace: str) -> Envelope | SignatureFault:
    if reader.take(len(_MAGIC), "the preamble") != _MAGIC:
        return SignatureFault("damaged", "the preamble")
    version = reader.number("the version")
    if version != 1:
        return SignatureFault("version", str(version))
    key = read_key(reader.string("the key"))
    made_for = reader.text("the namespace")
    reserved = reader.string("the reserved field")
    hashed = reader.text("the hash")
    value = reader.string("the signature")
    reader.end("the signature")
    if not isinstance(key, SigningKey):
        return SignatureFault("key", key.sentence)
    if made_for != namespace:
        return SignatureFault("namespace", made_for)
    if reserved:
        return SignatureFault("damaged", "the reserved field")
    if hashed not in _HASHES:
        return SignatureFault("algorithm", hashed)
    return _read_value(Envelope(key, made_for, hashed, "", b""), Reader(value))


def _read_value(envelope: Envelope, reader: Reader) -> Envelope | SignatureFault:
    """Return the envelope with algorithm and value, both as the kind of key demands."""
    algorithm = reader.text("the algorithm")
    value = reader.string("the signature's value")
    token = reader.take(5, "flags and counter") if algorithm in TOKENS else b""
    reader.end("the signature's value")
    if algorithm not in (_RSA_HASHES if envelope.key.kind == "ssh-rsa" else (envelope.key.kind,)):
        return SignatureFault("algorithm", algorithm)
    kind = envelope.arithmetic
    if kind == "ssh-ed25519" and (len(value) != 64 or int.from_bytes(value[32:], "little") >= _ED25519_ORDER):
        return SignatureFault("damaged", "the signature's value")
    if kind in CURVES:
        inner = Reader(value)
        inner.integer("r")
        inner.integer("s")
        inner.end("s")
    return envelope._replace(algorithm=algorithm, value=value, token=token)


def _parts_of(key: SigningKey) -> tuple[bytes, bytes]:
    """Return the point of an elliptic key, and the application of one in a token."""
    reader = Reader(key.blob)
    kind = reader.text("the kind of key")
    if TOKENS.get(kind, kind) in CURVES:
        reader.text("the curve")
    point = reader.string("the point")
    return point, reader.string("the application") if kind in TOKENS else b""


def _fits(envelope: Envelope, signed: bytes) -> bool:
    """Whether the arithmetic holds."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        if envelope.arithmetic == "ssh-ed25519":
            _check_ed25519(envelope, signed)
        elif envelope.key.kind == "ssh-rsa":
            _check_rsa(envelope, signed)
        else:
            _check_ecdsa(envelope, signed)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):  # ValueError: a point that is not on its curve
        return False
    return True


def _check_ed25519(envelope: Envelope, signed: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    Ed25519PublicKey.from_public_bytes(_parts_of(envelope.key)[0]).verify(envelope.value, signed)


def _check_rsa(envelope: Envelope, signed: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    reader = Reader(envelope.key.blob)
    reader.text("the kind of key")
    exponent, modulus = reader.integer("the exponent"), reader.integer("the modulus")
    # RFC 8332, 3: a value may come without its leading zeros.
    value = envelope.value.rjust((modulus.bit_length() + 7) // 8, b"\0")
    hashed: hashes.HashAlgorithm = hashes.SHA256() if envelope.algorithm == _RSA_HASHES[0] else hashes.SHA512()
    rsa.RSAPublicNumbers(exponent, modulus).public_key().verify(value, signed, padding.PKCS1v15(), hashed)


def _check_ecdsa(envelope: Envelope, signed: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    bits = CURVES[envelope.arithmetic]
    curves = {256: ec.SECP256R1(), 384: ec.SECP384R1(), 521: ec.SECP521R1()}
    hashed = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
    reader = Reader(envelope.value)
    value = encode_dss_signature(reader.integer("r"), reader.integer("s"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(curves[bits], _parts_of(envelope.key)[0])
    point.verify(value, signed, ec.ECDSA(hashed[bits]))
