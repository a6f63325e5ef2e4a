"""The pages that every desk's site has, for desks that have not written them: lists, search, their navigation."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from servicebook.publish.twins import CHINESE
from servicebook.publish.view import View
from servicebook.records.audiences import INTERNAL, is_outer
from servicebook.records.kinds import KINDS

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

LISTED = {
    "known-errors.md": ("known_error",), "articles.md": ("article",), "inspections.md": ("inspection",),
    "tickets.md": tuple(kind.name for kind in KINDS if kind.dated),
    "archive.md": tuple(kind.name for kind in KINDS if kind.dated),
}  # fmt: skip
"""Lists that say nothing where there is no record of these kinds: an outer site does not lead to them then."""

REFERENCE = {"rules/index.md": "Rules", "reference/kinds.md": "Kinds of record", "reference/commands.md": "Commands"}
"""Pages that `servicebook docs` writes and that lead to the rest of them."""


def pages_for(audience: str) -> dict[str, tuple[str, str]]:
    """Return the pages that a site for an audience has in any case."""
    outer = audience != INTERNAL
    return {source: page for source, page in PAGES.items() if not (outer and source in HOUSE_ALONE)}


def empty_lists(kinds: Container[str]) -> set[str]:
    """Return the lists that have nothing to say of a desk whose records are of these kinds."""
    return {source for source, listed in LISTED.items() if not any(kind in kinds for kind in listed)}


def add_own_pages(files: Files, config: MkDocsConfig, view: View) -> None:
    """Add the pages that the desk has not written, and a navigation where mkdocs.yml has none."""
    pages = pages_for(view.desk.audience)
    if config.nav is None:
        kinds = {facts.kind for facts in view.records.values()}
        empty = empty_lists(kinds) if is_outer(view.desk.audience) else set()
        config.nav = _navigation(files, {source: page for source, page in pages.items() if source not in empty})
    for source, (title, what) in pages.items():
        if files.get_file_from_path(source) is None:
            text = f"---\ntitle: {title}\n{what}\n---\n"
            # Pages that another navigation leaves out are made all the same: records link to them.
            files.append(File.generated(config, source, content=text, inclusion=InclusionLevel.NOT_IN_NAV))


SECTIONS: tuple[str | tuple[str, tuple[str, ...]], ...] = (
    "index.md",
    ("Services", ("services.md", "ask.md")),
    "known-errors.md",
    "articles.md",
    ("Tickets", ("tickets.md", "archive.md")),
    ("Schedule", ("changes.md", "on-call.md", "inspections.md")),
    ("Records", ("records.md", "contracts.md", "parts.md")),
    ("Dashboard", ("dashboard.md", "cases.md")),
    "subscriptions.md",
    "search.md",
)
"""The navigation of a desk that names none: one line on a desktop, so that what belongs together is one entry."""


def _navigation(files: Files, pages: dict[str, tuple[str, str]]) -> list[Any]:
    """Return our pages by what they are for, then those of the desk, then the reference."""
    own = [file.src_uri for file in files.documentation_pages()]
    there = pages.keys() | set(own)
    nav: list[Any] = []
    for entry in SECTIONS:
        title, sources = entry if isinstance(entry, tuple) else ("", (entry,))
        shown = [_entry(source, pages) for source in sources if source in there]
        if shown:
            nav.append({title: shown} if len(shown) > 1 else shown[0])
    placed = {source for entry in SECTIONS for source in (entry[1] if isinstance(entry, tuple) else (entry,))}
    others = [one for one in own if one not in placed and one.partition("/")[0] not in ("rules", "reference")]
    entries = _by_folder(others)
    nav += entries if len(entries) < MOST_OTHERS else [{"Other pages": entries}]
    if reference := [{title: source} for source, title in REFERENCE.items() if source in own]:
        nav.append({"Reference": reference})
    return nav


MOST_OTHERS = 3
"""With so many pages and folders of its own a desk has them below one entry."""


def _entry(source: str, pages: dict[str, tuple[str, str]]) -> Any:
    """Return a page for a navigation; one that the desk alone has is called what it calls itself."""
    return {pages[source][0]: source} if source in pages else source


def _by_folder(sources: Iterable[str]) -> list[Any]:
    """Return pages for a navigation, those of a folder below one entry, its first page first, Chinese ones last.

    A Chinese page stands in the place of its twin for who reads Chinese, so that it needs none of its own.
    """
    found: dict[str, list[str]] = {}
    for source in sources:
        folder, _, rest = source.partition("/")
        found.setdefault(folder if rest else "", []).append(source)
    entries: list[Any] = _with_twins(found.pop("", []))
    for folder, inside in found.items():
        inside.sort(key=lambda source: (not source.endswith(("/index.md", "/README.md")), source))
        entries.append({folder.replace("-", " ").replace("_", " ").capitalize(): _with_twins(inside)})
    return entries


def _with_twins(sources: list[str]) -> list[Any]:
    twins = [one for one in sources if one.endswith(CHINESE) and one.removesuffix(CHINESE) + ".md" in sources]
    return [*(one for one in sources if one not in twins), *([{"中文": twins}] if twins else [])]
