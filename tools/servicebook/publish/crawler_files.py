"""What programs that crawl the web are told: which pages there are, and whether they may be read at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape

from servicebook.publish.addresses import escaped, page_of
from servicebook.publish.moments import Moments
from servicebook.publish.view import View
from servicebook.records.audiences import PUBLIC

MOST = 50_000
"""URLs in one sitemap (sitemaps.org: at most 50,000)."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def crawler_files(view: View, moments: Moments, ordinary: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield robots.txt and the sitemap; only what is public is offered to search engines.

    ordinary: the addresses of the pages that are no records.
    """
    if view.desk.audience != PUBLIC:
        yield "robots.txt", b"User-agent: *\nDisallow: /\n"
        return
    pages: dict[str, date | None] = dict.fromkeys(ordinary)
    pages |= {page_of(facts): moments.changed_at(facts).date() for facts in view.records.values()}
    yield from public_files(pages, moments.site_url)


def public_files(
    pages: Mapping[str, date | None], site_url: str, most: int = MOST
) -> Iterator[tuple[str, bytes]]:
    """Yield robots.txt and the sitemap of a public site.

    pages: address of each page and the day it last changed, where known. A sitemap needs absolute addresses, so
    there is none where the site's own is unknown.
    """
    if not site_url:
        yield "robots.txt", b"User-agent: *\nAllow: /\n"
        return
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site_url}sitemap.xml\n".encode()
    listed = sorted(pages.items())
    parts = [listed[start : start + most] for start in range(0, len(listed), most)] or [[]]
    if len(parts) == 1:
        yield "sitemap.xml", _sitemap(parts[0], site_url)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _sitemap(part, site_url)
    places = "".join(f"<sitemap><loc>{escape(site_url + name)}</loc></sitemap>\n" for name in names)
    yield "sitemap.xml", f"{_HEAD}<sitemapindex {_XMLNS}>\n{places}</sitemapindex>\n".encode()


def _sitemap(pages: Sequence[tuple[str, date | None]], site_url: str) -> bytes:
    lines = []
    for address, changed_on in pages:
        day = f"<lastmod>{changed_on.isoformat()}</lastmod>" if changed_on else ""
        lines.append(f"<url><loc>{escape(site_url + escaped(address))}</loc>{day}</url>\n")
    return f"{_HEAD}<urlset {_XMLNS}>\n{''.join(lines)}</urlset>\n".encode()
