"""The assets and services of a desk as a graph, read as far as somebody walks in it.

Only records in use take part: what is planned, in stock, in repair or retired neither fails nor helps.
A record is called by its key: an asset by its id, a service by `service/` and its id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

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
_READ_WHOLE_ABOVE = 1500
"""So many records that name a few lead on to most others."""
_RELATION = late_pattern(r'\{"type":"([^"]*)","target":"([^"]*)"\}')
"""A relation as most rows have it."""
_NONE: tuple[Tie, ...] = ()
_OF_WHOLES = ("part-of", SERVES)
_IN_USE = ("active", "")


class Desk(Protocol):
    """Where assets and services are looked up: a Snapshot."""

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of a kind by id or alias."""

    def naming(self, *targets: str, kinds: Sequence[str] = ()) -> list[Facts]:
        """Return the records of these kinds that name one of these ids."""

    def count_naming(self, *targets: str) -> int:
        """Return about how many records name one of these ids."""

    def whole_kinds(self, *kinds: str) -> Iterable[Facts]:
        """Return all records of these kinds."""


class Landscape:
    """The graph: records by key, their ties, who names them, and reading as far as is asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._facts: dict[str, Facts | None] = {}
        self._ties: dict[str, Sequence[Tie]] = {}
        self._naming: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._wholes: defaultdict[str, list[str]] = defaultdict(list)
        self._backups: defaultdict[str, list[str]] = defaultdict(list)
        self._key_of: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._asked: set[str] = set()
        self._named: set[str] = set()
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

    def wholes(self, key: str) -> list[str]:
        """Return the keys of what a record says it is part of, and of the service it serves."""
        return [whole for name in self._wholes.get(key, ()) if (whole := self.key(name))]

    def wholes_of(self, keys: Collection[str]) -> dict[str, list[str]]:
        """Return the keys of all that has one of these records as a part, each with its parts among them."""
        by_name: defaultdict[str, list[str]] = defaultdict(list)
        wholes = self._wholes
        for key in keys:
            for name in wholes.get(key, ()):
                by_name[name].append(key)
        found: dict[str, list[str]] = {}
        for name, parts in by_name.items():
            if whole := self.key(name):
                found.setdefault(whole, []).extend(parts)
        for key, services in self.naming_each(keys, LISTS):
            for service in services:
                found.setdefault(service, []).append(key)
        return found

    def backed_up(self, keys: Iterable[str]) -> list[str]:
        """Return those of these records that name what takes their place."""
        backups = self._backups
        return [key for key in keys if key in backups]

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

    def naming(self, key: str, relation: str) -> Sequence[str]:
        """Return the keys of the records read so far that name a record by a relation."""
        table = self._naming[relation]
        if key not in self._names:
            return table.get(key, ())
        found: list[str] = []
        for name in self._names[key]:
            found += table.get(name, ())
            bare = name.removeprefix(SERVICE)
            if bare != name and bare in table and self.key(bare) == key:
                found += table[bare]  # relations name a service as they name an asset
        return found

    def is_named(self, key: str) -> bool:
        """Whether any record read so far names a record."""
        return any(self.naming(key, relation) for relation in list(self._naming))

    def naming_each(self, keys: Iterable[str], relation: str) -> list[tuple[str, Sequence[str]]]:
        """Return of these records those that are named by a relation, each with the keys of who names it so."""
        table, odd = self._naming[relation], self._names
        if not table:
            return []
        return [
            (key, others)
            for key in keys
            if (others := table.get(key) if key not in odd else self.naming(key, relation))
        ]

    def named(self, keys: list[str]) -> list[str]:
        """Return these records without those of which it is known that nobody names them."""
        if not self._is_whole:
            return keys
        named, odd = self._named, self._names
        return [key for key in keys if key in named or key in odd]

    def parts(self, key: str) -> list[str]:
        """Return the keys of an asset's parts, of a service's assets; what names it must have been read."""
        return list(dict.fromkeys([*self.naming(key, "part-of"), *self.naming(key, SERVES), *self.tied(key, LISTS)]))

    def read_whole(self) -> None:
        """Read all assets and services in one go."""
        self._is_whole = True
        self._take_whole(lambda: self._desk.whole_kinds("asset", "service"))

    def read_around(self, keys: Collection[str], *, onward: bool = False) -> None:
        """Read the assets and services that name one of these records; onward: who names those is asked for as well."""
        if self._is_whole:
            return
        fresh = [key for key in keys if key not in self._asked]
        self._asked.update(fresh)
        if not fresh:
            return
        names = {name.removeprefix(SERVICE) for key in fresh for name in self._names.get(key, (key,))}
        leads_on = onward and self._desk.count_naming(*names) >= _READ_WHOLE_ABOVE
        if leads_on or len(fresh) >= _READ_WHOLE_FROM:
            self.read_whole()
        else:
            for facts in self._desk.naming(*names, kinds=("asset", "service")):
                self._take(facts)

    def _take_whole(self, read: Callable[[], Iterable[Facts]]) -> None:
        """Take all records in, as `_take` does; what a plain asset says is read out of its row's text in one go."""
        known, tie_up, wholes = self._facts, self._tie_up, self._wholes
        find_ties, serving = _RELATION.findall, self._naming[SERVES]
        services: dict[str, list[str]] = {}  # one list for all assets that serve a service and are part of nothing
        for facts in read():
            raw, key = facts.raw, facts.id
            if facts.kind != "asset" or _is_odd(raw):
                self._take(facts)
            elif facts.status not in _IN_USE:
                known.setdefault(key, None)  # another with its name may be in use
            elif not known.get(key):
                known[key] = facts
                start = raw.find('"relations":[')
                ties = find_ties(raw, start, raw.find("]", start)) if start >= 0 else []
                if ties:
                    tie_up(key, ties)
                name = _plain_service(raw)
                if name:
                    service = services.get(name) or services.setdefault(name, [SERVICE + name])
                    ties.append((SERVES, service[0]))
                    serving[service[0]].append(key)
                    wholes[key] = [*wholes[key], *service] if key in wholes else service
                self._ties[key] = ties
        self._named = set().union(*self._naming.values())

    def _take(self, facts: Facts) -> str:
        """Take a record in, once, and return its key."""
        prefix = SERVICE if facts.kind == "service" else ""
        key = prefix + facts.id
        if self._facts.get(key):
            return key
        if facts.status not in _IN_USE:
            self._facts[key] = None
            return key
        self._facts[key] = facts
        ties = self._ties[key] = ties_of_record(facts)
        self._tie_up(key, ties)
        if prefix or '"aliases"' in facts.raw:
            names = self._names[key] = tuple(prefix + name for name in (facts.id, *facts.get("aliases", default=())))
            self._key_of.update(dict.fromkeys(names[1:], key))
        return key

    def _tie_up(self, key: str, ties: list[Tie]) -> None:
        """Note a record's ties at their other end, and its wholes and backups."""
        naming = self._naming
        for relation, name in ties:
            naming[relation][name].append(key)
            if relation in _OF_WHOLES:
                self._wholes[key].append(name)
            elif relation == "backed-up-by":
                self._backups[key].append(name)


def _is_odd(raw: str) -> bool:
    """Whether a row of an asset wants more than a look at its text: other names, documents, custom fields."""
    return '"aliases"' in raw or '"custom"' in raw or '"documented-by"' in raw or '{"target"' in raw


def ties_of_record(facts: Facts) -> list[Tie]:
    """Return the ties of an asset or a service to others, each with the name of its target."""
    return _ties_of_service(facts) if facts.kind == "service" else _ties_of_asset(facts)


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
    if '"custom"' in facts.raw:
        return str(facts.get("service", default=""))
    return _plain_service(facts.raw)


def _plain_service(raw: str) -> str:
    start = raw.find('"service":"')
    return raw[start + 11 : raw.find('"', start + 11)] if start >= 0 else ""
