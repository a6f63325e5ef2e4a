"""The search index as small script files that a page loads one by one, from a server or from file://.

Below one folder, each packed as `packing` says:

- `meta.js`: sizes, the first key of every word file, the values of the filters and, a byte a document, which of
  them it has. Documents have numbers, the latest the highest, so that a number is also a rank;
- `wN.js`: keys in the order of UTF-16 with the documents that hold them, and those that hold them in title or id;
- `dN.js`: what is shown of the documents of one block: address, id, title, the beginning of the text;
- `xN.js`: the rest of long texts of a block, where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple
from zlib import crc32

from servicebook.search.documents import FACETS, Document
from servicebook.search.packing import decode_steps, encode_steps, pack, unpack
from servicebook.search.postings import (
    Lists,
    add_beginnings,
    add_longer_runs,
    extras_of_run,
    gather,
    tokens_of_run,
)
from servicebook.search.tokens import normalise

HEAD = 1000
"""Characters of a text that stand with its title; the rest is loaded when it is asked for."""

Names = Mapping[str, Mapping[str, Sequence[str]]]
"""From filter and value to what it is called, in each language of the site; below `tones` the look of states."""


class Sizes(NamedTuple):
    """What depends on the number of documents, so that a query stays small at any size."""

    block: int
    """Documents whose texts lie in one file."""
    shard: int
    """About so many bytes of lists and keys lie in one file before they are deflated."""
    many: int
    """Documents that are too many to be looked at for a longer run."""
    heavy: int
    """Documents of a beginning from which on it has its own list."""


def sizes_for(documents: int) -> Sizes:
    """Return the sizes for a number of documents; they change seldom, since all files change with them."""
    if documents < 2000:
        return Sizes(block=4, shard=4000, many=64, heavy=1000)
    if documents < 30000:
        return Sizes(block=4, shard=6000, many=200, heavy=4000)
    return Sizes(block=8, shard=16000, many=1000, heavy=12000)


class Shard(NamedTuple):
    """The keys of one word file, with their documents, and those of them that have the key in title or id."""

    lists: Lists
    titles: Lists


def order(key: str) -> bytes:
    """Return what keys are sorted by: UTF-16, as JavaScript compares."""
    return key.encode("utf-16-be", "surrogatepass")


def cut_words(documents: Sequence[Document], sizes: Sizes) -> Iterator[Shard]:
    """Yield the contents of the word files, keys in order; a document's number is its place."""
    lists, runs = gather(((number, one.indexed_text) for number, one in enumerate(documents)), tokens_of_run)
    add_longer_runs(lists, runs, sizes.many)
    add_beginnings(lists, sizes.heavy)

    def kept(run: str) -> set[str]:
        return tokens_of_run(run) | (extras_of_run(run) & lists.keys())

    titles, _ = gather(((number, one.title_text) for number, one in enumerate(documents)), kept)
    for number, one in enumerate(documents):
        for key in name_keys(one):
            lists.setdefault(key, []).append(number)
    part, weight = Shard({}, {}), 0
    for key in sorted(lists, key=order):
        cost = len(lists[key]) + len(titles.get(key, ())) + len(key) + 6
        if part.lists and weight + cost > sizes.shard:
            yield part
            part, weight = Shard({}, {}), 0
        part.lists[key] = lists[key]
        if key in titles:
            part.titles[key] = titles[key]
        weight += cost
    yield part


def name_keys(document: Document) -> set[str]:
    """Return the keys by which a query that is nothing but a name of the document finds it first.

    Names are the title in each language, the id, and the last four characters of a ticket's id, as people read them
    out over the telephone.
    """
    names = [document.id, document.title, *document.title.split(" · ")]
    if document.id[:1].isupper():
        names.append(document.id.rpartition("-")[2])
    return {name_key(name) for name in names}


def name_key(name: str) -> str:
    """Return the key of a whole name: the CRC-32 of its normalised text, which the script computes as well."""
    return f"={crc32(normalise(name).strip().encode('utf-8', 'replace')):08x}"


