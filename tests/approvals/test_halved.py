"""Two processes that share the changes of a branch find what one finds, in its order, and keep the same."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.approvals.desk import Desk

from servicebook.evidence import halved
from servicebook.evidence.branch import verify_branch
from servicebook.evidence.verification import Verification
from servicebook.store.kept_texts import KeptTexts
from servicebook.store.mainline import commit_of
from servicebook.store.repository import find_repository

CHANGES = ("CHG-20260325-0001", "CHG-20260325-0002", "CHG-20260326-0003", "CHG-20260326-0004", "CHG-20260327-0005")

Rows = dict[str, bytes]


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which each process that is forked is added; there are two processors, and all is shared."""
    fork, forked = os.fork, list[int]()

    def counted() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr(halved, "_HALVED_FROM", 2)
    return forked


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """Return a desk whose changes pass, fail, are open, and one whose board has some days left to agree afterwards."""
    desk = make_desk().begin()
    for id in CHANGES:
        desk.propose(id, change_type="emergency" if id == CHANGES[3] else "major")
    for id, people in zip(
        CHANGES, (["zhao.min", "chen.hao"], ["zhao.min"], [], [], ["chen.hao", "lin.yue"]), strict=True
    ):
        desk.votes(people, id)
    desk.votes(["zhao.min", "chen.hao"], CHANGES[3], submit="", policy=desk.policy("ecab"))
    for id in (CHANGES[0], CHANGES[1], CHANGES[3], CHANGES[4]):
        desk.start(id)
    return desk


def verified(desk: Desk, now: datetime | None = None) -> list[Verification]:
    repository = find_repository(str(desk.root), bare=True)
    return verify_branch(repository, commit_of(repository, "HEAD"), now or desk.at + timedelta(hours=1))


def kept(desk: Desk) -> Rows:
    """Return all that is kept between runs, and take it away."""
    path = desk.root / ".git" / "servicebook" / "verified.sqlite"
    db = sqlite3.connect(path)
    rows = dict(db.execute("SELECT key, value FROM kept").fetchall())
    db.close()
    for file in path.parent.glob("verified.sqlite*"):
        file.unlink()
    return rows


def by_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Verification], Rows]:
    with monkeypatch.context() as alone:
        alone.setattr(halved, "_HALVED_FROM", 1000)
        return verified(desk), kept(desk)


def test_two_find_and_keep_what_one_does(
    desk: Desk, forks: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = by_one(desk, monkeypatch)
    assert not forks
    keep, writers = KeptTexts.keep, tmp_path / "writers"

    def noted(texts: KeptTexts, values: Rows, instead_of: str = "") -> None:
        with writers.open("a") as file:
            print(os.getpid(), file=file)
        keep(texts, values, instead_of)

    monkeypatch.setattr(KeptTexts, "keep", noted)
    assert (verified(desk), kept(desk)) == one
    assert len(forks) == 1
    assert [answer.id for answer in one[0]] == list(CHANGES)
    assert [answer.outcome for answer in one[0]] == ["pass", "fail", "open", "pass", "fail"]
    assert writers.read_text().split() == [str(os.getpid())] * 2  # findings and answers, and not by the forked one


def test_what_the_second_finds_is_not_read_again(desk: Desk, forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    verified(desk)
    desk.land("a page", {"kb/a.md": "# A\n"})
    monkeypatch.setattr("servicebook.evidence.casts.prove_vote", None)  # in both processes
    monkeypatch.setattr("servicebook.evidence.plans.shows_start", None)
    assert [one.outcome for one in verified(desk)] == ["pass", "fail", "open", "pass", "fail"]
    assert len(forks) == 2


def test_until_when_answers_hold_is_heard_from_the_second(desk: Desk, forks: list[int]) -> None:
    """The emergency is in its half: days later it is overdue, though nothing was committed."""
    assert verified(desk)[3].outcome == "pass"
    assert verified(desk, desk.at + timedelta(days=4))[3].outcome == "fail"
    assert len(forks) == 2


def test_a_second_that_ends_early_is_stood_in_for(
    desk: Desk, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, here = by_one(desk, monkeypatch), os.getpid()
    verify_all = halved.verify_all

    def broken(*words: object) -> object:
        return verify_all(*words) if os.getpid() == here else os._exit(9)  # type: ignore[arg-type]

    monkeypatch.setattr(halved, "verify_all", broken)
    assert (verified(desk), kept(desk)) == one
    assert len(forks) == 1


def test_what_stops_the_first_stops_all(desk: Desk, forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while the second still has more to say than a pipe holds."""
    here = os.getpid()

    def odd(*_: object) -> list[bytes]:
        if os.getpid() == here:
            raise KeyError("first")
        return [b"x" * 1_000_000]

    monkeypatch.setattr(halved, "verify_all", odd)
    with pytest.raises(KeyError, match="first"):
        verified(desk)
    for process in forks:
        with pytest.raises(ChildProcessError):  # it was waited for; a browser of other tests may still be there
            os.waitpid(process, os.WNOHANG)
    assert forks


@pytest.mark.usefixtures("forks")
def test_asked_anew_all_say_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from servicebook.cli.main import main

    monkeypatch.chdir(desk.root)
    said = []
    for words in ([], ["--anew"], []):
        assert main(["verify", "--all", "--json", *words]) == 1
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] == said[2]
