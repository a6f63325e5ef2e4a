"""What a build of the site made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servicebook.audience.projected import Refused

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
