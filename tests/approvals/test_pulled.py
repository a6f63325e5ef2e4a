"""Pushes of people who `git pull` first: what is harmless gets in, what is not is refused with what mends it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.approvals.desk import CHG, OTHER, Desk, path_of_change
from tests.approvals.test_gate import Server

VOTES = path_of_change().removesuffix(".md") + ".votes"
MEND = "git pull --rebase, then git push"


@pytest.fixture
def server(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Server:
    server = Server(desk, tmp_path_factory.mktemp("server"))
    desk.propose()
    server.push()
    desk.git("branch", "--quiet", "mine")
    return server


def meanwhile(server: Server, act: Callable[[Desk], object], *, gate: bool = True) -> None:
    """Let something land on the main branch."""
    server.git("config", "servicebook.approvals", str(gate).lower())
    act(server.desk)
    server.push()
    server.git("config", "servicebook.approvals", "true")


def pull(server: Server, files: dict[str, str] | None = None, *words: str) -> None:
    """Commit something on a line of one's own, and merge what landed meanwhile into that."""
    server.desk.git("switch", "--quiet", "mine")
    if files is not None:
        server.desk.land("mine", files)
    server.desk.git("merge", "--quiet", "-m", "pull", *words, "main")


NOTE = {"kb/b.md": "# B\n"}


def vote(desk: Desk) -> None:
    desk.votes(["zhao.min"])


def test_votes_and_drafts_that_landed_meanwhile(server: Server) -> None:
    meanwhile(server, vote)
    meanwhile(server, lambda desk: desk.propose(OTHER))
    pull(server, {**NOTE, "kb/articles/a.md": "---\nid: a\n---\nHow to.\n"})
    server.push()
    assert [server.desk.verify(id).outcome for id in (CHG, OTHER)] == ["open", "open"]
    server.desk.votes(["chen.hao"], submit="")
    server.push()
    server.desk.start()
    server.push()
    assert server.desk.verify().outcome == "pass"


def test_several_pulls(server: Server) -> None:
    meanwhile(server, vote)
    pull(server, NOTE)
    server.desk.git("switch", "--quiet", "main")
    meanwhile(server, lambda desk: desk.votes(["chen.hao"], submit=""))
    pull(server, {"kb/c.md": "# C\n"})
    server.desk.start()
    server.push()
    assert server.desk.verify().outcome == "pass"


def test_rules_that_landed_meanwhile(server: Server) -> None:
    meanwhile(server, lambda desk: desk.amend_board(votes=("wang.fang", "chen.hao"), quorum=[{"votes": 1}]))
    pull(server, NOTE)
    server.push()
    server.desk.votes(["zhao.min"])
    server.desk.start()
    server.push()
    assert server.desk.verify().outcome == "pass"


def test_two_who_pull_where_nothing_landed(server: Server) -> None:
    server.desk.git("branch", "--quiet", "third")
    meanwhile(server, lambda desk: desk.land("theirs", {"kb/a.md": "# A\n"}))
    pull(server, NOTE)
    server.push()
    server.desk.git("branch", "--quiet", "-f", "main", "mine")
    server.desk.git("switch", "--quiet", "third")
    server.desk.land("third", {"kb/c.md": "# C\n"})
    server.desk.git("merge", "--quiet", "-m", "pull", "main")
    server.push()


def refused(server: Server, said: str) -> None:
    """Hold a push to be refused, and what is said to mend it to do so, to the letter."""
    desk = server.desk
    code, out = server.try_push()
    assert code == 1, out
    assert said in out and MEND in out and "Traceback" not in out
    desk.git("remote", "add", "origin", str(server.bare))
    desk.git("branch", "--quiet", "-m", "main", "theirs")
    desk.git("branch", "--quiet", "-M", "main")
    desk.git("fetch", "--quiet", "origin")
    desk.git("branch", "--quiet", "-u", "origin/main")


def mended(server: Server) -> None:
    for words in MEND.split(", then "):
        subprocess.run(words.split(), cwd=server.desk.root, check=True, capture_output=True)


def test_work_that_began_meanwhile(server: Server) -> None:
    def work(desk: Desk) -> None:
        desk.votes()
        desk.start()

    meanwhile(server, work)
    pull(server, NOTE)
    refused(server, CHG)
    mended(server)
    assert server.desk.verify().outcome == "pass"


def test_a_vote_on_a_line_of_ones_own(server: Server) -> None:
    meanwhile(server, lambda desk: desk.propose(OTHER))
    server.desk.git("switch", "--quiet", "mine")
    vote(server.desk)
    pull(server)
    refused(server, VOTES)
    mended(server)
    assert server.desk.verify().outcome == "open"


