"""Every link of a site leads somewhere: its page is there, and so is the place on it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from servicebook.publish.site import build_site

ROOT = Path(__file__).parents[2]

BY_THE_ROOT = "404.html"
"""The page that a server shows at any depth."""


@pytest.mark.parametrize("audience", ["internal", "customer:harbour-tv", "public"])
def test_every_link_leads_to_a_page_and_a_place_on_it(desk: Any, build: Any, audience: str) -> None:
    site, _ = build(desk, audience=audience)
    pages = {page.relative_to(site).as_posix(): page.read_text("utf-8") for page in site.rglob("*.html")}
    places = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in pages.items()}
    lost = [
        f"{page}: {link}"
        for page, text in pages.items()
        if page != BY_THE_ROOT
        for link in re.findall(r'<a\b[^>]* href="([^"]*)"', text)
        if not _leads(site, page, unescape(link), places)
    ]
    assert len(pages) > 5 and not lost


def test_the_way_to_a_page_tells_where_it_belongs(tmp_path: Path) -> None:
    build_site(str(ROOT), str(tmp_path))

    def way_to(page: str) -> list[str]:
        where = (tmp_path / page).read_text("utf-8").partition('<div class="wrap where">')[2].partition("</nav>")[0]
        links = re.findall(r'<a href="([^"]*)"', where)
        return [normpath(join(dirname(page), link)) for link in links]

    month = "tickets/incidents/2026/10/INC-20261008-F90H.html"
    assert way_to(month) == ["index.html", "archive.html", "tickets/2026-10.html"]
    assert way_to("tickets/incidents/2026/11/INC-20261120-BT1Z.html") == [
        "index.html", "tickets.html", "tickets.html#incident",
    ]  # fmt: skip
    assert way_to("reference/incident.html") == ["index.html", "reference/kinds.html"]
    assert way_to("rules/REC209.html") == ["index.html", "rules/index.html"]
    customer = (tmp_path / "customers/harbour-tv.html").read_text("utf-8")
    assert '<a href="../search.html?q=harbour-tv&amp;kind=incident"><span class="l" lang="en">and ' in customer


def _leads(site: Path, page: str, link: str, places: dict[str, set[str]]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = normpath(join(dirname(page), unquote(parts.path))) if parts.path else page
    if not (site / target).is_file():
        return False
    return not parts.fragment or target not in places or unquote(parts.fragment) in places[target]
