"""Signatures of every kind of key: what ssh-keygen makes is taken, and what was tampered with is not, by either."""

from __future__ import annotations

import base64
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_ssh_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.evidence.faults import SIGNATURE_FAULTS, KeyFault, SignatureFault
from servicebook.evidence.public_keys import parse_public_key
from servicebook.evidence.signatures import SIGNATURE_LIMIT, VOTE_NAMESPACE, Envelope, read_signature, verify_signature
from servicebook.evidence.ssh_keygen import verify_with_keygen
from servicebook.evidence.wire import pack_string

from .conftest import KINDS, MadeKey, make_key

MESSAGE = "第七频道转码器改用新编码参数 · change CHG-20260401-3ABC\n".encode()
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))

every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
@pytest.mark.parametrize("hashed", ["sha512", "sha256"])
def test_what_ssh_keygen_makes_is_taken(keys: dict[str, MadeKey], kind: str, hashed: str) -> None:
    made = keys[kind].sign(MESSAGE, VOTE_NAMESPACE, "-O", f"hashalg={hashed}")
    assert verify_signature(MESSAGE, made, VOTE_NAMESPACE) == keys[kind].public
    assert verify_with_keygen(MESSAGE, made, VOTE_NAMESPACE) == keys[kind].public


@every_kind
def test_a_fingerprint_is_that_of_ssh_keygen(keys: dict[str, MadeKey], kind: str) -> None:
    said = subprocess.run(["ssh-keygen", "-lf", f"{keys[kind].file}.pub"], capture_output=True, text=True, check=True)
    assert said.stdout.split()[1] == keys[kind].public.fingerprint
    assert keys[kind].line.startswith(keys[kind].public.line + " ")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vectors(vector: dict[str, str]) -> None:
    message, signature = base64.b64decode(vector["message"]), vector["signature"].encode()
    due = vector["result"]
    for verify in (verify_signature, verify_with_keygen):
        got = verify(message, signature, vector["namespace"])
        if isinstance(got, SignatureFault):
            assert got.reason == due
        else:
            assert got == parse_public_key(vector["key"])
            assert due == "good"


@every_kind
def test_no_mutation_of_a_byte_passes(keys: dict[str, MadeKey], kind: str) -> None:
    """Every byte inside the signature is changed; key and namespace stand in it too."""
    data = _inside(keys[kind].sign(MESSAGE, VOTE_NAMESPACE))
    dice = random.Random(kind)
    for place in range(len(data)):
        mutated = _armored(_changed(data, place, dice))
        assert isinstance(verify_signature(MESSAGE, mutated, VOTE_NAMESPACE), SignatureFault), place


def mutations(made: MadeKey, dice: random.Random, count: int) -> Iterator[tuple[str, bytes, bytes, str]]:
    """Yield what was done, message, signature and namespace, each with one thing about them changed."""
    signature, data = made.sign(MESSAGE, VOTE_NAMESPACE), _inside(made.sign(MESSAGE, VOTE_NAMESPACE))
    key, name = data.index(made.public.blob), data.index(VOTE_NAMESPACE.encode())
    keys = range(key, key + len(made.public.blob))
    for number in range(count):
        place, in_key = dice.randrange(len(data)), dice.choice(keys)
        longer = data[:place] + bytes([dice.randrange(256)]) + data[place:]
        namespace = _changed(VOTE_NAMESPACE.encode(), dice.randrange(len(VOTE_NAMESPACE)), dice, printable=True)
        at = dice.randrange(len(MESSAGE))
        yield from (
            ("a byte", MESSAGE, _armored(_changed(data, place, dice)), VOTE_NAMESPACE),
            ("a byte of the key", MESSAGE, _armored(_changed(data, in_key, dice)), VOTE_NAMESPACE),
            ("a byte more", MESSAGE, _armored(longer), VOTE_NAMESPACE),
            ("a byte less", MESSAGE, _armored(data[:place] + data[place + 1 :]), VOTE_NAMESPACE),
            ("cut off", MESSAGE, _armored(data[:place]), VOTE_NAMESPACE),
            ("the message", _changed(MESSAGE, at, dice), signature, VOTE_NAMESPACE),
            ("a message cut off", MESSAGE[:at], signature, VOTE_NAMESPACE),
            ("the namespace asked for", MESSAGE, signature, namespace.decode()),
            (
                "both namespaces",
                MESSAGE,
                _armored(data[:name] + namespace + data[name + len(namespace) :]),
                namespace.decode(),
            ),
        )[number % 2 :: 2]


