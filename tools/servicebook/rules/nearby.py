"""Which part of a desk can a few edits put at odds with the rest?

A rule over the whole desk reads every row; at 100,000 records a commit cannot wait for that. `Nearby` looks
like the snapshot, but walks only over the changed records and files and those that share a name, an outer
id, a parent or a file name with them. Lookups by id see the whole desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from servicebook.records.facts import Facts, Ref
from servicebook.records.kinds import BY_NAME, VOTED_ON, is_id_of, is_of_votes, path_of, votes_of
from servicebook.settings import Settings
from servicebook.store.edits import Edit
from servicebook.store.repository import Entry
from servicebook.store.snapshot import Snapshot


class Nearby:
    """The surroundings of some edits; stands in for a Snapshot where a desk rule asks for all rows."""

    def __init__(self, desk: Snapshot, edits: Sequence[Edit], paths: Iterable[str]) -> None:
        self.settings: Settings = desk.settings
        self.tree = desk.tree
        self.root = desk.root
        self._desk = desk
        changed = [facts for edit in edits for facts in (edit.before, edit.after) if facts]
        self._rows = {facts.path: facts for facts in self._around(changed)}
        near = [*paths, *self._votes_by(edits), *self._votes_on(edits)]
        near += [path[: -len(".sig")] if path.lower().endswith(".sig") else f"{path}.sig"
                 for path in near if is_of_votes(path)]  # fmt: skip
        self._entries = {entry.path: entry for path in near for entry in desk.entries_like(path)}

    def _votes_on(self, edits: Iterable[Edit]) -> Iterator[str]:
        """Yield the votes on records that come, go, or get another name, and on changes that are closed."""
        for edit in edits:
            sides = [facts for facts in (edit.before, edit.after) if facts and facts.kind in VOTED_ON]
            names = [(facts.id, *facts.get("aliases", default=())) for facts in sides]
            closings = [(facts.status == "closed", facts.get("conditions_met")) for facts in sides]
            if sides and (len(sides) < 2 or names[0] != names[1] or closings[0] != closings[1]):
                for facts in sides:
                    kind = BY_NAME[facts.kind]
                    for name in (facts.id, *facts.get("aliases", default=())):
                        if is_id_of(kind, name):
                            yield from self._desk.paths_in(votes_of(path_of(kind, name)))

    def _votes_by(self, edits: Iterable[Edit]) -> list[str]:
        """Return the votes of the people whose keys the edits change, or who come or go; seldom any."""
        people: set[str] = set()
        for edit in edits:
            sides = [facts for facts in (edit.before, edit.after) if facts and facts.kind == "person"]
            if sides and (len(sides) < 2 or sides[0].get("signing_keys") != sides[1].get("signing_keys")):
                people.update(name for facts in sides for name in (facts.id, *facts.get("aliases", default=())))
        if not people:
            return []
        return [path for path in self._desk.paths() if is_of_votes(path) and _voter(path) in people]

    def _around(self, changed: Iterable[Facts]) -> Iterator[Facts]:
        desk = self._desk
        for facts in changed:
            for name in (facts.id, *facts.get("aliases", default=())):
                yield from desk.named(name)
            if facts.get("external"):
                yield from desk.naming(outer_name(facts))
            seen: set[str] = set()
            above: Facts | None = desk.at_path(facts.path)
            while above and above.path not in seen:
                yield above
                seen.add(above.path)
                parents = (desk.get(kind, ref.target) for ref in above.refs if _is_parent(ref) for kind in ref.kinds)
                above = next((parent for parent in parents if parent), None)

    def all(self) -> Iterator[Facts]:
        """Yield the records around the edits, sorted by path."""
        return (self._rows[path] for path in sorted(self._rows))

    def saying(self, words: str) -> Iterator[Facts]:
        """Yield the records around the edits whose fact row, as JSON text, has these words."""
        return (facts for facts in self.all() if words in facts.raw)

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Yield (path, kind, id) of the records around the edits."""
        return ((facts.path, facts.kind, facts.id) for facts in self.all())

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of these kinds around the edits."""
        return (facts for facts in self.all() if facts.kind in kinds)

    def entries(self) -> Iterator[Entry]:
        """Yield the files around the edits, sorted by path."""
        return (self._entries[path] for path in sorted(self._entries))

    def paths(self) -> Iterable[str]:
        """Yield the paths of the files around the edits, sorted."""
        return sorted(self._entries)

    def get(self, kind: str, id: str) -> Facts | None:
        """Return a record of the whole desk."""
        return self._desk.get(kind, id)

    def find(self, id: str) -> list[Facts]:
        """Return records of the whole desk."""
        return self._desk.find(id)

    def at_path(self, path: str) -> Facts | None:
        """Return a record of the whole desk."""
        return self._desk.at_path(path)

    def referrers(self, kind: str, id: str) -> Iterator[tuple[Facts, Ref]]:
        """Yield who, on the whole desk, names a record."""
        return self._desk.referrers(kind, id)

    def paths_in(self, folder: str) -> list[str]:
        """Return the paths of the whole desk in a folder."""
        return self._desk.paths_in(folder)

    def has_path(self, path: str) -> bool:
        """Whether the whole desk has a file at `path`."""
        return self._desk.has_path(path)

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read some files of the whole desk together."""
        self._desk.read_ahead(paths)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of the whole desk."""
        return self._desk.read(path)


def _voter(path: str) -> str:
    return path.rpartition("/")[2].rpartition("-")[0].lower()


def outer_name(facts: Facts) -> str:
    """Return the name under which the store finds records with the same id in another system."""
    return f"{facts.get('external', 'system')}:{facts.get('external', 'id')}"


def _is_parent(ref: Ref) -> bool:
    return ref.field[-1] == "parent" or (len(ref.field) > 1 and ref.field[-2] == "parent")
