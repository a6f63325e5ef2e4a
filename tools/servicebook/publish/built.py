"""What a build of the site made, and what is said when it could not be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from servicebook.errors import ServicebookError

if TYPE_CHECKING:
    from servicebook.audience.projected import Refused

CONFIG = "mkdocs.yml"


class Built(NamedTuple):
    """What a build made: where, how many records, how many of their pages were rendered anew.

    refused: attachments that are left out of an outer audience's site though their records show them.
    moved: the addresses of the files that are others than before, or gone; None where that was not looked at.
    """

    folder: str
    records: int
    rendered: int
    unreadable: int
    refused: tuple[Refused, ...] = ()
    moved: tuple[str, ...] | None = None


def not_written(error: OSError) -> ServicebookError:
    """Return what to tell of a disk that takes no more, or a folder that nobody may write to."""
    return ServicebookError(
        "the site was not built: {error}",
        "make room on the disk or get the right to write there, then run it again",
        error=error,
    )
