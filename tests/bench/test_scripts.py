"""Every benchmark and load that the guide names starts: what it needs of the others is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SCRIPTS = [
    path
    for folder in ("bench", "load")
    for path in sorted((TESTS / folder).glob("*.py"))
    if not path.name.startswith("test_") and "ArgumentParser(" in path.read_text("utf-8")
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_what_it_does(script: Path) -> None:
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
