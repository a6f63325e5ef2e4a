"""What `servicebook verify --all --explain` says of the sample desk: every change, why it stands as it does.

Two of its changes were voted on in this project's own history, with keys whose private halves nobody kept.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.cli.main import main

ROOT = Path(__file__).parents[2]
FIRST = "7932e7e434e10591110e9f3087dce1c8a4768ea7"
"""The commit that this project begins with: votes name it as their repository."""
PROVEN, LATE = "CHG-20261112-7KQE", "CHG-20261113-3XWD"
"""A change that its board approved before the work, and one that was begun after one vote of two."""
NEEDED = ("kb/boards", "kb/people", "kb/articles", "tickets/changes", "pyproject.toml")


@pytest.fixture
def history(tmp_path: Path) -> Repo:
    """Return a clone of this project with all of its history; skip where this is no whole clone of it."""
    here = Repo(ROOT)
    try:
        whole = here.git("rev-parse", "--is-shallow-repository").strip() == "false"
    except subprocess.CalledProcessError:
        whole = False
    if not whole or here.git("rev-list", "--max-parents=0", "HEAD").split() != [FIRST]:
        pytest.skip("this is no clone of the project with its whole history")
    here.git("clone", "-q", "--no-checkout", str(ROOT), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    clone.git("checkout", "-q", "-B", "main", here.git("rev-parse", "HEAD").strip())
    return clone


def test_the_sample_s_own_history_proves_one_change_and_not_another(
    history: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(history.root)
    for _ in range(2):
        assert main(["verify", "--all", "--explain"]) == 1
        out, err = capsys.readouterr()
        told = {part[:17]: part for part in out.split("\n\n")}
        assert "passes  a quorum signed this plan before the work" in told[PROVEN]
        assert "recorded (lin.yue)" in told[PROVEN] and "it approves another plan" in told[PROVEN]
        assert "fails  1 of 2 approvals that the board `cab` asks for" in told[LATE]
        assert "it landed after the work had begun" in told[LATE]
        assert "1 pass, 1 fail" in err
        with next(history.root.glob(f"tickets/changes/*/*/{PROVEN}.md")).open("a", encoding="utf-8") as file:
            file.write("- the project's history goes on\n")
        history.git("commit", "-q", "--no-verify", "-am", "on it goes")
    history.git("clone", "-q", "--depth=3", history.root.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    assert main(["verify", PROVEN]) == 4
    assert "git fetch --unshallow" in capsys.readouterr().err


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
