"""Which files the last build of a site left, how they looked, and by what digest: read a folder at a time.

The pages of records are told from all else: most of 100,000 stay as they are, and their folders are then not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from servicebook.publish.sealed import Parts

Kept = tuple[str, int, int, int]
"""What is known of a kept file: digest, size, time of last change in nanoseconds, number of its file."""

_PAGES, _OTHERS = "pages ", "others "
"""What the names of parts begin with; the folder follows."""


class KeptPages:
    """The files of the last build, by address; none where nothing is known of it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._read: dict[str, dict[str, Kept]] = {}

    def get(self, address: str) -> Kept | None:
        """Return what is known of a file."""
        return self.page(address) or self._part(_OTHERS + _folder_of(address)).get(address)

    def page(self, address: str) -> Kept | None:
        """Return what is known of the page of a record."""
        return self._part(_PAGES + _folder_of(address)).get(address)

    def pages(self) -> Iterator[tuple[str, Kept]]:
        """Yield the pages of all records."""
        return self._below(_PAGES, "")

    def others(self, folder: str = "") -> Iterator[tuple[str, Kept]]:
        """Yield the files that are no record's page: all, or those below a folder, which is given with its slash."""
        return self._below(_OTHERS, folder)

    def folders(self) -> Iterator[tuple[str, list[str], list[str], list[int], list[int], list[int]]]:
        """Yield all files by folder: their names, digests, sizes, times of last change, and numbers, in columns."""
        for name in self._parts:
            if name.startswith((_PAGES, _OTHERS)):
                yield name.partition(" ")[2], *self._parts.get(name)

    def followed_by(
        self, now: Mapping[str, Kept], is_page: Callable[[str], bool], gone: Collection[str] | None
    ) -> dict[str, object]:
        """Return the parts that tell the same of the build after this.

        now: files of that build. is_page: whether an address is that of a record's page. gone: the addresses of pages
        that do not stay where they are not in `now`; None where none stays.
        """
        anew: dict[str, dict[str, Kept]] = {}
        for address, kept in now.items():
            group = _PAGES if is_page(address) else _OTHERS
            anew.setdefault(group + _folder_of(address), {})[address] = kept
        before, parts = self._parts, dict[str, object]()
        if gone is not None:
            parts |= {name: before.bytes_of(name) for name in before if name.startswith(_PAGES)}
        for name in anew.keys() | {_PAGES + _folder_of(address) for address in gone or ()}:
            known = self._part(name)
            stays = known if gone is not None and name.startswith(_PAGES) else {}
            found = {address: kept for address, kept in stays.items() if address not in (gone or ())}
            found |= anew.get(name, {})
            if found and found != known:
                parts[name] = _columns(name, found)
            elif found:
                parts[name] = before.bytes_of(name)
            else:
                parts.pop(name, None)
        return parts

    def _below(self, group: str, folder: str) -> Iterator[tuple[str, Kept]]:
        for name in self._parts:
            if name.startswith(group) and f"{name[len(group) :]}/".startswith(folder):
                yield from self._part(name).items()

    def _part(self, name: str) -> dict[str, Kept]:
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = {}
            if name in self._parts:
                names, *columns = self._parts.get(name)
                start = _start_of(name)
                found.update(zip([start + one for one in names], zip(*columns, strict=True), strict=True))
        return found


def _columns(name: str, found: Mapping[str, Kept]) -> list[list[str | int]]:
    """Return the files of a folder as they are kept: without the folder, and in columns, which are read sooner."""
    start = len(_start_of(name))
    return [[address[start:] for address in found], *map(list, zip(*found.values(), strict=True))]


def _start_of(name: str) -> str:
    """Return what the addresses of a part begin with."""
    folder = name.partition(" ")[2]
    return f"{folder}/" if folder else ""


def _folder_of(address: str) -> str:
    return address.rpartition("/")[0]
