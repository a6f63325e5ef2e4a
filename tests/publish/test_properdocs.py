"""The second leg: ProperDocs, which goes on where MkDocs 1 ends, makes the same site of the same mkdocs.yml.

Both are in one environment: no file of one is the other's, and only a process of ProperDocs takes `mkdocs` for its own
name. `.ci/properdocs` compares the whole desk in the same way.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("articles", "services", "customers", "agreements", "support-hours", "people", "teams", "known-errors")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def part(make_repo: Any) -> Any:
    """Return a part of the sample desk: its ordinary pages but the guide, some of its records, its mkdocs.yml."""
    names = [*(ROOT / "kb").glob("*.md"), *(ROOT / "tickets").rglob("2026/11/*.md")]
    names += [path for folder in FOLDERS for path in (ROOT / "kb" / folder).rglob("*.*")]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in names if path.is_file()}
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    files["mkdocs.yml"] = re.sub(r"(?m)^  - (Guide|Reference|Rules):\n(?:      .*\n)+", "", config).encode()
    files["pyproject.toml"] = (ROOT / "pyproject.toml").read_bytes()
    return make_repo("part", files)


def test_properdocs_makes_the_same_site(part: Any, tmp_path: Path) -> None:
    built = {}
    for builder in ("mkdocs", "properdocs"):
        site = tmp_path / builder
        words = [sys.executable, "-m", builder, "build", "--quiet", "--site-dir", str(site)]
        done = subprocess.run(words, cwd=part.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        built[builder] = files_of(site)
        shutil.rmtree(part.root / ".git/servicebook/site")  # the other takes none of the pages that were kept
    mine, others = built.values()
    assert len(mine) > 50
    # The builders sign the sitemap of their own pages with the day, and nothing else.
    assert [name for name in mine.keys() | others.keys()
            if name != "sitemap.xml.gz" and mine.get(name) != others.get(name)] == []  # fmt: skip


def test_both_builders_fit_into_one_environment() -> None:
    mine, others = ({str(file) for file in distribution(name).files or ()} for name in ("mkdocs", "properdocs"))
    assert mine
    assert others
    assert mine & others == set()
