"""Whether a folder may be emptied for a site: only one that is new or empty, or that holds a site of ours.

MkDocs empties the folder that it builds into, files that begin with a dot left aside.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from servicebook.errors import UsageError

_OURS = Path("assets", "servicebook")
"""The folder by which a site of ours is known, whatever its theme."""
_ARCHIVE = "archive.html"
"""A page that every site has, and that is linked from where it is kept."""


@contextmanager
def taken_for_site(site: Path, git_dir: str) -> Iterator[None]:
    """Hold a folder as the place of a site while that is built; UsageError where it is somebody else's.

    A build that breaks off leaves a note in Git's own folder: half a site need not look like one.
    """
    note = Path(git_dir) / "servicebook" / "site" / "begun" / _name_of(site)
    if not (_is_free(site) or (site / _OURS).is_dir() or note.exists() or _holds_kept_page(site, note.parents[1])):
        raise UsageError(
            "{folder} holds files that are no site of ours; a build would delete them",
            "choose another folder: --output DIR",
            folder=os.path.relpath(site),
        )
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()
    yield
    note.unlink(missing_ok=True)


def _name_of(site: Path) -> str:
    return hashlib.blake2b(os.fsencode(site.resolve()), digest_size=16).hexdigest()


def _holds_kept_page(site: Path, kept: Path) -> bool:
    """Whether the archive of a folder is the very file that a build of ours kept: then only a part of it is gone."""
    with suppress(OSError):
        return any((site / _ARCHIVE).samefile(page) for page in kept.glob(f"*/{_ARCHIVE}"))
    return False


def _is_free(site: Path) -> bool:
    """Whether nothing is in a folder that MkDocs would delete; what is no folder is found out when it is written."""
    try:
        return all(one.name.startswith(".") for one in site.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return True
