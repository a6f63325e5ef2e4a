"""The search index of a site between builds: what its documents are, what filters are called, which files moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from servicebook.language.catalogue import load_area
from servicebook.publish.cache import Look, PageCache, write_fresh, write_new
from servicebook.publish.labels import Labels
from servicebook.publish.sealed import Parts, seal_parts
from servicebook.publish.view import TONES, View, tone_of
from servicebook.records.facts import Facts
from servicebook.records.kinds import KINDS
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


def write_index(
    cache: PageCache,
    wanted: Mapping[str, Group],
    load: Load,
    names: Names,
    words: Mapping[str, list[str]],
    code: str,
    stamp: str,
) -> Iterator[tuple[str, str, Look | None]]:
    """Bring the index up to date, write those of its files that moved, and yield (address, digest, looks) of all.

    wanted, load: what is to be found, see `make_index`; words: what `words_of` returns;
    code: a word that changes when the index is to be made anew; stamp: a digest of everything, by which the next
    build knows that nothing moved.
    """
    before: dict[str, str] = {}
    looks: dict[str, Look] = {}
    for address, digest, look in cache.sound_below(INDEX + "/"):
        before[address], looks[address] = digest, look
    whole = len(before) == cache.count_below(INDEX + "/")
    before.pop(_STAMP, None)
    folder = cache.folder / INDEX
    parts = Parts(cache.folder / _MEMORY, code)
    kept = _recall(parts) if whole else None
    made = make_index(wanted, load, names, kept, lambda name: (folder / name).read_text("utf-8"))
    now: dict[str, str] = {}
    for name, script in {**made.files, f"{_WORDS}.js": pack(_WORDS, words)}.items():
        address, data = f"{INDEX}/{name}", script.encode()
        now[address] = hashlib.blake2b(data, digest_size=12).hexdigest()
        if before.get(address) != now[address]:
            looks[address] = write_new(str(cache.folder), address, data)
    if not made.whole:
        stays = before.items() - {(f"{INDEX}/{name}", before.get(f"{INDEX}/{name}", "")) for name in made.gone}
        now = dict(stays) | now
    write_fresh(cache.folder / _MEMORY, seal_parts(code, _parts_of(made, parts)))
    looks[_STAMP] = write_new(str(cache.folder), _STAMP, stamp.encode())
    for address, digest in (now | {_STAMP: stamp}).items():
        yield address, digest, looks.get(address)


def _parts_of(made: Made, before: Parts) -> dict[str, object]:
    """Return what is remembered of an index, in parts; the rows of groups that did not move, as they are kept."""
    parts: dict[str, object] = {_HEAD: made.kept.to_json()}
    for group in made.kept.stamps:
        rows = made.rows.get(group)
        if rows is None and not made.whole and _ROWS + group in before:
            parts[_ROWS + group] = before.bytes_of(_ROWS + group)
        else:
            parts[_ROWS + group] = [list(rows or ()), *map(list, zip(*(rows or {}).values(), strict=True))]
    return parts


def _recall(parts: Parts) -> Kept | None:
    """Return what the last build remembered; None where there is nothing."""

    def rows(group: str) -> Rows:
        urls, *columns = parts.get(_ROWS + group)
        return dict(zip(urls, zip(*columns, strict=True), strict=True)) if urls else {}

    return Kept.of_json(parts.get(_HEAD), rows) if _HEAD in parts else None


def digest_of_page(parts: Iterable[str]) -> str:
    """Return a digest of an ordinary page's texts."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
