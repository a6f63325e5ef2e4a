"""A vote has one form in bytes: written and read back it is the same, and no altered byte is read as a vote."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.workflow.statement import (
    DECISIONS,
    MAX_BYTES,
    NotAVoteError,
    Statement,
    name_parts,
    read_statement,
    write_statement,
)

PLAN, POLICY = "sha256:" + "a" * 64, "sha256:" + "b" * 64
VOTE = Statement(
    repository="c" * 40,
    subject="CHG-20260325-7RBN",
    plan=PLAN,
    policy=POLICY,
    person="li.wei",
    role="engineer",
    decision="approve",
    seq=1,
    conditions=("告警先上线",),
    comment="Seen in the test bed.",
    signed_by="li.wei",
    at="2026-03-26T09:15:00+08:00",
)


def altered(**fields: Any) -> bytes:
    data = json.loads(write_statement(VOTE)) | fields
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def test_people_can_read_it() -> None:
    text = write_statement(VOTE).decode()
    assert text.startswith('{\n  "type": "servicebook-vote",\n  "version": 1,\n')
    assert '\n  "change": "CHG-20260325-7RBN",\n' in text
    assert "告警先上线" in text
    assert text.endswith("}\n")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=20)


@given(
    decision=st.sampled_from(DECISIONS),
    seq=st.integers(1, 9999),
    comment=TEXTS,
    conditions=st.lists(TEXTS.filter(bool), max_size=3).map(tuple),
    level=st.sampled_from(["forge_attested", "recorded", "signed"]),
)
def test_what_is_written_is_read_back(**fields: Any) -> None:
    if fields["level"] != "signed":
        fields |= {"signed_by": "forge.robot", "evidence": "minutes of 26 March"}
    said = VOTE._replace(**fields)
    assert read_statement(write_statement(said)) == said


@given(position=st.integers(0, len(write_statement(VOTE)) - 1), byte=st.integers(0, 255))
def test_another_byte_is_another_vote_or_none(position: int, byte: int) -> None:
    data = bytearray(write_statement(VOTE))
    if data[position] == byte:
        return
    data[position] = byte
    with suppress(NotAVoteError):
        assert read_statement(bytes(data)) != VOTE


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises(NotAVoteError):
        read_statement(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{}" + b" " * MAX_BYTES, f"{MAX_BYTES} at most"),
        (b"\xff", "not JSON"),
        (b"[" * 40_000, "not JSON"),
        (b"[]\n", "not a JSON object"),
        (write_statement(VOTE).replace(b"\n", b"\r\n"), "altered"),
        (write_statement(VOTE) + b"\n", "altered"),
        (write_statement(VOTE).replace(b'"seq": 1,', b'"seq": 2,\n  "seq": 1,'), "not JSON"),
        (altered(type="tally"), "`tally`"),
        (altered(version=2), "`2`"),
        (altered(version=True), "`True`"),
        (altered(extra=1), "`extra`"),
        (altered(plan="sha256:12"), "`plan`"),
        (altered(repository="main"), "`repository`"),
        (altered(change="../../etc"), "`subject`"),
        (altered(person="Li Wei"), "`person`"),
        (altered(seq=0), "`seq`"),
        (altered(seq=True), "`seq`"),
        (altered(seq=1.0), "`seq`"),
        (altered(decision="Approve"), "`decision`"),
        (altered(comment="a\u202eb"), "`comment`"),
        (altered(conditions="none"), "`conditions`"),
        (altered(waives=["everything"]), "`waives`"),
        (altered(level="recorded"), "`recorded`"),
        (altered(level="recorded", signed_by="zhao.min"), "without evidence"),
        (altered(signed_by="zhao.min"), "`signed`"),
    ],
)
def test_what_is_off_is_said(data: bytes, said: str) -> None:
    with pytest.raises(NotAVoteError, match=said):
        read_statement(data)


def test_names_of_vote_files() -> None:
    assert name_parts("chen.hao-12.json") == ("chen.hao", 12)
    assert name_parts("field-robot-1.json") == ("field-robot", 1)
    for name in (
        "chen.hao.json",
        "chen.hao-0.json",
        "chen.hao-01.json",
        "Chen-1.json",
        "chen.hao-1.json.sig",
        "-1.json",
    ):
        with pytest.raises(NotAVoteError):
            name_parts(name)


@pytest.mark.parametrize("more", [(), ("one",), ("one", "zwei \u00e4\u6d4b \"quoted\" \\ \t\n")])
def test_a_vote_is_json_of_two_spaces(more: tuple[str, ...]) -> None:
    said = VOTE._replace(conditions=more, comment="\n".join(more), signed_by="")
    fields = {"type": "servicebook-vote", "version": 1} | said._asdict() | {"signed_by": said.person}
    fields = {"change" if key == "subject" else key: value for key, value in fields.items()}
    assert write_statement(said).decode() == json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