def test_voting_with_a_deadline(make_desk: Callable[..., Desk], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Else whoever pulls could give the board more time."""
    desk = make_desk("timed").begin()
    desk.amend_board(votes=("wang.fang", "chen.hao"), vote_within="14d")
    desk.propose()
    server = Server(desk, tmp_path_factory.mktemp("server"))
    desk.git("branch", "--quiet", "mine")
    meanwhile(server, vote)
    pull(server, NOTE)
    refused(server, CHG)


# Attacks: what another line could gain by taking the branch's place.


def test_a_key_that_was_withdrawn_meanwhile(server: Server) -> None:
    """The line never saw it, and dates its commits as it likes."""
    at = server.desk.at

    def withdraw(desk: Desk) -> None:
        held = [{"public_key": desk.public("chen.hao"), "revoked_at": desk.at.isoformat()}]
        desk.land("stolen", {"kb/people/chen.hao.md": desk.person("chen.hao", held)}, at=at + timedelta(days=9))

    meanwhile(server, withdraw)
    server.desk.git("switch", "--quiet", "mine")
    server.desk.at = at
    server.desk.votes()
    server.desk.start()
    server.desk.at = at + timedelta(days=10)
    pull(server)
    refused(server, "it puts a line of its own in the place of the branch")


def test_rules_that_became_stricter_meanwhile(server: Server) -> None:
    strict = [{"votes": 3}, {"change_type": ["policy"], "votes": 2}]
    meanwhile(server, lambda desk: desk.amend_board(votes=("wang.fang", "chen.hao"), quorum=strict))
    server.desk.git("switch", "--quiet", "mine")
    server.desk.votes()
    server.desk.start()
    pull(server)
    refused(server, "it puts a line of its own")


def test_a_merge_that_brings_a_vote_itself(server: Server) -> None:
    meanwhile(server, lambda desk: desk.propose(OTHER))
    pull(server, NOTE)
    vote(server.desk)
    server.desk.git("reset", "--quiet", "--soft", "HEAD~2")
    server.desk.git("commit", "--quiet", "--amend", "--no-edit", "--no-verify")
    refused(server, VOTES)


def test_a_merge_that_drops_a_reject(server: Server) -> None:
    def reject(desk: Desk) -> None:
        desk.vote("wang.fang", "reject")
        desk.land("no", by="wang.fang")

    meanwhile(server, reject)
    pull(server, NOTE, "-s", "ours")
    refused(server, f"{VOTES}/wang.fang-1.json")


def test_a_vote_that_was_deleted_meanwhile(server: Server) -> None:
    """It is gone from the branch's own line as well, which alone shows that it was there."""

    def reject_and_forget(desk: Desk) -> None:
        desk.vote("wang.fang", "reject")
        desk.land("no", by="wang.fang")
        desk.git("rm", "--quiet", "-r", VOTES)
        desk.land("tidy up")

    meanwhile(server, reject_and_forget, gate=False)
    pull(server, NOTE)
    refused(server, CHG)


def test_a_key_that_was_not_valid_yet(server: Server) -> None:
    """A vote that came too early would count, had it landed with the merge."""
    at = server.desk.at

    def early(desk: Desk) -> None:
        held = [{"public_key": desk.public("chen.hao"), "valid_from": (at + timedelta(days=5)).isoformat()}]
        desk.land("a new key", {"kb/people/chen.hao.md": desk.person("chen.hao", held)})
        desk.votes()

    meanwhile(server, early)
    server.desk.git("switch", "--quiet", "mine")
    server.desk.land("mine", NOTE, at=at + timedelta(days=6))
    pull(server)
    refused(server, CHG)


def test_a_vote_that_came_too_late(make_desk: Callable[..., Desk], tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = make_desk("late").begin()
    desk.amend_board(votes=("wang.fang", "chen.hao"), vote_within="2d")
    desk.propose()
    server = Server(desk, tmp_path_factory.mktemp("server"))
    desk.git("branch", "--quiet", "mine")

    def late(desk: Desk) -> None:
        desk.votes(["zhao.min"])
        desk.vote("chen.hao")
        desk.land("late", by="chen.hao", at=desk.at + timedelta(days=3))

    meanwhile(server, late)
    pull(server, NOTE)
    refused(server, CHG)


def test_votes_played_again_on_a_side_line_with_older_dates(server: Server) -> None:
    """A side line has the same votes with dates of its own, is merged without a trace, and then takes the place."""
    desk, at = server.desk, server.desk.at

    def replay(desk: Desk) -> None:
        desk.at = at + timedelta(days=9)
        desk.votes()
        later: datetime = desk.at
        desk.git("switch", "--quiet", "-c", "side", "mine")
        desk.git("checkout", "--quiet", "main", "--", VOTES)
        desk.land("the same votes", at=at)
        desk.git("merge", "--quiet", "-m", "merge", "main")
        desk.git("switch", "--quiet", "main")
        desk.land("meanwhile", {"kb/a.md": "# A\n"}, at=later + timedelta(hours=1))
        desk.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")

    meanwhile(server, replay)
    desk.git("branch", "--quiet", "-f", "mine", "side")
    pull(server, NOTE)
    refused(server, "it puts a line of its own in the place of the branch, from")
