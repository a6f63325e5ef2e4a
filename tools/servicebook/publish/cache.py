"""Rendered pages kept between builds, outside the site (MkDocs empties that), and linked into it.

A page is known by its address and a digest of all that it shows. What has not moved is neither rendered nor
written again: the file of the last build is hard-linked into the site, or copied where links cannot be made.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from servicebook.publish.helpers import Begun
from servicebook.publish.sealed import seal, unseal

Kept = tuple[str, int, int, int]
"""What is known of a kept page: digest, size, time of last change in nanoseconds, number of its file."""

Look = tuple[int, int, int]
"""How a file looks: size, time of last change in nanoseconds, the number by which the file system knows it."""

_LIST = "pages.json"
_PARKED = "parked"
LARGE = ("tickets", "search-index")
"""Folders of the site that hold most of its files; they are moved aside before MkDocs empties the site."""


class Survey(NamedTuple):
    """What was found of the pages of the last build: by address, those that are not as they were; the numbers of files
    that are other files of the same looks. apart: pages for which the site has no file or another one; strange: files
    of the site that are none of these pages; both None where no site was looked at.
    """

    unsound: frozenset[str]
    numbers: dict[str, int]
    apart: frozenset[str] | None = None
    strange: tuple[str, ...] | None = None


class PageCache:
    """The pages of one kind of build (its audience and place) in a folder that may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = str(folder)
        self._before = self._read()
        self._now: dict[str, Kept] = {}
        self._begun: Begun[Survey] | None = None

    def has(self, address: str, digest: str) -> bool:
        """Whether the page is there as it should be; a file that others touched does not count."""
        kept = self._before.get(address)
        if kept is None or kept[0] != digest or (number := _number_of(f"{self._place}/{address}", kept)) is None:
            return False
        self._now[address] = kept if number == kept[3] else (*kept[:3], number)
        return True

    def knows(self, address: str) -> bool:
        """Whether the last build had such a page, sound or not."""
        return address in self._before

    def keep(self, addresses: Iterable[str]) -> set[str]:
        """Take over pages of the last build that are there as they were, whatever they show, and return the others."""
        unsound, numbers, *_ = self._survey
        wanted = list(addresses)
        found = dict(zip(wanted, map(self._before.get, wanted), strict=True))  # a loop over 100,000 takes longer
        kept = {address: one for address, one in found.items() if one and one[0] and address not in unsound}
        for address in numbers.keys() & kept.keys():
            kept[address] = (*kept[address][:3], numbers[address])
        self._now.update(kept)
        return found.keys() - kept.keys()

    def begin_survey(self, site: Path, others: Container[str]) -> None:
        """Start to look, in a helper process where there may be one, at all kept pages and the files of the site.

        others: the files of the site that are none of ours.
        """
        self._begun = Begun(partial(self._look_at_all, site, others))

    def end_survey(self) -> None:
        """Let go of what was begun, in case nobody asked for it."""
        if self._begun:
            self._begun.stop()

    @cached_property
    def _survey(self) -> Survey:
        return self._begun.result() if self._begun else self._look_at_all()

    def _look_at_all(self, site: Path | None = None, others: Container[str] = ()) -> Survey:
        place, unsound, apart, numbers = self._place, [], [], {}
        present = {} if site is None else _files_below(str(site), "")
        for address, kept in self._before.items():
            number = _number_of(f"{place}/{address}", kept)  # a Path for each of 100,000 takes longer
            if number is None:
                unsound.append(address)
            elif number != kept[3]:
                numbers[address] = number
            if present.pop(address, None) != number:
                apart.append(address)
        if site is None:
            return Survey(frozenset(unsound), numbers)
        strange = tuple(address for address in present if address not in others)
        return Survey(frozenset(unsound), numbers, frozenset(apart), strange)

    def write_beside(self, name: str, data: bytes) -> None:
        """Write down a file for the next build that is no part of the site."""
        write_fresh(self.folder / name, data)

    def keep_below(self, folder: str, stamp: str) -> bool:
        """Keep all files below a folder as they are, if its stamp.txt has this digest and all are sound."""
        if not self.has(folder + "stamp.txt", stamp):
            return False
        inside = [(address, kept[0]) for address, kept in self._before.items() if address.startswith(folder)]
        return all(self.has(address, digest) for address, digest in inside)

    def count_below(self, folder: str) -> int:
        """Return how many files of the last build lie below a folder, sound or not."""
        return sum(1 for address in self._before if address.startswith(folder))

    def sound_below(self, folder: str) -> Iterator[tuple[str, str, Look]]:
        """Yield (address, digest, looks) of the files of the last build below a folder that are as they should be."""
        for address, kept in self._before.items():
            if address.startswith(folder) and (number := _number_of(f"{self._place}/{address}", kept)) is not None:
                yield address, kept[0], (kept[1], kept[2], number)

    def write(self, address: str, digest: str, data: bytes) -> None:
        """Keep a page. It is a new file: the old one may be linked into a site that is being read."""
        self.take(address, digest, write_new(str(self.folder), address, data))

    def take(self, address: str, digest: str, look: Look | None = None) -> None:
        """Count a page in that lies in the folder already, written by a helper process, which may tell its looks."""
        try:
            self._now[address] = (digest, *(look or _look_of(f"{self._place}/{address}")))
        except FileNotFoundError as error:
            raise OSError(f"{self.folder / address} was written and is gone") from error

    def taken_by(self, do: Callable[[], object]) -> list[tuple[str, str, Look]]:
        """Do something that counts files in, and return (address, digest, looks) of these."""
        before = len(self._now)
        do()
        return [(address, kept[0], kept[1:]) for address, kept in islice(self._now.items(), before, None)]

    def park(self, site: Path) -> None:
        """Move the site's large folders aside, so that emptying it does not delete thousands of pages."""
        parked = self.folder / _PARKED
        for name in LARGE:
            if not (site / name).is_dir() or (site / name).is_symlink():
                continue
            shutil.rmtree(parked / name, ignore_errors=True)
            parked.mkdir(parents=True, exist_ok=True)
            # On another file system nothing is gained by moving; MkDocs deletes, we copy.
            with suppress(OSError):
                (site / name).rename(parked / name)

    def link_into(self, site: Path) -> None:
        """Put every page of this build into the site folder; what lies there already is left alone."""
        present = self._bring_back(site)
        self._link(site, [address for address, kept in self._now.items() if present.pop(address, None) != kept[3]])
        for address in present:
            _take_away(site, address)

    def link_beside(self, site: Path) -> list[str]:
        """Put every page of this build into the site that `begin_survey` looks at; what is none and no other goes.

        Returns the addresses of the files that are others now, or gone.
        """
        survey, before = self._survey, self._before
        apart, strange = survey.apart, survey.strange
        assert apart is not None and strange is not None, "no site was looked at"
        moved = [
            address
            for address, kept in self._now.items()
            if (kept is not before.get(address) or address in apart) and not _is_file(f"{site}/{address}", kept[3])
        ]
        self._link(site, moved)
        left = {*strange, *(address for address in before if address not in self._now)} - self._now.keys()
        gone = [address for address in sorted(left) if os.path.lexists(site / address)]
        for address in gone:
            _take_away(site, address)
        return [*moved, *gone]

    def link_ahead(self, site: Path, address: str) -> None:
        """Put one page into a site that is being read, before the build has come to the rest."""
        (site / address).parent.mkdir(parents=True, exist_ok=True)
        _link(f"{self._place}/{address}", f"{site}/{address}")

    def _link(self, site: Path, addresses: list[str]) -> None:
        for folder in sorted({address.rpartition("/")[0] for address in addresses}):
            (site / folder).mkdir(parents=True, exist_ok=True)
        for address in addresses:
            _link(f"{self._place}/{address}", f"{site}/{address}")

    def _bring_back(self, site: Path) -> dict[str, int]:
        """Move the parked folders back and return what is in them: address to the number of its file."""
        present: dict[str, int] = {}
        for name in LARGE:
            parked = self.folder / _PARKED / name
            if (site / name).exists():
                shutil.rmtree(parked, ignore_errors=True)
            elif parked.is_dir():
                parked.rename(site / name)
                present |= _files_below(str(site / name), name)
        return present

    def close(self) -> list[str]:
        """Write down what is kept, delete what is no longer part of the site, and return what was deleted."""
        gone = [address for address in self._before if address not in self._now]
        for address in gone:
            _take_away(self.folder, address)
        columns = [list(self._now), *map(list, zip(*self._now.values(), strict=True))]
        write_fresh(self.folder / _LIST, seal(columns))
        return gone

    def addresses(self) -> Iterable[str]:
        """Return the addresses of this build's pages."""
        return self._now.keys()

    def _read(self) -> dict[str, Kept]:
        try:
            columns = unseal((self.folder / _LIST).read_bytes())
            if [set(map(type, column)) for column in columns] != [{str}, {str}, {int}, {int}, {int}]:
                return {}
            return dict(zip(columns[0], zip(*columns[1:], strict=True), strict=True))
        except (OSError, ValueError, TypeError):
            return {}


