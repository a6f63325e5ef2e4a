"""What the recipes that `servicebook init` writes do in CI, run for real: the button that merges, and the reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from tests.conftest import Repo

from .conftest import INCIDENT, PATH, Call

RECIPES = (".github/workflows/servicebook.yml", ".forgejo/workflows/servicebook.yml", ".gitlab-ci.yml")


def script_of(path: Path, server: Path) -> str:
    """Return the shell script of the job, its push pointed at a folder in place of a forge."""
    recipe = yaml.safe_load(path.read_text("utf-8"))
    if "jobs" in recipe:
        return str(recipe["jobs"]["bring-up-to-date"]["steps"][-1]["run"])
    lines = recipe["bring-up-to-date"]["script"]
    return "\n".join(lines).replace("https://desk:$DESK_TOKEN@$CI_SERVER_HOST/$CI_PROJECT_PATH.git", str(server))


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_button(desk: Repo, call: Call, tmp_path: Path, recipe: str) -> None:
    server = tmp_path / "server.git"
    desk.git("clone", "-q", "--bare", str(desk.root), str(server))
    desk.git("remote", "add", "origin", str(server))
    for branch, words in (("topic", "theirs"), ("main", "ours")):
        desk.git("switch", "-q", "-C", branch, "main")
        call("note", INCIDENT, words)
        desk.commit(words)
        desk.git("push", "-q", "origin", branch)
    clone = tmp_path / "runner"
    desk.git("clone", "-q", "--branch", "topic", str(server), str(clone))
    names = {
        "BASE": "main",
        "BRANCH": "topic",
        "GITHUB_ACTOR": "li",
        "GITLAB_USER_NAME": "li",
        "GITLAB_USER_EMAIL": "l@x",
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script_of(clone / recipe, server)],
        cwd=clone, env={**os.environ, **names, "PATH": path}, check=True,
    )  # fmt: skip
    merged = Repo(server).git("show", f"topic:{PATH}")
    assert "note: ours" in merged and "note: theirs" in merged
    assert len(Repo(server).git("log", "-1", "--format=%p", "topic").split()) == 2


def test_a_merge_request_shows_what_was_found(desk: Repo) -> None:
    recipe = yaml.safe_load((desk.root / ".gitlab-ci.yml").read_text("utf-8"))["check"]
    base = desk.git("rev-parse", "HEAD").strip()
    text = (desk.root / PATH).read_text("utf-8")
    desk.commit("An event is gone", {PATH: "".join(x for x in text.splitlines(True) if "acknowledged" not in x)})
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    names = {**os.environ, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "PATH": path}
    for line in recipe["script"]:
        if " > " in line and "--format" in line:
            subprocess.run(["bash", "-e", "-c", line], cwd=desk.root, env=names, check=True)
    reports = recipe["artifacts"]["reports"]
    issues = json.loads((desk.root / reports["codequality"]).read_text("utf-8"))
    assert any(issue["check_name"].startswith("WFL451") for issue in issues)
    assert ElementTree.parse(desk.root / reports["junit"]).getroot().get("failures") != "0"
