"""No page is larger than 60 KB: none of the sample desk, and no list of a desk with ten thousand tickets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from tests.bench.generator import write_desk
from tests.publish.unspoken import unspoken

from servicebook.audience.desk import WholeDesk
from servicebook.publish.build import Build
from servicebook.publish.cache import PageCache
from servicebook.publish.gathering import Gathering
from servicebook.publish.labels import Labels
from servicebook.publish.lists import LISTS, archive_pages
from servicebook.publish.outcomes import Outcomes
from servicebook.publish.record_page import Page
from servicebook.publish.shell import Shell
from servicebook.publish.site import build_site
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk

BUDGET = 60_000
"""Bytes of HTML on one page, before any compression."""
FRAME = 6_000
"""What the frame of a page takes of it, with the navigation of the sample desk."""
ROOT = Path(__file__).parents[2]
IN_BOTH = ("guide", "rules", "reference")
"""Folders of pages that are written in both languages, side by side or a page each."""

def large(site: Path) -> Iterator[str]:
    for page in site.rglob("*.html"):
        if page.stat().st_size > BUDGET:
            yield f"{page.relative_to(site)}: {page.stat().st_size}"


def test_every_page_of_the_sample_desk_is_small_and_speaks_both_languages(tmp_path: Path) -> None:
    build_site(str(ROOT), str(tmp_path / "site"))
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 500
    assert list(large(tmp_path / "site")) == []
    ours = [page for page in pages if page.relative_to(tmp_path / "site").parts[0] not in IN_BOTH]
    assert {f"{page.name}: {text}" for page in ours for text in unspoken(page.read_text("utf-8"))} == set()


@pytest.mark.nightly
def test_every_list_of_ten_thousand_tickets(tmp_path: Path) -> None:
    write_desk(tmp_path / "desk", 10_000)
    desk = open_desk(str(tmp_path / "desk"))
    view = View(WholeDesk(desk), datetime.fromisoformat("2026-11-20T09:00:00+08:00"), Labels(("en", "zh")))
    (tmp_path / "kept").mkdir()
    build = Build(view, PageCache(tmp_path / "kept"))
    build.set_shell(Shell("x" * FRAME + "@@TITLE@@ @@CONTENT@@ @@TRAIL@@"))
    outcomes = Outcomes(view, build.clocks, tmp_path / "kept")
    gathering = Gathering(view, build.bodies, build.clocks, [], {}, outcomes)
    for name, make in LISTS.items():
        build.write_page(Page(f"{name}.html", name, make(gathering, f"{name}.html")))
    for made in archive_pages(view):
        build.write_made(made)
    services = list(view.of_kind("service", "customer", "agreement"))
    for address, *_ in build.render_some(services):
        assert address
    desk.close()
    assert list(large(tmp_path / "kept")) == []