def _take_away(root: Path, address: str) -> None:
    """Delete a file, and the folders that it leaves empty: their names tell of a record that is not shown any more."""
    (root / address).unlink(missing_ok=True)
    for folder in Path(address).parents:
        try:
            (root / folder).rmdir()
        except OSError:  # something else is in it
            break


def write_fresh(target: Path, data: bytes) -> None:
    """Write a file as a new one in place of the old; a reader sees the old or the new, never half."""
    fresh = target.with_name(target.name + ".new")
    try:
        fresh.write_bytes(data)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
    fresh.replace(target)


def write_new(folder: str, address: str, data: bytes) -> Look:
    """Write a page as a new file, in place of an old one where there is one, and return how it looks."""
    path = f"{folder}/{address}"  # a Path for each of thousands, and a file object, take longer than the writing
    try:
        file = os.open(path, _NEW, 0o666)
    except FileExistsError:
        write_fresh(Path(path), data)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return write_new(folder, address, data)
    else:
        try:
            while data:  # what a crash leaves half is in no list of pages
                data = data[os.write(file, data) :]
        finally:
            os.close(file)
    return _look_of(path)


def _look_of(path: str) -> Look:
    found = os.lstat(path)
    return found.st_size, found.st_mtime_ns, found.st_ino


def _is_file(path: str, number: int) -> bool:
    """Whether there is a file of this number."""
    try:
        return os.lstat(path).st_ino == number
    except OSError:
        return False


def _number_of(path: str, kept: Kept) -> int | None:
    """Return the number of a kept page's file; None where it does not look as it did, or is gone."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_ino if found.st_mtime_ns == kept[2] and found.st_size == kept[1] else None


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def _files_below(folder: str, address: str) -> dict[str, int]:
    """Return every file below a folder: its address, and the number by which the file system knows it."""
    found: dict[str, int] = {}
    start = f"{address}/" if address else ""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found |= _files_below(entry.path, start + entry.name)
            else:
                found[start + entry.name] = entry.inode()
    return found


def _link(source: str, target: str) -> None:
    """Make `target` the same file as `source`, or a copy of it on another file system.

    Where it is another file, a reader finds the old one or the new one, and never none.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        fresh = Path(target + ".new")
        fresh.unlink(missing_ok=True)
        try:
            os.link(source, fresh)
        except OSError:
            shutil.copyfile(source, fresh)
        fresh.replace(target)
        fresh.unlink(missing_ok=True)  # of two names of one file, none is taken away
    except OSError:
        shutil.copyfile(source, target)
