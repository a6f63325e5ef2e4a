"""Which files belong to which record: those of its own folder beside it, `<ID>.files/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.store.repository import Entry


class Attachments:
    """The files that belong to records: those of each record's own `<ID>.files/`, and no others."""

    def __init__(self, view: View) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in view.desk.entries():
            folder, mark, _ = entry.path.partition(".files/")
            owner = folder + ".md"
            # A symlink or submodule is never followed: it may lead anywhere.
            if mark and entry.mode.startswith("100") and owner in view.records:
                self._entries.setdefault(owner, []).append(entry)

    @property
    def owners(self) -> Iterable[str]:
        """The paths of the records that have attachments."""
        return self._entries.keys()

    def of(self, facts: Facts) -> list[str]:
        """Return the paths of a record's attachments."""
        return [entry.path for entry in self.entries_of(facts)]

    def entries_of(self, facts: Facts) -> list[Entry]:
        """Return a record's attachments."""
        return self._entries.get(facts.path, [])

    def all(self) -> Iterator[Entry]:
        """Yield every attachment that is published."""
        for entries in self._entries.values():
            yield from entries

    def has(self, path: str) -> bool:
        """Whether `path` is an attachment that is published."""
        owner = path.partition(".files/")[0] + ".md"
        return any(entry.path == path for entry in self._entries.get(owner, ()))
