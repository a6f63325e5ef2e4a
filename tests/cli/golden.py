"""Golden files: what a command printed when somebody last looked at it and found it good."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden" / "cli"


def assert_golden(name: str, text: str) -> None:
    """Hold `text` against tests/golden/cli/NAME; UPDATE_GOLDEN=1 writes it anew."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
