"""A fresh desk passes its own check at once, and init overwrites nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml
from tests.cli.conftest import Call
from tests.conftest import Repo


def test_fresh_desk_is_in_order(desk: Repo, call: Call) -> None:
    answer = call("check")
    assert answer.code == 0, answer.out
    assert "warning" not in answer.out


def test_files_that_other_tools_look_for(desk: Repo) -> None:
    for path in (
        "pyproject.toml", "mkdocs.yml", ".gitattributes", ".gitignore", "README.md", "hooks/pre-commit",
        ".github/workflows/servicebook.yml", ".gitlab-ci.yml", ".forgejo/workflows/servicebook.yml",
    ):  # fmt: skip
        assert (desk.root / path).is_file(), path
    for path in (".github/workflows/servicebook.yml", ".gitlab-ci.yml", ".forgejo/workflows/servicebook.yml"):
        assert yaml.safe_load((desk.root / path).read_text())
    settings = tomllib.loads((desk.root / "pyproject.toml").read_text())["tool"]["servicebook"]
    assert settings["name"] == "Test desk"
    assert settings["timezone"] == "Asia/Shanghai"


def test_refuses_to_overwrite(desk: Repo, call: Call) -> None:
    before = {path: path.read_bytes() for path in desk.root.rglob("*.md")}
    answer = call("init", ".")
    assert answer.code == 1
    assert "overwrites nothing" in answer.err
    assert {path: path.read_bytes() for path in desk.root.rglob("*.md")} == before


def test_one_existing_file_is_enough_to_stop(tmp_path: Path, call: Call) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "README.md").write_text("mine")
    assert call("init", str(tmp_path / "d")).code == 1
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["README.md"]


def test_chinese_name_and_person(tmp_path: Path, call: Call) -> None:
    words = ("--name", "海港服务台", "--language", "zh", "--person", "li.wei")
    answer = call("--lang", "zh", "init", str(tmp_path / "台"), *words)
    assert answer.code == 0, answer.err
    assert (tmp_path / "台" / "kb/people/li.wei.md").is_file()
    environment = {**os.environ, "SERVICEBOOK_NOW": "2030-01-01T00:30:00Z"}
    check = [sys.executable, "-m", "servicebook.cli.main", "check"]
    done = subprocess.run(check, cwd=tmp_path / "台", env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_fresh_desk_builds_its_site(desk: Repo) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    done = subprocess.run(command, cwd=desk.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (desk.root / "site" / "index.html").read_text("utf-8")
    assert "Test desk" in page
    assert "INC-20260312-7F3K" in page


def test_hooks_are_those_of_this_repository(desk: Repo) -> None:
    ours = Path(__file__).parents[2] / "hooks"
    for hook in ("pre-commit", "pre-merge-commit"):
        assert (desk.root / "hooks" / hook).read_bytes() == (ours / hook).read_bytes()
