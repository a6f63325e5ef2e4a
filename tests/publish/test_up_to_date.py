"""A site that was brought up to date is the site that is made anew, over random edits and days."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from servicebook.audience.desk import WholeDesk
from servicebook.publish import build as building
from servicebook.publish import help_html, kept_rows, namers, referrer_sums
from servicebook.publish.addresses import address_of
from servicebook.publish.api_files import api_files
from servicebook.publish.build import Build, Makes
from servicebook.publish.cache import PageCache
from servicebook.publish.calendar_files import calendar_files
from servicebook.publish.feed_files import feed_files
from servicebook.publish.finding import INDEX, SearchIndex
from servicebook.publish.gathering import Gathering
from servicebook.publish.labels import Labels
from servicebook.publish.links_html import newest
from servicebook.publish.lists import LISTS, archive_pages
from servicebook.publish.moments import Moments
from servicebook.publish.outcomes import Outcomes
from servicebook.publish.record_page import Page
from servicebook.publish.sealed import seal, seal_parts
from servicebook.publish.shell import Shell
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk

PROBLEM = """\
---
schema: problem/1
id: PRB-20261101-0ABC
title: It comes back
status: new
{more}---
{body}"""
START = datetime.fromisoformat("2026-11-20T09:00:00+08:00")


@pytest.fixture(autouse=True)
def sums_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the sums also of records that few name, and rows of files that have few, for these desks are small."""
    monkeypatch.setattr(referrer_sums, "MANY", 1)
    monkeypatch.setattr(kept_rows, "FEW", 1)
    monkeypatch.setattr(namers, "KEPT_FROM", 2)


def built(root: Path, folder: Path, now: datetime, processes: int = 1) -> tuple[dict[str, bytes], int]:
    """Return every file of a site, and how many record pages were rendered for it; pages are kept in `folder`."""
    desk = open_desk(str(root))
    view = View(WholeDesk(desk), now, Labels(("en", "zh")))
    folder.mkdir(exist_ok=True)
    cache = PageCache(folder)
    build = Build(view, cache)
    build.render_article = lambda text, path: text
    build.set_shell(Shell("<html>@@TITLE@@ @@CONTENT@@</html>"))
    moments = Moments(view)
    beside: list[Makes] = [
        partial(archive_pages, view), partial(calendar_files, view, moments), partial(feed_files, view, moments),
        partial(api_files, view, moments, build.clocks, folder),
    ]  # fmt: skip
    rendered = build.write_records(SearchIndex(view, cache, []), processes=processes, beside=beside)
    gathering = Gathering(view, build.bodies, build.clocks, [], build.approvals, Outcomes(view, build.clocks, folder))
    for name in ("dashboard", "cases", "home", "changes"):
        build.write_page(Page(f"{name}.html", name, LISTS[name](gathering, f"{name}.html")))
    build.write_attachments()
    # The search index gives numbers of its own to what came later; its tests are elsewhere.
    shown = [address for address in cache.addresses() if not address.startswith(INDEX)]
    files = {address: (folder / address).read_bytes() for address in shown}
    build.close()
    desk.close()
    return files, rendered


