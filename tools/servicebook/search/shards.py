"""The search index as small script files that a page loads one by one, from a server or from file://.

Files, all below one folder: `meta.js` (how many shards, and kind, state and year of every document),
`wN.js` (postings of the tokens whose first letters hash to N) and `dN.js` (what is shown of documents).
A posting list is a flat list of numbers. Latin: for each document `(step << 1) | in_title`, where step is the
distance to the document before. Han: the same, then how many positions, then the steps between positions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from operator import sub

from servicebook.search.documents import Document
from servicebook.search.tokens import entries_of, normalise

DOCUMENTS_A_FILE = 8
TEXT_SHOWN = 3000
"""Characters of a document that are kept for excerpts; the words behind them are found all the same."""


def shard_key(token: str, han: bool) -> str:
    """Return the part of a token that decides its shard: all tokens a prefix can mean lie in one."""
    return token[:1] if han else token[:2]


def shard_of(key: str, count: int) -> int:
    """Return the number of the shard for a key: FNV-1a over its code points, as the script does it."""
    value = 0x811C9DC5
    for character in key:
        value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return value % count


def build_shards(documents: Sequence[Document | None]) -> Iterator[tuple[str, str]]:
    """Yield the index's files as (name, script). A document's number is its place; None is a number unused."""
    latin, han = _postings(documents)
    count = _shard_count(len(documents))
    shards: list[dict[str, list[int]]] = [{} for _ in range(count)]
    for table, is_han in ((latin, False), (han, True)):
        for token, posting in table.items():
            shards[shard_of(shard_key(token, is_han), count)][token] = posting
    for number, shard in enumerate(shards):
        # Every file is there, an empty one too: a script that fails to load is an error, not "no hits".
        yield f"w{number}.js", f"sbWords({number},{_json(dict(sorted(shard.items())))})\n"
    for start in range(0, len(documents), DOCUMENTS_A_FILE):
        shown = [_shown(document) for document in documents[start : start + DOCUMENTS_A_FILE]]
        yield f"d{start // DOCUMENTS_A_FILE}.js", f"sbDocuments({start // DOCUMENTS_A_FILE},{_json(shown)})\n"
    yield "meta.js", f"sbMeta({_json(_meta(documents, count))})\n"


def _postings(documents: Iterable[Document | None]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Return the posting lists of Latin and of Han tokens."""
    latin: dict[str, list[int]] = {}
    han: dict[str, list[int]] = {}
    last_latin: dict[str, int] = {}
    last_han: dict[str, int] = {}
    for number, document in enumerate(documents):
        if document is None:
            continue
        title_end = len(normalise(document.title))
        han_found, latin_found = entries_of(indexed_text(document))
        for word, position in latin_found.items():
            entry = (number - last_latin.get(word, -1)) << 1 | (position < title_end)
            last_latin[word] = number
            if word in latin:
                latin[word].append(entry)
            else:
                latin[word] = [entry]
        for pair, positions in han_found.items():
            first = positions[0]
            entry = (number - last_han.get(pair, -1)) << 1 | (first < title_end)
            last_han[pair] = number
            row = [entry, len(positions), first]
            if len(positions) > 1:
                row += map(sub, positions[1:], positions)
            if pair in han:
                han[pair] += row
            else:
                han[pair] = row
    return latin, han


def indexed_text(document: Document) -> str:
    """Return the normalised text that a document is found by: title, id, then the rest."""
    return normalise(f"{document.title}\n\n{document.id}\n\n{document.text}")


def _shard_count(documents: int) -> int:
    """Return how many word files keep each of them near 20 KB."""
    return max(16, min(1024, documents // 16))


def _shown(document: Document | None) -> list[str]:
    if document is None:
        return []
    return [document.url, document.id, document.title, document.text[:TEXT_SHOWN]]


def _meta(documents: Sequence[Document | None], count: int) -> dict[str, object]:
    """Return what the script needs before the first query: sizes, and the filters as lists of numbers."""
    meta: dict[str, object] = {"shards": count, "chunk": DOCUMENTS_A_FILE, "documents": len(documents)}
    for field in ("kind", "state", "year"):
        values = sorted({getattr(document, field) for document in documents if document})
        place = {value: index for index, value in enumerate(values)}
        meta[field] = values
        meta[f"{field}Of"] = [place[getattr(document, field)] if document else -1 for document in documents]
    # Exact ids come first in the results, so they are known without loading a document.
    meta["idOf"] = "\n".join(document.id.lower() if document else "" for document in documents)
    return meta


def _json(value: object) -> str:
    """Return JSON that is safe as a script (no line ends that JavaScript before 2019 refused)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
