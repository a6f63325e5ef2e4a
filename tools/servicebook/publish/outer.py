"""What a generator is given for an outer audience: a fresh folder of projected pages, and a configuration cut down.

Of mkdocs.yml only what is listed here is taken over. Hooks, other plugins, templates and extensions that read files
would each be a way around the projection, and the names of pages in `nav` would tell of pages that are not there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from servicebook.audience.projected import ProjectedDesk
from servicebook.errors import ServicebookError
from servicebook.publish.addresses import KB
from servicebook.publish.own_pages import empty_lists, pages_for

TAKEN_OVER = ("site_name", "site_description", "copyright", "use_directory_urls", "validation")
"""Keys of mkdocs.yml that hold for every audience as they are."""

EXTENSIONS = frozenset(
    {"abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes", "md_in_html", "sane_lists", "tables"}
    | {"toc", "smarty", "nl2br", "codehilite"}
    | {f"pymdownx.{name}" for name in ("arithmatex", "betterem", "caret", "details", "emoji", "highlight", "keys")}
    | {f"pymdownx.{name}" for name in ("inlinehilite", "mark", "smartsymbols", "superfences", "tabbed", "tasklist")}
    | {"pymdownx.tilde"}
)
"""Markdown extensions that read no files; all others are left out (`pymdownx.snippets` copies any file of the disk)."""


def outer_config(text: str, desk: ProjectedDesk, read: Callable[[str], str] = str) -> dict[str, Any]:
    """Return the configuration of an outer audience's site from the text of mkdocs.yml.

    read: makes of its words, such as titles in the navigation, what the audience may read of them.

    Raises ServicebookError where that is no mapping, or does not use our plugin. What has another form than MkDocs
    takes is left out: it tells of it when the house's own site is built.
    """
    given = _read(text)
    plugins = given.get("plugins")
    if isinstance(plugins, dict):
        plugins = [{name: options} for name, options in plugins.items()]
    named = [(name, options) for one in _list(plugins) for name, options in _named(one)]
    own = next((options for name, options in named if name == "servicebook"), _ABSENT)
    if own is _ABSENT:
        raise ServicebookError("mkdocs.yml does not use our plugin", "add `- servicebook` below `plugins:`")
    config = {key: read(v) if isinstance(v := given[key], str) else v for key in TAKEN_OVER if key in given}
    if given.get("site_name") == desk.settings.name:  # every page says it, so that it hides nobody
        config["site_name"] = desk.settings.name
    config["plugins"] = ["servicebook"]
    if url := _dict(_dict(own).get("site_urls")).get(desk.audience):
        config["site_url"] = str(url)
    config["markdown_extensions"] = _extensions(given.get("markdown_extensions"))
    theme = given.get("theme")
    if theme is not None:
        config["theme"] = {k: v for k, v in theme.items() if k != "custom_dir"} if isinstance(theme, dict) else theme
    if isinstance(given.get("nav"), list):
        made = pages_for(desk.audience).keys() - empty_lists({facts.kind for facts in desk.all()})
        pages = {path.removeprefix(KB) for path in desk.pages()} | made
        config["nav"] = _shown_nav(given["nav"], pages, read)
    return config


_ABSENT = object()


def _read(text: str) -> dict[str, Any]:
    """Return what mkdocs.yml says."""
    try:
        given = yaml_load(text)
    except ConfigurationError as error:
        raise ServicebookError("mkdocs.yml cannot be read: {error}", "servicebook site", error=str(error)) from error
    if not isinstance(given, dict):
        raise ServicebookError("mkdocs.yml is no list of keys and values", "servicebook init DIR shows one")
    return given


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _dict(given: Any) -> dict[Any, Any]:
    return given if isinstance(given, dict) else {}


def _named(one: Any) -> Iterator[tuple[str, Any]]:
    """Yield (name, options) of an entry of a list in which names may have options."""
    entries = one.items() if isinstance(one, dict) else [(one, None)]
    yield from ((name, options) for name, options in entries if isinstance(name, str))


def _extensions(given: Any) -> list[Any]:
    if isinstance(given, dict):
        given = [{name: options} for name, options in given.items()]
    named = [(name, options) for one in _list(given) for name, options in _named(one) if name in EXTENSIONS]
    return [name if options is None else {name: options} for name, options in named]


def _shown_nav(nav: list[Any], pages: set[str], read: Callable[[str], str]) -> list[Any]:
    """Return the navigation without what the audience has not: pages, links elsewhere, sections left empty."""
    found: list[Any] = []
    for entry in nav:
        if isinstance(entry, str) and entry in pages:
            found.append(entry)
        elif isinstance(entry, dict):
            for title, inner in entry.items():
                if isinstance(inner, list):
                    shown: Any = _shown_nav(inner, pages, read)
                else:
                    shown = inner if isinstance(inner, str) and inner in pages else None
                if shown:
                    found.append({read(str(title)): shown})
    return found


@contextmanager
def docs_on_disk(desk: ProjectedDesk) -> Iterator[Path]:
    """Lay the projected pages out in a folder that goes away afterwards; records are read through the desk."""
    with tempfile.TemporaryDirectory(prefix="servicebook-site-") as folder:
        root = Path(folder)
        (root / KB).mkdir()
        for path in desk.pages():
            own = path.removesuffix(".md") + ".files/"
            for file in (path, *(entry.path for entry in desk.entries() if entry.path.startswith(own))):
                target = root / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(desk.read(file))
        yield root
