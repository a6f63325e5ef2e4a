"""What a record is searched by: its id, title, the words of its fields and its body, as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from servicebook.records.facts import Facts


class Document(NamedTuple):
    """One page that can be found. `url` is relative to the site's root; `year` is empty where none fits."""

    url: str
    id: str
    kind: str
    state: str
    year: str
    title: str
    text: str


_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
# A heading or list item begins a new piece: the blank line keeps its Han text from joining the line before.
_LINE_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|(?:[-*+]|\d+\.)[ \t]+(?:\[[ xX]\][ \t]+)?|```.*|~~~.*|:::.*|\|)", re.M
)
_INLINE_MARKS = re.compile(r"\*\*|~~|`")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$", re.MULTILINE)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")
_UNSEARCHED = {"schema", "audience", "sla", "$body", "at", "title", "title_zh", "id", "status"}
"""Fields that name no content: forms, audiences, computed outcomes, the instants of events."""


def plain_text(markdown: str) -> str:
    """Return a Markdown text without its commonest marks (headings, lists, emphasis, link targets)."""
    plain = _LINE_MARKS.sub("\n", _LINK.sub(r"\1", _TABLE_RULE.sub("", markdown)))
    return _INLINE_MARKS.sub("", plain).strip()


def document_of(facts: Facts, body: str, url: str) -> Document:
    """Return the record as a document; `body` is its Markdown body."""
    words = [plain_text(body), *_words(facts.data)]
    other = facts.data.get("title_zh")
    title = f"{facts.title} · {other}" if other and other != facts.title else facts.title
    year = facts.id.split("-")[1][:4] if facts.path.startswith("tickets/") and "-" in facts.id else ""
    return Document(url, facts.id, facts.kind, facts.status or "", year, title, "\n\n".join(filter(None, words)))


def _words(value: Any) -> Iterator[str]:
    """Yield the texts of a front matter in their order, without what says nothing."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _UNSEARCHED:
                yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str) and not _INSTANT.match(value):
        yield value
