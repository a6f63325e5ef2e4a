"""Fact rows of the whole desk without their long texts, each of which is read from the index when somebody asks for it.

The rows of 100,000 records take half a gigabyte, nine tenths of it front matter and references as JSON; who lists all
records asks few of them for these.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable

from servicebook.records.facts import Facts
from servicebook.store.index import Index
from servicebook.store.sums import Connection, damaged, sum_of_texts
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

_ROWS = (
    "SELECT path, blob, verdict, kind, id, status FROM main.file WHERE kind != '' AND verdict IS NOT NULL ORDER BY path"
)
_TEXTS = "SELECT kind, id, title, status, raw, refs, facts_sum FROM {}verdict WHERE number = ?"

REMEMBERED = 20_000
"""Of a desk of so many records all that was read stays in the rows, a fifth of a gigabyte."""


class LongTexts:
    """Where the long texts of rows are read.

    stay: whether what was read once stays in the row. let_go: called with the error where damage is met.
    """

    def __init__(self, index: Index, let_go: Callable[[sqlite3.DatabaseError], NoReturn], *, stay: bool) -> None:
        self._index = index
        self.stay = stay
        self._let_go = let_go
        self._process = os.getpid()
        self._db = index.db
        self._question = _TEXTS.format("shared.")
        self._last: tuple[int, tuple[str, str, str]] = (-1, ("", "", ""))
        self.with_alias = frozenset(path for (path,) in index.db.execute("SELECT DISTINCT path FROM main.alias"))

    def rows(self, hidden: Iterable[str]) -> list[Facts]:
        """Return the rows of the anchored records but for those that are hidden, sorted by path."""
        names: dict[str, str] = {}
        once = names.setdefault  # of 100,000 records all have one of a few kinds and states
        try:
            return [
                LeanFacts(self, number, path, blob, once(kind, kind), id, once(status, status))
                for path, blob, number, kind, id, status in self._index.db.execute(_ROWS)
                if path not in hidden
            ]
        except sqlite3.DatabaseError as error:
            self._let_go(error)

    def of(self, facts: LeanFacts) -> tuple[str, str, str]:
        """Return the title, the front matter and the references of a record, the latter two as JSON."""
        number, last = self._last
        if number == facts.number:  # who asks for a title mostly asks for the rest too
            return last
        try:
            row = self._opened().execute(self._question, (facts.number,)).fetchone()
            *texts, kept = row or ("",)
            if sum_of_texts(facts.blob, facts.path, *texts) != kept:
                raise damaged(f"verdict {facts.path}")
        except sqlite3.DatabaseError as error:
            self._let_go(error)
        found = texts[2], texts[4], texts[5]
        self._last = facts.number, found
        return found

    def _opened(self) -> sqlite3.Connection:
        """Return a connection of this process: an open database does not outlive a fork."""
        if self._process != os.getpid():
            _, shared = self._index.paths()
            self._db = sqlite3.connect(shared, isolation_level=None, factory=Connection)
            self._question = _TEXTS.format("")
            self._process = os.getpid()
        return self._db


class LeanFacts(Facts):
    """A fact row that reads its title, its front matter and its references when somebody asks for them."""

    __slots__ = ("_texts", "number")

    def __init__(self, texts: LongTexts, number: int, path: str, blob: str, kind: str, id: str, status: str) -> None:
        self._texts = texts
        self.number = number
        self.path = path
        self.blob = blob
        self.kind = kind
        self.id = id
        self.status = status
        self._data = self._events = self._instants = None

    def __getattr__(self, name: str) -> str:
        """Return what is not read yet, for which Python asks here."""
        if name not in ("title", "raw", "_refs"):
            raise AttributeError(name)
        self.title, raw, refs = self._texts.of(self)
        if self._texts.stay:
            self.raw, self._refs = raw, refs
        return self.title if name == "title" else raw if name == "raw" else refs

    @property
    def aliases(self) -> list[str]:
        """The former ids; only the rows of those that have some are read."""
        return super().aliases if self.path in self._texts.with_alias else []
