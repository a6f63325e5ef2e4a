"""News to subscribe to: entries written as Atom (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree import ElementTree

NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (2.2) does not admit."""


class NewsEntry(NamedTuple):
    """One entry of a feed. id: an IRI that never changes. url: of its page, absolute or relative to the feed."""

    id: str
    title: str
    updated: datetime
    published: datetime | None
    url: str
    text: str
    category: str
    language: str


class Feed(NamedTuple):
    """A feed: its id, title, the desk as its author, its page and its own address ("" where not known)."""

    id: str
    title: str
    author: str
    page: str
    address: str


def feed_bytes(feed: Feed, entries: Sequence[NewsEntry]) -> bytes:
    """Return a feed of these entries, which stand in the order they are given in.

    `updated` of the feed is that of its newest entry; a feed without any was last updated when time began for it
    (1970), so that its file does not change while there is nothing to tell.
    """
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{{{NAMESPACE}}}feed")
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(max((one.updated for one in entries), default=datetime(1970, 1, 1, tzinfo=UTC))))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "generator", "Servicebook")
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    if feed.address:
        _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    for entry in entries:
        _add_entry(root, entry)
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _add_entry(root: ElementTree.Element, entry: NewsEntry) -> None:
    node = _add(root, "entry")
    node.set("xml:lang", entry.language)
    _add(node, "id", entry.id)
    _add(node, "title", entry.title, type="text")
    _add(node, "updated", _instant(entry.updated))
    if entry.published:
        _add(node, "published", _instant(entry.published))
    _add(node, "link", rel="alternate", type="text/html", href=entry.url)
    _add(node, "category", term=entry.category)
    _add(node, "summary", entry.text, type="text")


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    node = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}", clean)
    if text:
        node.text = _NOT_XML.sub("", text)
    return node


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
