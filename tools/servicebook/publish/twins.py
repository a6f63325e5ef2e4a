"""Pages that are written in both languages, `x.md` and `x.zh.md`: which of them a reader is offered."""

from __future__ import annotations

from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

CHINESE = ".zh.md"


def twins_in(nav: Navigation) -> dict[str, Page]:
    """Return the Chinese page beside each page of a navigation that has one, by the source of the latter."""
    pages = {page.file.src_uri: page for page in nav.pages}
    found = {}
    for source in pages:
        twin = pages.get(source.removesuffix(".md") + CHINESE)
        if twin is not None:
            found[source] = twin
    return found


def holds_twins(item: StructureItem) -> bool:
    """Whether an entry of the navigation is a section of Chinese pages alone: their twins lead to them."""
    children = item.children if isinstance(item, Section) else []
    return bool(children) and all(isinstance(one, Page) and one.file.src_uri.endswith(CHINESE) for one in children)


def first_page(item: StructureItem) -> StructureItem:
    """Return the page that an entry of the navigation leads to: itself, or the first one below it."""
    while isinstance(item, Section) and item.children:
        item = item.children[0]
    return item
