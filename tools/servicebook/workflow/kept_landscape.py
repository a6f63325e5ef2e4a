"""The graph of a large desk as one text that the index keeps: a walk over all of it reads no row that it does not show.

The text is kept with the tree that it was made of. Records that are otherwise now, edited or committed since, are taken
out of the graph and read anew; where that would be most of them, or somebody goes by another name, the walk reads the
rows as ever.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from servicebook.records.facts import Facts, Ref
from servicebook.typed import Any, Protocol
from servicebook.workflow.landscape import SERVICE, Desk, Landscape, Tie, ties_of_record

NAME = "landscape"
"""Under which the index keeps the text."""

FORM = 2
"""Changes with what the text holds."""

KEPT_FROM = 1500
"""A desk of fewer records is read as quickly as the text."""

_MENDED_AT_MOST = 2000
"""So many files that are otherwise now are looked at; to read the rows takes as long as more would."""
_KEPT_ANEW_FROM = 100
"""From so many such files on the text is kept anew: each costs every later walk a look."""

CONNECTS = "connects-to"

_KINDS = ("asset", "service")


class Keeping(Desk, Protocol):
    """A desk that can keep a text: a Snapshot."""

    def kept_text(self, name: str) -> tuple[str, Collection[str]]:
        """Return the text last kept under a name, and the paths of the files that are otherwise now; an empty text
        for none.
        """

    def keep_text(self, name: str, text: str) -> None:
        """Keep a text made of this desk in place of the one before, unless a file is edited."""

    def at_path(self, path: str) -> Facts | None:
        """Return the record at a path."""

    def with_id(self, id: str) -> list[Facts]:
        """Return every record with exactly this id, of any kind."""


class Outlined(Facts):
    """A record of which the graph knows name, title and place; the rest is read when somebody asks for it."""

    __slots__ = ("_desk", "_title_zh")

    def __init__(self, desk: Keeping, kind: str, id: str, path: str, title: str, title_zh: str) -> None:
        self.path, self.kind, self.id, self.title, self.status = path, kind, id, title, "active"
        self._desk, self._title_zh = desk, title_zh
        self._data = self._events = self._instants = None

    def _whole(self) -> Facts:
        found = self._desk.at_path(self.path)
        assert found is not None  # the file is as it was when the text was made of it
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
        self._is_worth_keeping = False

    def keep(self) -> None:
        """Keep the text of the graph for the next walk, where it was read whole and that was worth it."""
        if self._is_worth_keeping and len(self._facts) + len(self._outlines) >= KEPT_FROM:
            self._keeping.keep_text(NAME, self._text())

    def prepare(self) -> None:
        """Read the graph and keep it, unless one is kept that will do: the first walk of a clone finds it."""
        text, moved = self._keeping.kept_text(NAME)
        if not text or len(moved) >= _KEPT_ANEW_FROM:
            self.read_whole()
            self.keep()

    def facts(self, key: str) -> Facts | None:
        """Return the record of a key, when it is in use."""
        if key not in self._outlines:
            return super().facts(key)
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = Outlined(self._keeping, *_kind_and_id(key), *self._outlines[key])
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

    def _take(self, facts: Facts) -> str:
        known = self.facts(_key_of(facts))  # in use, and first to have the name
        return _key_of(known) if known else super()._take(facts)

    def _take_whole(self, read: Callable[[], Iterable[Facts]]) -> None:
        text, moved = self._keeping.kept_text(NAME)
        has_form = text.startswith(f"[{FORM},")
        if not (has_form and len(moved) <= _MENDED_AT_MOST and self._mended(text, frozenset(moved))):
            self._forget()
            super()._take_whole(read)
        self._is_worth_keeping = not text or len(moved) >= _KEPT_ANEW_FROM

    def _forget(self) -> None:
        """Forget what was read: it stands in the text, and in the rows, too, and there it stands in order."""
        for table in (self._facts, self._ties, self._naming, self._wholes, self._backups, self._key_of, self._names):
            table.clear()
        self._outlines, self._paths = {}, {}

    def _mended(self, text: str, moved: Collection[str]) -> bool:
        """Take in the graph of the text, mended where files are otherwise now; False where that cannot be done."""
        self._forget()
        _, self._outlines, naming, wholes, backups, self._paths, names, self._key_of = json.loads(text)
        tables = {tie: defaultdict(list, table) for tie, table in naming.items()}
        self._naming = defaultdict(lambda: defaultdict(list), tables)
        self._wholes, self._backups = defaultdict(list, wholes), defaultdict(list, backups)
        self._names = {key: tuple(own) for key, own in names.items()}
        gone = {key for key, (path, *_) in self._outlines.items() if path in moved}
        now = [facts for path in sorted(moved) if (facts := self._keeping.at_path(path)) and facts.kind in _KINDS]
        if gone or now:
            if any(map(self._goes_by_other_names, gone)) or any(facts.get("aliases") for facts in now):
                return False
            self._take_out(gone)
            if not self._take_in(now) or any(self._comes_up(key, moved) for key in gone):
                return False
        self._named = set().union(*self._naming.values())
        return True

    def _goes_by_other_names(self, key: str) -> bool:
        return len(self._names.get(key, ())) > 1

    def _take_out(self, keys: set[str]) -> None:
        """Take records out of every table; who names them still does."""
        for table in (self._outlines, self._wholes, self._backups, self._paths, self._names):
            for key in keys:
                table.pop(key, None)
        for naming in self._naming.values():
            for name in [name for name, others in naming.items() if not keys.isdisjoint(others)]:
                naming[name] = [other for other in naming[name] if other not in keys]

    def _take_in(self, now: Iterable[Facts]) -> bool:
        """Take records in, each in its place; False where another in use has the name of one."""
        for facts in now:
            key = _key_of(facts)
            if key in self._outlines or self._facts.get(key):
                return False
            self._take(facts)
            for relation, name in self._ties.get(key, ()):
                self._naming[relation][name].sort(key=self._path_of)
        return True

    def _path_of(self, key: str) -> str:
        facts = self._facts.get(key)
        return facts.path if facts else self._outlines[key][0]

    def _comes_up(self, key: str, moved: Collection[str]) -> bool:
        """Whether another record has the name of one that was taken out, and was hidden by it."""
        kind, id = _kind_and_id(key)
        return any(facts.kind == kind and facts.path not in moved for facts in self._keeping.with_id(id))

    def _text(self) -> str:
        read = {key: [facts.path, facts.title, _title_zh(facts)] for key, facts in self._facts.items() if facts}
        paths = {key: names for key, ties in self._ties.items() if (names := [n for tie, n in ties if tie == CONNECTS])}
        parts = (self._naming, self._wholes, self._backups, self._paths | paths, self._names, self._key_of)
        return json.dumps([FORM, self._outlines | read, *parts], ensure_ascii=False, separators=(",", ":"))


def _key_of(facts: Facts) -> str:
    return SERVICE + facts.id if facts.kind == "service" else facts.id


def _kind_and_id(key: str) -> tuple[str, str]:
    return ("service", key.removeprefix(SERVICE)) if key.startswith(SERVICE) else ("asset", key)


def _title_zh(facts: Facts) -> str:
    return str(facts.get("title_zh", default="")) if '"title_zh"' in facts.raw else ""
