"""Clocks that are far off, ahead and behind, in votes, keys and commits: said plainly, and ancestry decides."""

from __future__ import annotations

from datetime import timedelta

from tests.approvals.desk import CHG, Desk
from tests.approvals.test_must_fail import said_by

YEARS = timedelta(days=3650)


def begun(desk: Desk, **fields: str) -> Desk:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", **fields)
    desk.land("vote of chen.hao", by="chen.hao")
    desk.start()
    return desk


def test_a_voter_s_clock_far_ahead_and_far_behind(desk: Desk) -> None:
    begun(desk, at="2046-01-01T00:00:00+08:00")
    found = desk.verify()
    assert found.outcome == "pass"
    assert "chen.hao-1 says 2045-12-31T16:00:00Z, later than it landed (2026-03-25T08:00:00Z)" in said_by(found)
    desk.git("reset", "-q", "--hard", "HEAD~2")
    desk.vote("chen.hao", at="1970-01-01T00:00:00Z")
    desk.land("vote", by="chen.hao")
    desk.start()
    found = desk.verify()
    assert found.outcome == "pass" and "long before it landed" in said_by(found)


def test_a_commit_far_ahead_and_those_after_it(desk: Desk) -> None:
    """It is taken as of now, and so are those after it; a deadline is judged by that, not by what it says."""
    desk.propose()
    desk.votes(["zhao.min"])
    now = desk.at
    desk.vote("chen.hao")
    desk.land("vote", by="chen.hao", at=now + YEARS)
    desk.land("meanwhile", at=now + timedelta(hours=1))
    desk.start()
    found = desk.verify(now=now + timedelta(hours=3))
    assert found.outcome == "pass"
    assert "which has not come yet: it is taken to have landed at 2026-03-25T10:00:00Z" in said_by(found)


def test_a_commit_far_behind(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao")
    desk.land("vote", by="chen.hao", at=desk.at - YEARS)
    desk.at += YEARS
    desk.start()
    found = desk.verify()
    assert found.outcome == "pass" and "earlier than commits before it" in said_by(found)


def test_a_key_of_another_time(desk: Desk) -> None:
    for field, time, said in (
        ("valid_from", "2046-01-01T00:00:00Z", "was not valid yet when it landed"),
        ("valid_until", "1970-01-01T00:00:00Z", "had expired when it landed"),
    ):
        held = [{"public_key": desk.public("chen.hao"), field: time}]
        desk.land("key", {"kb/people/chen.hao.md": desk.person("chen.hao", held)})
        begun(desk)
        found = desk.verify(CHG)
        assert found.outcome == "fail" and said in said_by(found)
        desk.git("reset", "-q", "--hard", "HEAD~5")


def test_our_own_clock_far_behind(desk: Desk) -> None:
    """Everything seems to be of the future then: told, and nothing passes or fails by it."""
    begun(desk)
    found = desk.verify(now=desk.at - YEARS)
    assert found.outcome == "pass" and "which has not come yet" in said_by(found)
