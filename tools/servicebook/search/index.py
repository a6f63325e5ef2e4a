"""The search index between builds: made whole once, then moved document by document, so that little is written.

A changed document keeps its number; a new one gets the next, so it stands before older ones; the number of one that
is gone is used no more. When much has moved, all is made anew.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from servicebook.search.documents import Document
from servicebook.search.packing import unpack
from servicebook.search.postings import extras_of_run, tokens_of_run
from servicebook.search.shards import (
    Face,
    Names,
    Row,
    Shard,
    Sizes,
    bounds_of,
    cut_words,
    face_of,
    name_keys,
    order,
    pack_meta,
    pack_shard,
    pack_texts,
    sizes_for,
    unpack_shard,
)
from servicebook.search.tokens import RUN

Load = Callable[[Sequence[str]], Iterable[Document]]
"""From addresses to their documents, in the same order."""
Read = Callable[[str], str]
"""From the name of a file of the index, as it was, to its text; raises OSError or ValueError when it is not there."""


class Kept(NamedTuple):
    """What is remembered between builds: by address a row of each document, and the faces that rows share."""

    sizes: Sizes
    numbers: int
    bounds: list[str]
    rows: dict[str, Row]
    faces: list[Face]

    def to_json(self) -> Any:
        """Return it as JSON values: flat lists, since 100,000 rows are read at every build."""
        columns = list(map(list, zip(*self.rows.values(), strict=True))) or [[], [], []]
        return [self.sizes, self.numbers, self.bounds, self.faces, list(self.rows), *columns]

    @classmethod
    def of_json(cls, value: Any) -> Kept:
        """Return what `to_json` gave; raises TypeError, ValueError or LookupError for anything else."""
        sizes, numbers, bounds, faces, urls, places, digests, face_at = value
        rows = dict(zip(urls, zip(places, digests, face_at, strict=True), strict=True))
        if min(face_at, default=0) < 0 or max(face_at, default=-1) >= len(faces):
            raise ValueError("a row names a face that is not there")
        return cls(Sizes(*sizes), numbers, bounds, rows, [(tuple(map(tuple, one)), rank) for one, rank in faces])


class Made(NamedTuple):
    """An index: its files that are new or moved, the names of those that are gone, and what is to be remembered."""

    files: dict[str, str]
    gone: set[str]
    kept: Kept
    whole: bool


def make_index(wanted: Mapping[str, str], load: Load, names: Names, kept: Kept | None, read: Read) -> Made:
    """Make the index of the documents whose addresses and digests are `wanted`.

    kept, read: what the last build left; None where nothing is left. What cannot be read is made anew.
    """
    if kept is not None:
        rows = kept.rows
        gone = [url for url in rows if url not in wanted]
        moved = [url for url, digest in wanted.items() if (row := rows.get(url)) is None or row[1] != digest]
        if not _is_much(len(gone) + len(moved), len(wanted), kept):
            try:
                return _move(gone, {url: wanted[url] for url in moved}, load, names, kept, read)
            except (OSError, ValueError, LookupError, TypeError):
                pass  # a file of the last build is gone or broken
    return _make(wanted, load, names)


def _is_much(moved: int, wanted: int, kept: Kept) -> bool:
    return moved > max(20, wanted // 25) or kept.numbers > 1.25 * wanted + 50 or sizes_for(wanted) != kept.sizes


def _make(wanted: Mapping[str, str], load: Load, names: Names) -> Made:
    documents = sorted(load(list(wanted)), key=lambda one: (one.date, one.id, one.url))
    sizes = sizes_for(len(documents))
    files: dict[str, str] = {}
    keys: list[tuple[str, str]] = []
    for number, shard in enumerate(cut_words(documents, sizes)):
        files[f"w{number}.js"] = pack_shard(number, shard)
        some = list(shard.lists) or [""]
        keys.append((some[0], some[-1]))
    for start in range(0, len(documents), sizes.block):
        files |= pack_texts(start // sizes.block, documents[start : start + sizes.block])
    faces: dict[Face, int] = {}
    rows = {
        one.url: (number, wanted[one.url], faces.setdefault(face_of(one), len(faces)))
        for number, one in enumerate(documents)
    }
    made = Kept(sizes, len(documents), bounds_of(keys), rows, list(faces))
    files["meta.js"] = pack_meta(rows.values(), made.faces, made.numbers, sizes, made.bounds, names)
    return Made(files, set(), made, whole=True)


class _Texts:
    """The texts of the last build, read block by block, and moved."""

    def __init__(self, block: int, read: Read) -> None:
        self._block = block
        self._read = read
        self.blocks: dict[int, list[Document | None]] = {}
        self.had_rest: set[int] = set()

    def at(self, number: int) -> Document | None:
        """Return the document of a number as it was, as far as it is searched by."""
        return self._load(number // self._block)[number % self._block]

    def put(self, number: int, document: Document | None) -> None:
        """Put a document in the place of a number."""
        self._load(number // self._block)[number % self._block] = document

    def _load(self, block: int) -> list[Document | None]:
        if block not in self.blocks:
            self.blocks[block] = [None] * self._block
            try:
                shown, _ = unpack(self._read(f"d{block}.js"))
            except FileNotFoundError:
                return self.blocks[block]  # the next number begins a new block
            if any(row and row[4] for row in shown):
                self.had_rest.add(block)
                rest, _ = unpack(self._read(f"x{block}.js"))
            else:
                rest = [""] * len(shown)
            for place, (row, more) in enumerate(zip(shown, rest, strict=True)):
                if row:
                    url, id, title, head, _ = row
                    self.blocks[block][place] = Document(url, id, "", "", "", title, head + more)
        return self.blocks[block]


Moves = dict[str, tuple[set[int], set[int]]]
"""From key to the numbers to add and to take away."""


def _move(gone: Iterable[str], moved: Mapping[str, str], load: Load, names: Names, kept: Kept, read: Read) -> Made:
    """Return the index without the documents that are gone, and with those that moved or are new, by their digests."""
    rows, numbers = dict(kept.rows), kept.numbers
    faces = {face: place for place, face in enumerate(kept.faces)}
    texts = _Texts(kept.sizes.block, read)
    lists, titles = _Changes(), _Changes()
    extras: set[str] = set()
    for url in gone:
        number = rows.pop(url)[0]
        _note(texts.at(number), None, number, lists, titles, extras)
        texts.put(number, None)
    for url, document in zip(moved, load(list(moved)), strict=True):
        number = rows[url][0] if url in rows else numbers
        numbers = max(numbers, number + 1)
        _note(texts.at(number), document, number, lists, titles, extras)
        texts.put(number, document)
        rows[url] = (number, moved[url], faces.setdefault(face_of(document), len(faces)))
    files = _moved_shards(kept.bounds, lists, titles, extras, read)
    dropped: set[str] = set()
    for block, documents in texts.blocks.items():
        files |= pack_texts(block, documents)
        if block in texts.had_rest and f"x{block}.js" not in files:
            dropped.add(f"x{block}.js")
    made = Kept(kept.sizes, numbers, kept.bounds, rows, list(faces))
    files["meta.js"] = pack_meta(rows.values(), made.faces, numbers, kept.sizes, kept.bounds, names)
    return Made(files, dropped, made, whole=False)


class _Changes:
    """Which numbers come to a key's list, and which leave it."""

    def __init__(self) -> None:
        self.by_key: Moves = {}

    def note(self, before: set[str], after: set[str], number: int) -> None:
        for key in after - before:
            self.by_key.setdefault(key, (set(), set()))[0].add(number)
        for key in before - after:
            self.by_key.setdefault(key, (set(), set()))[1].add(number)


