"""How a key stands at an instant, and that ssh-keygen, given the list made of the records, says the same."""

from __future__ import annotations

import itertools
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from servicebook.evidence.allowed_signers import render_allowed_signers
from servicebook.evidence.held_keys import HeldKey, held_keys, holder_of, key_standing
from servicebook.evidence.public_keys import SigningKey, parse_public_key
from servicebook.evidence.signatures import VOTE_NAMESPACE
from servicebook.evidence.ssh_keygen import verify_with_keygen
from servicebook.records.facts import Facts

from .conftest import MadeKey

NOON = datetime.fromisoformat("2026-04-01T12:00:00+08:00")
HOUR = timedelta(hours=1)
BEFORE, AFTER = NOON - HOUR, NOON + HOUR


def hold(key: SigningKey, **given: object) -> HeldKey:
    return HeldKey("li.wei", key, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "standing"),
    [
        ({}, "valid"),
        ({"valid_from": NOON}, "valid"),
        ({"valid_from": AFTER}, "not_yet"),
        ({"valid_until": AFTER}, "valid"),
        ({"valid_until": NOON}, "expired"),
        ({"revoked_at": AFTER}, "valid"),
        ({"revoked_at": NOON}, "revoked"),
        ({"compromised_since": AFTER, "revoked_at": AFTER}, "valid"),
        ({"compromised_since": NOON}, "compromised"),
        ({"compromised_since": BEFORE, "revoked_at": BEFORE, "valid_until": BEFORE}, "compromised"),
        ({"revoked_at": BEFORE, "valid_until": BEFORE}, "revoked"),
        ({"purposes": ("git",)}, "other_purpose"),
        ({"purposes": ("git", "votes")}, "valid"),
    ],
)
def test_how_a_key_stands(keys: dict[str, MadeKey], given: dict[str, object], standing: str) -> None:
    key = keys["ed25519"].public
    assert key_standing([hold(key, **given)], key, NOON) == standing
    assert key_standing([hold(keys["rsa"].public), hold(key, **given)], key, NOON) == standing


def test_a_key_that_nobody_holds_is_unknown(keys: dict[str, MadeKey]) -> None:
    assert key_standing([], keys["rsa"].public, NOON) == "unknown"
    assert key_standing([hold(keys["ed25519"].public)], keys["rsa"].public, NOON) == "unknown"


def test_a_key_with_two_windows_is_valid_in_both_and_compromised_in_all(keys: dict[str, MadeKey]) -> None:
    key = keys["ed25519"].public
    windows = [hold(key, valid_until=BEFORE), hold(key, valid_from=NOON)]
    assert key_standing(windows, key, NOON) == "valid"
    assert key_standing(windows, key, BEFORE - HOUR) == "valid"
    assert key_standing(windows, key, BEFORE) == "expired"
    windows[0] = hold(key, valid_until=BEFORE, compromised_since=BEFORE)
    assert key_standing(windows, key, NOON) == "compromised"


def test_a_key_that_two_people_claim_is_nobodys(keys: dict[str, MadeKey]) -> None:
    key = keys["ed25519"].public
    mine, theirs = HeldKey("li.wei", key), HeldKey("wang.fang", key)
    assert holder_of([mine, mine], key) == "li.wei"
    assert holder_of([mine, theirs], key) == holder_of([], key) == ""


def test_ssh_keygen_says_the_same_of_every_window(keys: dict[str, MadeKey]) -> None:
    """Start, end, withdrawal and compromise at each of three instants or none, asked at each of them and beside."""
    made = keys["ed25519"]
    signature = made.sign(b"vote", VOTE_NAMESPACE)
    instants = (None, BEFORE, NOON)
    asked = (BEFORE - HOUR, BEFORE - timedelta(seconds=1), BEFORE, NOON, AFTER)
    for number, (start, end, gone, lost) in enumerate(itertools.product(instants, repeat=4)):
        held = hold(made.public, valid_from=start, valid_until=end, revoked_at=gone, compromised_since=lost)
        at = asked[number % len(asked)]
        standing = key_standing([held], made.public, at)
        said = verify_with_keygen(b"vote", signature, VOTE_NAMESPACE, render_allowed_signers([held]), "li.wei", at)
        assert (said == made.public) == (standing == "valid"), (held, at, said)


def test_ssh_keygen_keeps_people_and_purposes_apart(keys: dict[str, MadeKey]) -> None:
    made = keys["ed25519"]
    signature = made.sign(b"vote", VOTE_NAMESPACE)

    def ask(listed: HeldKey, person: str = "li.wei") -> bool:
        listing = render_allowed_signers([listed])
        return verify_with_keygen(b"vote", signature, VOTE_NAMESPACE, listing, person) == made.public

    assert ask(hold(made.public))
    assert not ask(hold(made.public), "wang.fang")
    assert not ask(hold(made.public, purposes=("git",)))
    assert not ask(hold(keys["ecdsa256"].public))
    assert ask(hold(made.public, comment="李伟的笔记本\n* ssh-rsa"))