class Life:
    """A desk to which things happen."""

    def __init__(self, repo: Any, seed: int) -> None:
        self.repo = repo
        self.now = START
        self._random = random.Random(seed)
        self._steps = 0

    def step(self) -> str:
        """Let something happen, and return what."""
        self._steps += 1
        happening = self._random.choice((
            self._retitle, self._retitle, self._restate, self._point_elsewhere, self._take_away, self._add,
            self._write, self._wait, self._commit, self._same_code, self._retie, self._move, self._move,
        ))  # fmt: skip
        return f"{happening.__name__} {happening() or ''}"

    def _some(self, *kinds: str) -> Path:
        paths = sorted(
            path
            for folder in ("kb", "tickets")
            for path in (self.repo.root / folder).rglob("*.md")
            if not kinds or f"schema: {kinds[0]}/" in path.read_text("utf-8")
        )
        return self._random.choice(paths)

    def _change(self, path: Path, pattern: str, text: str) -> str:
        before = path.read_text("utf-8")
        path.write_text(re.sub(pattern, text, before, count=1, flags=re.M), "utf-8")
        return path.name

    def _retitle(self) -> str:
        return self._change(self._some(), r"^title: .*$", f"title: Another title {self._steps}")

    def _restate(self) -> str:
        status = self._random.choice(("new", "closed"))
        return self._change(self._some("incident"), r"^status: .*$", f"status: {status}")

    def _point_elsewhere(self) -> str:
        services = [path.stem for path in (self.repo.root / "kb/services").glob("*.md")]
        return self._change(self._some("incident"), r"^service: .*$", f"service: {self._random.choice(services)}")

    def _same_code(self) -> str:
        """Let an incident have an error code of another record."""
        path = self._some(self._random.choice(("incident", "known_error")))
        return self._change(path, r"^(service|services): ", r"error_codes: [E-TC-5104]\n\1: ")

    def _retie(self) -> str:
        """Let an asset stand on another."""
        other = self._some("asset").stem
        tie = f"relations:\n- {{type: runs-on, target: {other}}}\n"
        return self._change(self._some("asset"), r"^relations:\n|(?=^owner:)", tie)

    def _take_away(self) -> str:
        path = self._some()
        path.unlink()
        return path.name

    def _move(self) -> str:
        path = self._some()
        place = path.parent / f"sub{self._steps}"
        place.mkdir()
        path.rename(place / path.name)
        return path.name

    def _add(self) -> str:
        path = self._some("incident")
        id = f"INC-20261119-{self._random.choice('ABCDEFGH')}{self._steps % 10}00"
        text = path.read_text("utf-8").replace(path.stem, id)
        fresh = self.repo.root / f"tickets/incidents/2026/11/{id}.md"
        fresh.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, "utf-8")
        return id

    def _write(self) -> str:
        path = self._some()
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nSomething more {self._steps}, see {self._some().stem}.\n")
        return path.name

    def _wait(self) -> str:
        self.now += timedelta(hours=self._random.choice((1, 5, 30)))
        return str(self.now)

    def _commit(self) -> None:
        self.repo.commit(f"step {self._steps}")


def lived(make_repo: Callable[..., Any], tmp_path: Path, seed: int, steps: int) -> None:
    repo = make_repo(f"desk{seed}", _sample())
    life = Life(repo, seed)
    kept = tmp_path / f"kept{seed}"
    _, all_pages = built(repo.root, kept, life.now)
    told = []
    spared = 0
    for number in range(steps):
        told.append(life.step())
        files, rendered = built(repo.root, kept, life.now)
        anew, _ = built(repo.root, tmp_path / f"anew{seed}-{number}", life.now)
        shutil.rmtree(tmp_path / f"anew{seed}-{number}")
        differ = [name for name in sorted(files.keys() | anew.keys()) if files.get(name) != anew.get(name)]
        assert not differ, (seed, told, differ)
        spared += rendered < all_pages / 2
    assert spared, "every step rendered everything"


def _sample() -> dict[str, bytes]:
    """Return a part of the sample desk in which every kind of page has neighbours."""
    root = Path(__file__).parents[2]
    names = [path for folder in ("services", "customers", "agreements", "support-hours", "people", "teams", "rosters",
             "known-errors", "parts", "suppliers", "boards", "contracts", "sites", "assets")
             for path in (root / "kb" / folder).glob("*.md")]  # fmt: skip
    names += [*(root / "tickets").rglob("2026/1[01]/*.md")]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in names}
    files["pyproject.toml"] = re.sub(rb"(?m)^as_of.*\n", b"", (root / "pyproject.toml").read_bytes())
    return files


