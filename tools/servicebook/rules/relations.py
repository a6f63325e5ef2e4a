"""What is at odds between a record and those it names: found once, and again where a name that was asked for moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from servicebook.diagnostics.packed import pack_found, unpack_found
from servicebook.rules.running import rules_on_records, run_rule
from servicebook.store.halves import both, may_fork
from servicebook.store.kept import EVERY_NAME
from servicebook.store.verdicts import targets_of
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.diagnostics.diagnostic import Diagnostic
    from servicebook.records.facts import Facts
    from servicebook.store.snapshot import Snapshot

Found = tuple[str, str, tuple[str, ...]]
"""A record's path, what was found on it (packed), and the names looked up that it does not refer to itself."""

_HALVED_FROM = 600  # below so many records a second process costs more than it saves
_OWN_SHARE = 0.4  # of the records; the rules over the whole desk take about a fifth as long as these
_WALKED_FROM = 200  # below so many, each is asked for by its path


class Watched:
    """A desk that notes by which names it is asked; stands in for the snapshot while relation rules run."""

    def __init__(self, desk: Snapshot) -> None:
        self.settings = desk.settings
        self.asked: set[str] = set()
        self._desk = desk
        self._get = desk.get

    def get(self, kind: str, id: str) -> Facts | None:
        """Return a record of the desk."""
        self.asked.add(id)
        return self._get(kind, id)

    def with_id(self, id: str) -> list[Facts]:
        """Return the records of the desk with this id."""
        self.asked.add(id)
        return self._desk.with_id(id)

    def has_path(self, path: str) -> bool:
        """Whether the desk has a file at `path`."""
        self.asked.add(path)
        return self._desk.has_path(path)

    def __getattr__(self, name: str) -> Any:
        """Give whatever else is asked; what was found then may change with every record of the desk."""
        self.asked.add(EVERY_NAME)
        return getattr(self._desk, name)


def relation_findings(desk: Snapshot, meanwhile: Callable[[], object] = lambda: None) -> list[Diagnostic]:
    """Return what relation rules find on the whole desk, before waivers and quirks are heard.

    meanwhile: called once, where it does so while a second process runs its share of the rules.

    They are run on records of which nothing is kept, on those that differ from the anchored tree, and on those
    that asked for a name which leads elsewhere now. What they find is kept where it holds for the anchored tree.
    """
    names, over = desk.moved_names(), desk.overlay
    again = desk.asking_for(names) if names else set()
    hidden = again | over.entries.keys()
    found = [
        item for path, packed in desk.kept.relations() if path not in hidden for item in unpack_found(path, packed)
    ]
    unknown = desk.kept.unknown()
    fresh = _run_all(desk, {*unknown, *again} - over.entries.keys() | over.rows.keys(), meanwhile)
    found += [item for path, packed, _ in fresh for item in unpack_found(path, packed)]
    unsure = names | {EVERY_NAME} if names else names
    lasting = set(unknown) - hidden
    if rows := [row for row in fresh if row[0] in lasting and unsure.isdisjoint(row[2])]:
        desk.kept.keep_relations(rows)
    return found


def _run_all(desk: Snapshot, paths: Collection[str], meanwhile: Callable[[], object]) -> list[Found]:
    """Run the rules on the records at these paths; on many in two processes."""
    if len(paths) < _HALVED_FROM or desk.index.in_memory or not may_fork():
        meanwhile()
        return _run_some(desk, paths)
    middle = sorted(paths)[int(len(paths) * _OWN_SHARE)]

    def upper() -> list[Found] | None:
        other = desk.opened_again()
        return _run_some(other, paths, start=middle) if other else None

    def lower_and_more() -> list[Found]:
        meanwhile()
        return _run_some(desk, paths, end=middle)

    lower, rest = both(lower_and_more, upper)
    return lower + (_run_some(desk, paths, start=middle) if rest is None else rest)


def _run_some(desk: Snapshot, paths: Collection[str], start: str = "", end: str = "") -> list[Found]:
    """Run the rules on the records at these paths, from path `start` up to `end` when given."""
    rules, watched = rules_on_records("relation"), Watched(desk)
    found = []
    for facts in _records_at(desk, paths, start, end):
        watched.asked.clear()
        own = [item for rule in rules(facts) for item in run_rule(rule, facts, watched)]
        watched.asked.discard(facts.id)
        seen = watched.asked - targets_of(facts) if watched.asked else ()
        found.append((facts.path, pack_found(own), tuple(sorted(seen))))
    return found


def _records_at(desk: Snapshot, paths: Collection[str], start: str, end: str) -> Iterator[Facts]:
    if len(paths) < _WALKED_FROM:
        some = sorted(path for path in paths if start <= path and (not end or path < end))
        yield from (facts for path in some if (facts := desk.at_path(path)) is not None)
    else:
        yield from (facts for facts in desk.all(start, end) if facts.path in paths)
