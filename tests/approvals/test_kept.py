"""What earlier runs have kept never makes an answer another one than a run without it gives."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.approvals.attacks import ATTACKS, Attack
from tests.approvals.desk import CHG, Desk, path_of_change, record
from tests.approvals.test_must_pass import TEMPLATE
from tests.approvals.test_received import receipts

from servicebook.errors import CannotDecideError
from servicebook.evidence import branch
from servicebook.evidence.branch import verify_begun, verify_branch
from servicebook.evidence.ledger import read_ledger
from servicebook.evidence.packed import pack, unpack
from servicebook.evidence.verification import Verification
from servicebook.evidence.verify import Verifier, verify_all
from servicebook.store.mainline import commit_of
from servicebook.store.repository import find_repository


class Warm(Desk):
    """A desk on which everything is verified at each commit, so that all that can be kept is kept all along."""

    def land(self, message: str, files: Mapping[str, str | bytes] | None = None, *rest: Any, **more: Any) -> str:
        commit = super().land(message, files, *rest, **more)
        warm(self)
        return commit


def warm(desk: Desk, now: datetime | None = None) -> list[Verification]:
    repository = find_repository(str(desk.root), bare=True)
    return verify_branch(repository, commit_of(repository, "HEAD"), now or desk.at + timedelta(hours=1))


def cold(desk: Desk, now: datetime | None = None) -> list[Verification]:
    repository = find_repository(str(desk.root), bare=True)
    now = now or desk.at + timedelta(hours=1)
    return list(verify_all(Verifier(read_ledger(repository, "HEAD", now), now)))


def kept_file(desk: Desk) -> Path:
    return desk.root / ".git" / "servicebook" / "verified.sqlite"


def play(desk: Desk, attack: Attack) -> None:
    desk.begin(*attack.boards)
    attack.act(desk)
    answers = cold(desk)
    assert warm(desk) == answers, "found with what is known of blobs"
    assert warm(desk) == answers, "given again"
    assert unpack(pack(tuple(answers), tuple[Verification, ...]), tuple[Verification, ...]) == tuple(answers)


@pytest.mark.parametrize("seed", range(4))
def test_attacks_on_a_desk_that_keeps_all_along(tmp_path: Path, keys: dict[str, Path], seed: int) -> None:
    (tmp_path / "desk").mkdir()
    play(Warm(tmp_path / "desk", keys), random.Random(f"kept{seed}").choice(ATTACKS))


@pytest.mark.nightly
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_every_attack_on_a_desk_that_keeps_all_along(tmp_path: Path, keys: dict[str, Path], attack: Attack) -> None:
    (tmp_path / "desk").mkdir()
    play(Warm(tmp_path / "desk", keys), attack)


def test_the_second_run_asks_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    first = warm(desk)
    monkeypatch.setattr(branch, "open_branch", None)
    assert warm(desk) == first


def test_a_later_commit_reads_no_vote_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    warm(desk)
    desk.land("a page", {"kb/a.md": "# A\n"})
    monkeypatch.setattr("servicebook.evidence.casts.prove_vote", None)
    monkeypatch.setattr("servicebook.evidence.plans.shows_start", None)
    assert [one.outcome for one in warm(desk)] == ["pass"]


def test_time_passes_without_a_commit(desk: Desk) -> None:
    """An emergency becomes overdue, and a clock that is set back takes nothing for granted."""
    desk.propose(change_type="emergency")
    desk.votes(policy=desk.policy("ecab"))
    desk.start()
    early, late = desk.at + timedelta(hours=1), desk.at + timedelta(days=3, seconds=1)
    for now in (early, desk.at + timedelta(days=3), late, early, desk.at - timedelta(days=1), late):
        assert warm(desk, now) == cold(desk, now)
    assert [one.outcome for one in warm(desk, early)] == ["pass"]
    assert [one.outcome for one in warm(desk, late)] == ["fail"]


def test_a_template_expires_without_a_commit(desk: Desk) -> None:
    desk.land("template", {"kb/articles/restart.md": record(TEMPLATE | {"valid_to": "2026-03-28"}, "One.\n")})
    desk.propose(change_type="standard", template="restart", plan=None, parameters={"begin": "02:00"})
    for days in range(6):
        for hours in (0, 6, 12, 23):
            now = desk.at + timedelta(days=days, hours=hours)
            assert warm(desk, now) == cold(desk, now)


def test_a_commit_of_the_future(desk: Desk) -> None:
    """How long ago it landed is told otherwise when that time has come."""
    desk.propose()
    desk.votes()
    desk.land("ahead", {"README.md": "x\n"}, at=desk.at + timedelta(days=400))
    desk.start()
    for days in (-400, -100, 0, 1):
        now = desk.at + timedelta(days=days)
        assert warm(desk, now) == cold(desk, now)


def test_receipts_that_come_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.propose()
    votes = desk.votes()
    start = desk.start()
    assert [one.assurance for one in warm(desk)] == ["ordered_quorum"]
    desk.git("update-ref", "refs/servicebook/receipts", "HEAD")
    monkeypatch.setattr(branch, "read_receipts", lambda repository: receipts(desk, votes, start))
    assert [one.assurance for one in warm(desk)] == ["timed_quorum"]


def test_rules_that_are_pinned_later(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    repository, now = find_repository(str(desk.root)), desk.at + timedelta(hours=1)
    tip = commit_of(repository, "HEAD")
    assert verify_branch(repository, tip, now)[0].outcome == "pass"
    assert verify_branch(repository, tip, now, ["sha256:" + "0" * 64])[0].outcome == "fail"
    assert verify_branch(repository, tip, now)[0].outcome == "pass"


def test_a_shallow_clone_still_cannot_decide(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    warm(desk)
    (desk.root / ".git" / "shallow").write_text(desk.git("rev-parse", "HEAD~2"))
    with pytest.raises(CannotDecideError):
        warm(desk)


def test_what_a_period_began(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    begun = desk.start()
    repository, now = find_repository(str(desk.root)), desk.at + timedelta(hours=1)
    tip = commit_of(repository, "HEAD")
    for commits in ([], [tip], [begun]):
        for _ in range(2):
            found = verify_begun(repository, tip, now, commits)
            assert [one.id for one in found] == ([CHG] if begun in commits else [])


def test_damage_in_the_file_is_found_out(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.start()
    answers = warm(desk)
    assert answers[0].outcome == "fail"
    db = sqlite3.connect(kept_file(desk))
    rows = db.execute("SELECT key, value FROM kept WHERE key != ''").fetchall()
    for key, value in rows:
        db.execute("UPDATE kept SET value = ? WHERE key = ?", (bytes(value).replace(b"1", b"2")[:-1] + b"x", key))
    db.commit()
    db.close()
    assert warm(desk) == answers
    kept_file(desk).write_bytes(b"no database" * 1000)
    assert warm(desk) == answers == warm(desk)
    kept_file(desk).unlink()
    assert warm(desk) == answers


def test_another_program_begins_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    warm(desk)
    monkeypatch.setattr(branch, "installed_versions", lambda: "others")
    monkeypatch.setattr("servicebook.evidence.casts.prove_vote", lambda *_: (None, None, None))
    assert [one.outcome for one in warm(desk)] == ["fail"]


def test_old_runs_make_room(desk: Desk) -> None:
    for number in range(branch._RUNS + 3):
        desk.land(f"{number}", {"README.md": f"{number}\n"})
        warm(desk)
    db = sqlite3.connect(kept_file(desk))
    (count,) = db.execute("SELECT count(*) FROM kept WHERE key LIKE 'run %'").fetchone()
    db.close()
    assert count == branch._RUNS  # no changes, no rows but the heads


def test_a_submodule_in_a_votes_place_is_not_taken_for_what_it_names(desk: Desk) -> None:
    """Its id may be that of anything, or of nothing that is here yet."""
    desk.propose()
    vote = desk.vote("zhao.min")
    blob = desk.git("hash-object", "-w", vote).strip()
    (desk.root / vote).unlink()
    desk.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path_of_change()[:-3]}.votes/x-1.json")
    desk.git("update-index", "--add", "--cacheinfo", f"160000,{blob},{vote}")
    desk.git("commit", "-qm", "odd", "--no-verify")
    assert warm(desk) == cold(desk) == warm(desk)