def hold_both_to_each_other(made: MadeKey, dice: random.Random, count: int) -> int:
    """Hold library and ssh-keygen, each alone, to refusing every mutation; return how many there were."""
    done = 0
    for what, message, signature, namespace in mutations(made, dice, count):
        ours = verify_signature(message, signature, namespace)
        assert isinstance(ours, SignatureFault), what
        # Of versions ssh-keygen refuses only later ones than its own: to it, 0 is as good as 1.
        assert _keygen_alone(message, signature, namespace) is (what == "a byte" and _version_of(signature) == 0), what
        done += 1
    return done


def _version_of(signature: bytes) -> int:
    """The version that a signature says it has (PROTOCOL.sshsig); -1 where there is none."""
    data = _inside(signature)
    return int.from_bytes(data[6:10], "big") if data[:6] == b"SSHSIG" and len(data) >= 10 else -1


@every_kind
def test_only_version_one_is_taken(keys: dict[str, MadeKey], kind: str) -> None:
    data = _inside(keys[kind].sign(MESSAGE, VOTE_NAMESPACE))
    for version in (0, 2, 256):
        other = _armored(data[:6] + version.to_bytes(4, "big") + data[10:])
        assert isinstance(verify_signature(MESSAGE, other, VOTE_NAMESPACE), SignatureFault)
        assert isinstance(verify_with_keygen(MESSAGE, other, VOTE_NAMESPACE), SignatureFault)
        assert _keygen_alone(MESSAGE, other, VOTE_NAMESPACE) is (version == 0)


@every_kind
def test_library_and_ssh_keygen_refuse_the_same(keys: dict[str, MadeKey], kind: str) -> None:
    assert _keygen_alone(MESSAGE, keys[kind].sign(MESSAGE, VOTE_NAMESPACE), VOTE_NAMESPACE)
    assert hold_both_to_each_other(keys[kind], random.Random(f"{kind} 2026"), 14) >= 60


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@every_kind
def test_library_and_ssh_keygen_refuse_the_same_in_thousands(keys: dict[str, MadeKey], kind: str) -> None:
    assert hold_both_to_each_other(keys[kind], random.Random(), 500) >= 2000


@every_kind
def test_no_bit_of_the_message_or_the_namespace_may_change(keys: dict[str, MadeKey], kind: str) -> None:
    made = keys[kind].sign(MESSAGE, VOTE_NAMESPACE)
    for place in range(len(MESSAGE)):
        changed = bytes((*MESSAGE[:place], MESSAGE[place] ^ 1, *MESSAGE[place + 1 :]))
        assert verify_signature(changed, made, VOTE_NAMESPACE) == SignatureFault("mismatch")
    for changed in (MESSAGE[:-1], MESSAGE + b"\n", b"", MESSAGE.replace(b"\n", b"\r\n")):
        assert verify_signature(changed, made, VOTE_NAMESPACE) == SignatureFault("mismatch")
        assert verify_with_keygen(changed, made, VOTE_NAMESPACE) == SignatureFault("mismatch")
    for other in ("git", "file", "servicebook-vote@v2", "Servicebook-vote@v1", "servicebook-vote@v1 ", ""):
        fault = SignatureFault("namespace", VOTE_NAMESPACE)
        assert verify_signature(MESSAGE, made, other) == verify_with_keygen(MESSAGE, made, other) == fault


