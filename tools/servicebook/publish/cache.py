"""Rendered pages kept between builds, outside the site (MkDocs empties that), and linked into it.

A page is known by its address and a digest of all that it shows. What has not moved is neither rendered nor
written again: the file of the last build is hard-linked into the site, or copied where links cannot be made.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, partial
from itertools import islice
from pathlib import Path

from servicebook.helpers import Begun
from servicebook.publish.kept_pages import Kept, KeptPages
from servicebook.publish.sealed import Parts, seal_parts
from servicebook.publish.survey import Survey, files_below, look_at_all

Look = tuple[int, int, int]
"""How a file looks: size, time of last change in nanoseconds, the number by which the file system knows it."""

Written = tuple[str, str | None, Look | None]
"""What was written: its address, its digest where that is of the file itself, and how its file looks (of pages)."""

_KNOWN = "known.json"
_FORM = "pages and records by folder"
_PARKED = "parked"
LARGE = ("tickets", "search-index")
"""Folders of the site that hold most of its files; they are moved aside before MkDocs empties the site."""


class PageCache:
    """The pages of one kind of build (its audience and place) in a folder that may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = str(folder)
        self.known = Parts(folder / _KNOWN, _FORM)
        """What the last build wrote down with its pages: theirs, and what else `close` was given."""
        self._before = KeptPages(self.known)
        self._now: dict[str, Kept] = {}
        self._left: Collection[str] | None = None
        """The pages of records of the last build that do not stay unless they are counted in; None where none stays."""
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
        return self._before.get(address) is not None

    def keep_pages(self, left: Iterable[str]) -> set[str]:
        """Take over the pages of records of the last build but for these, and return those of them that are not sound.

        left: addresses of pages that may have moved, or are gone: they are counted in one by one or not at all.
        """
        unsound, numbers, *_ = self._survey
        gone = set(left)
        self._left = gone | unsound
        for address in numbers.keys() - self._left:
            if kept := self._before.page(address):
                self._now[address] = (*kept[:3], numbers[address])
        return {address for address in unsound - gone if self._before.page(address)}

    def begin_survey(self, site: Path, others: Container[str]) -> None:
        """Start to look, in a helper process where there may be one, at all kept pages and the files of the site.

        others: the files of the site that are none of ours.
        """
        self._begun = Begun(partial(look_at_all, self._before, self.folder, site, others))

    def end_survey(self) -> None:
        """Let go of what was begun, in case nobody asked for it."""
        if self._begun:
            self._begun.stop()

    @cached_property
    def _survey(self) -> Survey:
        return self._begun.result() if self._begun else look_at_all(self._before, self.folder)

    def write_beside(self, name: str, data: bytes) -> None:
        """Write down a file for the next build that is no part of the site."""
        write_fresh(self.folder / name, data)

    def keep_below(self, folder: str, stamp: str) -> bool:
        """Keep all files below a folder as they are, if its stamp.txt has this digest and all are sound."""
        kept = self._before.get(folder + "stamp.txt")
        if kept is None or kept[0] != stamp:
            return False
        sound = list(self.sound_below(folder))
        if len(sound) != self.count_below(folder):
            return False  # and none is counted in: what is made anew may do without some of them
        self._now.update((address, (digest, *look)) for address, digest, look in sound)
        return True

    def count_below(self, folder: str) -> int:
        """Return how many files of the last build lie below a folder, sound or not."""
        return sum(1 for _ in self._before.others(folder))

    def sound_below(self, folder: str) -> Iterator[tuple[str, str, Look]]:
        """Yield (address, digest, looks) of the files of the last build below a folder that are as they should be."""
        for address, kept in self._before.others(folder):
            if (number := _number_of(f"{self._place}/{address}", kept)) is not None:
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
        for one in site.iterdir() if site.is_dir() else ():
            if one.is_symlink():  # MkDocs empties what is below it, or writes there
                one.unlink()
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
        all_files = (*self._now.items(), *self._staying())
        moved = [address for address, kept in all_files if present.pop(address, None) != kept[3]]
        for address in present:  # first, for what lies where a folder is due may lead anywhere
            _take_away(site, address)
        self._link(site, moved)

    def link_beside(self, site: Path) -> list[str]:
        """Put every page of this build into the site that `begin_survey` looks at; what is none and no other goes.

        Returns the addresses of the files that are others now, or gone.
        """
        survey, before, now = self._survey, self._before, self._now
        apart, strange = survey.apart, survey.strange
        assert apart is not None and strange is not None, "no site was looked at"
        wanted = {address: kept for address, kept in now.items() if kept != before.get(address) or address in apart}
        if apart and self._left is not None:
            wanted |= {address: kept for address, kept in self._staying() if address in apart}
        left = {*strange, *self._gone()} - now.keys()
        gone = [address for address in sorted(left) if os.path.lexists(site / address)]
        for address in gone:  # first, for what lies where a folder is due may lead anywhere
            _take_away(site, address)
        device = self.folder.stat().st_dev
        moved = [address for address, kept in wanted.items() if not _is_as_kept(f"{site}/{address}", kept, device)]
        self._link(site, moved)
        return [*moved, *gone]

    def addresses(self) -> list[str]:
        """Return the addresses of this build's files."""
        return [*self._now, *(address for address, _ in self._staying())]

    def _staying(self) -> Iterator[tuple[str, Kept]]:
        """Yield the pages of records that were taken over together, with what is known of them."""
        if self._left is not None:
            for address, kept in self._before.pages():
                if address not in self._left and address not in self._now:
                    yield address, kept

    def _gone(self) -> Iterator[str]:
        """Yield the files of the last build that are none of this one."""
        before = self._before
        pages = (address for address, _ in before.pages()) if self._left is None else filter(before.page, self._left)
        yield from (address for address in pages if address not in self._now)
        yield from (address for address, _ in before.others() if address not in self._now)

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
                for folder, numbers in files_below(site, name).items():
                    present |= {f"{folder}/{file}": number for file, number in numbers.items()}
        return present

    def close(self, is_page: Callable[[str], bool], also: Mapping[str, object]) -> None:
        """Write down what is kept, and delete what is no longer part of the site.

        is_page: whether an address is that of a record's page. also: what else the next build needs to know, in parts:
        it must not know more than it finds, so all is written at once.
        """
        for address in self._gone():
            _take_away(self.folder, address)
        parts = self._before.followed_by(self._now, is_page, self._left)
        self.write_beside(_KNOWN, seal_parts(_FORM, {**parts, **also}))


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


def _is_as_kept(path: str, kept: Kept, device: int) -> bool:
    """Whether a file of the site is that of a kept page, or on another device than pages are kept on, its copy."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if found.st_dev == device:
        return found.st_ino == kept[3]
    return (found.st_size, found.st_mtime_ns) == kept[1:3]


def _number_of(path: str, kept: Kept) -> int | None:
    """Return the number of a kept page's file; None where it does not look as it did, or is gone."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_ino if found.st_mtime_ns == kept[2] and found.st_size == kept[1] else None


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


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
            _copy(source, fresh)
        fresh.replace(target)
        fresh.unlink(missing_ok=True)  # of two names of one file, none is taken away
    except OSError:
        _copy(source, target)


def _copy(source: str, target: str | Path) -> None:
    """Copy a page so that the next build knows it again by its size and time."""
    shutil.copyfile(source, target)
    look = Path(source).stat()
    os.utime(target, ns=(look.st_atime_ns, look.st_mtime_ns))
