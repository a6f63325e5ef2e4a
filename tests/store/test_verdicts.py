"""Verdicts are kept as long as the code that made them stands: every room the judge runs through counts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Repo

import servicebook
from servicebook.settings import Settings
from servicebook.store.index import Index
from servicebook.store.kept_settings import keep_settings, settings_of
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


SERVICE = "---\nschema: service/1\nid: live\ntitle: Live\nstatus: planned\ncriticality: low\n---\n"


def test_a_changed_model_is_heard_by_the_next_check(make_repo: Callable[..., Repo], tmp_path: Path) -> None:
    """Neither a kept verdict nor a kept form of the model outlives it, though its file is as long as it was."""
    package = tmp_path / "tools" / "servicebook"
    shutil.copytree(servicebook.__path__[0], package, ignore=shutil.ignore_patterns("__pycache__"))
    repo = make_repo("desk", {"pyproject.toml": "[tool.servicebook]\n", "kb/services/live.md": SERVICE})

    def found() -> str:
        words = [sys.executable, "-m", "servicebook", "check", "--format", "concise"]
        kept = {"PYTHONPATH": str(package.parent), "PYTHONPYCACHEPREFIX": str(tmp_path / "pycache")}
        done = subprocess.run(words, cwd=repo.root, env=os.environ | kept, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    assert "criticality" not in found() + found()
    model = package / "records" / "service.py"
    text = model.read_text("utf-8")
    model.write_text(text.replace('"medium", "low"]', '"medium", "lax"]'), "utf-8")
    assert model.read_text("utf-8") != text and model.stat().st_size == len(text.encode())
    assert "kb/services/live.md:6:14: REC205 `criticality` is `low`" in found()


def test_settings_kept_by_another_version_are_read_again() -> None:
    index = Index(":memory:", ":memory:")
    ours = Settings(name="Harbour", timezone="Asia/Shanghai")
    keep_settings(index.db, "b10b", ours)
    assert settings_of(index.db, "b10b") == ours
    values = ours._asdict()
    del values["history_since"]
    for other in ({**ours._asdict(), "of_tomorrow": 1}, values):
        index.db.execute("UPDATE shared.setting SET value = ?", (json.dumps(other),))
        assert settings_of(index.db, "b10b") is None
