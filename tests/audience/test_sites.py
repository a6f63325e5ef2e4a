"""The sites of outer audiences, built: what is on them, what no trick of a desk gets onto them, and the leak test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest
from tests.publish.conftest import example_files

from servicebook.audience import cutting
from servicebook.audience.projected import ProjectedDesk
from servicebook.errors import ServicebookError
from servicebook.publish.outer import outer_config
from servicebook.records.shown_fields import shown_fields
from servicebook.settings import Settings

MKDOCS = """\
site_name: Test desk
docs_dir: kb
theme: {name: servicebook, custom_dir: theirs}
plugins: [servicebook]
hooks: [hook.py]
repo_url: https://git.example.org/SECRET
extra: {note: SECRET}
extra_css: [SECRET.css]
nav:
- Home: index.md
- SECRET plans: secret.md
- Open: [Page: open.md, SECRET: secret.md]
- Forge: https://git.example.org/SECRET
markdown_extensions:
- admonition
- pymdownx.snippets: {base_path: [.]}
"""
OPEN = """\
---
title: Open
audience: [public]
note: SECRET
shown_files: [shown.txt, link.txt]
---
# Open page

--8<-- "kb/secret.md"

::: internal
SECRET
:::

[SECRET](secret.md) ![SECRET](secret.files/a.png) <script>alert(1)</script> [x](javascript:SECRET)
[SECRET](../tickets/problems/2026/03/PRB-20260313-Q2RT.md)
"""
FILES = {
    "mkdocs.yml": MKDOCS,
    "hook.py": "def on_post_page(output, **_): return output + 'SECRET'\n",
    "theirs/SECRET.txt": "SECRET",
    "kb/secret.md": "# SECRET\n",
    "kb/secret.files/a.png": "SECRET",
    "kb/SECRET.css": "/* SECRET */",
    "kb/open.md": OPEN,
    "kb/open.files/shown.txt": "shown, not PRB-20260313-Q2RT",
    "kb/open.files/SECRET.txt": "SECRET",
    "kb/trick.md": "--- \naudience: [public]\nnote: SECRET\n---\nPlain\n",
    "kb/twice.md": "---\naudience: [internal]\naudience: [public]\n---\nSECRET\n",
    "kb/text.md": "---\naudience: public\n---\nSECRET\n",
}


@pytest.fixture
def desk(make_repo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    repo = make_repo("desk", {**example_files(), **FILES})
    root: Path = repo.root
    os.symlink("../secret.md", root / "kb/open.files/link.txt")
    os.symlink("secret.md", root / "kb/linked.md")
    repo.commit("links")
    monkeypatch.chdir(root)
    return root


def said_by(folder: Path) -> str:
    names = "\n".join(str(path.relative_to(folder)) for path in folder.rglob("*"))
    return names + "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def test_a_public_site_shows_what_says_so_and_no_trick_gets_more_onto_it(desk: Path, call: Any) -> None:
    done = call("site", "--audience", "public")
    assert done.code == 0, done.err
    site = desk / "site" / "public"
    told = said_by(site)
    assert "SECRET" not in told
    assert "PRB-20260313-Q2RT" not in told
    assert "<script>alert" not in told
    page = (site / "open.html").read_text("utf-8")
    assert "Open page" in page
    assert (site / "changes.html").is_file()
    assert not [name for name in ("on-call", "dashboard", "cases") if (site / f"{name}.html").exists()]
    assert not re.search(r'href="[^"]*(?:on-call|dashboard|cases)\.html', told)
    assert "restricted" in page
    assert (site / "open.files/shown.txt").read_text() == "shown, not restricted"
    assert not (site / "open.files/link.txt").exists()
    assert not [path for path in site.rglob("*") if path.name.startswith(("twice", "text", "linked"))]
    assert "This site is for everybody" in page


def test_a_customers_site_has_its_own_records_and_says_for_whom_it_is(desk: Path, call: Any) -> None:
    assert call("site", "--audience", "customer:harbour-tv").code == 0
    site = desk / "site" / "customer-harbour-tv"
    page = (site / "tickets/incidents/2026/03/INC-20260312-7F3K.html").read_text("utf-8")
    assert "频道 3 画面全黑" in page
    assert "陈工一起远程登录" not in page  # the log
    assert "2026-03-12T09:40:00+08:00" in page
    assert "This site is for harbour-tv alone." in page  # whose record says no audience here
    assert "SECRET" not in said_by(site)


def test_a_folder_with_the_houses_own_site_takes_no_other(desk: Path, call: Any) -> None:
    (desk / "site").mkdir()
    (desk / "site" / "index.html").write_text("the house's")
    done = call("site", "--audience", "public")
    assert (done.code, "holds a site of the house" in done.err) == (2, True)
    assert call("site", "--audience", "customer:nobody").code == 2


def test_edits_that_an_audience_may_not_read_move_nothing_of_its_site(
    desk: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-04-20T09:00:00+08:00")
    path = desk / "tickets/incidents/2026/03/INC-20260312-7F3K.md"
    text = path.read_text("utf-8")
    site = desk / "site" / "customer-harbour-tv"

    def told() -> dict[str, bytes]:
        assert call("site", "--audience", "customer:harbour-tv").code == 0
        files = [file for name in ("feeds", "calendar", "api", "tickets") for file in (site / name).rglob("*.*")]
        return {str(file.relative_to(site)): file.read_bytes() for file in files}

    def updated(files: dict[str, bytes]) -> str:
        entries = feedparser.parse(files["feeds/incident.xml"]).entries
        return next(str(one.updated) for one in entries if "INC-20260312-7F3K" in one.title)

    before = told()
    assert updated(before) == "2026-03-13T10:00:00+08:00"  # its last event that a customer reads of
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-04-21T10:00:00+08:00")
    path.write_text(text + "\nWritten for the house.\n", "utf-8")
    assert told() == before
    path.write_text(text.replace("title_zh", "title_zh", 1).replace("频道 3 画面全黑", "频道 3 黑屏"), "utf-8")
    after = told()
    assert updated(after) == "2026-04-21T10:00:00+08:00"
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-04-22T10:00:00+08:00")
    assert updated(told()) == updated(after)


def test_what_is_narrowed_leaves_nothing_in_site_or_kept_pages(desk: Path, call: Any) -> None:
    ticket = desk / "tickets/incidents/2026/03/INC-20260312-7F3K.md"
    text = ticket.read_text("utf-8")
    files = ticket.with_suffix(".files") / "insidefolder"
    files.mkdir(parents=True)
    (files / "unique.txt").write_text("uniquelog\n")
    said = "audience: [public]\nshown_files: [insidefolder/unique.txt]"
    ticket.write_text(text.replace("\nid:", f"\n{said}\nid:", 1), "utf-8")
    places = (desk / "site" / "public", desk / ".git/servicebook/site/public-worktree")
    assert call("site", "--audience", "public").code == 0
    assert all("unique.txt" in said_by(place) for place in places)
    ticket.write_text(text.replace("\nid:", "\naudience: [internal]\nid:", 1), "utf-8")
    assert call("site", "--audience", "public").code == 0
    for place in places:
        told = said_by(place)
        assert "unique" not in told and "insidefolder" not in told
        assert not [*place.rglob("*20260312-7F3K*")]


def test_each_audience_has_an_address_of_its_own(desk: Path, call: Any) -> None:
    config = (desk / "mkdocs.yml").read_text("utf-8")
    own = "- servicebook: {site_urls: {public: 'https://status.example.org/'}}"
    config = config.replace("plugins: [servicebook]", f"site_url: https://inside.example.org/\nplugins:\n{own}")
    (desk / "mkdocs.yml").write_text(config, "utf-8")
    for audience, folder, url in (
        ("public", "public", "https://status.example.org/"),
        ("customer:harbour-tv", "customer-harbour-tv", ""),
    ):
        assert call("site", "--audience", audience).code == 0
        told = said_by(desk / "site" / folder)
        assert "inside.example.org" not in told
        assert ("https://status.example.org/feeds/" in told) == bool(url)
    assert "https://status.example.org/open.html" in (desk / "site/public/sitemap.xml").read_text("utf-8")


def test_the_leak_test_finds_nothing_and_writes_nothing(desk: Path, call: Any) -> None:
    before = sorted(desk.rglob("*"))
    done = call("leaktest", "--audience", "public")
    assert done.code == 0, done.out + done.err
    assert "none came out" in done.out
    inside = [path for path in desk.rglob("*") if ".git" not in path.parts]
    assert inside == [path for path in inside if path in before]


def test_the_leak_test_finds_a_field_that_was_let_through(
    desk: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(kind: str, audience: str) -> Any:
        fields = shown_fields(kind, audience)
        return {**fields, "tags": None} if fields and kind == "article" else fields

    monkeypatch.setattr(cutting, "shown_fields", mistaken)
    done = call("leaktest", "--audience", "public")
    assert done.code == 1, done.err
    assert "public: articles/" in done.out
    assert "shows `tags` of kb/articles/" in done.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not use our plugin"),
        ("- a\n", "is no list of keys and values"),
        ("words", "is no list of keys and values"),
        ("site_name: [a\nplugins: b", "cannot be read"),
        ("a: &a 1\nb: *c", "cannot be read"),
        ("\0", "cannot be read"),
        ("plugins: 5", "does not use our plugin"),
        ("plugins: [5, null]", "does not use our plugin"),
    ],
)
def test_a_mistake_in_mkdocs_yml_is_told(text: str, said: str) -> None:
    with pytest.raises(ServicebookError, match=said):
        outer_config(text, nobodys())


@pytest.mark.parametrize(
    "text",
    [
        "plugins: {servicebook: {}}",
        "plugins: [servicebook: 5]",
        "plugins: [servicebook: {site_urls: [a]}]",
        "plugins: [servicebook]\nnav: [{Home: {b: 3}}, 5, [x], null]",
        "plugins: [servicebook]\nnav: {Home: index.md}",
        "plugins: [servicebook]\nmarkdown_extensions: 3",
        "plugins: [servicebook]\nmarkdown_extensions: [{5: 3}, 7, null, [a], {}]",
    ],
)
def test_what_has_another_form_in_mkdocs_yml_is_left_out_for_others(text: str) -> None:
    config = outer_config(text, nobodys())
    assert config["plugins"] == ["servicebook"]
    assert config["markdown_extensions"] == [] and not config.get("nav") and "site_url" not in config


def test_an_address_is_read_in_either_form_of_plugins() -> None:
    for form in ("[servicebook: {site_urls: {public: 'https://a.example/'}}]",
                 "{servicebook: {site_urls: {public: 'https://a.example/'}}}"):  # fmt: skip
        assert outer_config(f"plugins: {form}", nobodys())["site_url"] == "https://a.example/"


def nobodys() -> ProjectedDesk:
    """Return a projected desk in which nothing is."""
    return ProjectedDesk("public", Settings(), "", "", ("", False))
