"""The records of a desk by the folders of their files, each folder with a digest of what is in it.

An edit moves one folder of dozens: what is kept from build to build by folder is neither read nor compared nor written
again for the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from servicebook.records.facts import Facts


class Shelf(NamedTuple):
    """The records of one folder, by path, and a digest of their paths and files."""

    stamp: str
    records: list[Facts]


def shelves_of(records: Mapping[str, Facts]) -> dict[str, Shelf]:
    """Return the shelves of records that are given by path, by folder."""
    found: dict[str, list[Facts]] = {}
    for path, facts in records.items():
        found.setdefault(path.rpartition("/")[0], []).append(facts)
    return {folder: Shelf(stamp_of_files(some), some) for folder, some in found.items()}


def joined(shelves: Sequence[Shelf]) -> Shelf:
    """Return several shelves as one."""
    stamp = hashlib.blake2b(" ".join([shelf.stamp for shelf in shelves]).encode(), digest_size=12).hexdigest()
    return Shelf(stamp, [one for shelf in shelves for one in shelf.records])


def stamp_of_files(records: list[Facts]) -> str:
    """Return a digest of the paths and files of some records."""
    told = "\n".join([f"{one.path} {one.blob}" for one in records])
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
