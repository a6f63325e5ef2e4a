"""What a server's receipts add: when it had the votes and when the work, and that they came apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.approvals.desk import Desk

from servicebook.evidence.public_keys import SigningKey, parse_public_key
from servicebook.evidence.receipts import Receipt, digest_of
from servicebook.evidence.received import received_by
from servicebook.store.pushed import RefUpdate
from servicebook.store.repository import find_repository

NOON = datetime(2026, 3, 25, 12, tzinfo=UTC)
NOTHING = "0" * 40


def receipts(desk: Desk, *commits: str, key: str = "forge.robot") -> list[Receipt]:
    """Return receipts of pushes that ended at these commits, one after the other, as a server chains them."""
    parsed = parse_public_key(desk.public(key))
    assert isinstance(parsed, SigningKey)
    made: list[Receipt] = []
    for number, (old, new) in enumerate(zip((NOTHING, *commits), commits, strict=False), 1):
        at = (NOON + timedelta(hours=number)).isoformat(timespec="seconds")
        previous = digest_of(made[-1]) if made else ""
        update = RefUpdate("refs/heads/main", old, new)
        made.append(Receipt(number, at, (update,), "unsigned", previous=previous, server_key=parsed))
    return made


@pytest.fixture
def done(desk: Desk) -> tuple[Desk, str, str]:
    """Return a desk with a change that is done, the commit of its last vote, and of its start."""
    desk.propose()
    votes = desk.votes()
    return desk, votes, desk.start()


def assurance(desk: Desk, given: list[Receipt]) -> str:
    received = received_by(find_repository(str(desk.root)), given, "HEAD")
    found = desk.verify(received=received)
    assert found.outcome == "pass"
    return found.assurance


def test_votes_and_work_in_pushes_of_their_own(done: tuple[Desk, str, str]) -> None:
    desk, votes, start = done
    assert assurance(desk, receipts(desk, votes, start)) == "timed_quorum"


def test_votes_and_work_in_one_push(done: tuple[Desk, str, str]) -> None:
    desk, _, start = done
    given = receipts(desk, start)
    assert assurance(desk, given) == "signed_quorum"
    found = desk.verify(received=received_by(find_repository(str(desk.root)), given, "HEAD"))
    assert "votes and work landed in one push" in str(found.notes)


def test_no_receipt_and_receipts_that_prove_nothing(done: tuple[Desk, str, str]) -> None:
    desk, votes, start = done
    good = receipts(desk, votes, start)
    other = parse_public_key(desk.public("stranger"))
    assert isinstance(other, SigningKey)
    for given in (
        [],
        [good[0], good[1]._replace(previous="")],
        [good[0], good[1]._replace(server_key=other)],
        [one._replace(server_key=None) for one in good],
        good[:1],
    ):
        assert assurance(desk, given) == "ordered_quorum"


def test_what_lay_there_before_the_first_receipt_was_received_at_no_known_time(done: tuple[Desk, str, str]) -> None:
    desk, votes, start = done
    given = receipts(desk, votes, start)
    first = given[0]._replace(updates=(RefUpdate("refs/heads/main", desk.root_commit(), votes),))
    second = given[1]._replace(previous=digest_of(first))
    assert assurance(desk, [first, second]) == "ordered_quorum"
