"""A fact row: what one record says, in plain values, small enough to keep for every record of a desk.

Rules that look beyond one file, clocks, lists and pages of neighbours read fact rows and never models, so
that a cache hit needs neither YAML nor pydantic.
"""

from __future__ import annotations

from collections import deque

from servicebook.kept_json import loads
from servicebook.records.kinds import BY_NAME
from servicebook.typed import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class Ref(NamedTuple):
    """A reference from a field to another record: `kinds` are the kinds it may name, `target` the id.

    The version of a citation (`gold@2026-01-01`) is not part of the target; the field's text has it.
    """

    field: tuple[str | int, ...]
    kinds: tuple[str, ...]
    target: str


_REFS: dict[tuple[tuple[str | int, ...], tuple[str, ...], str], Ref] = {}


def _once(made: tuple[tuple[str | int, ...], tuple[str, ...], str]) -> Ref:
    """Return a reference that all records share who make it: of 100,000 most name the same few in the same fields."""
    known = _REFS.get(made)
    if known is None:
        known = _REFS[made] = Ref(*made)
    return known


_ABSENT: Any = object()


class Facts:
    """The fact row of one record.

    `data` is its front matter in JSON values: absent and null fields left out, instants as the text that
    stands in the file (ISO 8601 with offset), and beside it `$body`: {"sections": [heading keys],
    "links": [[target, line]], "ids": [record ids it mentions]}. Of a record that its model refuses only schema,
    id and title are there, and `$broken`. `refs` are all its references; given as their JSON text, they are
    read when somebody asks for them. `raw` is `data` as JSON text; `data` is given where it is at hand.
    """

    __slots__ = ("_data", "_events", "_instants", "_refs", "blob", "id", "kind", "path", "raw", "status", "title")

    _lately: deque[Facts] | None = None
    """The rows that were read last, in processes that hold those of a large desk."""

    @classmethod
    def remember_at_most(cls, count: int) -> None:
        """Let go of what was read out of a row, in this process, once so many others were read since.

        What is in 100,000 rows takes gigabytes; to read it again takes ten milliseconds a thousand.
        """
        read = list(cls._lately or ())
        for facts in read[:-count]:
            facts.forget()
        cls._lately = deque(read, maxlen=count)

    def __init__(
        self,
        path: str,
        blob: str,
        kind: str,
        id: str,
        title: str,
        status: str,
        raw: str,
        refs: tuple[Ref, ...] | str,
        data: dict[str, Any] | None = None,
    ) -> None:
        self.path = path
        self.blob = blob
        self.kind = kind
        self.id = id
        self.title = title
        self.status = status
        self.raw = raw
        self._refs = refs
        self._data = data
        self._events: list[str] | None = None
        self._instants: list[datetime | None] | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The front matter in JSON values."""
        if self._data is None:
            if (lately := Facts._lately) is not None:
                if len(lately) == lately.maxlen:
                    lately[0].forget()  # it may be this very one, read before and let go of since
                lately.append(self)
            self._data = loads(self.raw)
        return self._data

    @property
    def refs(self) -> tuple[Ref, ...]:
        """All references to other records."""
        refs = self._refs
        if isinstance(refs, str):
            parts = loads(refs) if refs else ()
            refs = tuple([_once((tuple(field), tuple(kinds), target)) for field, kinds, target in parts])
            self._refs = refs
        return refs

    @property
    def aliases(self) -> list[str]:
        """The former ids; most records have none, and then the row need not be parsed."""
        names = self.data.get("aliases") if '"aliases"' in self.raw else None
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def forget(self) -> None:
        """Let go of what was read out of the row: it is read again when asked for.

        A walk over rows that stay in memory, such as thousands of edits, would otherwise keep it for all.
        """
        self._data = self._events = self._instants = None

    @property
    def timeline(self) -> list[dict[str, Any]]:
        """The events in the order they were recorded: each {at, id, event, by, ...}; none for kinds without a life."""
        return (self.data.get("timeline") or []) if BY_NAME[self.kind].ticket else []

    @property
    def events(self) -> list[str]:
        """The names of the events on the timeline, in its order."""
        if self._events is None:
            self._events = [entry.get("event", "") for entry in self.timeline]
        return self._events

    @property
    def instants(self) -> list[datetime | None]:
        """When each event on the timeline happened, in its order; None where `at` names no instant."""
        if self._instants is None:
            from servicebook.records.instants import parse_instant

            self._instants = [parse_instant(entry.get("at")) for entry in self.timeline]
        return self._instants

    def get(self, *keys: str | int, default: Any = None) -> Any:
        """Return the value at a path of keys, or `default` where a step is absent."""
        value: Any = self.data
        for key in keys:
            if type(value) is dict:
                value = value.get(key, _ABSENT)
                if value is _ABSENT:
                    return default
                continue
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return default
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.path, self.blob))

    def __repr__(self) -> str:
        return f"Facts({self.kind} {self.id} {self.status!r} at {self.path})"

    def _key(self) -> tuple[object, ...]:
        return (self.path, self.blob, self.kind, self.id, self.title, self.status, self.raw, self.refs)
