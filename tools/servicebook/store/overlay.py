"""Which files differ from an anchored tree, and what was judged of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servicebook.records.facts import Facts
from servicebook.store.repository import GONE, Entry
from servicebook.store.verdicts import Verdict, unpack_facts


class Overlay:
    """The changed files over an anchor: entries (mode GONE for a file that is not there) and their verdicts.

    on_disk: the files that Git does not have yet. read: what they were judged by, unless that is a lot.
    """

    __slots__ = ("by_name", "by_target", "entries", "found", "on_disk", "read", "rows")

    def __init__(
        self,
        entries: dict[str, Entry],
        verdicts: dict[tuple[str, str], Verdict],
        on_disk: frozenset[str],
        read: dict[str, bytes] | None = None,
    ) -> None:
        self.entries = entries
        self.on_disk = on_disk
        self.read = read or {}
        self.rows: dict[str, Verdict] = {}
        self.found: dict[str, str] = {}
        self.by_name: dict[str, list[str]] = {}
        self.by_target: dict[str, list[str]] = {}
        for path in sorted(entries):
            verdict = verdicts.get((path, entries[path].blob))
            if verdict is not None and entries[path].mode != GONE:
                self._add(path, verdict)

    def _add(self, path: str, verdict: Verdict) -> None:
        if verdict.found:
            self.found[path] = verdict.found
        if not verdict.kind:
            return
        self.rows[path] = verdict
        for name in {verdict.id, *verdict.names.split("\n")} - {""}:
            self.by_name.setdefault(name, []).append(path)
        for target in verdict.targets.split("\n"):
            self.by_target.setdefault(target, []).append(path)

    def facts(self, path: str) -> Facts | None:
        """Return the fact row of a changed file, made anew: what rules read out of it is not kept."""
        verdict = self.rows.get(path)
        return unpack_facts(path, self.entries[path].blob, verdict) if verdict else None

    def all(self) -> Iterator[Facts]:
        """Yield the fact rows of the changed files, sorted by path."""
        return (facts for path in self.rows if (facts := self.facts(path)))

    def of(self, paths: Iterable[str]) -> dict[str, Facts]:
        """Return the fact rows of some of the changed files by path."""
        return {path: facts for path in paths if (facts := self.facts(path))}
