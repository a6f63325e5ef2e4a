"""Every link of a site leads somewhere: its page is there, and so is the place on it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

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


def _leads(site: Path, page: str, link: str, places: dict[str, set[str]]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = normpath(join(dirname(page), unquote(parts.path))) if parts.path else page
    if not (site / target).is_file():
        return False
    return not parts.fragment or target not in places or unquote(parts.fragment) in places[target]
