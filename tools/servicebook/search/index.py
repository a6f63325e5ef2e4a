"""The search index between builds: made whole once, then moved document by document, so that little is written.

A changed document keeps its number; a new one gets the next, so it stands before older ones; the number of one that
is gone is used no more. When much has moved, all is made anew.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from servicebook.search.documents import Document
from servicebook.search.packing import unpack
from servicebook.search.postings import extras_of_run, tokens_of_run
from servicebook.search.shards import (
    Face,
    Names,
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


Rows = dict[str, tuple[int, str]]
"""What is remembered of documents between builds: by address, the number and the digest of each."""


class Group(NamedTuple):
    """Documents that are remembered together: a digest of all, and by address that of each, asked for if need be."""

    stamp: str
    digests: Callable[[], Mapping[str, str]]


class Kept(NamedTuple):
    """What is remembered between builds. faces: those that documents share; face_at: by number, the place of a
    document's face among them, -1 where no document has the number. stamps: by group; rows: returns those of a group.
    """

    sizes: Sizes
    bounds: list[str]
    faces: list[Face]
    face_at: list[int]
    stamps: dict[str, str]
    rows: Callable[[str], Rows]

    def to_json(self) -> Any:
        """Return it as JSON values, but for the rows."""
        return self[:-1]

    @classmethod
    def of_json(cls, value: Any, rows: Callable[[str], Rows]) -> Kept:
        """Return what `to_json` gave; raises TypeError or ValueError for anything else."""
        sizes, bounds, faces, face_at, stamps = value
        if min(face_at, default=0) < -1 or max(face_at, default=-1) >= len(faces):
            raise ValueError("a number names a face that is not there")
        of_json = [(tuple(map(tuple, one)), rank) for one, rank in faces]
        return cls(Sizes(*sizes), bounds, of_json, face_at, stamps, rows)


class Made(NamedTuple):
    """An index: its files that are new or moved, the names of those that are gone, and what is to be remembered.

    rows: those of the groups that moved, by the names of these.
    """

    files: dict[str, str]
    gone: set[str]
    kept: Kept
    rows: dict[str, Rows]
    whole: bool


class _Edits(NamedTuple):
    """What the groups that moved held and hold: by address the numbers of documents that are gone, the digests of those
    that are new or moved; the rows of these groups as they were.
    """

    gone: dict[str, int]
    moved: dict[str, str]
    before: dict[str, Rows]
    now: dict[str, Mapping[str, str]]


def make_index(wanted: Mapping[str, Group], load: Load, names: Names, kept: Kept | None, read: Read) -> Made:
    """Make the index of the documents of some groups, which are given by the names of these.

    kept, read: what the last build left; None where nothing is left. What cannot be read is made anew.
    """
    if kept is not None:
        try:
            edits = _edits_since(kept, wanted)
            if not _is_much(edits, kept):
                return _move(edits, wanted, load, names, kept, read)
        except (OSError, ValueError, LookupError, TypeError, zlib.error):
            pass  # a file of the last build is gone or broken
    return _make(wanted, load, names)


def _edits_since(kept: Kept, wanted: Mapping[str, Group]) -> _Edits:
    edits = _Edits({}, {}, {}, {})
    for name in wanted.keys() | kept.stamps.keys():
        group = wanted.get(name)
        if group and kept.stamps.get(name) == group.stamp:
            continue
        before = kept.rows(name) if name in kept.stamps else {}
        now = group.digests() if group else {}
        edits.gone.update((url, number) for url, (number, _) in before.items() if url not in now)
        edits.moved.update((url, one) for url, one in now.items() if url not in before or before[url][1] != one)
        edits.before[name], edits.now[name] = before, now
    return edits


def _is_much(edits: _Edits, kept: Kept) -> bool:
    known = {url for rows in edits.before.values() for url in rows}
    numbers = len(kept.face_at)
    wanted = numbers - kept.face_at.count(-1) - len(edits.gone) + len(edits.moved.keys() - known)
    moved = len(edits.gone) + len(edits.moved)
    return moved > max(20, wanted // 25) or numbers > 1.25 * wanted + 50 or sizes_for(wanted) != kept.sizes


def _make(wanted: Mapping[str, Group], load: Load, names: Names) -> Made:
    groups = {name: group.digests() for name, group in wanted.items()}
    documents = sorted(
        load([url for some in groups.values() for url in some]), key=lambda one: (one.date, one.id, one.url)
    )
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
    face_at = [faces.setdefault(face_of(one), len(faces)) for one in documents]
    numbers = {one.url: number for number, one in enumerate(documents)}
    rows = {name: {url: (numbers[url], digest) for url, digest in some.items()} for name, some in groups.items()}
    kept = Kept(sizes, bounds_of(keys), list(faces), face_at, _stamps(wanted), rows.__getitem__)
    files["meta.js"] = pack_meta(kept.face_at, kept.faces, sizes, kept.bounds, names)
    return Made(files, set(), kept, rows, whole=True)


def _stamps(wanted: Mapping[str, Group]) -> dict[str, str]:
    return {name: group.stamp for name, group in wanted.items()}


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


def _move(edits: _Edits, wanted: Mapping[str, Group], load: Load, names: Names, kept: Kept, read: Read) -> Made:
    """Return the index without the documents that are gone, and with those that moved or are new."""
    face_at = list(kept.face_at)
    faces = {face: place for place, face in enumerate(kept.faces)}
    texts = _Texts(kept.sizes.block, read)
    lists, titles = _Changes(), _Changes()
    extras: set[str] = set()
    number_of = {url: number for rows in edits.before.values() for url, (number, _) in rows.items()}
    for number in edits.gone.values():
        _note(texts.at(number), None, number, lists, titles, extras)
        texts.put(number, None)
        face_at[number] = -1
    for url, document in zip(edits.moved, load(list(edits.moved)), strict=True):
        number = number_of.setdefault(url, len(face_at))
        if number == len(face_at):
            face_at.append(-1)
        _note(texts.at(number), document, number, lists, titles, extras)
        texts.put(number, document)
        face_at[number] = faces.setdefault(face_of(document), len(faces))
    files = _moved_shards(kept.bounds, lists, titles, extras, read)
    dropped: set[str] = set()
    for block, documents in texts.blocks.items():
        files |= pack_texts(block, documents)
        if block in texts.had_rest and f"x{block}.js" not in files:
            dropped.add(f"x{block}.js")
    moved_rows = {
        name: {url: (number_of[url], digest) for url, digest in now.items()} for name, now in edits.now.items() if now
    }
    made = Kept(
        kept.sizes, kept.bounds, list(faces), face_at, _stamps(wanted),
        lambda name: moved_rows[name] if name in moved_rows else kept.rows(name),
    )  # fmt: skip
    files["meta.js"] = pack_meta(face_at, made.faces, kept.sizes, kept.bounds, names)
    return Made(files, dropped, made, moved_rows, whole=False)


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
