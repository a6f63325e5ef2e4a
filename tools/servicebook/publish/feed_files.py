"""The news of a site as Atom feeds: one of everything, one a kind that people follow, one a service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache, partial
from heapq import nlargest
from itertools import chain
from operator import attrgetter

from servicebook.exchange.atom import Feed, NewsEntry, feed_bytes
from servicebook.publish.labels import language_of
from servicebook.publish.made import Made, stamp_of
from servicebook.publish.moments import Moments
from servicebook.publish.view import View, title_text
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant

FOLDER = "feeds"
EVERYTHING = f"{FOLDER}/news.xml"
NEWEST = 50
"""How many entries a feed has; who asks once a day misses none unless more than that move in a day."""
POOL = 1000
"""A service's feed is taken from so many records that changed last."""

FOLLOWED = ("incident", "change", "release", "known_error", "article")
"""The kinds of record that are news."""


def feed_of(facts: Facts) -> str:
    """Return the address of the feed of a service."""
    return f"{FOLDER}/service-{facts.id}.xml"


def feed_of_kind(kind: str) -> str:
    """Return the address of the feed of a kind of record."""
    return f"{FOLDER}/{kind}.xml"


def feed_files(view: View, moments: Moments) -> Iterator[Made[bytes]]:
    """Yield every feed."""
    news = _News(view, moments)
    stamp = stamp_of(view, view.of_kind(*FOLLOWED, "service"), moments.site_url)
    of_kind = cache(partial(_newest_of_kind, view, moments))
    newest = partial(_newest, moments, of_kind)
    by_service = cache(partial(_by_service, view, newest))

    def made(address: str, title: str, page: str, members: Callable[[], Iterable[Facts]]) -> Made[bytes]:
        return Made(address, stamp, lambda: news.feed(address, title, page, members()))

    labels = view.labels
    yield made(EVERYTHING, labels.text("News"), "index.html", newest)
    for kind in FOLLOWED:
        page = _PAGES.get(kind, "archive.html")
        yield made(feed_of_kind(kind), labels.kinds_text(kind), page, partial(of_kind, kind))
    for service in view.of_kind("service"):
        concerned = partial(_of_service, by_service, service)
        yield made(feed_of(service), title_text(service), moments.address(service), concerned)


def _newest(moments: Moments, of_kind: Callable[[str], list[Facts]]) -> list[Facts]:
    """Return the records of all kinds that are news that changed last, the newest first."""
    return _last(moments, chain.from_iterable(map(of_kind, FOLLOWED)))


def _newest_of_kind(view: View, moments: Moments, kind: str) -> list[Facts]:
    """Return the records of a kind that changed last, the newest first."""
    return _last(moments, view.of_kind(kind))


def _last(moments: Moments, records: Iterable[Facts]) -> list[Facts]:
    """Return the records that changed last, the newest first; of those of one instant, the first by id from behind."""
    by_instant = moments.by_instant(records)  # a commit may have moved thousands, and to compare theirs takes longest
    found: list[Facts] = []
    for at in sorted(by_instant, reverse=True):
        found += nlargest(POOL - len(found), by_instant[at], key=attrgetter("id"))
        if len(found) >= POOL:
            break
    return found


def _of_service(by_service: Callable[[], dict[str, list[Facts]]], service: Facts) -> list[Facts]:
    """Return the newest records that name a service."""
    return by_service().get(service.path, [])


def _by_service(view: View, newest: Callable[[], list[Facts]]) -> dict[str, list[Facts]]:
    """Return the newest records by the services that they name; of others nothing is looked at."""
    found: dict[str, list[Facts]] = {}
    for one in newest():
        named = {target.path for ref in one.refs if "service" in ref.kinds and (target := view.target(ref))}
        for path in named:
            found.setdefault(path, []).append(one)
    return found


_PAGES = {"incident": "tickets.html", "known_error": "known-errors.html", "article": "articles.html",
          "change": "changes.html"}  # fmt: skip
"""The page of a site that lists a kind."""


class _News:
    def __init__(self, view: View, moments: Moments) -> None:
        self._view = view
        self._moments = moments
        self._entry = cache(self._made)  # the newest are in several feeds

    def feed(self, address: str, title: str, page: str, news: Iterable[Facts]) -> bytes:
        moments, settings = self._moments, self._view.settings
        name = " / ".join(dict.fromkeys(filter(None, (settings.name, settings.name_zh))))
        page = page if "://" in page else (moments.site_url or "../") + page
        own = moments.site_url + address if moments.site_url else ""
        feed = Feed(f"urn:uuid:{moments.name('feed', address)}", f"{name}: {title}", name, page, own)
        entries = [self._entry(one) for one, _ in zip(news, range(NEWEST), strict=False)]
        return feed_bytes(feed, entries)

    def _made(self, one: Facts) -> NewsEntry:
        labels = self._view.labels
        title = one.title or one.id
        state = labels.value_text(one.status, one.kind) if one.status else ""
        number = f"{one.id} " if one.id != one.id.lower() else ""
        return NewsEntry(
            id=f"urn:uuid:{self._moments.name(one.kind, one.id)}",
            title=f"{number}{title}",
            updated=self._moments.changed_at(one),
            published=self._published(one),
            url=self._moments.address(one, root="../"),
            text=": ".join(filter(None, (labels.kind_text(one.kind), state))) + _workaround(one),
            category=one.kind,
            language=language_of(title),
        )

    def _published(self, one: Facts) -> datetime | None:
        started = one.instants[0] if one.instants else parse_instant(one.get("opened_at"))
        return started.astimezone(self._view.zone) if started else None


def _workaround(one: Facts) -> str:
    text = str(one.get("workaround") or "") if one.kind == "known_error" else ""
    return "\n\n" + text if text else ""
