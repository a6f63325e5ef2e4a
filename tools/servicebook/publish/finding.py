"""The search index of a site: what its documents are, what filters are called, which of its files moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import unescape

from servicebook import digest_of_code
from servicebook.helpers import Begun
from servicebook.language.catalogue import load_area
from servicebook.publish.addresses import page_of
from servicebook.publish.bodies import split_body
from servicebook.publish.cache import Look, PageCache, Written, write_fresh, write_new
from servicebook.publish.labels import Labels
from servicebook.publish.made import MAKERS, digest_of
from servicebook.publish.sealed import Parts, seal_parts
from servicebook.publish.shelves import Shelf
from servicebook.publish.tones import TONES, tone_of
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.kinds import KINDS
from servicebook.search.documents import Document, document_of
from servicebook.search.index import Group, Kept, Load, Made, Rows, make_index
from servicebook.search.packing import pack
from servicebook.search.shards import Names
from servicebook.workflow.lifecycles import LIFECYCLES, STATES_OF_STANDING_RECORDS

INDEX = "search-index"
"""The folder of the search index on the site."""

_WORDS = "words"
"""The file of what values are called, which the search page loads when it shows fields."""

_MEMORY = "search.json"
_HEAD = "index"
_ROWS = "rows of "
"""What the names of parts begin with that hold the rows of a group."""
_STAMP = f"{INDEX}/stamp.txt"


def names_of(view: View) -> Names:
    """Return what the filters' values are called in each language of the site, and the look of states."""
    each = [Labels((language,)) for language in view.labels.languages]
    states = {state for life in LIFECYCLES.values() for state in life.states} | {"active", "retired"}
    states.update(state for some in STATES_OF_STANDING_RECORDS.values() for state in some)
    return {
        "kind": {kind.name: [unescape(one.kind(kind.name)) for one in each] for kind in KINDS}
        | {"page": [unescape(one.say("Page")) for one in each]},
        "state": {state: [unescape(one.value(state)) for one in each] for state in sorted(states)},
        **{
            kind: {
                facts.id: _titles(view, facts)
                for facts in view.of_kind(kind)
            }
            for kind in ("service", "customer")
        },
        "tones": {state: [tone] for state, tone in TONES.items() if ": " not in state}
        | {f"{kind.name}: {state}": [tone_of(state, kind.name), *words]
           for kind in KINDS for state in sorted(states)
           if (words := [unescape(one.value(state, kind.name)) for one in each])
           != [unescape(one.value(state)) for one in each] or f"{kind.name}: {state}" in TONES},
    }


TOLD_BY_NAME = (
    "person", "team", "service", "customer", "site", "supplier", "agreement", "contract", "support_hours",
)  # fmt: skip
"""Kinds whose ids stand as names where a found text is shown."""
CURRENCIES = ("CNY", "HKD", "MOP", "TWD", "USD", "EUR", "GBP", "CHF", "JPY", "KRW", "SGD", "AUD", "CAD")
"""Currencies say nothing without their amounts, which no text holds."""


def words_of(view: View) -> dict[str, list[str]]:
    """Return what single values of fields are called in each language of the site; nothing for what is left out."""
    each = [Labels((language,)) for language in view.labels.languages]
    words: dict[str, list[str]] = {}
    for text in load_area("values", "zh"):  # a word alone, or of one field: "role: lead"
        field, _, value = text.rpartition(": ")
        if each[0].is_value(value, field) and not (field and value in words):
            words[value] = [unescape(one.value(value, field)) for one in each]
    words |= {code: [] for code in CURRENCIES}
    for kind in reversed(TOLD_BY_NAME):
        words |= {facts.id: _titles(view, facts) for facts in view.of_kind(kind)}
    return words


def _titles(view: View, facts: Facts) -> list[str]:
    own, title = str(facts.data.get("title_zh") or ""), facts.title or facts.id
    return [(own if language == "zh" else "") or title for language in view.labels.languages]


