"""Which desk a site is built of, and as of which instant."""

from __future__ import annotations

import os
from datetime import datetime, tzinfo
from pathlib import Path

from servicebook.audience.desk import Desk
from servicebook.errors import UsageError
from servicebook.publish.view import View
from servicebook.records.audiences import folder_of
from servicebook.settings import Settings, read_zone

_YEARS = range(1970, 9000)
"""The years of which a desk may be judged; pages look some months back and ahead, and those of Python end with 9999."""


def judged_at(settings: Settings, at: str = "", clock: datetime | None = None) -> datetime:
    """Return the instant to judge at: given, SERVICEBOOK_NOW, the desk's `as_of`, `clock`, else MkDocs' build time.

    It is told in the desk's own zone, whose days and hours pages show. (MkDocs reads the clock, or SOURCE_DATE_EPOCH,
    so that a build can be repeated.)
    """
    for text, source in ((at, "--at"), (os.environ.get("SERVICEBOOK_NOW", ""), "SERVICEBOOK_NOW")):
        if text:
            return _instant(text, source, read_zone(settings))
    found = settings.as_of or ("SOURCE_DATE_EPOCH" not in os.environ and clock)
    if not found:
        from mkdocs.utils import get_build_datetime  # what it needs takes longer than to bring a page up to date

        found = get_build_datetime()
    return found.replace(microsecond=0).astimezone(read_zone(settings))


def name_of_cache(tree: str, *, preview: bool = False) -> str:
    """Return the name of the kept pages of one tree."""
    return ("preview-" if preview else "") + tree.replace("/", "-")


def cache_folder(desk: Desk, name: str) -> Path:
    """Return where rendered pages are kept: in Git's own folder, by audience, so that no working tree shows them."""
    return folder_of_pages(desk.git_dir, desk.audience, name)


def folder_of_pages(git_dir: str, audience: str, name: str) -> Path:
    """Return the same of a desk that is not opened yet."""
    return Path(git_dir) / "servicebook" / "site" / f"{folder_of(audience)}-{name}"


def plain_pages(view: View) -> list[str]:
    """Return the paths of kb/'s ordinary pages and of what belongs to them, as the judged tree has them.

    Files that are not regular (symlinks, submodules) and files that should be records are left out.
    """
    found = []
    for entry in view.desk.entries():
        if not entry.path.startswith("kb/") or not entry.mode.startswith("100"):
            continue
        if view.desk.is_page(entry.path) or _belongs_to_page(view, entry.path):
            found.append(entry.path)
    return found


def _belongs_to_page(view: View, path: str) -> bool:
    owner, mark, _ = path.partition(".files/")
    return bool(mark) and view.desk.is_page(owner + ".md") and view.desk.has_path(owner + ".md")


def _instant(text: str, source: str, zone: tzinfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.year not in _YEARS:
            raise ValueError(at)
        told = at.astimezone(zone)
    except ValueError as error:
        raise UsageError(
            "{source}: `{text}` is not a time", "write 2026-03-12T08:41:00+08:00", source=source, text=text
        ) from error
    if at.tzinfo is None:
        raise UsageError(
            "{source}: `{text}` has no offset", "write 2026-03-12T08:41:00+08:00", source=source, text=text
        )
    return told
