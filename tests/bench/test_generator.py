"""The benchmark's desk is the same for the same seed, and its own rules find nothing broken in it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from tests.bench.generator import NOW, write_desk

from servicebook.rules.check import check_desk
from servicebook.rules.opening import open_desk


def digest(root: Path) -> str:
    files = sorted(path for folder in ("kb", "tickets") for path in (root / folder).rglob("*.md"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def test_the_same_seed_gives_the_same_desk(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        write_desk(tmp_path / name, 40, seed, git=False)
    assert digest(tmp_path / "one") == digest(tmp_path / "again")
    assert digest(tmp_path / "one") != digest(tmp_path / "other")


def test_its_records_are_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_desk(tmp_path / "desk", 200)
    monkeypatch.chdir(tmp_path / "desk")
    desk = open_desk(os.curdir)
    assert check_desk(desk, NOW) == []
    assert sum(1 for _ in desk.all()) > 300
