"""Feeds: valid Atom for a strict reader, whatever the texts hold."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.exchange.atom import NAMESPACE, Feed, NewsEntry, feed_bytes

FEED = Feed("urn:uuid:1", "News", "Harbour desk", "https://desk.example/", "https://desk.example/feeds/news.xml")
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def entry(**given: object) -> NewsEntry:
    told = {
        "id": "urn:uuid:2", "title": "核心交换机升级", "updated": AT, "published": AT, "url": "https://desk.example/a.html",
        "text": "Change: approved", "category": "change", "language": "zh-Hans", **given,
    }  # fmt: skip
    return NewsEntry(**told)  # type: ignore[arg-type]


def faults_of(data: bytes) -> list[str]:
    """Return what of RFC 4287 (4.1.1, 4.1.2, 4.2) a feed does not keep."""
    root = ElementTree.fromstring(data)
    faults = [] if root.tag == f"{{{NAMESPACE}}}feed" else ["root"]
    for node in [root, *root.iter(f"{{{NAMESPACE}}}entry")]:
        names = [child.tag.rpartition("}")[2] for child in node]
        faults += [f"{name}: {names.count(name)}" for name in ("id", "title", "updated") if names.count(name) != 1]
        for child in node:
            if child.tag.endswith(("updated", "published")):
                datetime.fromisoformat(child.text or "")
            if child.tag.endswith("id") and ":" not in (child.text or ""):
                faults.append(f"id {child.text}")
        links = [(c.get("rel"), c.get("type")) for c in node if c.tag.endswith("link")]
        faults += ["link"] if len(links) != len(set(links)) else []
    authors = root.findall(f"{{{NAMESPACE}}}author/{{{NAMESPACE}}}name")
    return faults + ([] if authors and authors[0].text else ["author"])


def test_a_reader_gets_what_was_written() -> None:
    data = feed_bytes(FEED, [entry(), entry(id="urn:uuid:3", updated=datetime(2026, 11, 21, tzinfo=UTC))])
    assert faults_of(data) == []
    read = feedparser.parse(data)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.updated == "2026-11-21T00:00:00Z"
    assert [one.title for one in read.entries] == ["核心交换机升级", "核心交换机升级"]
    assert read.entries[0].link == "https://desk.example/a.html"


def test_a_feed_without_news_is_a_feed_all_the_same() -> None:
    data = feed_bytes(FEED, [])
    assert faults_of(data) == []
    assert not feedparser.parse(data).bozo
    assert data == feed_bytes(FEED, [])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=200))
def test_no_text_breaks_out_of_its_element(title: str, text: str) -> None:
    hostile = title + "</title><script>alert(1)</script>]]>&\x00\x08\ufffe\u202e"
    data = feed_bytes(FEED, [entry(title=hostile, text=text, url=text)])
    assert faults_of(data) == []
    (found,) = ElementTree.fromstring(data).iter(f"{{{NAMESPACE}}}entry")
    assert [child.tag.rpartition("}")[2] for child in found].count("title") == 1
    assert "<script" not in data.decode()
