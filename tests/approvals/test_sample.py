"""What `servicebook verify --all --explain` says of the sample desk: every change, why it stands as it does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.cli.main import main

ROOT = Path(__file__).parents[2]
NEEDED = ("kb/boards", "kb/people", "kb/articles", "tickets/changes", "pyproject.toml")


def test_every_change_of_the_sample_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name)
    repo = Repo(tmp_path)
    repo.git("init", "-q", "-b", "main")
    repo.git("add", "-A")
    repo.git("commit", "-q", "--no-verify", "-m", "the sample desk")
    monkeypatch.chdir(tmp_path)
    assert main(["verify", "--all", "--explain"]) == 0
    out, err = capsys.readouterr()
    changes = sorted(path.stem for path in tmp_path.glob("tickets/changes/*/*/CHG-*.md"))
    assert [line[:17] for line in out.splitlines() if line.startswith("CHG-")] == changes
    assert f"{len(changes)} changes: 0 pass, 0 fail" in err
    assert "the branch had no rules for voting when it was implemented" in out
    assert "approvals that the board `cab` asks for" in out and "board `cab`, version" in out
    assert main(["verify", "--all", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["outcome"] for one in told} == {"open", "unasked"}