@every_kind
def test_another_key_put_in_its_place_does_not_pass(keys: dict[str, MadeKey], kind: str, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other", *KINDS[kind]).public
    data = _inside(keys[kind].sign(MESSAGE, VOTE_NAMESPACE))
    forged = _armored(data.replace(pack_string(keys[kind].public.blob), pack_string(other.blob)))
    assert verify_signature(MESSAGE, forged, VOTE_NAMESPACE) == SignatureFault("mismatch")
    assert _keygen_alone(MESSAGE, forged, VOTE_NAMESPACE) is False


def test_sha1_and_short_rsa_keys_are_refused(keys: dict[str, MadeKey], tmp_path: Path) -> None:
    data = _inside(keys["rsa"].sign(MESSAGE, VOTE_NAMESPACE))
    old = pack_string(pack_string(b"rsa-sha2-512") + data[-260:])
    sha1 = data.replace(old, pack_string(pack_string(b"ssh-rsa") + data[-260:]))
    assert sha1 != data
    assert verify_signature(MESSAGE, _armored(sha1), VOTE_NAMESPACE) == SignatureFault("algorithm", "ssh-rsa")
    assert _keygen_alone(MESSAGE, _armored(sha1), VOTE_NAMESPACE) is False
    short = make_key(tmp_path / "short", "-t", "rsa", "-b", "1024")
    fault = verify_signature(MESSAGE, short.sign(MESSAGE, VOTE_NAMESPACE), VOTE_NAMESPACE)
    assert isinstance(fault, SignatureFault) and fault.reason == "key" and "1024 bits" in fault.sentence


def test_what_follows_or_stands_around_is_refused(keys: dict[str, MadeKey]) -> None:
    made = keys["ed25519"].sign(MESSAGE, VOTE_NAMESPACE)
    for changed in (made + b"more", b"\n" + made, b" " + made, made + b"\n", made + made, made[:-3], b"x" * 40):
        fault = verify_signature(MESSAGE, changed, VOTE_NAMESPACE)
        assert isinstance(fault, SignatureFault) and fault.reason == "armor", changed
    fault = verify_signature(MESSAGE, _armored(_inside(made) + b"\0"), VOTE_NAMESPACE)
    assert fault == SignatureFault("damaged", "1 bytes too many behind the signature")
    assert verify_signature(MESSAGE, made.replace(b"\n", b"\r\n"), VOTE_NAMESPACE) == keys["ed25519"].public


def test_the_reserved_field_stays_empty(keys: dict[str, MadeKey]) -> None:
    """It is not among the signed bytes, and ssh-keygen does not look at it: anybody could write there."""
    data = _inside(keys["ed25519"].sign(MESSAGE, VOTE_NAMESPACE))
    name = pack_string(VOTE_NAMESPACE.encode())
    filled = _armored(data.replace(name + pack_string(b""), name + pack_string(b"and more")))
    assert _keygen_alone(MESSAGE, filled, VOTE_NAMESPACE)
    for verify in (verify_signature, verify_with_keygen):
        assert verify(MESSAGE, filled, VOTE_NAMESPACE) == SignatureFault("damaged", "the reserved field")


def _with_value(data: bytes, made: MadeKey, algorithm: bytes, value: bytes, hashed: bytes = b"sha512") -> bytes:
    """Return an envelope for the key of `made` with another signature in it."""
    names = (made.public.blob, VOTE_NAMESPACE.encode(), b"", hashed, pack_string(algorithm) + pack_string(value))
    return _armored(data[:10] + b"".join(map(pack_string, names)))


def test_rsa_with_sha_256_is_taken_by_both(keys: dict[str, MadeKey]) -> None:
    """ssh-keygen signs with SHA-512; agents and other programs may use SHA-256."""
    made = keys["rsa"]
    data = _inside(made.sign(MESSAGE, VOTE_NAMESPACE))
    envelope = read_signature(_armored(data), VOTE_NAMESPACE)
    private = load_ssh_private_key(made.file.read_bytes(), None)
    assert isinstance(envelope, Envelope) and isinstance(private, RSAPrivateKey)
    value = private.sign(envelope.signed_bytes(MESSAGE), PKCS1v15(), SHA256())
    armored = _with_value(data, made, b"rsa-sha2-256", value)
    assert _keygen_alone(MESSAGE, armored, VOTE_NAMESPACE)
    assert verify_signature(MESSAGE, armored, VOTE_NAMESPACE) == made.public
    for algorithm in (b"rsa-sha2-512", b"ssh-rsa", b"ssh-ed25519"):
        assert isinstance(
            verify_signature(MESSAGE, _with_value(data, made, algorithm, value), VOTE_NAMESPACE), SignatureFault
        )


@pytest.mark.parametrize("hashed", [b"md5", b"sha1", b"sha3_512", b"none", b""])
def test_the_message_is_hashed_with_sha_2_only(keys: dict[str, MadeKey], hashed: bytes) -> None:
    data = _inside(keys["ed25519"].sign(MESSAGE, VOTE_NAMESPACE))
    armored = _with_value(data, keys["ed25519"], b"ssh-ed25519", data[-64:], hashed)
    assert verify_signature(MESSAGE, armored, VOTE_NAMESPACE) == SignatureFault("algorithm", hashed.decode())


@pytest.mark.parametrize("r", [b"\0\x01", b"\x80", b"\0\0\x80"])
def test_numbers_of_ecdsa_have_one_form(keys: dict[str, MadeKey], r: bytes) -> None:
    made = keys["ecdsa256"]
    value = pack_string(r) + pack_string(b"\x01")
    armored = _with_value(_inside(made.sign(MESSAGE, VOTE_NAMESPACE)), made, b"ecdsa-sha2-nistp256", value)
    fault = verify_signature(MESSAGE, armored, VOTE_NAMESPACE)
    assert fault == SignatureFault("damaged", "r is not written in its shortest form")


def test_base64_has_one_form(keys: dict[str, MadeKey]) -> None:
    """The last letter before `=` has bits that stand for nothing; ssh-keygen wants them to be 0 as well."""
    for made in keys.values():
        armored = made.sign(MESSAGE, VOTE_NAMESPACE)
        place = armored.find(b"=")
        if place > 0:
            loose = armored[: place - 1] + bytes([armored[place - 1] + 1]) + armored[place:]
            assert base64.b64decode(b"".join(loose.strip().split(b"\n")[1:-1])) == _inside(armored)
            assert verify_signature(MESSAGE, loose, VOTE_NAMESPACE) == SignatureFault(
                "armor", "its lines are not base64"
            )
            assert _keygen_alone(MESSAGE, loose, VOTE_NAMESPACE) is False
            return
    pytest.fail("no signature whose base64 is filled up")


def test_what_is_cut_off_is_told_as_cut_off(keys: dict[str, MadeKey]) -> None:
    data = _inside(keys["rsa"].sign(MESSAGE, VOTE_NAMESPACE))
    for length in (0, 5, 8, 12, 40, 320, len(data) - 1):
        fault = read_signature(_armored(data[:length]), VOTE_NAMESPACE)
        assert isinstance(fault, SignatureFault) and fault.sentence.startswith("the signature is damaged: cut off in")


def test_empty_and_huge_signatures_are_refused_by_their_size() -> None:
    assert verify_signature(MESSAGE, b"", VOTE_NAMESPACE) == SignatureFault("empty")
    assert verify_signature(MESSAGE, b"\n\n", VOTE_NAMESPACE) == SignatureFault("empty")
    huge = b"-----BEGIN SSH SIGNATURE-----\n" + b"QUJD" * 1_250_000
    assert verify_signature(MESSAGE, huge, VOTE_NAMESPACE) == SignatureFault("too_large", str(SIGNATURE_LIMIT))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_stumble(data: bytes) -> None:
    for armored in (data, _armored(data), _armored(b"SSHSIG\0\0\0\x01" + data)):
        assert isinstance(read_signature(armored, VOTE_NAMESPACE), SignatureFault)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=70), min_size=5, max_size=6), st.sampled_from(["ed25519", "rsa-sha2-512", "x"]))
