"""The pages of what was just saved, shown before everything else of the site is brought up to date.

Each is the very file that the build comes to afterwards, made of the same desk, so nothing is shown that the build
would not show. What it does not know how to make on its own is left to the build: articles, which MkDocs may have to
render, and more records than a person saves at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from servicebook.publish.build import Build
from servicebook.publish.cache import PageCache

MOST = 20
"""Of more records saved at once, such as by a switch of branches, none is shown early."""


class Early(NamedTuple):
    """What was saved, by path, and whom to tell the addresses of the files that are shown early."""

    paths: Iterable[str]
    shown: Callable[[list[str]], object]


def show_early(build: Build, cache: PageCache, site: Path, early: Early) -> None:
    """Render the pages of saved records, put them into the site, and tell that they are there."""
    found = (build.view.records.get(path) for path in sorted(early.paths))
    records = [one for one in found if one and one.kind != "article"]
    if len(records) > MOST:
        return
    addresses = [address for facts in records for address in build.write_ahead(facts)]
    for address in addresses[::-1]:  # what a page shows is there before the page is
        cache.link_ahead(site, address)
    if addresses:
        early.shown(addresses)
