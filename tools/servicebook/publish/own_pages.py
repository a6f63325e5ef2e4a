"""The pages that every desk's site has, for desks that have not written them: lists, search, their navigation."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from servicebook.records.audiences import INTERNAL

PAGES = {
    "index.md": ("Home", "list: home"),
    "services.md": ("Services", "list: services"),
    "known-errors.md": ("Known errors", "list: known-errors"),
    "articles.md": ("Articles", "list: articles"),
    "tickets.md": ("Open tickets", "list: tickets"),
    "archive.md": ("Archive", "list: archive"),
    "changes.md": ("Changes", "list: changes"),
    "on-call.md": ("On call", "list: on-call"),
    "inspections.md": ("Inspections", "list: inspections"),
    "ask.md": ("How to ask", "list: ask"),
    "records.md": ("Records", "list: records"),
    "dashboard.md": ("Dashboard", "list: dashboard"),
    "cases.md": ("Behind the figures", "list: cases"),
    "subscriptions.md": ("Subscriptions", "list: subscriptions"),
    "search.md": ("Search", "template: search.html"),
}
"""Source of each page: its title, and what fills it. A desk that wants words above a list writes the page."""

HOUSE_ALONE = ("on-call.md", "dashboard.md", "cases.md")
"""Pages that have nothing for others: an outer site is without them, unless the desk has written one for it."""

REFERENCE = {"rules/index.md": "Rules", "reference/kinds.md": "Kinds of record", "reference/commands.md": "Commands"}
"""Pages that `servicebook docs` writes and that lead to the rest of them."""


def pages_for(audience: str) -> dict[str, tuple[str, str]]:
    """Return the pages that a site for an audience has in any case."""
    outer = audience != INTERNAL
    return {source: page for source, page in PAGES.items() if not (outer and source in HOUSE_ALONE)}


def add_own_pages(files: Files, config: MkDocsConfig, audience: str) -> None:
    """Add the pages that the desk has not written, and a navigation where mkdocs.yml has none."""
    pages = pages_for(audience)
    if config.nav is None:
        config.nav = _navigation(files, pages)
    for source, (title, what) in pages.items():
        if files.get_file_from_path(source) is None:
            text = f"---\ntitle: {title}\n{what}\n---\n"
            # Pages that another navigation leaves out are made all the same: records link to them.
            files.append(File.generated(config, source, content=text, inclusion=InclusionLevel.NOT_IN_NAV))


def _navigation(files: Files, pages: dict[str, tuple[str, str]]) -> list[Any]:
    nav: list[Any] = [{title: source} for source, (title, _) in pages.items()]
    own = [file.src_uri for file in files.documentation_pages() if file.src_uri not in pages]
    reference = [{title: source} for source, title in REFERENCE.items() if source in own]
    others = [source for source in own if source.partition("/")[0] not in ("rules", "reference")]
    if others:
        nav.append({"Pages": others})
    if reference:
        nav.append({"Reference": reference})
    return nav