def test_who_names_a_record_that_is_gone_is_made_anew(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    problem = PROBLEM.format(more="links: {incident: [INC-20261120-BT1Z]}\n", body="")
    gone = "tickets/incidents/2026/11/INC-20261120-BT1Z"
    files = {"tickets/problems/2026/11/PRB-20261101-0ABC.md": problem.encode()}
    files |= {path: data for path, data in _sample().items() if gone in path or not path.startswith("tickets")}
    repo = make_repo("gone", files)
    page = "tickets/problems/2026/11/PRB-20261101-0ABC.html"
    before, _ = built(repo.root, tmp_path / "kept", START)
    assert f"{gone}.html" in before[page].decode()
    (repo.root / f"{gone}.md").unlink()
    files_now, _ = built(repo.root, tmp_path / "kept", START)
    assert f"{gone}.html" not in files_now[page].decode()


def test_ids_and_links_in_texts_lead_where_something_is(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    told = "tickets/incidents/2026/11/INC-20261120-BT1Z"
    problem = PROBLEM.format(more="", body="It was seen in INC-20261120-BT1Z.\n")
    other = problem.replace("0ABC", "1ABC").replace("seen in INC-20261120-BT1Z", f"[seen](../../../../{told}.md)")
    known = """\
---
schema: known_error/1
id: KE-20261101-0ABC
title: It comes back
status: active
workaround: |
  As in INC-20261120-BT1Z,
  restart it.
---
"""
    files = {
        "tickets/problems/2026/11/PRB-20261101-0ABC.md": problem.encode(),
        "tickets/problems/2026/11/PRB-20261101-1ABC.md": other.encode(),
        "kb/known-errors/KE-20261101-0ABC.md": known.encode(),
    }
    sample = {path: data for path, data in _sample().items() if told in path or not path.startswith("tickets")}
    repo = make_repo("leads", files | sample)
    pages = [address_of(path) for path in files]

    def links() -> list[bool]:
        site, _ = built(repo.root, tmp_path / "kept", START)
        return [f"{told}.html" in site[page].decode() for page in pages]

    assert links() == [True, True, True]
    file = repo.root / f"{told}.md"
    data = file.read_bytes()
    file.unlink()
    assert links() == [False, False, False]
    file.write_bytes(data)
    assert links() == [True, True, True]
    file.write_bytes(data.replace(b"BT1Z", b"BT1X"))
    assert links() == [False, True, False]


def test_what_says_the_same_is_not_written_again(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    repo = make_repo("same", _sample())
    kept = tmp_path / "kept"

    def feeds() -> dict[str, tuple[int, int, str]]:
        files = sorted((kept / "feeds").glob("*.xml"))
        return {one.name: (one.stat().st_ino, one.stat().st_mtime_ns, one.read_text("utf-8")) for one in files}

    built(repo.root, kept, START)
    before = feeds()
    tickets = sorted((repo.root / "tickets").rglob("INC-*.md"))
    ticket = next(path for path in tickets if "service: live-streaming" in path.read_text("utf-8"))
    ticket.write_text(ticket.read_text("utf-8").replace("title: ", "title: Another ", 1), "utf-8")
    built(repo.root, kept, START)
    moved = {name for name, told in feeds().items() if told != before[name]}
    assert {name for name, told in feeds().items() if told[2] != before[name][2]} == moved
    assert "incident.xml" in moved
    assert moved < before.keys(), "every feed is new"


def test_who_names_a_record_links_it_where_it_was_moved_to(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    repo = make_repo("elsewhere", {path: data for path, data in _sample().items() if not path.startswith("tickets/c")})
    built(repo.root, tmp_path / "kept", START)
    standing = ("assets/ys-transcoder-02", "contracts/qinglan-renewal-2026", "people/li.wei")
    for name in (*standing, "tickets/incidents/2026/11/INC-20261105-NZTJ"):
        path = repo.root / ("" if name.startswith("tickets/") else "kb") / f"{name}.md"
        (path.parent / "sub").mkdir()
        path.rename(path.parent / "sub" / path.name)
        files, _ = built(repo.root, tmp_path / "kept", START)
        assert [page for page, data in files.items() if f"{name}.html".encode() in data] == []


def _survives(make_repo: Callable[..., Any], tmp_path: Path, name: str, harm: Callable[[bytes], bytes]) -> None:
    """Harm a file that is kept between builds, and hold the next build against one that is made anew."""
    repo = make_repo("harmed", {path: data for path, data in _sample().items() if "/2026/11/" not in path})
    built(repo.root, tmp_path / "kept", START)
    kept = tmp_path / "kept" / name
    kept.write_bytes(harm(kept.read_bytes()))
    ticket = next(iter(sorted((repo.root / "tickets").rglob("INC-*.md"))))
    ticket.write_text(ticket.read_text("utf-8").replace("title: ", "title: Another ", 1), "utf-8")
    files, _ = built(repo.root, tmp_path / "kept", START)
    anew, _ = built(repo.root, tmp_path / "anew", START)
    assert [one for one in sorted(files.keys() | anew.keys()) if files.get(one) != anew.get(one)] == []


def test_a_site_is_the_same_however_many_processes_make_it(
    make_repo: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "MANY", 1)
    monkeypatch.setattr(building, "_BATCH", 3)
    repo = make_repo("shared", _sample())
    one, _ = built(repo.root, tmp_path / "one", START)
    for processes in (2, 2, 3):  # anew, unmoved, after an edit
        if processes == 3:
            ticket = next(iter(sorted((repo.root / "tickets").rglob("INC-*.md"))))
            ticket.write_text(ticket.read_text("utf-8").replace("title: ", "title: Another ", 1), "utf-8")
            one, _ = built(repo.root, tmp_path / "anew", START)
        several, _ = built(repo.root, tmp_path / "several", START, processes)
        assert [name for name in sorted(one.keys() | several.keys()) if one.get(name) != several.get(name)] == []


def test_those_that_name_a_record_are_the_same_however_they_are_looked_for(
    make_repo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_html, "NEAR", 2)
    repo = make_repo("near", _sample())
    edited = next((repo.root / "tickets/incidents").rglob("*.md"))
    edited.write_text(edited.read_text("utf-8") + "\nSee INC-20261120-BT1Z.\n", "utf-8")
    desk = open_desk(str(repo.root))
    near, whole = (View(WholeDesk(desk), START, Labels(("en",))) for _ in range(2))
    whole.expect_many()  # all references are read
    found = {path: [one.path for one in help_html._few(near, facts)] for path, facts in near.records.items()}
    wanted = {
        path: [one.path for one in newest(whole.naming(facts, "incident", "known_error"))[:2]]
        for path, facts in whole.records.items()
    }
    assert found == wanted
    assert found == {path: [one.path for one in help_html._few(whole, one)] for path, one in whole.records.items()}
    assert max(map(len, found.values())) == 2
    desk.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_brought_up_to_date_is_what_is_made_anew(
    make_repo: Callable[..., Any], tmp_path: Path, seed: int
) -> None:
    lived(make_repo, tmp_path, seed, steps=6)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 130))
def test_the_same_over_many_lives(make_repo: Callable[..., Any], tmp_path: Path, seed: int) -> None:
    lived(make_repo, tmp_path, seed, steps=12)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "list": lambda data: b"[]",
    "more": lambda data: data + b"more",
    "other": lambda data: data.replace(b"a", b"b"),
    "none": lambda data: seal([]),
    "mapping": lambda data: seal({"a": 1, "b": 2, "c": 3, "d": 4}),
    "parts": lambda data: seal_parts("other", {"a": 1}),
}
@pytest.mark.parametrize("name", ["known.json", "search.json", "figures.json"])
@pytest.mark.parametrize("harm", DAMAGE)
def test_what_is_kept_behind_a_sum_may_be_damaged(
    make_repo: Callable[..., Any], tmp_path: Path, name: str, harm: str
) -> None:
    _survives(make_repo, tmp_path, name, DAMAGE[harm])
