"""The assets and services of a desk as a graph, read as far as somebody walks in it.

Only records in use take part: what is planned, in stock, in repair or retired neither fails nor helps.
A record is called by its key: an asset by its id, a service by `service/` and its id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from servicebook.patterns import late_pattern
from servicebook.records.facts import Facts
from servicebook.typed import Protocol

NEEDS = ("runs-on", "depends-on")
"""Relations to what an asset cannot do without."""

UPWARD = ("part-of", *NEEDS)
"""Relations of assets that lead from what hangs to what it hangs on."""

SERVES, LISTS = "serves", "lists"
"""Ties that are no relations: of an asset to its service, of a service to an asset that it lists."""

SERVICE = "service/"
"""What a service's key begins with."""

Tie = tuple[str, str]
"""A relation and the name, or the key, of the record at its other end."""

_READ_WHOLE_FROM = 150
"""From so many records at once on, all are read in one go: it costs less than to ask who names each."""
_RELATION = late_pattern(r'\{"type":"([^"]*)","target":"([^"]*)"\}')
"""A relation as most rows have it."""
_NONE: tuple[Tie, ...] = ()


class Desk(Protocol):
    """Where assets and services are looked up: a Snapshot."""

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of a kind by id or alias."""

    def naming(self, *targets: str, kinds: Sequence[str] = ()) -> list[Facts]:
        """Return the records of these kinds that name one of these ids."""

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of these kinds."""


class Landscape:
    """The graph: records by key, their ties, who names them, and reading as far as is asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._facts: dict[str, Facts | None] = {}
        self._ties: dict[str, Sequence[Tie]] = {}
        self._naming: defaultdict[str, list[Tie]] = defaultdict(list)
        self._backups: defaultdict[str, list[str]] = defaultdict(list)
        self._key_of: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._asked: set[str] = set()
        self._is_whole = False

    def key(self, name: str) -> str:
        """Return the key of the record in use that a name in a relation leads to; empty for none."""
        key = self._key_of.get(name, name)
        if key not in self._facts:
            key = self._look_up(name)
        return key if self._facts[key] else ""

    def _look_up(self, name: str) -> str:
        bare = name.removeprefix(SERVICE)
        kinds = ("service",) if bare != name else ("asset", "service")
        facts = next((found for kind in kinds if (found := self._desk.get(kind, bare))), None)
        if facts is None:
            self._facts[name] = None
            return name
        key = self._take(facts)
        if key != name:
            self._key_of[name] = key
        return key

    def facts(self, key: str) -> Facts | None:
        """Return the record of a key, when it was read and is in use."""
        return self._facts.get(key)

    def ties(self, key: str) -> Sequence[Tie]:
        """Return the ties of a record to others, by name, in the order written; a service `lists` its assets."""
        return self._ties.get(key, _NONE)

    def tied(self, key: str, relation: str) -> list[str]:
        """Return the keys of what a record is tied to by a relation and is in use."""
        found = [self.key(name) for tie, name in self._ties.get(key, _NONE) if tie == relation]
        return [key for key in found if key]

    def backups(self, key: str) -> Sequence[str]:
        """Return the keys of what takes a record's place and is in use."""
        names = self._backups.get(key)
        return [other for name in names if (other := self.key(name))] if names else ()

    def naming(self, key: str) -> Sequence[Tie]:
        """Return the keys of the records read so far that name a record, each with its relation."""
        naming = self._naming
        if key not in self._names and not key.startswith(SERVICE):
            return naming.get(key, _NONE)
        found: list[Tie] = []
        for name in self._names.get(key, (key,)):
            found += naming.get(name, _NONE)
            bare = name.removeprefix(SERVICE)
            if bare != name and bare in naming and self.key(bare) == key:
                found += naming[bare]  # relations name a service as they name an asset
        return found

    def parts(self, key: str) -> list[str]:
        """Return the keys of an asset's parts, of a service's assets; what names it must have been read."""
        parts = [other for tie, other in self.naming(key) if tie in ("part-of", SERVES)]
        return list(dict.fromkeys([*parts, *self.tied(key, LISTS)]))

    def read_around(self, keys: Collection[str]) -> None:
        """Read the assets and services that name one of these records."""
        if self._is_whole:
            return
        fresh = [key for key in keys if key not in self._asked]
        self._asked.update(fresh)
        self._is_whole = len(fresh) >= _READ_WHOLE_FROM
        rows: Iterable[Facts] = ()
        if self._is_whole:
            rows = self._desk.of_kind("asset", "service")
        elif fresh:
            names = {name.removeprefix(SERVICE) for key in fresh for name in self._names.get(key, (key,))}
            rows = self._desk.naming(*names, kinds=("asset", "service"))
        for facts in rows:
            self._take(facts)

    def _take(self, facts: Facts) -> str:
        """Take a record in, once, and return its key."""
        prefix = SERVICE if facts.kind == "service" else ""
        key = prefix + facts.id
        if self._facts.get(key):
            return key
        if facts.status not in ("active", ""):
            self._facts[key] = None
            return key
        self._facts[key] = facts
        ties = self._ties[key] = _ties_of_service(facts) if prefix else _ties_of_asset(facts)
        naming = self._naming
        for tie, name in ties:
            naming[name].append((tie, key))
            if tie == "backed-up-by":
                self._backups[key].append(name)
        if '"aliases"' in facts.raw:
            names = self._names[key] = tuple(prefix + name for name in (facts.id, *facts.get("aliases", default=())))
            self._key_of.update(dict.fromkeys(names[1:], key))
        return key


def _ties_of_service(facts: Facts) -> list[Tie]:
    depends = [("depends-on", SERVICE + name) for name in facts.get("depends_on", default=())]
    return [*depends, *((LISTS, name) for name in facts.get("assets", default=()))]


def _ties_of_asset(facts: Facts) -> list[Tie]:
    ties = ties_of(facts)
    service = _service_of(facts)
    return [*ties, (SERVES, SERVICE + service)] if service else ties


def ties_of(facts: Facts) -> list[Tie]:
    """Return the relations of an asset, each with the name of its target, but for those to documents."""
    raw = facts.raw
    start = raw.find('"relations":[')
    if start < 0:
        return []
    if '"custom"' in raw or '{"target"' in raw:  # an organisation's own field may have the name
        entries = facts.get("relations", default=())
        found = [(str(entry.get("type", "")), str(entry.get("target", ""))) for entry in entries]
    else:
        # Out of the row's text: a walk passes thousands of rows, and nothing else of them is asked for.
        found = _RELATION.findall(raw, start, raw.find("]", start))
    return [one for one in found if one[0] != "documented-by"]


def _service_of(facts: Facts) -> str:
    raw = facts.raw
    start = raw.find('"service":"')
    if start < 0:
        return ""
    if '"custom"' in raw:
        return str(facts.get("service", default=""))
    return raw[start + 11 : raw.find('"', start + 11)]
