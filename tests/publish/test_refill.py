"""A site is brought up to date without MkDocs where that is enough, and is then what a whole build would make of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import GIT_ENVIRONMENT, Repo

from .conftest import example_files

WITHOUT_MKDOCS = """
import sys
from servicebook.cli.main import main
code = main(["site", *sys.argv[1:]])
print("mkdocs" if "mkdocs" in sys.modules else "alone")
raise SystemExit(code)
"""
NOTES = "# Notes\n\nSee [the ticket](../tickets/incidents/2026/03/INC-20260312-7F3K.md).\n"


def built(repo: Repo, *words: str) -> str:
    """Build the site as a person does, and return whether MkDocs was loaded for it: `mkdocs` or `alone`."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_MKDOCS, *words], cwd=repo.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a desk whose site was built once, for all tests here."""
    folder = tmp_path_factory.mktemp("built") / "desk"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in GIT_ENVIRONMENT.items():
            patch.setenv(name, value)
        repo = Repo(folder)
        repo.git("init", "--quiet", "--initial-branch=main")
        files = example_files() | {"kb/notes.md": NOTES}
        repo.commit("start", files)
    return folder


@pytest.fixture
def repo(once: Path, tmp_path: Path) -> Repo:
    """Return the desk at its own place, its site built."""
    if not (once / "site").exists():
        assert built(Repo(once)) == "mkdocs"
    repo = Repo(tmp_path / "desk")
    shutil.copytree(once, repo.root, symlinks=True)
    return repo


def ticket(repo: Repo) -> Path:
    return next(iter(sorted((repo.root / "tickets").rglob("INC-*.md"))))


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_what_was_filled_in_is_what_a_whole_build_makes(repo: Repo) -> None:
    assert built(repo) == "alone"
    edit(ticket(repo), "title: ", "title: Changed, ")
    assert built(repo) == "alone"
    fresh = repo.root / "tickets/incidents/2026/04/INC-20260419-AAAA.md"
    fresh.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_text(ticket(repo).read_text("utf-8").replace(ticket(repo).stem, fresh.stem), "utf-8")
    assert built(repo) == "alone"
    filled = files_of(repo.root / "site")
    assert b"Changed, " in filled["tickets/2026-03.html"]
    shutil.rmtree(repo.root / ".git/servicebook/site")
    assert built(repo) == "mkdocs"
    whole = files_of(repo.root / "site")
    # The search index gives a number of its own to what came later.
    names = [name for name in filled.keys() | whole.keys() if "search-index" not in name]
    assert [name for name in names if filled.get(name) != whole.get(name)] == []


def test_an_agreement_calls_those_who_are_told_by_their_new_titles(repo: Repo) -> None:
    edit(repo.root / "kb/teams/live-operations.md", "title: Live operations", "title: Live control")
    assert built(repo) == "alone"
    assert "Live control" in (repo.root / "site/agreements/harbour-sla.html").read_text("utf-8")


def test_only_what_moved_is_written(repo: Repo) -> None:
    assert built(repo) == "alone"  # links what was copied
    before = {path: path.stat().st_ino for path in (repo.root / "site").rglob("*") if path.is_file()}
    edit(ticket(repo), "title: ", "title: Changed, ")
    assert built(repo) == "alone"
    after = {path: path.stat().st_ino for path in (repo.root / "site").rglob("*") if path.is_file()}
    moved = {path for path in after if before.get(path) != after[path]}
    assert len(moved) < len(after) / 2
    assert repo.root / "site/kinds.html" not in moved


@pytest.mark.parametrize(
    "happens",
    [
        lambda root: edit(root / "kb/notes.md", "# Notes", "# Other notes"),
        lambda root: append(next((root / "kb/articles").glob("*.md")), "\nOne word more.\n"),
        lambda root: edit(root / "pyproject.toml", "Test desk", "Other desk"),
        lambda root: edit(root / "site/notes.html", "Notes", "Spoiled"),
        lambda root: ticket_file(root).unlink(),
    ],
    ids=["page", "article", "settings", "file spoiled", "linked ticket gone"],
)
def test_what_mkdocs_reads_is_read_again(repo: Repo, happens: Callable[[Path], object]) -> None:
    happens(repo.root)
    assert built(repo) == "mkdocs"
    assert (repo.root / "site/notes.html").is_file()


