"""One key a person for all tests of the room, and desks to vote on."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.approvals.desk import PEOPLE, Desk


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a key file for each person, and some more."""
    folder = tmp_path_factory.mktemp("keys")
    names = [*PEOPLE, "zhao.min.second", "stranger", "stranger.second"]
    for name in names:
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return {name: folder / name for name in names}


@pytest.fixture
def make_desk(tmp_path: Path, keys: dict[str, Path]) -> Callable[..., Desk]:
    """Return a maker of desks in folders of their own."""

    def make(name: str = "desk") -> Desk:
        root = tmp_path / name
        root.mkdir()
        return Desk(root, keys)

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """Return a desk with people, keys and boards."""
    return make_desk().begin()
