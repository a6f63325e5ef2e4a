"""The jobs of `servicebook init`'s recipes that make votes of reviews, run for real but for the forge's own answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Thread

import pytest
import yaml
from tests.approvals.desk import OTHER, Desk, path_of_change
from tests.approvals.test_attested import NOW, Pull, github
from tests.conftest import Repo

from servicebook.cli.init import STARTER
from servicebook.exchange.forge_reviews import parse_reviews

RECIPES = {
    "github": "dot-github/workflows/servicebook.yml.tmpl",
    "forgejo": "dot-forgejo/workflows/servicebook.yml.tmpl",
    "gitlab": "dot-gitlab-ci.yml.tmpl",
}


def script_of(forge: str, server: Path) -> str:
    """Return the shell script that signs and pushes, its push pointed at a folder in place of a forge."""
    recipe = yaml.safe_load(Template((STARTER / RECIPES[forge]).read_text("utf-8")).substitute(version="1"))
    if forge == "gitlab":
        script = recipe["attest"]["script"][-1]
        return str(script).replace("https://desk:$DESK_TOKEN@$CI_SERVER_HOST/$CI_PROJECT_PATH.git", str(server))
    return str(recipe["jobs"]["attest"]["steps"][-1]["run"])


@pytest.mark.parametrize("forge", RECIPES)
def test_reviews_become_votes_on_the_main_branch(make_desk: Callable[..., Desk], tmp_path: Path, forge: str) -> None:
    pull = Pull(make_desk().begin())
    desk, base = pull.desk, pull.desk.git("rev-parse", "main").strip()
    server = tmp_path / "server.git"
    desk.git("clone", "-q", "--bare", str(desk.root), str(server))
    for ref in ("refs/pull/7/head", "refs/merge-requests/7/head"):
        desk.git("push", "-q", str(server), f"topic:{ref}")
    desk.git("switch", "-q", "main")
    desk.git("merge", "-q", "--squash", "topic")
    desk.land("plan, squashed (#7)")
    desk.git("push", "-q", str(server), "main")
    desk.git("-C", str(server), "branch", "-qD", "topic")
    runner = tmp_path / "runner"
    desk.git("clone", "-q", "--branch", "main", str(server), str(runner))
    reviews = [github("Zhao", "APPROVED", pull.head), github("chenh", "APPROVED", pull.head)]
    approvals = {"iid": 7, "approved_by": [
        {"user": {"username": name}, "approved_at": "2026-03-25T15:00:00Z"} for name in ("Zhao", "chenh")
    ]}  # fmt: skip
    versions = [{"id": 1, "head_commit_sha": pull.head, "created_at": "2026-03-25T14:00:00Z"}]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (temporary / "reviews.json").write_text(json.dumps(reviews))
    (runner / "approvals.json").write_text(json.dumps(approvals))
    (runner / "versions.json").write_text(json.dumps(versions))
    key = (desk.keys["forge.robot"]).read_text()
    (tmp_path / "key").write_text(key)
    names = {
        "RUNNER_TEMP": str(temporary), "ATTEST_BY": "forge.robot", "NUMBER": "7", "AUTHOR": "liwei", "HEAD": pull.head,
        "PULL": "https://forge.example/7", "BASE": base, "CI_COMMIT_BEFORE_SHA": base, "BRANCH": "main",
        "CI_DEFAULT_BRANCH": "main", "ATTEST_KEY": str(tmp_path / "key") if forge == "gitlab" else key.strip(),
        "SERVICEBOOK_NOW": NOW, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    script = script_of(forge, server)
    if forge == "forgejo":
        script = script.replace("/tmp/", f"{temporary}/")
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=runner, env={**os.environ, **names}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    desk.git("pull", "-q", str(server), "main")
    assert len(list((desk.root / path_of_change()).with_suffix(".votes").iterdir())) == 6
    desk.start()
    told = desk.verify()
    assert (told.outcome, told.weakest) == ("pass", "forge_attested"), told.reasons


def test_forgejo_s_reviews_are_read_page_by_page(tmp_path: Path) -> None:
    """Its answers have fifty at the most; the pages, one after the other, are what `attest` reads."""
    names = [[f"a{number}" for number in range(50)], ["b1", "b2", "b3"]]
    pages = [json.dumps([github(name, "APPROVED", "0" * 40) for name in page]) for page in names]

    class Forge(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = int(self.path.rpartition("page=")[2])
            self.send_response(200)
            self.end_headers()
            self.wfile.write((pages[page - 1] if page <= len(pages) else "[]\n").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    recipe = yaml.safe_load(Template((STARTER / RECIPES["forgejo"]).read_text("utf-8")).substitute(version="1"))
    steps = [str(step.get("run")) for step in recipe["jobs"]["attest"]["steps"]]
    script = next(step for step in steps if "curl --fail" in step)
    with ThreadingHTTPServer(("127.0.0.1", 0), Forge) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        known = {"GITHUB_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "GITHUB_REPOSITORY": "o/r",
                 "NUMBER": "7", "TOKEN": "t", "PATH": os.environ["PATH"], "no_proxy": "*"}  # fmt: skip
        subprocess.run(["bash", "-e", "-c", script.replace("/tmp/", f"{tmp_path}/")], env=known, check=True)
        server.shutdown()
    assert len(parse_reviews("forgejo", (tmp_path / "reviews.json").read_text("utf-8"), "reviews.json")) == 53


def gate_of(forge: str) -> str:
    """Return the shell script that judges what a merge would be."""
    recipe = yaml.safe_load(Template((STARTER / RECIPES[forge]).read_text("utf-8")).substitute(version="1"))
    if forge == "gitlab":
        return str(recipe["check"]["script"][-1])
    steps = [str(step.get("run")) for step in recipe["jobs"]["check"]["steps"]]
    return next(step for step in steps if "servicebook verify" in step).replace("${{ github.base_ref }}", "main")


@pytest.mark.parametrize("forge", RECIPES)
def test_a_pull_request_may_not_begin_what_is_not_approved_before_it(desk: Desk, tmp_path: Path, forge: str) -> None:
    """Votes and work in one pull request come with one merge: the votes were not there before."""
    desk.propose()
    desk.votes()
    desk.git("switch", "-q", "-c", "good")
    desk.start()
    desk.git("switch", "-q", "-c", "bad", "main")
    desk.propose(OTHER)
    desk.votes(id=OTHER)
    desk.start(OTHER)
    for branch, code in (("good", 0), ("bad", 1)):
        runner = tmp_path / branch
        desk.git("clone", "-q", "--branch", branch, str(desk.root), str(runner))
        if forge == "github":  # checks out the merge
            desk.git("-C", str(runner), "switch", "-q", "--detach", "origin/main")
            desk.git("-C", str(runner), "merge", "-q", "--no-ff", "-m", "merge", f"origin/{branch}")
        names = {
            "BASE": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "SERVICEBOOK_NOW": desk.at.isoformat(),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", gate_of(forge)],
            cwd=runner, env={**os.environ, **names}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        assert (f"{OTHER}  fails" in done.stdout) == (branch == "bad")


@pytest.mark.parametrize("forge", RECIPES)
def test_a_recipe_has_the_form_that_its_forge_publishes(tmp_path: Path, forge: str) -> None:
    """Forgejo reads what GitHub's schema allows."""
    file = tmp_path / "recipe.yml"
    file.write_text(Template((STARTER / RECIPES[forge]).read_text("utf-8")).substitute(version="1"))
    form = "vendor.gitlab-ci" if forge == "gitlab" else "vendor.github-workflows"
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", form, str(file)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def checks_of(forge: str) -> list[str]:
    """Return the commands of the job that judges a pull request: what a runner would type in its clone."""
    recipe = yaml.safe_load(Template((STARTER / RECIPES[forge]).read_text("utf-8")).substitute(version="1"))
    if forge == "gitlab":
        return list(recipe["check"]["script"])
    lines = [str(step["run"]) for step in recipe["jobs"]["check"]["steps"] if "run" in step]
    own = [line for line in lines if not line.startswith(("pip ", "apt-get "))]
    return [line.replace("${{ github.base_ref }}", "main") for line in own]


