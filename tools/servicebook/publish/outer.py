"""What a generator is given for an outer audience: a fresh folder of projected pages, and a configuration cut down.

Of mkdocs.yml only what is listed here is taken over. Hooks, other plugins, templates and extensions that read files
would each be a way around the projection, and the names of pages in `nav` would tell of pages that are not there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.utils.yaml import yaml_load

from servicebook.audience.projected import ProjectedDesk
from servicebook.errors import ServicebookError
from servicebook.publish.addresses import KB
from servicebook.publish.own_pages import pages_for

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


def outer_config(text: str, desk: ProjectedDesk) -> dict[str, Any]:
    """Return the configuration of an outer audience's site from the text of mkdocs.yml.

    Raises ServicebookError where that is no mapping, or does not use our plugin.
    """
    given = yaml_load(text)
    plugins = given.get("plugins") or []
    names = [name for one in plugins for name in (one if isinstance(one, dict) else [one])]
    if "servicebook" not in names:
        raise ServicebookError("mkdocs.yml does not use our plugin", "add `- servicebook` below `plugins:`")
    config = {key: given[key] for key in TAKEN_OVER if key in given}
    config["plugins"] = ["servicebook"]
    own = next((one["servicebook"] or {} for one in plugins if isinstance(one, dict) and "servicebook" in one), {})
    if url := (own.get("site_urls") or {}).get(desk.audience):
        config["site_url"] = str(url)
    config["markdown_extensions"] = _extensions(given.get("markdown_extensions"))
    theme = given.get("theme")
    if theme is not None:
        config["theme"] = {k: v for k, v in theme.items() if k != "custom_dir"} if isinstance(theme, dict) else theme
    if isinstance(given.get("nav"), list):
        pages = {path.removeprefix(KB) for path in desk.pages()} | pages_for(desk.audience).keys()
        config["nav"] = _shown_nav(given["nav"], pages)
    return config


def _extensions(given: Any) -> list[Any]:
    if isinstance(given, dict):
        return [{name: options} for name, options in given.items() if name in EXTENSIONS]
    return [one for one in given or () if (next(iter(one), "") if isinstance(one, dict) else one) in EXTENSIONS]


def _shown_nav(nav: list[Any], pages: set[str]) -> list[Any]:
    """Return the navigation without what the audience has not: pages, links elsewhere, sections left empty."""
    found: list[Any] = []
    for entry in nav:
        if isinstance(entry, str) and entry in pages:
            found.append(entry)
        elif isinstance(entry, dict):
            for title, inner in entry.items():
                shown = _shown_nav(inner, pages) if isinstance(inner, list) else inner if inner in pages else None
                if shown:
                    found.append({title: shown})
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
