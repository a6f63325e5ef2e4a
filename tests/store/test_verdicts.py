"""Verdicts are kept as long as the code that made them stands: every room the judge runs through counts."""

from __future__ import annotations

import subprocess
import sys

from servicebook.store.verdicts import ROOMS

JUDGE_ONE = """
import sys
from servicebook.rules.check import judge
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile

judge(SourceFile("tickets/incidents/2026/03/INC-20260312-7F3K.md", b"---\\nschema: incident/1\\n---\\n"), Settings())
print(*sorted(name for name in sys.modules if name.startswith("servicebook.")))
"""


def test_a_new_judge_means_new_verdicts() -> None:
    done = subprocess.run([sys.executable, "-c", JUDGE_ONE], capture_output=True, text=True, check=True)
    rooms = {name.split(".")[1] for name in done.stdout.split() if name.count(".") > 1}
    assert "loader" in rooms
    assert rooms <= set(ROOMS)