def bounds_of(shards: Iterable[Sequence[str]]) -> list[str]:
    """Return for each word file, given by its keys, the shortest text that none of its keys stands before."""
    bounds = [""]
    for before, after in pairwise(shards):
        last, first = before[-1], after[0]
        length = next(n for n in range(1, len(first) + 1) if order(first[:n]) > order(last))
        bounds.append(first[:length])
    return bounds


def pack_shard(number: int, shard: Shard) -> str:
    """Return a word file."""
    lists = [encode_steps(numbers) for numbers in shard.lists.values()]
    titles = [encode_steps(shard.titles[key]) if key in shard.titles else b"" for key in shard.lists]
    header = [list(shard.lists), [len(one) for one in lists], [len(one) for one in titles]]
    return pack(f"w{number}", header, b"".join(lists + titles))


def unpack_shard(script: str) -> Shard:
    """Return what a word file holds."""
    (keys, sizes, title_sizes), blob = unpack(script)
    ends = list(accumulate(sizes + title_sizes, initial=0))
    parts = [decode_steps(blob[start:end]) for start, end in pairwise(ends)]
    titles = {key: numbers for key, numbers in zip(keys, parts[len(keys) :], strict=True) if numbers}
    return Shard(dict(zip(keys, parts[: len(keys)], strict=True)), titles)


def pack_texts(block: int, documents: Sequence[Document | None]) -> dict[str, str]:
    """Return the files of a block of texts, by name: what is shown, and the rest where a text is long."""
    shown = [[d.url, d.id, d.title, d.text[:HEAD], int(len(d.text) > HEAD)] if d else [] for d in documents]
    files = {f"d{block}.js": pack(f"d{block}", shown)}
    if any(d and len(d.text) > HEAD for d in documents):
        rest = [d.text[HEAD:] if d else "" for d in documents]
        files[f"x{block}.js"] = pack(f"x{block}", rest)
    return files


Face = tuple[tuple[tuple[str, ...], ...], int]
"""What a document is narrowed and ranked by: its values for each of FACETS, and its standing."""


def face_of(document: Document) -> Face:
    """Return the face of a document; many documents share one."""
    return tuple(document.facet(name) for name in FACETS), document.standing


def pack_meta(places: Sequence[int], faces: Sequence[Face], sizes: Sizes, bounds: list[str], names: Names) -> str:
    """Return the file that a page loads first.

    places: by document number, where its face stands in `faces`; -1 where no document has the number.
    """
    header: dict[str, object] = {"documents": len(places), "block": sizes.block, "bounds": bounds}
    looks = names.get("tones", {}).items()
    header["tones"] = {state: [tone, *words] if words else tone for state, (tone, *words) in looks}
    face_at = [place + 1 for place in places]  # nothing is known of a number that no document has
    known = [(((),) * len(FACETS), 0), *faces]
    used = list(dict.fromkeys((0, *face_at)))
    planes: list[bytes] = []
    for place, facet in enumerate(FACETS):
        sets: dict[tuple[str, ...], int] = {}
        set_at = {face: sets.setdefault(known[face][0][place], len(sets)) for face in used}
        values = sorted({value for some in sets for value in some})
        index = {value: number for number, value in enumerate(values)}
        header[facet] = {
            "values": [[value, *names.get(facet, {}).get(value, ())] for value in values],
            "sets": [[index[value] for value in some] for some in sets],
        }
        planes.append(_plane({face: number & 255 for face, number in set_at.items()}, face_at))
        if len(sets) > 256:
            planes.append(_plane({face: number >> 8 & 255 for face, number in set_at.items()}, face_at))
    planes.append(_plane({face: known[face][1] for face in used}, face_at))
    return pack("meta", header, b"".join(planes))


def _plane(of_face: dict[int, int], face_at: list[int]) -> bytes:
    """Return a byte for each document: what its face has."""
    return bytes(map(of_face.__getitem__, face_at))