class SearchIndex:
    """The index of one build, of its records and the site's ordinary pages; a helper may begin with it at once.

    It hangs on files and titles alone, so that neither clocks nor history need be known.
    """

    def __init__(self, view: View, cache: PageCache, pages: list[Document]) -> None:
        self._view = view
        self._cache = cache
        self._own = {page.url: page for page in pages}
        self._code = digest_of_code(MAKERS)
        judged = [(folder, shelf.stamp) for folder, shelf in view.shelves.items()]
        self._stamp = digest_of(self._code, judged, pages, view.labels.languages)
        self.is_kept = cache.keep_below(INDEX + "/", self._stamp)
        """Whether nothing moved, so that all its files stay."""
        self.begun: Begun[list[Written]] | None = None
        """What a helper was asked to do, whose result only this process may take."""

    def begin(self) -> None:
        """Start in a helper process, where there may be one."""
        if not self.is_kept:
            self.begun = Begun(self.make)

    def end(self) -> None:
        """Let go of what was begun, in case nobody asked for it."""
        if self.begun:
            self.begun.stop()

    def make(self) -> list[Written]:
        """Bring the index up to date, write those of its files that moved, and return what is to be counted in."""
        view = self._view
        own_digests = {url: _digest_of_page(page) for url, page in self._own.items()}
        wanted = {folder: Group(shelf.stamp, partial(_blobs_by_page, shelf)) for folder, shelf in view.shelves.items()}
        wanted[""] = Group(digest_of(own_digests), lambda: own_digests)
        return list(_written(self._cache, wanted, self._load, view, self._code, self._stamp))

    def _load(self, urls: Sequence[str]) -> Iterator[Document]:
        found = ((url, None if url in self._own else self._view.at_address(url)) for url in urls)
        records = {url: facts for url, facts in found if facts}
        texts = self._view.desk.read_all(list(records.values()))
        for url in urls:
            if facts := records.get(url):
                yield document_of(facts, split_body(next(texts)), url)
                facts.forget()
            else:
                yield self._own[url]


def _blobs_by_page(shelf: Shelf) -> dict[str, str]:
    return {page_of(one): one.blob for one in shelf.records}


def _digest_of_page(page: Document) -> str:
    """Return a digest of an ordinary page's texts."""
    text = "\0".join(map(str, page))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _written(
    cache: PageCache, wanted: Mapping[str, Group], load: Load, view: View, code: str, stamp: str
) -> Iterator[Written]:
    """Write the files of the index that moved, and yield what is to be counted in of all.

    wanted, load: what is to be found, see `make_index`. code: a word that changes when the index is to be made anew;
    stamp: a digest of everything, by which the next build knows that nothing moved.
    """
    before: dict[str, str] = {}
    looks: dict[str, Look] = {}
    for address, digest, look in cache.sound_below(INDEX + "/"):
        before[address], looks[address] = digest, look
    whole = len(before) == cache.count_below(INDEX + "/")
    before.pop(_STAMP, None)
    folder = cache.folder / INDEX
    parts = Parts(cache.folder / _MEMORY, code)
    kept = _recall(parts, _digest_of_files(before)) if whole else None

    def read(name: str) -> str:
        if f"{INDEX}/{name}" not in before:  # what a build that was broken off left is none of these files
            raise FileNotFoundError(name)
        return (folder / name).read_text("utf-8")

    made = make_index(wanted, load, names_of(view), kept, read)
    now: dict[str, str] = {}
    for name, script in {**made.files, f"{_WORDS}.js": pack(_WORDS, words_of(view))}.items():
        address, data = f"{INDEX}/{name}", script.encode()
        now[address] = hashlib.blake2b(data, digest_size=12).hexdigest()
        if before.get(address) != now[address]:
            looks[address] = write_new(str(cache.folder), address, data)
    if not made.whole:
        stays = before.items() - {(f"{INDEX}/{name}", before.get(f"{INDEX}/{name}", "")) for name in made.gone}
        now = dict(stays) | now
    write_fresh(cache.folder / _MEMORY, seal_parts(code, _parts_of(made, parts, _digest_of_files(now))))
    looks[_STAMP] = write_new(str(cache.folder), _STAMP, stamp.encode())
    for address, digest in (now | {_STAMP: stamp}).items():
        yield address, digest, looks.get(address)


def _digest_of_files(digests: Mapping[str, str]) -> str:
    """Return a digest of the files of an index, by which its memory is known to be of them and not of older ones."""
    return digest_of(sorted(digests.items()))


def _parts_of(made: Made, before: Parts, files: str) -> dict[str, object]:
    """Return what is remembered of an index, in parts; the rows of groups that did not move, as they are kept."""
    parts: dict[str, object] = {_HEAD: [files, made.kept.to_json()]}
    for group in made.kept.stamps:
        rows = made.rows.get(group)
        if rows is None and not made.whole and _ROWS + group in before:
            parts[_ROWS + group] = before.bytes_of(_ROWS + group)
        else:
            parts[_ROWS + group] = [list(rows or ()), *map(list, zip(*(rows or {}).values(), strict=True))]
    return parts


def _recall(parts: Parts, files: str) -> Kept | None:
    """Return what the last build remembered of these files; None where there is nothing."""

    def rows(group: str) -> Rows:
        urls, *columns = parts.get(_ROWS + group)
        return dict(zip(urls, zip(*columns, strict=True), strict=True)) if urls else {}

    of, value = parts.get(_HEAD) or ("", None)
    return Kept.of_json(value, rows) if of == files else None
