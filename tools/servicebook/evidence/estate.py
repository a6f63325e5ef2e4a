"""What hung on what when a change was judged: the assets and services of each commit of a branch, as a graph.

Read only where a board's rules ask for waivers of overlaps; Git is asked twice for the whole branch.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain

from servicebook.evidence.ledger import Ledger
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.store.mainline import read_line, read_mainline
from servicebook.workflow.landscape import Landscape
from servicebook.workflow.overlap import Reach

FOLDERS = {BY_NAME[kind].folder: kind for kind in ("asset", "service")}
"""Where assets and services lie."""


class Estate:
    """The assets and services of a branch over time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        place = {commit: number for number, (commit, _) in enumerate(read_line(ledger.repository, ledger.tip))}
        self._place = place
        self._steps = read_mainline(ledger.repository, ledger.tip, list(FOLDERS))
        self._moved = [place[step.id] for step in self._steps]
        self._rows: dict[str, Facts | None] = {}
        self._reach: dict[int, Reach] = {}

    def reach(self, commit: str) -> Reach:
        """Return what work on assets takes away, as assets and services stood at a commit of the first-parent line."""
        count = bisect_right(self._moved, self._place[commit])
        if count not in self._reach:
            blobs = {file.path: file.new for step in self._steps[:count] for file in step.touched}
            held = {path: blob for path, blob in blobs.items() if blob and path.endswith(".md")}
            self._ledger.read_ahead(blob for blob in held.values() if blob not in self._rows)
            rows = [row for path, blob in sorted(held.items()) if (row := self._row(path, blob))]
            self._reach[count] = Reach(Landscape(_Rows(rows)))
        return self._reach[count]

    def _row(self, path: str, blob: str) -> Facts | None:
        if blob not in self._rows:
            front = self._ledger.front(path, blob)
            self._rows[blob] = row_of(front.data, path) if front else None
        return self._rows[blob]


def row_of(data: dict[str, object], path: str = "", kind: str = "") -> Facts | None:
    """Return a record's row from its front matter; None for one without an id."""
    kind = kind or next((name for folder, name in FOLDERS.items() if path.startswith(folder + "/")), "")
    id, status = data.get("id"), data.get("status")
    if not kind or not isinstance(id, str):
        return None
    # With `custom`, ties are read out of the values, however a record writes them, and not out of the row's text.
    raw = json.dumps({**data, "custom": {}}, ensure_ascii=False, separators=(",", ":"), default=str)
    return Facts(path, "", kind, id, "", status if isinstance(status, str) else "", raw, ())


class _Rows:
    """The rows of one commit, looked up as in a Snapshot."""

    def __init__(self, rows: Sequence[Facts]) -> None:
        self._rows = rows
        names = ((row, name) for row in rows for name in chain(_aliases(row), (row.id,)))
        self._by_name = {(row.kind, name): row for row, name in names}

    def get(self, kind: str, id: str) -> Facts | None:
        return self._by_name.get((kind, id))

    def naming(self, *targets: str, kinds: Sequence[str] = ()) -> list[Facts]:
        """Return all records of these kinds: who asks takes out what names the targets."""
        return list(self.whole_kinds(*kinds))

    def count_naming(self, *targets: str) -> int:
        """Return how many rows there are: all are at hand."""
        return len(self._rows)

    def whole_kinds(self, *kinds: str) -> Iterator[Facts]:
        return (row for row in self._rows if row.kind in kinds)


def _aliases(row: Facts) -> list[str]:
    names = row.data.get("aliases")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
