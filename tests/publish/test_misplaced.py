"""What lies where the site is to be written, or where no desk is looked for: it is told, and each remedy works."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from tests.conftest import Call, Repo
from tests.publish.conftest import example_files

from servicebook.errors import ServicebookError
from servicebook.publish.site import build_site

PAGE = "tickets/incidents/2026/03/INC-20260312-7F3K.html"
KEPT = ".git/servicebook/site/internal-worktree"


def told(root: Path, **given: str) -> ServicebookError:
    with pytest.raises(ServicebookError) as caught:
        build_site(".", **given)
    return caught.value


def done(hint: str, root: Path) -> None:
    subprocess.run(hint.partition(" |")[0], shell=True, cwd=root, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("place", "is_folder"),
    [(f"{KEPT}/{PAGE}", True), (f"{KEPT}/known.json", True), (f"{KEPT}/index.html", True), (f"site/{PAGE}", True),
     (f"{KEPT}/tickets", False), (KEPT, False), ("site", False), (".git/servicebook", False)],
)  # fmt: skip
def test_what_lies_in_the_way_of_the_site_is_told_with_a_remedy_that_works(
    desk: Repo, monkeypatch: pytest.MonkeyPatch, place: str, is_folder: bool
) -> None:
    monkeypatch.chdir(desk.root)
    build_site(".")
    path = desk.root / place
    done(f"rm -r '{path}'", desk.root)
    if is_folder:
        (path / "inside").mkdir(parents=True)
    else:
        path.touch()
    error = told(desk.root)
    due = "folder, where a file" if is_folder else "file, where a folder"
    assert error.message == f"{place} is a {due} of the site is due"
    done(error.hint, desk.root)
    assert build_site(".").records == 29
    assert (desk.root / "site" / PAGE).is_file()


def test_a_file_of_the_site_where_a_folder_is_due_makes_way(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.root)
    build_site(".")
    done("rm -r site/tickets && touch site/tickets", desk.root)
    assert build_site(".").records == 29
    assert (desk.root / "site" / PAGE).is_file()


def test_a_site_of_which_a_part_is_gone_is_still_one_of_ours(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.root)
    build_site(".")
    done("rm -r site/assets", desk.root)
    assert build_site(".").records == 29
    assert (desk.root / "site/assets/servicebook/portal.css").is_file()
    done("rm -r site && mkdir site && touch site/archive.html", desk.root)
    assert "no site of ours" in told(desk.root).message
    assert (desk.root / "site/archive.html").is_file()


@pytest.mark.parametrize("at", ["0001-01-03T00:00:00+08:00", "9999-12-30T00:00:00+08:00", "1969-12-31T23:59:59+00:00"])
def test_a_desk_is_judged_of_years_that_have_neighbours(desk: Repo, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    monkeypatch.chdir(desk.root)
    assert f"`{at}` is not a time" in told(desk.root, at=at).message


@pytest.fixture
def below(make_repo: Callable[..., Any]) -> Repo:
    repo: Repo = make_repo("all", {f"my desk/{path}": text for path, text in example_files().items()})
    return repo


@pytest.mark.parametrize("start", [".", "my desk", "my desk/kb"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_desk_in_a_folder_of_its_repository_is_found_and_can_be_taken_out(
    below: Repo, monkeypatch: pytest.MonkeyPatch, start: str, audience: str
) -> None:
    monkeypatch.chdir(below.root / start)
    error = told(below.root, audience=audience)
    assert error.message == f"mkdocs.yml lies in my desk; a desk begins where its repository does, in {below.root}"
    done(error.hint.replace("DIR", "../alone"), below.root / start)
    alone = below.root.parent / "alone"
    monkeypatch.chdir(alone)
    assert build_site(".").records == 29


@pytest.mark.parametrize("command", ["check", "list", "next", "sla", "grep word"])
def test_other_commands_tell_the_same_where_they_find_no_record(
    below: Repo, monkeypatch: pytest.MonkeyPatch, call: Call, command: str
) -> None:
    monkeypatch.chdir(below.root / "my desk")
    answer = call(*command.split())
    assert answer.code == 2 and "a desk begins where its repository does" in answer.err, answer
    monkeypatch.chdir(below.root)
    assert "mkdocs.yml lies in my desk" in call(*command.split()).err


def test_mkdocs_alone_tells_the_same(below: Repo, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.chdir(below.root / "my desk")
    with pytest.raises(Abort):
        mkdocs_build(load_config("mkdocs.yml"))
    assert "a desk begins where its repository does" in caplog.text


def test_a_folder_without_any_desk_is_shown_one(make_repo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make_repo("none", {"a.txt": "a", "docs/mkdocs.yml": "site_name: another\n"})
    monkeypatch.chdir(repo.root)
    assert told(repo.root).message == "there is no mkdocs.yml in this desk"


def test_the_site_of_a_revision_is_built_in_a_repository_without_a_work_tree(
    desk: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(desk.root), str(bare)], check=True)
    monkeypatch.chdir(bare)
    assert "--rev HEAD" in told(bare).hint
    assert "--output DIR" in told(bare, rev="main").hint
    assert told(bare, rev="main", output="site/public", audience="public").message.endswith("its site has no place")
    for audience, records in (("internal", 29), ("customer:harbour-tv", 5)):
        output = tmp_path / "sites" / audience
        assert build_site(".", str(output), rev="main", audience=audience).records == records
        assert (output / "index.html").is_file()
