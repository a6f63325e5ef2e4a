"""Rendered pages kept between builds, outside the site (MkDocs empties that), and linked into it.

A page is known by its address and a digest of all that it shows. What has not moved is neither rendered nor
written again: the file of the last build is hard-linked into the site, or copied where links cannot be made.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

_LIST = "pages.json"


class PageCache:
    """The pages of one kind of build (its audience and place) in a folder that may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = self._read()
        self._now: dict[str, tuple[str, int, int]] = {}

    def has(self, address: str, digest: str) -> bool:
        """Whether the page is there as it should be; a file that others touched does not count."""
        kept = self._before.get(address)
        if kept is None or kept[0] != digest:
            return False
        try:
            found = os.stat(self.folder / address)
        except OSError:
            return False
        if (found.st_size, found.st_mtime_ns) != (kept[1], kept[2]):
            return False
        self._now[address] = kept
        return True

    def keep_below(self, folder: str, stamp: str) -> bool:
        """Keep all files below a folder as they are, if its stamp.txt has this digest and all are sound."""
        if not self.has(folder + "stamp.txt", stamp):
            return False
        inside = [(address, kept[0]) for address, kept in self._before.items() if address.startswith(folder)]
        return all(self.has(address, digest) for address, digest in inside)

    def write(self, address: str, digest: str, data: bytes) -> None:
        """Keep a page. It is a new file: the old one may be linked into a site that is being read."""
        target = self.folder / address
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(target.name + ".new")
        fresh.write_bytes(data)
        fresh.replace(target)
        found = target.stat()
        self._now[address] = (digest, found.st_size, found.st_mtime_ns)

    def link_into(self, site: Path) -> None:
        """Put every page of this build into the site folder."""
        folders = {os.path.dirname(address) for address in self._now}
        for folder in sorted(folders):
            (site / folder).mkdir(parents=True, exist_ok=True)
        source, target = str(self.folder), str(site)
        for address in self._now:
            _link(f"{source}/{address}", f"{target}/{address}")

    def close(self) -> list[str]:
        """Write down what is kept, delete what is no longer part of the site, and return what was deleted."""
        gone = [address for address in self._before if address not in self._now]
        for address in gone:
            (self.folder / address).unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / (_LIST + ".new")
        fresh.write_text(json.dumps(self._now, separators=(",", ":")), "utf-8")
        fresh.replace(self.folder / _LIST)
        return gone

    def addresses(self) -> Iterable[str]:
        """Return the addresses of this build's pages."""
        return self._now.keys()

    def _read(self) -> dict[str, tuple[str, int, int]]:
        try:
            kept = json.loads((self.folder / _LIST).read_text("utf-8"))
            return {address: (str(d), int(s), int(m)) for address, (d, s, m) in kept.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}


def _link(source: str, target: str) -> None:
    """Make `target` the same file as `source`, or a copy of it on another file system."""
    try:
        os.link(source, target)
        return
    except FileExistsError:
        if os.path.samefile(source, target):
            return
        os.unlink(target)
    except OSError:
        shutil.copyfile(source, target)
        return
    _link(source, target)
