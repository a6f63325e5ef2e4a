"""The server as the gate: nothing begins on its main branch that the board has not approved, proven by real pushes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.approvals.desk import CHG, Desk, path_of_change
from tests.conftest import in_process


class Server:
    """A desk and the server that it pushes to; what the records themselves lack is not judged here."""

    def __init__(self, desk: Desk, root: Path) -> None:
        self.desk = desk
        self.bare = root / "server.git"
        assert in_process("install", "--server", str(self.bare), where=root).returncode == 0
        self.git("config", "servicebook.branches", "judged/*")
        self.push()

    def git(self, *words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(self.bare), *words], check=True, capture_output=True, text=True
        ).stdout  # fmt: skip

    def try_push(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            ["git", "push", *words, str(self.bare), "HEAD:main"], cwd=self.desk.root, capture_output=True, text=True,
            env={**os.environ, "SERVICEBOOK_NOW": self.desk.at.isoformat()},
        )  # fmt: skip
        return done.returncode, done.stderr

    def push(self, *words: str) -> str:
        code, said = self.try_push(*words)
        assert code == 0, said
        return said


@pytest.fixture
def server(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(desk, tmp_path_factory.mktemp("server"))


def test_what_is_approved_may_begin(server: Server) -> None:
    server.desk.propose()
    server.push()
    server.desk.votes()
    server.push()
    server.desk.start()
    server.push()
    assert server.git("rev-parse", "main") == server.desk.git("rev-parse", "HEAD")


def test_what_is_not_is_refused_with_the_reasons(server: Server) -> None:
    server.desk.propose()
    server.desk.votes(["zhao.min"])
    server.push()
    before = server.git("rev-parse", "main")
    server.desk.start()
    code, said = server.try_push()
    assert code == 1 and f"{CHG}  fails" in said and "1 of 2 approvals" in said
    assert "the push is refused" in said and "Traceback" not in said
    assert server.git("rev-parse", "main") == before
    server.desk.git("push", "-q", str(server.bare), "HEAD:topic")
    server.git("config", "servicebook.approvals", "false")
    server.push()


def test_a_change_that_is_born_in_implementation(server: Server) -> None:
    """One that was not there before has not failed before either."""
    server.desk.propose()
    server.desk.votes()
    server.desk.start()
    server.desk.git("reset", "-q", "--soft", "main~5")
    server.desk.land("all of it, squashed")
    code, said = server.try_push()
    assert code == 1 and "no plan before" in said


def test_a_plan_edited_after_the_votes(server: Server) -> None:
    server.desk.propose()
    server.desk.votes()
    server.push()
    server.desk.edit(path_of_change(), risk="low")
    server.desk.land("a small thing")
    server.desk.start()
    code, said = server.try_push()
    assert code == 1 and "the plan was edited since" in said


def test_rules_made_weaker_without_the_boards_vote(server: Server) -> None:
    server.desk.amend_board(quorum=[{"votes": 1}])
    code, said = server.try_push()
    assert code == 1 and "the push is refused" in said
    server.desk.git("reset", "-q", "--hard", "HEAD^")
    server.desk.amend_board(votes=("wang.fang", "chen.hao"), vote_within="14d")
    server.push()


def test_rules_fast_forwarded_before_the_votes_on_them(server: Server) -> None:
    """On the first-parent line the rules come without votes then; merged with a merge commit they come with them."""
    desk = server.desk
    before = desk.policy()
    desk.git("switch", "-q", "-c", "rules")
    desk.edit("kb/boards/cab.md", version=2, previous_digest=before, vote_within="14d")
    desk.land("new rules", by="zhao.min")
    desk.vote_on_rules(("wang.fang", "chen.hao"), "zhao.min", "cab", before)
    desk.land("votes on them")
    desk.git("switch", "-q", "main")
    desk.git("merge", "-q", "--ff-only", "rules")
    code, said = server.try_push()
    assert code == 1 and "version 2 of the board `cab` was not approved by the rules before it" in said
    desk.git("reset", "-q", "--hard", "rules~2")
    desk.git("merge", "-q", "--no-ff", "-m", "rules", "rules")
    server.push()


def test_a_vote_taken_away(server: Server) -> None:
    server.desk.propose()
    server.desk.votes()
    server.desk.start()
    server.push()
    folder = path_of_change().removesuffix(".md") + ".votes"
    server.desk.git("rm", "-q", f"{folder}/zhao.min-1.json")
    server.desk.land("tidy up")
    code, said = server.try_push()
    assert code == 1 and "was taken away" in said
    server.git("branch", "judged/votes", "main")
    done = subprocess.run(
        ["git", "push", str(server.bare), "HEAD:judged/votes"], cwd=server.desk.root, capture_output=True, text=True
    )
    assert done.returncode == 1 and "VOT852" in done.stderr and f"{folder}/zhao.min-1.json" in done.stderr


def test_a_pull_that_brought_nothing_approvals_hang_on(server: Server) -> None:
    server.desk.git("branch", "mine")
    server.desk.land("theirs", {"kb/a.md": "# A\n"})
    server.push()
    server.desk.git("switch", "-q", "mine")
    server.desk.land("mine", {"kb/b.md": "# B\n"})
    server.desk.git("merge", "-q", "-m", "pull", "main")
    assert server.try_push()[0] == 0


def test_what_failed_before_stops_nobody_else(server: Server) -> None:
    server.desk.propose()
    server.desk.start()
    server.git("config", "servicebook.approvals", "false")
    server.push()
    server.git("config", "servicebook.approvals", "true")
    server.desk.move("implemented", "implemented")
    server.desk.land("done, all the same")
    server.push()
    server.desk.land("a page", {"kb/a.md": "# A\n"})
    server.push()


def test_a_desk_without_rules_has_no_gate(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk("plain").begin({"schema": "board/1", "id": "cab", "title": "Board"})
    server = Server(desk, tmp_path)
    desk.propose()
    desk.start()
    server.push()


def test_votes_and_work_received_in_two_pushes_are_told_apart(server: Server) -> None:
    """With the server's receipts at hand the highest assurance is reached, and not when all came in one push."""
    server.desk.propose()
    server.desk.votes()
    server.push()
    server.desk.start()
    server.push()
    at = {**os.environ, "SERVICEBOOK_NOW": server.desk.at.isoformat()}
    command = [sys.executable, "-m", "servicebook", "verify", CHG, "--at", "main", "--json"]
    done = subprocess.run(command, cwd=server.bare, capture_output=True, text=True, env=at)
    assert done.returncode == 0, done.stderr
    assert '"timed_quorum"' in done.stdout
    done = subprocess.run(
        [*command[:3], "evidence", CHG, "--at", "main", "-o", "e.tar"], cwd=server.bare, capture_output=True, text=True,
        env=at,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    alone = [*command[:3], "verify", "--bundle", str(server.bare / "e.tar"), "--json"]
    done = subprocess.run(alone, cwd="/", capture_output=True, text=True, env=at)
    assert done.returncode == 0 and '"timed_quorum"' in done.stdout, "receipts go with the evidence"
