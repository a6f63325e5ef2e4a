"""Clause 1.1-4: one service desk, by whatever channel the customer comes."""

from __future__ import annotations

import pytest
from tests.clauses.conftest import ticket_of
from tests.conftest import Call, Repo

INTAKE = (
    "--title", "Preview stays black", "--customer", "harbour-tv", "--set", "caller.name=Desk of Harbour TV",
    "--site", "east-quay-idc", "--category", "program_error", "--fault-grade", "degraded",
)  # fmt: skip


@pytest.mark.parametrize("channel", ["hotline", "email", "fax", "on_call_mobile"])
def test_clause_1_1_4_a_ticket_says_by_which_channel_it_came(sample: Repo, call: Call, channel: str) -> None:
    answer = call("new", "incident", *INTAKE, "--contact-type", channel)
    assert answer.code == 0, answer.err
    assert f"contact_type: {channel}" in ticket_of(sample, answer.out).read_text("utf-8")


def test_clause_1_1_4_no_ticket_without_its_channel(sample: Repo, call: Call) -> None:
    answer = call("new", "incident", *INTAKE)
    assert answer.code != 0
    assert "contact_type" in answer.err
    assert not sample.git("status", "--porcelain")


def test_clause_1_1_4_a_channel_that_the_desk_does_not_have_is_refused(sample: Repo, call: Call) -> None:
    answer = call("new", "incident", *INTAKE, "--contact-type", "pigeon")
    assert answer.code != 0
    assert "hotline, email, fax, on_call_mobile" in answer.err
