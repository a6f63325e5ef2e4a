"""Verdicts are kept as long as the code that made them stands: every room the judge runs through counts."""

from __future__ import annotations

import json
import subprocess
import sys

from servicebook.settings import Settings
from servicebook.store.index import Index
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


def test_settings_kept_by_another_version_are_read_again() -> None:
    index = Index(":memory:", ":memory:")
    ours = Settings(name="Harbour", timezone="Asia/Shanghai")
    index.keep_settings("b10b", ours)
    assert index.settings_of("b10b") == ours
    values = ours._asdict()
    del values["history_since"]
    for other in ({**ours._asdict(), "of_tomorrow": 1}, values):
        index.db.execute("UPDATE shared.setting SET value = ?", (json.dumps(other),))
        assert index.settings_of("b10b") is None
