"""Whatever happens to the bytes of an index, what it answers is what a cold load answers."""

from __future__ import annotations

import gc
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.bench.generator import write_desk

from servicebook.cli.main import main
from servicebook.records.kinds import BY_NAME
from servicebook.rules import opening
from servicebook.rules.check import check_desk, check_edits
from servicebook.rules.opening import open_desk
from servicebook.store import proof
from servicebook.store.edits import read_edits
from servicebook.store.snapshot import Snapshot
from servicebook.store.sums import Seal

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
FILES = ("anchor.sqlite", "verdicts.sqlite")
FEW, MANY = 60, 5000
_PAGE = 4096

LEAVE = "import os, sys; from servicebook.cli.main import main; main(['check']); main(['list']); os._exit(0)"
"""As a hook leaves: what it wrote is in the database's log, which nobody has closed."""


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, capture_output=True, check=True)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with findings of every scope, one ticket edited and staged, one edited only."""
    root = tmp_path_factory.mktemp("damaged") / "desk"
    write_desk(root, FEW)
    tickets = sorted((root / "tickets").rglob("*.md"))
    for number, path in enumerate(tickets[:12]):
        text = path.read_text("utf-8")
        path.write_text(
            text.replace("title: ", "titel: " if number % 2 else "links: {parent: none}\ntitle: ", 1), "utf-8"
        )
    git(root, "commit", "-qam", "flaws", "--no-verify")
    for path, staged in ((tickets[20], True), (tickets[30], False)):
        path.write_text(path.read_text("utf-8").replace("title: ", "title: x ", 1), "utf-8")
        if staged:
            git(root, "add", "-A")
    answers(root)
    return root


def answers(root: Path) -> dict[str, Any]:
    """Return what check, list, show and the hook make of a desk, in plain values."""
    said: dict[str, Any] = {}
    for tree in ("worktree", "staged"):
        desk = open_desk(str(root), tree=tree)
        try:
            edits = read_edits(desk)
            said[tree] = (
                sorted(check_edits(desk, edits, NOW)),
                sorted(check_desk(desk, NOW, edits), key=repr),
                looked_up(desk),
            )
        finally:
            desk.close()
    return said


def looked_up(desk: Snapshot) -> list[Any]:
    rows = list(desk.all())
    by_name = [[o.path for o in desk.find(f.id[-4:])] + [o.path for o in desk.with_id(f.id)] for f in rows]
    kinds = [[(f.path, f.status, f.title) for f in desk.of_kind(kind)] for kind in BY_NAME]
    states = [[f.path for f in desk.with_status(status)] for status in sorted({f.status for f in rows})]
    named = [[(o.path, ref) for o, ref in desk.referrers(f.kind, f.id)] for f in rows[::5]]
    live = [f.path for f in desk.live()]
    files = [tuple(entry) for entry in desk.entries()]
    alike = [desk.entries_like(f.path) for f in rows[::7]]
    return [[(f.path, f.blob, f.raw, f.refs) for f in rows], by_name, kinds, states, named, live, files, alike]


def seal(root: Path) -> None:
    """Let the index pass for what we wrote last, as where a disk loses bytes by itself."""
    for name in FILES:
        Seal(str(root / ".git" / "servicebook" / name)).renew()


class Kept:
    """A whole index of a desk, to be damaged again and again, and what the desk answers."""

    def __init__(self, root: Path, folder: Path, *, closed: bool) -> None:
        self.root = root
        self.index = root / ".git" / "servicebook"
        self._kept = folder / "kept"
        shutil.rmtree(self.index, ignore_errors=True)
        self.cold = answers(root)
        if not closed:
            shutil.rmtree(self.index)
            subprocess.run([sys.executable, "-c", LEAVE], cwd=root, stdout=subprocess.DEVNULL, check=True)
            assert all((self.index / f"{name}-wal").stat().st_size for name in FILES)
        shutil.copytree(self.index, self._kept)

    def restore(self) -> None:
        shutil.rmtree(self.index)
        shutil.copytree(self._kept, self.index)
        seal(self.root)

    def files(self) -> list[Path]:
        return sorted(path for path in self.index.iterdir() if ".sqlite" in path.name and path.stat().st_size)


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 2, 8))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def overwrite(data: bytearray, dice: random.Random) -> None:
    start, length = dice.randrange(len(data)), dice.choice((1, 4, 40, 500, 5000))
    length = min(length, len(data) - start)
    data[start : start + length] = dice.choice((dice.randbytes(length), bytes(length), data[:length]))


def take(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def mix_pages(data: bytearray, dice: random.Random) -> None:
    """Zero a page, put one over another, or let two change places."""
    pages = max(1, len(data) // _PAGE)
    one, other = (dice.randrange(pages) * _PAGE for _ in range(2))
    first, second = data[one : one + _PAGE], data[other : other + _PAGE]
    way = dice.randrange(3)
    data[one : one + _PAGE] = bytes(_PAGE) if way == 0 else second
    if way == 2:
        data[other : other + _PAGE] = first


def shrink_page(data: bytearray, dice: random.Random) -> None:
    """Let a page say that it holds fewer rows than it does, or that they begin elsewhere."""
    place = dice.randrange(max(1, len(data) // _PAGE)) * _PAGE + dice.choice((3, 4, 5, 6, 7, 8, 9, 10, 11))
    data[place] = max(0, data[place] - dice.choice((1, 1, 2)))


WAYS = (flip, flip, overwrite, overwrite, take, mix_pages, shrink_page)


def damage(kept: Kept, dice: random.Random) -> str:
    """Damage one file of the index in some way; return what was done."""
    kept.restore()
    path = dice.choice(kept.files())
    if dice.random() < 0.03:
        path.unlink()
        return f"{path.name} deleted"
    way = dice.choice(WAYS)
    data = bytearray(path.read_bytes())
    way(data, dice)
    with path.open("r+b") as file:
        file.truncate(len(data))
        file.write(data)
    return f"{path.name} {way.__name__}"


def wrong_answers(kept: Kept, seeds: range) -> list[str]:
    wrong = []
    for seed in seeds:
        what = damage(kept, random.Random(seed))
        if answers(kept.root) != kept.cold:
            wrong.append(f"{seed}: {what}")
    return wrong


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "left"])
def test_a_damaged_index_answers_as_a_cold_load(desk: Path, tmp_path: Path, closed: bool) -> None:
    assert wrong_answers(Kept(desk, tmp_path, closed=closed), range(12)) == []


@pytest.mark.parametrize("name", ["anchor.sqlite", "verdicts.sqlite"])
def test_damage_whose_message_is_no_text_is_damage(desk: Path, tmp_path: Path, name: str) -> None:
    kept = Kept(desk, tmp_path, closed=True)
    kept.restore()
    path = kept.index / name
    data = path.read_bytes()
    assert b"tablemetameta" in data
    data = data.replace(b"tablemetameta", b"tablem\xe5tameta").replace(b"CREATE TABLE meta", b"CREATE TABLX meta")
    path.write_bytes(data)
    assert answers(desk) == kept.cold
    assert answers(desk) == kept.cold


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("closed", [True, False], ids=["closed", "left"])
def test_an_index_damaged_at_thousands_of_places_answers_as_a_cold_load(
    desk: Path, tmp_path: Path, closed: bool, part: int
) -> None:
    """In parts, which may run side by side: most of the time is spent waiting until a file's time is trusted."""
    seeds = range(part * MANY // 10, (part + 1) * MANY // 10)
    assert wrong_answers(Kept(desk, tmp_path, closed=closed), seeds) == []


# --- what is believed without being read through, and what is not


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The databases that are read through from here on, by the name under which a connection has them."""
    seen: list[str] = []
    original = proof.prove
    monkeypatch.setattr(proof, "prove", lambda db, name, path: seen.append(name) or original(db, name, path))
    return seen


@pytest.fixture
def judgings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are judged from here on."""
    seen: list[str] = []
    original = opening.judge_late
    monkeypatch.setattr(opening, "judge_late", lambda file, *rest: seen.append(file.path) or original(file, *rest))
    return seen


def test_what_we_left_is_not_read_through_again(desk: Path, tmp_path: Path, proofs: list[str]) -> None:
    kept = Kept(desk, tmp_path, closed=False)  # a process that closed nothing
    kept.restore()
    assert answers(desk) == answers(desk) == kept.cold
    subprocess.run([sys.executable, "-m", "servicebook", "check"], cwd=desk, capture_output=True)
    open_desk(str(desk))  # let go of without being closed
    gc.collect()
    assert answers(desk) == kept.cold
    assert proofs == []


def test_a_copied_index_is_read_through_and_kept(
    desk: Path, tmp_path: Path, proofs: list[str], judgings: list[str]
) -> None:
    kept = Kept(desk, tmp_path, closed=True)
    judgings.clear()
    shutil.rmtree(kept.index)
    shutil.copytree(kept._kept, kept.index)
    assert answers(desk) == answers(desk) == kept.cold
    assert sorted(proofs) == ["main", "shared"] and judgings == []


def test_a_process_killed_while_it_writes_leaves_an_index_that_is_read_through_and_kept(
    desk: Path, tmp_path: Path, proofs: list[str]
) -> None:
    kept = Kept(desk, tmp_path, closed=True)
    code = (
        "import os, signal; from servicebook.store import sums; from servicebook.rules.opening import open_desk;"
        "index = open_desk('.').index;"
        "sums.Seal.renew = lambda self: os.kill(os.getpid(), signal.SIGKILL);"
        "index.note({'looked': ''})"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=desk, capture_output=True).returncode == -signal.SIGKILL
    assert answers(desk) == kept.cold
    assert proofs == ["main"]


def test_writers_that_meet_do_not_make_each_other_read_all(desk: Path, tmp_path: Path, proofs: list[str]) -> None:
    Kept(desk, tmp_path, closed=True)
    code = (
        "from servicebook.rules.opening import open_desk\n"
        "for number in range(40):\n"
        "    index = open_desk('.').index\n"
        "    index.note({'place': 'x' * number * 200})\n"
        "    index.close()\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", code], cwd=desk) for _ in range(2)]
    while any(other.poll() is None for other in others):
        open_desk(str(desk)).close()
    assert [other.wait() for other in others] == [0, 0]
    assert len(proofs) <= 2, "now and then another process writes for longer than is waited"