@pytest.mark.parametrize("forge", RECIPES)
def test_the_checks_of_a_recipe_are_typed_in_a_clone(tmp_path: Path, forge: str) -> None:
    desk = Repo(tmp_path / "desk")
    desk.root.mkdir()
    names = {**os.environ, "SERVICEBOOK_NOW": NOW, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run([sys.executable, "-m", "servicebook", "init", "."], cwd=desk.root, env=names, check=True,
                   capture_output=True)  # fmt: skip
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "a desk")
    desk.git("branch", "-M", "main")
    person = next(desk.root.glob("kb/people/*.md"))
    for branch in ("good", "bad") if forge == "gitlab" else ("good",):  # its reports must not hide the outcome
        desk.git("switch", "-q", "-c", branch, "main")
        text = person.read_text("utf-8") + "\nWorks here.\n"
        person.write_text(text if branch == "good" else text.replace("schema: person/1", "schema: person/1\nnosuch: 1"))
        desk.git("commit", "-q", "--no-verify", "-am", branch)
        runner = tmp_path / branch
        desk.git("clone", "-q", "--branch", branch, str(desk.root), str(runner))
        base = desk.git("rev-parse", "main").strip()
        known = {"BASE": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
        script = "\n".join(line for line in checks_of(forge) if line != "servicebook site")
        done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=runner, env={**names, **known},
                              capture_output=True, text=True)  # fmt: skip
        assert (done.returncode == 0) == (branch == "good"), done.stdout + done.stderr
        assert branch == "good" or "nosuch" in done.stdout


def test_the_job_that_has_the_key_never_runs_a_pull_requests_own_files() -> None:
    for forge in ("github", "forgejo"):
        recipe = yaml.safe_load(Template((STARTER / RECIPES[forge]).read_text("utf-8")).substitute(version="1"))
        job = recipe["jobs"]["attest"]
        assert job["if"].startswith("github.event_name == 'pull_request_target' && github.event.pull_request.merged")
        checkout = next(step for step in job["steps"] if "checkout" in str(step.get("uses")))
        assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.ref }}"
        others = [one for name, one in recipe["jobs"].items() if name != "attest"]
        assert "ATTEST_KEY" not in json.dumps(others)
        assert not any("pull_request_target" in json.dumps(one) for one in others)
