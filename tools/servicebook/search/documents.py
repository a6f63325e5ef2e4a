"""What a record is searched by: its id, title, the words of its fields and its body, as plain text."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from servicebook.records.audiences import RESTRICTED
from servicebook.records.facts import Facts
from servicebook.search.tokens import normalise
from servicebook.workflow.lifecycles import LIFECYCLES

FACETS = ("kind", "service", "customer", "state", "year")
"""What results are narrowed by."""


ALWAYS, ANY_TIME = "9", "0"
"""Dates of what has none: as if it were of today (an article), or as if it were of long ago (an asset)."""


class Document(NamedTuple):
    """One page that can be found. `url` is relative to the site's root and names the document.

    services, customers: ids; state, year: empty where none fits. date: by which results are ordered, the latest
    first: YYYYMMDD, or one of ALWAYS and ANY_TIME. standing: 2 for what people come for, 0 for what is over, else 1.
    """

    url: str
    id: str
    kind: str
    state: str
    year: str
    title: str
    text: str
    services: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    date: str = ""
    standing: int = 1

    def facet(self, name: str) -> tuple[str, ...]:
        """Return the values by which a filter finds the document."""
        if name in ("service", "customer"):
            return self.services if name == "service" else self.customers
        value = str(getattr(self, name))
        return (value,) if value else ()

    @property
    def title_text(self) -> str:
        """The normalised text of title and id: what is found there comes first."""
        return normalise(f"{self.title}\n\n{self.id}")

    @property
    def indexed_text(self) -> str:
        """The normalised text that the document is found by: title, id, then the rest."""
        return normalise(f"{self.title}\n\n{self.id}\n\n{self.text}")


_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
# A heading or list item begins a new piece: the blank line keeps its Han text from joining the line before.
_LINE_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|(?:[-*+]|\d+\.)[ \t]+(?:\[[ xX]\][ \t]+)?|```.*|~~~.*|:::.*|\|)", re.M
)
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$", re.MULTILINE)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")
_UNSEARCHED = {"schema", "audience", "sla", "$body", "at", "title", "title_zh", "id", "status"}
"""Fields that name no content: forms, audiences, computed outcomes, the instants of events."""


def plain_text(markdown: str) -> str:
    """Return a Markdown text without its commonest marks (headings, lists, emphasis, link targets)."""
    if "|" in markdown:
        markdown = _TABLE_RULE.sub("", markdown)
    if "](" in markdown:
        markdown = _LINK.sub(r"\1", markdown)
    plain = _LINE_MARKS.sub("\n", markdown)
    return plain.replace("**", "").replace("~~", "").replace("`", "").strip()


_OVER = {"retired", "fixed", "expired"}
"""States in which a record that is no ticket is over and done."""
_SOUGHT = {"service", "known_error", "article"}
"""Kinds that are read for themselves; the other standing records are mostly looked up from there."""


def document_of(facts: Facts, body: str, url: str) -> Document:
    """Return the record as a document; `body` is its Markdown body."""
    data = facts.data
    text = f"{plain_text(body)}\n\n{' · '.join(_words([data], []))}".strip()
    other = data.get("title_zh")
    title = f"{facts.title} · {other}" if other and other != facts.title else facts.title
    written_on = facts.id.split("-")[1] if facts.path.startswith("tickets/") and "-" in facts.id else ""
    return Document(
        url=url,
        id=facts.id,
        kind=facts.kind,
        state=facts.status or "",
        year=written_on[:4],
        title=title,
        text=text,
        services=_named(facts, "service"),
        customers=_named(facts, "customer"),
        date=written_on or (ALWAYS if facts.kind in _SOUGHT else ANY_TIME),
        standing=_standing(facts),
    )


def _standing(facts: Facts) -> int:
    """Return what of two equal hits comes first: open tickets and knowledge, then all else, what is over last."""
    life = LIFECYCLES.get(facts.kind)
    if life:
        return 2 if facts.status in life.open_states else 1
    if facts.status in _OVER:
        return 0
    return 2 if facts.kind in _SOUGHT else 1


def _named(facts: Facts, kind: str) -> tuple[str, ...]:
    """Return the services (or customers) that a record is about; a service is about itself.

    What stands in the place of one that an audience may not see is nothing to narrow by.
    """
    one, many = facts.data.get(kind), facts.data.get(kind + "s")
    named = [facts.id] if facts.kind == kind else []
    named += [one] if isinstance(one, str) else []
    named += [value for value in many if isinstance(value, str)] if isinstance(many, list) else []
    return tuple(dict.fromkeys(one for one in named if one != RESTRICTED))


def _words(values: list[Any], found: list[str]) -> list[str]:
    """Add the texts of a front matter to `found`, in their order, without what says nothing, and return it."""
    for inner in values:
        if isinstance(inner, str):
            if inner[10:11] != "T" or not _INSTANT.match(inner):
                found.append(inner)
        elif isinstance(inner, dict):
            _words([one for key, one in inner.items() if key not in _UNSEARCHED], found)
        elif isinstance(inner, list):
            _words(inner, found)
    return found