@pytest.mark.parametrize("column", ["raw", "found", "body", "id"])
def test_damage_that_moves_no_time_is_told_where_it_is_read(
    desk: Path, tmp_path: Path, column: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk that loses bytes by itself: the answer is the cold one, or the second one is."""
    kept = Kept(desk, tmp_path, closed=True)
    kept.restore()
    monkeypatch.chdir(desk)
    main(["check"])
    whole = capsys.readouterr().out
    with closing(sqlite3.connect(kept.index / "verdicts.sqlite", isolation_level=None)) as db:
        db.execute(f"UPDATE verdict SET {column} = replace({column}, 'e', 'f')")
    seal(desk)
    said = main(["check"]), capsys.readouterr()
    if said[0] == 2:
        assert "run the command again" in said[1].err
        main(["check"])
        assert capsys.readouterr().out == whole
    else:
        assert said[1].out == whole


@pytest.mark.parametrize("table", ["file", "meta", "folder", "target", "seen_name"])
def test_every_row_has_its_sum(desk: Path, tmp_path: Path, table: str, proofs: list[str]) -> None:
    kept = Kept(desk, tmp_path, closed=True)
    with closing(sqlite3.connect(kept.index / "anchor.sqlite", isolation_level=None)) as db:
        *_, (_, column, *_) = (row for row in db.execute(f"PRAGMA table_info({table})") if "sum" not in row[1])
        db.execute(f"UPDATE OR IGNORE {table} SET {column} = 7")
    assert answers(desk) == kept.cold
    assert proofs[:1] == ["main"] or table == "meta", "which is looked at before all else"


CHECKED = "import sys; from servicebook.cli.main import main; sys.exit(main(['check', '--format', 'concise']))"


@pytest.mark.parametrize("seed", range(4))
def test_many_that_meet_damage_at_once_answer_as_a_cold_load(desk: Path, tmp_path: Path, seed: int) -> None:
    """None of them takes away what another is making in its place."""
    kept = Kept(desk, tmp_path, closed=seed % 2 == 0)

    def checks(count: int) -> list[str]:
        words = [sys.executable, "-c", CHECKED]
        others = [subprocess.Popen(words, cwd=desk, stdout=subprocess.PIPE, text=True) for _ in range(count)]
        return [other.communicate()[0] for other in others]

    shutil.rmtree(kept.index)
    (cold,) = checks(1)
    damage(kept, random.Random(seed))
    assert checks(4) == [cold] * 4
    assert answers(desk) == kept.cold
    assert checks(1) == [cold]
