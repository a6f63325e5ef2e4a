"""Verdicts are kept as long as the code that made them stands: every room the judge runs through counts."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import distribution, packages_distributions, version
from pathlib import Path

import pytest
from tests.conftest import Repo
from tests.test_ladder import HOMES

import servicebook
from servicebook.settings import Settings
from servicebook.store.engine import LIBRARIES
from servicebook.store.index import Index
from servicebook.store.kept_settings import keep_settings, settings_of
from servicebook.store.sums import sum_of
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


ASKED_LIBRARIES = """
import sys
from pathlib import Path
from servicebook.rules.check import judge
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile
from importlib.metadata import packages_distributions

for path in sorted(Path("kb").rglob("*.md")) + sorted(Path("tickets").rglob("*.md")):
    judge(SourceFile(str(path), path.read_bytes()), Settings())
known = packages_distributions()
found = {distribution for name in list(sys.modules) for distribution in known.get(name, ())}
print(*sorted(found - {"servicebook", "setuptools"}))
"""


def test_every_library_that_judges_is_part_of_the_engine() -> None:
    ours = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", ASKED_LIBRARIES], cwd=ours, capture_output=True, text=True, check=True)
    assert {"markdown-it-py", "PyYAML"} <= set(done.stdout.split()) <= set(LIBRARIES)
    of_rooms = {package for package, rooms in HOMES.items() if set(rooms) & set(ROOMS)}
    distributions = packages_distributions()
    assert {name for package in of_rooms for name in distributions.get(package, ())} <= {*LIBRARIES, "pygit2"}


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A folder of packages that an interpreter looks into before its own: it holds markdown-it-py in its version."""
    folder = tmp_path / "packages"
    for name in ("markdown_it", f"markdown_it_py-{version('markdown-it-py')}.dist-info"):
        shutil.copytree(str(distribution("markdown-it-py").locate_file(name)), folder / name)
    return folder


def test_another_version_of_a_library_means_new_verdicts(
    make_repo: Callable[..., Repo], environment: Path, tmp_path: Path
) -> None:
    """Told by a hook without site packages too, and once only: neither imports what it asks for."""
    repo = make_repo("desk", {"pyproject.toml": "[tool.servicebook]\n", "kb/services/live.md": SERVICE})

    def engines(*words: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *words],
            cwd=repo.root, env={**os.environ, "PYTHONPATH": str(environment)}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        asked.append("importlib.metadata" in done.stderr)
        with closing(sqlite3.connect(repo.root / ".git/servicebook/verdicts.sqlite")) as db:
            return sorted(engine for (engine,) in db.execute("SELECT DISTINCT engine FROM verdict"))

    asked: list[bool] = []
    check = ("-m", "servicebook", "check")
    hook = ("-I", "-S", str(Path(servicebook.__path__[0]) / "cli" / "start_hook.py"), "pre-commit")
    first = engines(*check)
    assert len(first) == 1 and engines(*check) == first
    (old,) = environment.glob("*.dist-info")
    new = environment / "markdown_it_py-4.99.dist-info"
    old.rename(new)
    (new / "METADATA").write_text("Metadata-Version: 2.1\nName: markdown-it-py\nVersion: 4.99\n")
    assert len(engines(*check)) == 2 and len(engines(*check)) == 2
    assert engines(*hook) == engines(*hook), "which the environment does not tell where to look"
    assert asked == [True, False, True, False, True, False]


def test_settings_kept_by_another_version_are_read_again() -> None:
    index = Index(":memory:", ":memory:")
    ours = Settings(name="Harbour", timezone="Asia/Shanghai")
    keep_settings(index, "b10b", ours)
    assert settings_of(index, "b10b") == ours
    values = ours._asdict()
    del values["history_since"]
    for other in ({**ours._asdict(), "of_tomorrow": 1}, values):
        text = json.dumps(other)
        index.db.execute("UPDATE shared.setting SET value = ?, sum = ?", (text, sum_of("b10b", text)))
        assert settings_of(index, "b10b") is None
