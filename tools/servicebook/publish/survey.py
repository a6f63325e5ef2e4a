"""A look at all files that the last build kept, and at those of the site: which are not as they were left."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path
from typing import NamedTuple

from servicebook.publish.kept_pages import KeptPages


class Survey(NamedTuple):
    """What was found of the files of the last build: by address, those that are not as they were, or that no digest
    stands for; the numbers of those that are other files of the same looks. apart: those for which the site has no file
    or another one; strange: files of the site that are none of them; both None where no site was looked at.
    """

    unsound: frozenset[str]
    numbers: dict[str, int]
    apart: frozenset[str] | None = None
    strange: tuple[str, ...] | None = None


def look_at_all(kept: KeptPages, place: Path, site: Path | None = None, others: Container[str] = ()) -> Survey:
    """Return what became of kept files, which lie below `place`, and of a site.

    others: the files of the site that are none of ours. Of 100,000 files next to all are as they were: no address is
    made of a name, and no path, but for the others.
    """
    unsound: list[str] = []
    apart: list[str] = []
    numbers: dict[str, int] = {}
    present = {} if site is None else files_below(site)
    is_copied = site is not None and place.is_dir() and site.stat().st_dev != place.stat().st_dev
    for folder, names, digests, *looks in kept.folders():
        start, here = f"{folder}/" if folder else "", present.get(folder, {})
        found = _numbers_in(place / folder, names, *looks[:2])
        if site and is_copied:  # numbers of two file systems tell nothing of each other: a copy looks alike
            alike = _numbers_in(site / folder, names, *looks[:2])
            apart += [start + name for name, number in zip(names, alike, strict=True) if number is None]
        for name, digest, number, was in zip(names, digests, found, looks[2], strict=True):
            if number is None or not digest:
                unsound.append(start + name)
            elif number != was:
                numbers[start + name] = number
            if here.pop(name, None) != number and not is_copied:
                apart.append(start + name)
    if site is None:
        return Survey(frozenset(unsound), numbers)
    addresses = (f"{folder}/{name}" if folder else name for folder, some in present.items() for name in some)
    strange = tuple(address for address in addresses if address not in others)
    return Survey(frozenset(unsound), numbers, frozenset(apart), strange)


def _numbers_in(folder: Path, names: list[str], sizes: list[int], times: list[int]) -> list[int | None]:
    """Return the numbers of files of a folder; None for one that does not look as it did, or is gone."""
    try:
        place = os.open(folder, os.O_RDONLY)
    except OSError:
        return [None] * len(names)
    found: list[int | None] = []
    try:
        for name, size, time in zip(names, sizes, times, strict=True):
            try:
                look = os.stat(name, dir_fd=place, follow_symlinks=False)
            except OSError:
                found.append(None)
            else:
                found.append(look.st_ino if look.st_mtime_ns == time and look.st_size == size else None)
    finally:
        os.close(place)
    return found


def files_below(root: Path, folder: str = "") -> dict[str, dict[str, int]]:
    """Return the files below a folder: by folder and name, the number by which the file system knows each."""
    found: dict[str, dict[str, int]] = {}
    folders = [folder]
    while folders:
        within = folders.pop()
        here = found[within] = {}
        with os.scandir(root / within) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{within}/{entry.name}" if within else entry.name)
                else:
                    here[entry.name] = entry.inode()
    return found
