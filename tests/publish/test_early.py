"""What was saved is shown before the rest of the site is brought up to date, and is what the rest comes to."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Repo, copied

from servicebook.audience.projected import _Projection
from servicebook.errors import ServicebookError
from servicebook.publish import build as building
from servicebook.publish.early import MOST, Early
from servicebook.publish.one_build import one_build
from servicebook.publish.site import build_site

from .test_up_to_date import Life

TICKET = "tickets/incidents/2026/03/INC-20260312-7F3K"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sources_of(root: Path) -> dict[str, bytes]:
    names = [*root.glob("*.*"), *(root / "kb").rglob("*"), *(root / "tickets").rglob("*")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in names if path.is_file()}


class LifeOfASite(Life):
    """What happens to a desk, and to what its site hangs on beside the records."""

    def step(self) -> str:
        """Let something happen, and return what."""
        own = (self._rename, self._break, self._hide, self._settle, self._attach, self._teach, self._save_many)
        if self._random.random() < 0.5:
            return super().step()
        self._steps += 1
        happening = self._random.choice(own)
        return f"{happening.__name__} {happening()}"

    def _rename(self) -> str:
        path = self._some("incident")
        id = f"INC-20260310-{self._random.choice('ABCDEFGH')}{self._steps % 10}00"
        fresh = self.repo.root / f"tickets/incidents/2026/03/{id}.md"
        fresh.write_text(path.read_text("utf-8").replace(f"\nid: {path.stem}", f"\nid: {id}"), "utf-8")
        path.unlink()
        return f"{path.stem} -> {id}"

    def _break(self) -> str:
        return self._change(self._some(), r"\A---$", "--")

    def _hide(self) -> str:
        wanted = self._random.choice(("[internal]", "[public]"))
        return self._change(self._some(), r"^(audience: .*\n)?title: ", f"audience: {wanted}\ntitle: ")

    def _settle(self) -> str:
        return self._change(self.repo.root / "pyproject.toml", r"^name = .*$", f'name = "Desk {self._steps}"')

    def _attach(self) -> str:
        path = self._some("incident")
        file = path.with_suffix(".files") / f"{self._steps}.log"
        file.parent.mkdir(exist_ok=True)
        file.write_text("line\n", "utf-8")
        return self._change(path, r"\Z", f"\nSee [log]({file.parent.name}/{file.name}).\n")

    def _teach(self) -> str:
        return self._change(self._some("article"), r"\Z", f"\nMore {self._steps}.\n")

    def _save_many(self) -> str:
        return ", ".join(self._write() for _ in range(4))


def unlike_anew(root: Path, folder: Path) -> list[str]:
    """Return the files of a site that a build of the same desk from nothing would not have made, or otherwise."""
    cold = Repo(copied(root, folder))
    shutil.rmtree(cold.root / ".git/servicebook/site")
    shutil.rmtree(cold.root / "site")
    build_site(str(cold.root))
    files, anew = files_of(root / "site"), files_of(cold.root / "site")
    shutil.rmtree(cold.root)
    # The search index gives a number of its own to what came later.
    names = [name for name in files.keys() | anew.keys() if not name.startswith("search-index/")]
    return [name for name in names if files.get(name) != anew.get(name)]


def lived(desk: Any, tmp_path: Path, seed: int, steps: int) -> None:
    site = desk.root / "site"
    build_site(str(desk.root))
    life, told, early = LifeOfASite(desk, seed), [], 0
    for number in range(steps):
        before = sources_of(desk.root)
        told.append(life.step())
        after = sources_of(desk.root)
        touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        shown: dict[str, bytes] = {}

        def show(addresses: list[str], shown: dict[str, bytes] = shown) -> None:
            shown.update({address: (site / address).read_bytes() for address in addresses})

        built = build_site(str(desk.root), early=Early(touched, show))
        assert built.records
        files = files_of(site)
        assert {address for address, data in shown.items() if files.get(address) != data} == set(), (seed, told)
        assert unlike_anew(desk.root, tmp_path / f"cold{seed}-{number}") == [], (seed, told)
        early += len(shown)
    assert early, (seed, told, "nothing was shown early")


def test_what_is_shown_early_is_what_the_build_comes_to(desk: Any, tmp_path: Path) -> None:
    lived(desk, tmp_path, seed=1, steps=6)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 130))
def test_the_same_over_many_lives(desk: Any, tmp_path: Path, seed: int) -> None:
    lived(desk, tmp_path, seed, steps=12)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def shown_by(root: Path, *paths: str) -> list[str]:
    """Build the site and return the addresses that were shown early."""
    shown: list[str] = []
    build_site(str(root), early=Early(paths, shown.extend))
    return shown


def test_a_page_is_there_before_lists_tell_of_it(desk: Any) -> None:
    root, lists = desk.root, {}
    build_site(str(root))
    path = root / f"{TICKET}.md"
    path.write_text(path.read_text("utf-8").replace("title: ", "title: Changed, ", 1), "utf-8")

    def show(addresses: list[str]) -> None:
        assert addresses == [f"{TICKET}.html"]
        lists["page"] = "Changed, " in (root / "site" / addresses[0]).read_text("utf-8")
        lists["month"] = "Changed, " in (root / "site/tickets/2026-03.html").read_text("utf-8")

    build_site(str(root), early=Early([f"{TICKET}.md"], show))
    assert lists == {"page": True, "month": False}
    assert "Changed, " in (root / "site/tickets/2026-03.html").read_text("utf-8")


def test_what_moves_nothing_and_what_is_too_much_is_not_shown_early(desk: Any) -> None:
    root = desk.root
    build_site(str(root))
    assert shown_by(root, f"{TICKET}.md") == []
    article = next((root / "kb/articles").glob("*.md"))
    append(article, "\nMore.\n")
    append(root / f"{TICKET}.md", "\nMore.\n")
    assert shown_by(root, f"{TICKET}.md", article.relative_to(root).as_posix()) == [f"{TICKET}.html"]
    paths = []
    for number in range(MOST + 1):
        id = f"INC-20260310-A{number:03}"
        (root / f"tickets/incidents/2026/03/{id}.md").write_text(
            (root / f"{TICKET}.md").read_text("utf-8").replace(Path(TICKET).name, id), "utf-8"
        )
        paths.append(f"tickets/incidents/2026/03/{id}.md")
    assert shown_by(root, *paths) == []
    assert all((root / "site" / path).with_suffix(".html").is_file() for path in paths)


def test_a_page_comes_with_its_new_attachment(desk: Any) -> None:
    root = desk.root
    build_site(str(root))
    file = root / f"{TICKET}.files/more.log"
    file.parent.mkdir(exist_ok=True)
    file.write_text("line\n", "utf-8")
    append(root / f"{TICKET}.md", f"\nSee [more]({file.parent.name}/more.log).\n")
    seen = []

    def show(addresses: list[str]) -> None:
        seen.extend((name, (root / "site" / name).is_file()) for name in addresses)

    build_site(str(root), early=Early([f"{TICKET}.md"], show))
    assert seen == [(f"{TICKET}.html", True), (f"{TICKET}.files/more.log", True)]


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_a_watch_may_end_at_any_moment_beside_another_build(desk: Any, tmp_path: Path, seed: int) -> None:
    source, told = random.Random(seed), []
    build_site(str(desk.root))
    life = LifeOfASite(desk, seed)
    command = [sys.executable, "-m", "servicebook", "site"]
    watching = subprocess.Popen(
        [*command, "--watch", "--port", "0"], cwd=desk.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert watching.stdout
    assert "shows" in watching.stdout.readline()
    for _ in range(source.randrange(1, 4)):
        told.append(life.step())
        time.sleep(source.random() / 2)
    other = subprocess.Popen(command, cwd=desk.root, stdout=subprocess.DEVNULL)
    time.sleep(source.random())
    watching.send_signal(source.choice((signal.SIGINT, signal.SIGKILL)))
    assert "Traceback" not in watching.communicate()[1]
    assert other.wait() == 0
    build_site(str(desk.root))
    assert unlike_anew(desk.root, tmp_path / "anew") == [], (seed, told)


def test_a_build_that_ends_after_the_early_page_leaves_the_next_one_all_to_do(desk: Any, tmp_path: Path) -> None:
    root = desk.root
    build_site(str(root))
    append(root / f"{TICKET}.md", "\nMore.\n")

    def interrupted(addresses: list[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_site(str(root), early=Early([f"{TICKET}.md"], interrupted))
    build_site(str(root))
    assert "More." in (root / "site" / f"{TICKET}.html").read_text("utf-8")
    assert unlike_anew(root, tmp_path / "anew") == []


def save_while_building(root: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Save a record, and once more while the site is built of it; return the text that the build began with."""
    build_site(str(root))
    append(path, "\nFirst.\n")
    first = path.read_text("utf-8")
    build_first = building.Build.write_records

    def saved_again(self: building.Build, *words: Any) -> int:
        path.write_text(first.replace("First.", "Second."), "utf-8")
        return build_first(self, *words)

    with monkeypatch.context() as patch:
        patch.setattr(building.Build, "write_records", saved_again)
        build_site(str(root))
    return first