def test_keys_are_read_from_a_record(keys: dict[str, MadeKey]) -> None:
    entries = [
        {"public_key": keys["rsa"].line, "valid_from": "2026-01-01T00:00:00+08:00", "purpose": ["votes"]},
        {"public_key": "ssh-rsa damaged"},
        {"public_key": keys["ed25519"].line, "comment": "李伟的笔记本"},
    ]
    raw = json.dumps({"signing_keys": entries})
    first, second = held_keys(Facts("kb/people/li.wei.md", "", "person", "li.wei", "李伟", "active", raw, ()))
    assert first == HeldKey("li.wei", keys["rsa"].public, datetime.fromisoformat("2026-01-01T00:00:00+08:00"),
                            purposes=("votes",), comment="li.wei@laptop")  # fmt: skip
    assert (second.key, second.comment) == (keys["ed25519"].public, "李伟的笔记本")
    assert held_keys(Facts("kb/people/x.md", "", "person", "x", "X", "active", "{}", ())) == ()


def test_the_list_reads_as_it_did(keys: dict[str, MadeKey]) -> None:
    """UPDATE_GOLDEN=1 writes tests/golden/allowed_signers.txt anew."""
    folder = Path(__file__).parents[1]
    vectors = json.loads((folder / "evidence" / "vectors.json").read_text("utf-8"))
    listed = {vector["name"]: parse_public_key(vector["key"]) for vector in vectors}
    ed25519, p256, p384, rsa = (listed[name] for name in ("ed25519", "ecdsa256", "ecdsa384", "rsa"))
    assert isinstance(ed25519, SigningKey) and isinstance(p256, SigningKey)
    assert isinstance(p384, SigningKey) and isinstance(rsa, SigningKey)
    p521 = listed["ecdsa521"]
    assert isinstance(p521, SigningKey)
    text = render_allowed_signers(
        [
            HeldKey("wang.fang", rsa, NOON, comment="王芳 办公室"),
            HeldKey("li.wei", p256, NOON, valid_until=AFTER, comment="li.wei@desktop"),
            HeldKey("li.wei", ed25519, AFTER, comment="值班笔记本"),
            HeldKey("ci-recipe", p384, purposes=("attestations",)),
            HeldKey("chen.hao", p521, NOON, compromised_since=BEFORE),
        ]
    )
    golden = folder / "golden" / "allowed_signers.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_a_key_that_two_people_claim_is_listed_for_neither(keys: dict[str, MadeKey]) -> None:
    key = keys["ed25519"].public
    text = render_allowed_signers([HeldKey("li.wei", key), HeldKey("wang.fang", key)])
    assert text.count("two people claim this key") == 2
    assert all(line.startswith("#") for line in text.splitlines())


@pytest.mark.parametrize("value", ["2026-01-01", "2026-01-01T09:00:00", "yesterday", 20260101, ["x"], False, ""])
@pytest.mark.parametrize("field", ["valid_from", "valid_until", "revoked_at", "compromised_since"])
def test_a_limit_that_cannot_be_read_lets_nothing_pass(keys: dict[str, MadeKey], field: str, value: object) -> None:
    made = keys["ed25519"]
    raw = json.dumps({"signing_keys": [{"public_key": made.line, field: value}]})
    held = held_keys(Facts("kb/people/li.wei.md", "", "person", "li.wei", "", "active", raw, ()))
    for at in (
        datetime.fromisoformat("1970-01-02T00:00:00+14:00"),
        NOON,
        datetime.fromisoformat("9999-01-01T00:00:00Z"),
    ):
        assert key_standing(held, made.public, at) not in ("valid", "unknown")
    assert "may sign at no time" in render_allowed_signers(held)


@pytest.mark.parametrize("entries", [None, 5, "ssh-ed25519", {"public_key": "x"}, ["x", 5, None, [], {}]])
def test_what_is_no_list_of_keys_is_no_key(entries: object) -> None:
    raw = json.dumps({"signing_keys": entries})
    assert held_keys(Facts("kb/people/li.wei.md", "", "person", "li.wei", "", "active", raw, ())) == ()


@pytest.mark.parametrize("purpose", ["votes", 5, {"votes": 1}, ["no such"], True])
def test_a_purpose_that_is_none_is_for_nothing(keys: dict[str, MadeKey], purpose: object) -> None:
    raw = json.dumps({"signing_keys": [{"public_key": keys["rsa"].line, "purpose": purpose, "comment": 5}]})
    held = held_keys(Facts("kb/people/li.wei.md", "", "person", "li.wei", "", "active", raw, ()))
    assert key_standing(held, keys["rsa"].public, NOON) == "other_purpose"