def test_no_parts_make_the_reader_stumble(parts: list[bytes], algorithm: str) -> None:
    key = pack_string(b"ssh-ed25519") + pack_string(parts[0])
    names = (VOTE_NAMESPACE.encode(), b"", b"sha512", pack_string(algorithm.encode()) + pack_string(parts[1]))
    for place in range(len(names)):
        mixed = [pack_string(name if at != place else parts[2]) for at, name in enumerate(names)]
        armored = _armored(b"SSHSIG\0\0\0\x01" + pack_string(key) + b"".join(mixed))
        got = verify_signature(MESSAGE, armored, VOTE_NAMESPACE)
        assert isinstance(got, SignatureFault) and got.sentence


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=90).map(lambda data: "ssh-rsa " + base64.b64encode(data).decode()))
def test_no_text_makes_the_reader_of_keys_stumble(text: str) -> None:
    got = parse_public_key(text)
    assert isinstance(got, KeyFault) and got.sentence


def test_every_reason_has_a_sentence_that_reads(keys: dict[str, MadeKey]) -> None:
    for reason in SIGNATURE_FAULTS:
        assert "{" not in SignatureFault(reason, "x").sentence


def _changed(data: bytes, place: int, dice: random.Random, printable: bool = False) -> bytes:
    """Return data with one byte changed; `printable` keeps it a lower-case letter."""
    old = data[place]
    new = dice.choice([byte for byte in (b"abcdefghijklmnopqrstuvwxyz" if printable else range(256)) if byte != old])
    return bytes((*data[:place], new, *data[place + 1 :]))


def _inside(armored: bytes) -> bytes:
    return base64.b64decode(b"".join(armored.strip().split(b"\n")[1:-1]))


def _armored(data: bytes) -> bytes:
    text = base64.b64encode(data)
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return b"\n".join([b"-----BEGIN SSH SIGNATURE-----", *lines, b"-----END SSH SIGNATURE-----", b""])


def _keygen_alone(message: bytes, armored: bytes, namespace: str) -> bool:
    """What ssh-keygen says without anything of ours before it."""
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".sig") as file:
        file.write(armored)
        file.flush()
        words = ["ssh-keygen", "-Y", "check-novalidate", "-n", namespace, "-s", file.name]
        return subprocess.run(words, input=message, capture_output=True, check=False).returncode == 0
