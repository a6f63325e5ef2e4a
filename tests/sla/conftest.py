"""Lets the tests of this folder share modules (importlib mode), and keeps the long profile for the night."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the nightly profile unless `-m nightly` asks for it."""
    if "nightly" not in (config.option.markexpr or ""):
        for item in items:
            if item.get_closest_marker("nightly"):
                item.add_marker(pytest.mark.skip(reason="run by: pytest -m nightly"))