def _note(
    before: Document | None, after: Document | None, number: int, lists: _Changes, titles: _Changes, extras: set[str]
) -> None:
    """Note what a document's change does to the lists; `extras` are keys that are kept only where they are."""
    old, new = _keys(before), _keys(after)
    extras |= old.extras | new.extras
    lists.note(old.all, new.all, number)
    titles.note(old.title, new.title, number)


class _Keys(NamedTuple):
    all: set[str]
    extras: set[str]
    title: set[str]


def _keys(document: Document | None) -> _Keys:
    if document is None:
        return _Keys(set(), set(), set())
    tokens, extras = _keys_of_text(document.indexed_text)
    title_tokens, title_extras = _keys_of_text(document.title_text)
    return _Keys(tokens | extras | name_keys(document), extras, title_tokens | title_extras)


def _keys_of_text(text: str) -> tuple[set[str], set[str]]:
    runs = set(RUN.findall(text))
    return set().union(*map(tokens_of_run, runs)), set().union(*map(extras_of_run, runs))


def _moved_shards(bounds: list[str], lists: _Changes, titles: _Changes, extras: set[str], read: Read) -> dict[str, str]:
    """Return the word files that the changes move."""
    places = [order(bound) for bound in bounds]
    by_shard: dict[int, list[str]] = {}
    for key in sorted(lists.by_key.keys() | titles.by_key.keys(), key=order):
        by_shard.setdefault(bisect_right(places, order(key)) - 1, []).append(key)
    files: dict[str, str] = {}
    for number, keys in by_shard.items():
        shard = unpack_shard(read(f"w{number}.js"))
        before = list(shard.lists)
        touched = False
        for key in keys:
            if key in extras and key not in shard.lists:
                continue
            touched = True
            _apply(shard.lists, key, lists)
            _apply(shard.titles, key, titles)
        if touched:
            if list(shard.lists) != before:
                in_order = {key: shard.lists[key] for key in sorted(shard.lists, key=order)}
                shard = Shard(in_order, shard.titles)
            files[f"w{number}.js"] = pack_shard(number, shard)
    return files


def _apply(lists: dict[str, list[int]], key: str, changes: _Changes) -> None:
    added, taken = changes.by_key.get(key, (set(), set()))
    numbers = [number for number in lists.get(key, []) if number not in taken]
    for number in added:
        if number not in numbers[-1:]:
            insort(numbers, number)
    if numbers:
        lists[key] = numbers
    else:
        lists.pop(key, None)
