"""A record that its model refuses is told where it stands; what refers to it is not blamed for what cannot be read."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.conftest import Repo

from servicebook.rules.check import check_desk
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parents[2]
BROKEN = ("INC-20261008-F90H", "REL-20260325-6EJD", "CHG-20260609-VS6M", "CHG-20260326-H0AT")
"""A surveyed incident, a release, a change of a closed release, and one that fixed a known error."""


def test_what_refers_to_a_broken_record_has_no_findings(make_repo: Callable[..., Repo]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "kb", "tickets", "pyproject.toml"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    names = [name for name in listed.decode().split("\0") if name.endswith((".md", ".toml"))]
    texts = {name: (ROOT / name).read_text("utf-8") for name in names}
    broken = {name for name in texts if Path(name).stem in BROKEN}
    assert len(broken) == len(BROKEN)
    for name in broken:
        texts[name] = re.sub(r"\ntitle: .*", "\ntitle: [x]", texts[name], count=1)
    desk = open_desk(str(make_repo("broken", texts).root), tree="HEAD")
    found = list(check_desk(desk, datetime.fromisoformat("2026-11-20T09:00:00+08:00")))
    blamed = [(one.code, one.path) for one in found if one.path not in broken]
    assert {one.path for one in found if one.code.startswith("REC")} >= broken
    assert blamed == []
