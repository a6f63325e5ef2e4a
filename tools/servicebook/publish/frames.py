"""What MkDocs makes of a desk, kept for the next build: the shell of record pages, the frames of lists, its own files.

Everything that shows a record is filled into these frames by us. While nothing moves that MkDocs reads (ordinary pages,
its configuration, the theme), the next build fills the same frames and MkDocs need not be started.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from servicebook import digest_of_code
from servicebook.publish.opening import plain_pages
from servicebook.publish.sealed import seal, unseal
from servicebook.publish.view import View
from servicebook.search.documents import Document
from servicebook.store.verdicts import ROOMS
from servicebook.text.source_file import blob_id

KEPT = "frames.json"
"""Where the frames lie, in the folder of kept pages."""

LISTED = "@@SERVICEBOOK-LISTED@@"
"""Stands in the frame of a list's page where the list goes."""

_GENERATORS = ("mkdocs", "markdown", "jinja2", "pymdownx")
_THEME = Path(__file__).parent / "theme"
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
_TICKET_FILE = re.compile(r"\b[A-Z]{2,4}-\d{8}-\w{4}(?=\.md\b)")


AS_OF = "@@SERVICEBOOK-AS-OF@@"
"""Stands in the frame of the home page where it says which instant and commit the site shows."""


class ListFrame(NamedTuple):
    """The page of a list as MkDocs rendered it: which list, the page's own address, and its HTML with LISTED in it."""

    name: str
    address: str
    html: str

    def filled(self, listed: str, as_of: str) -> bytes:
        """Return the page with its list. The last mark counts: the text above a list may hold the same words."""
        above, _, below = self.html.rpartition(LISTED)
        above = above.replace(AS_OF, as_of, 1)
        return f"{above}{listed}{below}".encode("utf-8", "surrogatepass")


class Frames(NamedTuple):
    """All of it.

    stamp: a digest of what MkDocs read. asked: the folder that was asked for, "" for the usual one. site: the folder
    it wrote to, from the desk's own (a desk may move). site_url: as configured, or "". pages: the
    ordinary pages for the search. mentioned: ids of tickets that these link to. files: address of each file that
    MkDocs wrote, with size and time of change in nanoseconds. wraps_lists: whether lists stand in a guest's theme.
    """

    stamp: str
    asked: str
    site: str
    site_url: str
    shell: str
    wraps_lists: bool
    lists: list[ListFrame]
    pages: list[Document]
    mentioned: list[str]
    files: dict[str, tuple[int, int]]

    def addresses(self) -> list[str]:
        """Return the addresses of all pages that are no records."""
        return [name for name in self.files if name.endswith(".html")] + [frame.address for frame in self.lists]

    def are_in(self, site: Path) -> bool:
        """Whether every file that MkDocs wrote lies in the site as it left it, and not behind a link."""
        folders = {above for name in self.files for above in Path(name).parents}
        if any((site / folder).is_symlink() for folder in folders if folder.name):
            return False
        return all(_look(site / name) == known for name, known in self.files.items())


def files_of(site: Path) -> dict[str, tuple[int, int]]:
    """Return the files of a site, by address, with size and time of change."""
    return {path.relative_to(site).as_posix(): known for path in site.rglob("*") if (known := _look(path))}


def tickets_in(text: str) -> set[str]:
    """Return the ids of the tickets whose files a page's text names."""
    return set(_TICKET_FILE.findall(text))


def stamp_of_markdown(config: bytes) -> str:
    """Return a digest of what the site's own Markdown hangs on: the configuration, our code, the packages."""
    digest = hashlib.blake2b(config)
    digest.update(repr([digest_of_code((*ROOMS, "publish")), *_generators()]).encode())
    return digest.hexdigest()[:40]


def _generators() -> list[object]:
    """Return something that is another after an upgrade of the packages that render pages."""
    specs = ((name, find_spec(name)) for name in _GENERATORS)
    return [(name, _look(Path(spec.origin))) for name, spec in specs if spec and spec.origin]


def stamp_of_frames(view: View, config: bytes, mentioned: Iterable[str]) -> str:
    """Return a digest of all that MkDocs reads of a desk: configuration, ordinary pages, theme, code, settings.

    mentioned: the tickets that ordinary pages link to; a link hangs on whether they are there.
    """
    digest = hashlib.blake2b(config)
    told: list[object] = [view.settings, view.labels.languages, view.desk.audience, digest_of_code((*ROOMS, "publish"))]
    told += _generators()
    told += [(path.name, _look(path)) for path in sorted(_THEME.rglob("*")) if path.suffix not in (".py", ".pyc")]
    told += [path for path in view.records if path.startswith("kb/")]
    told += [(id, view.address_of_id(id)) for id in sorted(mentioned)]
    for part in told:
        digest.update(f"{part!r}\n".encode("utf-8", "surrogatepass"))
    for path in plain_pages(view):
        entry = view.desk.entry_at(path)
        is_edited = entry is None or not entry.blob or view.desk.moved.get(path, _UNKNOWN) is None
        blob = blob_id(view.desk.read(path)) if entry is None or is_edited else entry.blob
        digest.update(f"{path} {blob}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:40]


def frames_bytes(frames: Frames) -> bytes:
    """Return frames as they are kept."""
    return seal(frames)


def recall_frames(file: Path) -> Frames | None:
    """Return the frames that the last build kept; None where there are none that can be read."""
    try:
        stamp, asked, site, url, shell, wraps, lists, pages, mentioned, files = unseal(file.read_bytes())
        return Frames(
            stamp, asked, site, url, shell, wraps, [ListFrame(*one) for one in lists],
            [_document(one) for one in pages], mentioned, {name: (size, at) for name, (size, at) in files.items()},
        )  # fmt: skip
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _document(row: list[object]) -> Document:
    return Document(*(tuple(one) if isinstance(one, list) else one for one in row))  # type: ignore[arg-type] # as written


def _look(path: Path) -> tuple[int, int] | None:
    """Return a file's size and time of change; None where there is no regular file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if S_ISREG(found.st_mode) else None