def test_what_is_saved_while_the_site_is_built_is_not_half_in_it(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    root, path = desk.root, desk.root / f"{TICKET}.md"
    first = save_while_building(root, path, monkeypatch)
    assert "First." in (root / "site" / f"{TICKET}.html").read_text("utf-8")
    path.write_text(first, "utf-8")
    build_site(str(root))
    assert "First." in (root / "site" / f"{TICKET}.html").read_text("utf-8")


def test_of_very_much_that_is_not_in_git_what_is_saved_meanwhile_is_made_again(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicebook.store.opening._KEPT_BYTES", 0)
    root, path = desk.root, desk.root / f"{TICKET}.md"
    first = save_while_building(root, path, monkeypatch)
    path.write_text(first, "utf-8")
    build_site(str(root))
    assert "First." in (root / "site" / f"{TICKET}.html").read_text("utf-8")


def await_lock(process: subprocess.Popen[Any]) -> None:
    """Wait until a process has come to the lock of builds."""
    held = Path(f"/proc/{process.pid}/fd")
    while "site.lock" not in {_named(file) for file in held.iterdir()}:
        assert process.poll() is None
        time.sleep(0.02)


def _named(file: Path) -> str:
    with suppress(OSError):  # closed by now
        return file.readlink().name
    return ""


@pytest.mark.parametrize("command", [["servicebook", "site"], ["mkdocs", "build", "--quiet"]])
def test_builds_wait_for_one_another(desk: Any, command: list[str]) -> None:
    git_dir = str(desk.root / ".git")
    with one_build(git_dir):
        other = subprocess.Popen([sys.executable, "-m", *command], cwd=desk.root, stdout=subprocess.DEVNULL)
        await_lock(other)
        assert not (desk.root / "site").exists()
    assert other.wait(120) == 0
    assert (desk.root / "site/index.html").is_file()


def test_the_watch_ends_at_once_while_it_waits(desk: Any) -> None:
    build_site(str(desk.root))
    with one_build(str(desk.root / ".git")):
        other = subprocess.Popen([sys.executable, "-m", "servicebook", "site", "--watch", "--port", "0"], cwd=desk.root)
        await_lock(other)
        other.send_signal(signal.SIGINT)
        assert other.wait(60) == 130




@pytest.mark.parametrize("kept", [0, 8_000_000])
def test_an_outer_site_holds_nothing_of_what_was_saved_meanwhile(
    desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: int
) -> None:
    monkeypatch.setattr("servicebook.store.opening._KEPT_BYTES", kept)
    path = desk.root / "kb/articles/for-all.md"
    head = "---\nschema: article/1\nid: for-all\ntitle: For all\n{}article_type: how_to\nowner: li.wei\n---\n{}\n"
    path.write_text(head.format("audience: [public]\n", "Open words."), "utf-8")
    show = _Projection._shown_pages

    def saved_again(self: _Projection) -> Any:
        path.write_text(head.format("", "Words of the house."), "utf-8")
        return show(self)

    monkeypatch.setattr(_Projection, "_shown_pages", saved_again)
    site = tmp_path / "public"
    if not kept:
        with pytest.raises(ServicebookError):
            build_site(str(desk.root), str(site), audience="public")
        return
    build_site(str(desk.root), str(site), audience="public")
    texts = b"".join(files_of(site).values())
    assert b"Open words." in texts
    assert b"Words of the house." not in texts
