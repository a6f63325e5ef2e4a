"""The navigation of a desk that names none, and of audiences that are shown little."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.publish.conftest import example_files

from servicebook.publish.site import Built, build_site

Build = Callable[..., tuple[Path, Built]]
TWINS = {"kb/handbook/index.md": "# Handbook\n", "kb/handbook/a.md": "# A\n", "kb/handbook/a.zh.md": "# 甲\n"}


def entries(page: Path) -> list[str]:
    """Return what the navigation of a page leads to, with the words of an entry."""
    nav = page.read_text("utf-8").partition('id="nav"')[2].partition("</nav>")[0]
    found = re.findall(r'<a (?:class="l" lang="en" )?href="([^"]*)"[^>]*>(.*?)</a>', nav)
    return [f"{href} {re.sub('<span[^>]*zh-Hans.*?</span>|<[^>]*>', '', words)}" for href, words in found]


def test_what_belongs_together_is_one_entry(make_repo: Callable[..., Any], build: Build) -> None:
    site, _ = build(make_repo("desk", {**example_files(), **TWINS}))
    assert entries(site / "index.html") == [
        "services.html Services", "known-errors.html Known errors", "articles.html Articles", "tickets.html Tickets",
        "changes.html Schedule", "records.html Records", "dashboard.html Dashboard", "handbook/index.html Handbook",
    ]  # fmt: skip
    assert 'href="archive.html"' in (site / "tickets.html").read_text("utf-8").partition('class="beside"')[2]
    side = (site / "handbook/a.html").read_text("utf-8").partition('class="side-nav"')[2].partition("</nav>")[0]
    assert 'lang="zh-Hans" href="a.zh.html"' in side and "中文" not in side


def test_many_pages_of_a_desk_s_own_are_one_entry(make_repo: Callable[..., Any], build: Build) -> None:
    own = {f"kb/{name}/one.md": f"# {name}\n" for name in ("how_to", "plans", "rooms")}
    site, _ = build(make_repo("desk", {**example_files(), **own}))
    assert entries(site / "index.html")[-1] == "how_to/one.html Other pages"
    assert "How to" in (site / "rooms/one.html").read_text("utf-8")


def test_others_are_led_to_no_list_that_tells_them_nothing(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    repo = make_repo("desk", example_files())
    config = repo.root / "mkdocs.yml"
    nav = "nav: [services.md, known-errors.md, {Tickets: [tickets.md, archive.md]}, changes.md]\n"
    for text, expected in (
        (config.read_text("utf-8"), ["services.html", "changes.html", "records.html"]),
        (config.read_text("utf-8") + nav, ["services.html", "changes.html"]),
    ):
        config.write_text(text, "utf-8")
        build_site(str(repo.root), str(tmp_path / "public"), audience="public")
        assert [one.split()[0] for one in entries(tmp_path / "public/index.html")] == expected
        assert (tmp_path / "public/known-errors.html").is_file()
