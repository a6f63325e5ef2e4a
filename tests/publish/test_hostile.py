"""A site of a desk with hostile files: built all the same, and nothing of theirs runs or leaks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from servicebook.errors import ServicebookError
from servicebook.publish.site import build_site

Build = Callable[..., Any]

TICKET = "tickets/incidents/2026/04/INC-20260401-EV1K"
HEAD = """---
schema: incident/1
id: {id}
title: '{title}'
customer: harbour-tv
timeline:
- {{at: 2026-04-01T08:43:05+08:00, id: k3f9, event: opened, by: li.wei}}
---
"""


class Elements(HTMLParser):
    """The elements of a page that could run something or fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        drawn = tag == "svg" and (values.get("class") or "").split()[:1] in (["ch"], ["graph"])  # a drawing of ours
        if (tag in ("iframe", "object", "embed", "base", "svg", "math", "style") and not drawn) or (
            tag == "script" and "src" not in values
        ):
            self.bad.append(f"{tag} {attrs}")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.bad.append(f"{tag} {name}={value}")
            scheme = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name in ("href", "src", "action") and re.match(r"(javascript|data|vbscript):", scheme):
                self.bad.append(f"{tag} {name}={value}")
            if name == "src" and re.match(r"https?:|//", scheme):
                self.bad.append(f"{tag} {name}={value}")


def harm_in(site: Path) -> list[str]:
    """Return what could run or fetch in any page of a site."""
    found = []
    for page in site.rglob("*.html"):
        elements = Elements()
        elements.feed(page.read_text("utf-8"))
        found += [f"{page.relative_to(site)}: {bad}" for bad in elements.bad]
    return found


@pytest.mark.parametrize("id", ["x", "INC", "'<script>alert(1)</script>'", "'a b'", "'{0}'"])
def test_an_id_of_another_form_stops_no_site(id: str, desk: Any, build: Build) -> None:
    desk.commit("odd", {f"{TICKET}.md": HEAD.format(id=id, title="<script>alert(1)</script>")})
    site, _ = build(desk)
    assert not harm_in(site)
    assert (site / "tickets/2026-04.html").is_file()


def test_pages_that_are_no_text_are_left_out_and_told(desk: Any, build: Build) -> None:
    desk.commit("bytes", {"kb/latin.md": b"caf\xe9\n", "kb/bytes.md": bytes(range(256)), "kb/fine.md": "# Fine\n"})
    with open(os.fsencode(desk.root / "kb") + b"/bad\xff.md", "wb") as file:
        file.write(b"x\n")
    site, built = build(desk)
    assert (site / "fine.html").is_file()
    assert not (site / "latin.html").exists() and not (site / "bytes.html").exists()
    assert built.unreadable == 2
    assert "kb/latin.md" in (site / "index.html").read_text("utf-8")


def test_symlinked_pages_and_folders_are_not_followed(desk: Any, build: Build, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "plan.md").write_text("# top secret\n")
    (desk.root / "kb" / "plan.md").symlink_to(tmp_path / "secret" / "plan.md")
    (desk.root / "kb" / "plans").symlink_to(tmp_path / "secret")
    (desk.root / "kb" / "self.md").symlink_to("self.md")
    site, _ = build(desk)
    for file in site.rglob("*"):
        assert not file.is_file() or b"top secret" not in file.read_bytes(), file


def test_words_of_the_frame_in_a_title_are_words(desk: Any, build: Build) -> None:
    title = '@@CONTENT@@ "@@ROOT@@" @@TITLE@@'
    desk.commit("frame", {f"{TICKET}.md": HEAD.format(id=TICKET[-17:], title=title)})
    site, _ = build(desk)
    page = (site / f"{TICKET}.html").read_text("utf-8")
    assert page.count("<main") == 1 and page.count('class="railed') == 1
    assert page.index("</title>") < page.index('class="railed')
    assert "@@CONTENT@@ &quot;@@ROOT@@&quot; @@TITLE@@" in page


def test_a_place_that_cannot_be_written_is_told(desk: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file\n")
    with pytest.raises(ServicebookError, match="the site was not built"):
        build_site(str(desk.root), str(tmp_path / "taken" / "site"))
