"""The loads of this folder, small: many clones at once, and kills at random points."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.load.clones import put_load
from tests.load.kills import ACTIONS, kill_often


@pytest.mark.slow
def test_four_clones_push_five_updates_each(tmp_path: Path) -> None:
    outcome = put_load(tmp_path, clones=4, updates=5, tickets=3)
    assert outcome.faults == []
    assert len(outcome.waits) == 20


@pytest.mark.slow
def test_ten_kills_at_random_points(tmp_path: Path) -> None:
    outcome = kill_often(tmp_path, 10, seed=5)
    assert outcome.faults == []
    assert set(outcome.hit) == set(ACTIONS)
