"""The graph of a large desk as one text that the index keeps: a walk over all of it reads no row that it does not show.

The text is stamped with what the index says of the files of all assets and services. Where that moved, or a file is
being edited, the walk reads the rows as ever.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from servicebook.records.facts import Facts, Ref
from servicebook.typed import Any, Protocol
from servicebook.workflow.landscape import SERVICE, Desk, Landscape, Tie, ties_of_record

NAME = "landscape"
"""Under which the index keeps the text."""

FORM = 1
"""Changes with what the text holds."""

KEPT_FROM = 1500
"""A desk of fewer records is read as quickly as the text."""

CONNECTS = "connects-to"

_KINDS = ("asset", "service")


class Keeping(Desk, Protocol):
    """A desk that can keep a text: a Snapshot."""

    def stamp_of(self, *kinds: str) -> str:
        """Return what stands for the files of all records of these kinds; empty while one is edited."""

    def kept_text(self, name: str, stamp: str) -> str:
        """Return the text kept under a name with this stamp, or an empty text."""

    def keep_text(self, name: str, stamp: str, text: str) -> None:
        """Keep a text in place of the one before."""

    def at_path(self, path: str) -> Facts | None:
        """Return the record at a path."""


class Outlined(Facts):
    """A record of which the graph knows name, title and place; the rest is read when somebody asks for it."""

    __slots__ = ("_desk", "_title_zh")

    def __init__(self, desk: Keeping, kind: str, id: str, path: str, title: str, title_zh: str) -> None:
        self.path, self.kind, self.id, self.title, self.status = path, kind, id, title, "active"
        self._desk, self._title_zh = desk, title_zh
        self._data = self._events = self._instants = None

    def _whole(self) -> Facts:
        found = self._desk.at_path(self.path)
        assert found is not None  # the stamp says that the files are those that the text was made of
        return found

    @property
    def raw(self) -> str:  # type: ignore[override]
        """The front matter as JSON text."""
        return self._whole().raw

    @property
    def blob(self) -> str:  # type: ignore[override]
        """The id of the file's content."""
        return self._whole().blob

    @property
    def refs(self) -> tuple[Ref, ...]:
        """All references to other records."""
        return self._whole().refs

    def get(self, *keys: str | int, default: Any = None) -> Any:
        """Return the value at a path of keys; the title in Chinese is at hand, for thousands are listed by it."""
        if keys == ("title_zh",):
            return self._title_zh or default
        return super().get(*keys, default=default)


class KeptLandscape(Landscape):
    """The graph, out of the kept text where there is one."""

    def __init__(self, desk: Keeping) -> None:
        super().__init__(desk)
        self._keeping = desk
        self._outlines: dict[str, list[str]] = {}
        self._paths: dict[str, list[str]] = {}
        self._stamp = ""

    def keep(self) -> None:
        """Keep the text of the graph for the next walk, where it was read whole and that was worth it."""
        if self._stamp and len(self._facts) >= KEPT_FROM:
            self._keeping.keep_text(NAME, self._stamp, self._text())

    def facts(self, key: str) -> Facts | None:
        """Return the record of a key, when it is in use."""
        if key not in self._outlines:
            return super().facts(key)
        found = self._facts.get(key)
        if found is None:
            kind, id = ("service", key.removeprefix(SERVICE)) if key.startswith(SERVICE) else ("asset", key)
            found = self._facts[key] = Outlined(self._keeping, kind, id, *self._outlines[key])
        return found

    def key(self, name: str) -> str:
        """Return the key of the record in use that a name in a relation leads to; empty for none."""
        key = self._key_of.get(name, name)
        return key if key in self._outlines else super().key(name)

    def ties(self, key: str) -> Sequence[Tie]:
        """Return the ties of a record to others."""
        if key in self._outlines and key not in self._ties:
            facts = self.facts(key)
            self._ties[key] = ties_of_record(facts) if facts else ()
        return super().ties(key)

    def tied(self, key: str, relation: str) -> list[str]:
        """Return the keys of what a record is tied to by a relation and is in use."""
        if key not in self._outlines:
            return super().tied(key, relation)
        if relation == CONNECTS:
            names: Sequence[str] = self._paths.get(key, ())
        else:
            names = [name for tie, name in self.ties(key) if tie == relation] if key.startswith(SERVICE) else ()
        return [other for name in names if (other := self.key(name))]

    def _take_whole(self, read: Callable[[], Iterable[Facts]]) -> None:
        self._stamp = self._keeping.stamp_of(*_KINDS)
        text = self._keeping.kept_text(NAME, self._stamp) if self._stamp else ""
        form, *parts = json.loads(text) if text else (0,)
        for table in (self._facts, self._ties, self._naming, self._wholes, self._backups, self._key_of, self._names):
            table.clear()  # what was read before stands in the text, too, and there it stands in order
        if form != FORM:
            super()._take_whole(read)
            return
        self._stamp = ""  # it is kept already
        self._outlines, naming, wholes, backups, self._paths, names, aliases = parts
        tables = {tie: defaultdict(list, table) for tie, table in naming.items()}
        self._naming = defaultdict(lambda: defaultdict(list), tables)
        self._wholes, self._backups = defaultdict(list, wholes), defaultdict(list, backups)
        self._names = {key: tuple(own) for key, own in names.items()}
        self._key_of = aliases
        self._named = set().union(*self._naming.values())

    def _text(self) -> str:
        outlines = {key: [facts.path, facts.title, _title_zh(facts)] for key, facts in self._facts.items() if facts}
        paths: defaultdict[str, list[str]] = defaultdict(list)
        for key, ties in self._ties.items():
            for tie, name in ties:
                if tie == CONNECTS:
                    paths[key].append(name)
        parts = (outlines, self._naming, self._wholes, self._backups, paths, self._names, self._key_of)
        return json.dumps([FORM, *parts], ensure_ascii=False, separators=(",", ":"))


def _title_zh(facts: Facts) -> str:
    return str(facts.get("title_zh", default="")) if '"title_zh"' in facts.raw else ""