def ticket_file(root: Path) -> Path:
    found = root / "tickets/incidents/2026/03/INC-20260312-7F3K.md"
    return found if found.is_file() else next(iter(sorted((root / "tickets").rglob("INC-*.md"))))


def test_another_folder_is_another_site(repo: Repo, tmp_path: Path) -> None:
    assert built(repo, "--output", str(tmp_path / "other")) == "mkdocs"
    assert built(repo, "--output", str(tmp_path / "other")) == "alone"
    assert built(repo) == "mkdocs"


def test_a_page_that_somebody_spoiled_or_left_behind_is_mended(repo: Repo) -> None:
    page = repo.root / "site" / ticket(repo).relative_to(repo.root).with_suffix(".html")
    good = page.read_bytes()
    page.unlink()
    page.write_bytes(b"spoiled")
    stray = repo.root / "site/tickets/stray.html"
    stray.write_bytes(b"left behind")
    assert built(repo) == "alone"
    assert page.read_bytes() == good
    assert not stray.exists()


@pytest.mark.parametrize("name", ["tickets", "tickets/incidents", "services", "assets"])
def test_a_folder_that_somebody_put_elsewhere_and_linked_is_a_folder_again(
    repo: Repo, tmp_path: Path, name: str
) -> None:
    assert built(repo) == "alone"
    folder, elsewhere = repo.root / "site" / name, tmp_path / "elsewhere"
    due = files_of(repo.root / "site")
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    before = files_of(elsewhere)
    built(repo)
    assert not folder.is_symlink()
    assert files_of(repo.root / "site") == due
    assert files_of(elsewhere) == before


@pytest.mark.parametrize("name", ["frames.json", "articles.json", "figures.json", "told.json"])
@pytest.mark.parametrize(
    "harm", [lambda data: data.replace(b"e", b"i"), lambda data: b"[" * 200_000], ids=["other", "deep"]
)
def test_what_is_kept_may_be_damaged(repo: Repo, name: str, harm: Callable[[bytes], bytes]) -> None:
    kept = repo.root / ".git/servicebook/site/internal-worktree" / name
    due = files_of(repo.root / "site")
    kept.write_bytes(harm(kept.read_bytes()))
    built(repo)
    assert files_of(repo.root / "site") == due


@pytest.mark.parametrize("word", ["INHERIT: base.yml\n", "copyright: !ENV [COPYRIGHT, nobody]\n"])
def test_a_configuration_that_is_told_elsewhere_too_is_read_again(repo: Repo, word: str) -> None:
    (repo.root / "base.yml").write_text("copyright: somebody\n", "utf-8")
    config = repo.root / "mkdocs.yml"
    config.write_text(word + config.read_text("utf-8"), "utf-8")
    assert [built(repo), built(repo)] == ["mkdocs", "mkdocs"]


def test_articles_speak_the_languages_of_the_site(repo: Repo) -> None:
    article = next((repo.root / "kb/articles").glob("*.md"))
    append(article, "\n::: internal\nNot for all.\n:::\n")
    page = repo.root / "site" / article.relative_to(repo.root / "kb").with_suffix(".html")
    built(repo)
    assert "内部内容" in page.read_text("utf-8")
    edit(repo.root / "pyproject.toml", '["en", "zh"]', '["en"]')
    built(repo)
    assert "内部内容" not in page.read_text("utf-8")


def test_a_site_is_told_in_the_desk_s_own_zone_however_it_is_built(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-03-12T20:00:00+00:00")
    append(repo.root / "kb/notes.md", "More.\n")
    for way in ("mkdocs", "alone"):
        assert built(repo) == way
        assert "As of 2026-03-13 04:00 +08:00" in (repo.root / "site/index.html").read_text("utf-8")


def test_a_record_whose_former_text_is_known_to_nobody_any_more_is_built_all_the_same(repo: Repo) -> None:
    append(ticket(repo), "Edited, and never committed so.\n")
    built(repo)
    for name in ("verdicts.sqlite", "verdicts.sqlite.seal"):  # as an upgrade or a damage leaves them
        (repo.root / ".git" / "servicebook" / name).unlink()
    append(ticket(repo), "Edited again.\n")
    built(repo)
    page = repo.root / "site" / ticket(repo).relative_to(repo.root).with_suffix(".html")
    assert "Edited again." in page.read_text("utf-8")
