"""A ticket that lacks something is written at once, and lands when it is complete; what is missing is a command."""

from __future__ import annotations

import os

from tests.cli.conftest import INCIDENT, PATH, Call
from tests.cli.test_push import Clone, clone, is_at_rest, server, subjects
from tests.conftest import Repo

__all__ = ["clone", "server"]

MISSING = f"servicebook set {INCIDENT} resolution.resolution_code=… resolution.cause_code=… resolution.method=…"
FOUND = ("resolution.resolution_code=fixed", "resolution.cause_code=software", "resolution.method=restarted it")


def test_what_is_missing_is_said_as_a_command(desk: Repo, call: Call) -> None:
    answer = call("resolve", "7F3K")
    assert answer.code == 0, answer.err
    assert "still open" in answer.out and MISSING in answer.out
    assert MISSING in call("check").out


def test_an_unfinished_ticket_is_written_but_does_not_leave(clone: Clone, server: Repo, call: Call) -> None:
    """Were it committed, every later push of this clone would wait for it."""
    mine = clone("mine")
    before = server.git("rev-parse", "main")
    answer = call("resolve", "7F3K", "--push")
    assert answer.code == 1
    assert f"{PATH} is written, but neither committed nor pushed" in answer.err
    assert f"{MISSING} --push" in answer.err
    assert "status: resolved" in (mine.root / PATH).read_text("utf-8")
    assert mine.git("status", "--porcelain").split() == ["M", PATH]
    assert server.git("rev-parse", "main") == before
    assert call("note", "8G4M", "goes on", "--push").code == 0, "others are not kept waiting"
    assert subjects(server)[0].startswith("INC-20260312-8G4M note")
    answer = call("set", "7F3K", *FOUND, "--push")
    assert answer.code == 0, answer.err
    text = server.git("show", f"main:{PATH}")
    assert "status: resolved" in text and "method: restarted it" in text
    assert mine.git("status", "--porcelain") == ""
    assert is_at_rest(mine)


def test_a_commit_of_this_clone_alone_may_be_unfinished(clone: Clone, server: Repo, call: Call) -> None:
    clone("mine")
    assert call("resolve", "7F3K", "--commit").code == 0


def test_what_landed_unfinished_may_still_be_noted_on(clone: Clone, server: Repo, call: Call) -> None:
    """On a server that does not check, somebody's old ticket is not in the way of the next word on it."""
    mine = clone("mine")
    assert call("resolve", "7F3K", "--commit").code == 0
    mine.git("push", "--quiet")
    answer = call("note", "7F3K", "the customer called", "--push")
    assert answer.code == 0, answer.err


def test_a_server_that_checks_says_what_to_run(clone: Clone, server: Repo, call: Call) -> None:
    """An unfinished commit that is there already: the push says the command, and the command clears the way."""
    assert call("install", "--server", str(server.root)).code == 0
    mine = clone("mine")
    assert call("resolve", "7F3K", "--commit").code == 0
    answer = call("note", "8G4M", "kept waiting", "--push")
    assert answer.code == 1
    assert "refused it" in answer.err and MISSING in answer.err
    assert "--push" in answer.err.splitlines()[-1]
    answer = call("set", "7F3K", *FOUND, "--push")
    assert answer.code == 0, answer.err
    assert server.git("rev-parse", "main") == mine.git("rev-parse", "main")
    os.chdir(mine.root)
