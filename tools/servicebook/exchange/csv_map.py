"""What a map file says: which column of a table becomes which field, and what its words mean here."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Mapping
from string import Formatter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from servicebook.diagnostics.diagnostic import KeyPath
from servicebook.errors import UsageError
from servicebook.records.kinds import BY_NAME, Kind
from servicebook.text.front_matter import FrontMatter, locate, parse_front_matter
from servicebook.text.source_file import SourceFile
from servicebook.workflow.lifecycles import LIFECYCLES


class Column(NamedTuple):
    """Where a value comes from and what becomes of it.

    name: the column; empty for a constant.
    reads: text, instant, date, number or boolean.
    values: the source's word to ours; a word that is not there is reported and left out. None takes any.
    record: the kind of record each distinct value stands for; it is made when the desk lacks it.
    extra: further fields of the records made so.
    """

    name: str
    constant: Any = None
    reads: str = "text"
    values: Mapping[str, Any] | None = None
    record: Kind | None = None
    extra: Mapping[str, Any] = {}


class States(NamedTuple):
    """How a state column of an audit log becomes events: each state to (status, pause reason)."""

    column: str
    at: Column
    by: Column
    values: Mapping[str, tuple[str, str]]


class CsvMap(NamedTuple):
    """A whole map file.

    rows: `records` (a row is a record) or `events` (a row is what an audit log saw of a record).
    order: columns that order the rows of one record, as numbers where they are numbers.
    events: for `records`, (event, column of its time, column of its author).
    create, records: records that the desk needs besides: short ones written out, longer ones as record files that lie
      beside the map.
    changes: for `events`, field to the event that tells of its change from one row to the next.
    """

    system: str
    kind: Kind
    rows: str
    id: str
    title: str
    body: str
    missing: frozenset[str]
    time_format: str
    zone: ZoneInfo
    encoding: str
    delimiter: str
    order: tuple[str, ...]
    fields: Mapping[str, Column]
    opened: tuple[Column, Column]
    states: States | None
    events: tuple[tuple[str, Column, Column], ...]
    changes: Mapping[str, str]
    ignore: frozenset[str]
    create: tuple[Mapping[str, Any], ...]
    records: tuple[str, ...]


_KEYS = ("system", "kind", "rows", "id", "title", "body", "missing", "time", "encoding", "delimiter", "order",
         "fields", "timeline", "ignore", "create", "records")  # fmt: skip
_COLUMN_KEYS = ("column", "constant", "as", "values", "record", "with")
_READS = ("text", "instant", "date", "number", "boolean")


def parse_map(data: bytes, path: str) -> CsvMap:
    """Return the map that a YAML file holds.

    Raises UsageError with file, line, column, what is there and what was due, for the first thing wrong.
    """
    return _Reader(data, path).read()


class _Reader:
    """Reads one map file, and says where it goes wrong."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        front, found = parse_front_matter(SourceFile(path, b"---\n" + data.replace(b"\r\n", b"\n") + b"\n---\n"))
        if front is None or found:
            from servicebook.diagnostics.wording import hints_of, message_of
            from servicebook.language.catalogue import terminal_language
            from servicebook.rules.registry import BY_CODE

            first = found[0]
            line = f":{first.where[0] - 1}" if first.where and isinstance(first.where[0], int) else ""
            rule, language = BY_CODE[first.code], terminal_language()
            hints = "; ".join(hints_of(rule, first, language)) or "mend the map file"
            said = message_of(rule, first, language)
            raise UsageError("{path}{line}: {said}", "{hints}", path=path, line=line, said=said, hints=hints)
        self.front: FrontMatter = front

    def read(self) -> CsvMap:
        data = self.front.data
        self._known((), data, _KEYS)
        time = self._map(("time",), {})
        self._known(("time",), time, ("format", "zone"))
        timeline = self._map(("timeline",), {})
        self._known(("timeline",), timeline, ("opened", "state", "events", "changes"))
        rows = str(data.get("rows", "records"))
        self._one_of(("rows",), rows, ("records", "events"))
        return CsvMap(
            system=self._text(("system",)),
            kind=self._kind(("kind",), self._text(("kind",)), tuple(LIFECYCLES)),
            rows=rows,
            id=self._text(("id",)),
            title=self._template("title", self._text(("title",))),
            body=self._template("body", str(data.get("body", ""))),
            missing=frozenset(self._list("missing")) | {""},
            time_format=str(time.get("format", "")),
            zone=self._zone(str(time.get("zone", "UTC"))),
            encoding=self._encoding(str(data.get("encoding", "utf-8-sig"))),
            delimiter=self._delimiter(str(data.get("delimiter", ","))),
            order=self._list("order"),
            fields={name: self._column(("fields", name)) for name in self._map(("fields",))},
            opened=self._opened(timeline),
            states=self._states(timeline),
            events=self._events(timeline),
            changes=self._changes(),
            ignore=frozenset(self._list("ignore")),
            create=self._created(),
            records=self._list("records"),
        )

    def _opened(self, timeline: Mapping[str, Any]) -> tuple[Column, Column]:
        if "opened" not in timeline:
            self._fail(("timeline",), "`timeline.opened` is missing", "name the columns: opened: {at: ..., by: ...}")
        self._known(("timeline", "opened"), timeline["opened"], ("at", "by"))
        return self._instant_column(("timeline", "opened", "at")), self._column(("timeline", "opened", "by"))

    def _states(self, timeline: Mapping[str, Any]) -> States | None:
        if "state" not in timeline:
            return None
        where: KeyPath = ("timeline", "state")
        table = self._map(where)
        self._known(where, table, ("column", "at", "by", "values"))
        values = {}
        for word, meaning in self._map((*where, "values")).items():
            if isinstance(meaning, str):
                meaning = {"status": meaning}
            values[word] = (str(meaning.get("status")), str(meaning.get("reason", "")))
        return States(
            self._text((*where, "column")), self._instant_column((*where, "at")), self._column((*where, "by")), values
        )

    def _events(self, timeline: Mapping[str, Any]) -> tuple[tuple[str, Column, Column], ...]:
        made = []
        for position, entry in enumerate(timeline.get("events", ())):
            where: KeyPath = ("timeline", "events", position)
            self._known(where, entry, ("event", "at", "by"))
            made.append(
                (self._text((*where, "event")), self._instant_column((*where, "at")), self._column((*where, "by")))
            )
        return tuple(made)

    def _changes(self) -> Mapping[str, str]:
        where: KeyPath = ("timeline", "changes")
        changes = self._map(where, {})
        for field, event in changes.items():
            self._one_of((*where, field), field, tuple(self._map(("fields",))))
            self._one_of((*where, field), str(event), ("assigned", "regraded", "note"))
        return {field: str(event) for field, event in changes.items()}

    def _instant_column(self, where: KeyPath) -> Column:
        return self._column(where)._replace(reads="instant")

    def _column(self, where: KeyPath) -> Column:
        entry = self._at(where)
        if isinstance(entry, str):
            return Column(entry)
        if not isinstance(entry, dict) or ("column" in entry) == ("constant" in entry):
            self._fail(
                where,
                f"`{where[-1]}` names neither a column nor a constant",
                "write {column: NAME} or {constant: VALUE}",
            )
        self._known(where, entry, _COLUMN_KEYS)
        reads = str(entry.get("as", "text"))
        self._one_of((*where, "as"), reads, _READS)
        record = self._kind((*where, "record"), str(entry["record"])) if "record" in entry else None
        name = str(entry.get("column", ""))
        for key in ("values", "with"):
            if not isinstance(entry.get(key, {}), dict):
                self._fail((*where, key), f"`{key}` is no map", f"write {key}: {{...}}")
        return Column(name, entry.get("constant"), reads, entry.get("values"), record, entry.get("with", {}))

    def _kind(self, where: KeyPath, name: str, known: tuple[str, ...] = tuple(BY_NAME)) -> Kind:
        self._one_of(where, name, known)
        return BY_NAME[name]

    def _zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._fail(("time", "zone"), f"`{name}` is no zone", "write one such as Asia/Shanghai")
            raise

    def _map(self, where: KeyPath, default: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        value = self._at(where)
        if value is None and default is not None:
            return default
        if not isinstance(value, dict):
            self._fail(where, f"`{where[-1]}` is missing or no map", f"write `{where[-1]}:` with names below it")
        return dict(value)

    def _text(self, where: KeyPath) -> str:
        value = self._at(where)
        if not isinstance(value, str) or not value:
            self._fail(where, f"`{where[-1]}` is missing or no text", f"write `{where[-1]}: ...`")
        return str(value)

    def _items(self, name: str) -> tuple[Any, ...]:
        value = self.front.data.get(name, [])
        if not isinstance(value, list):
            self._fail((name,), f"`{name}` is no list", f"write {name}: [...]")
        return tuple(value)

    def _created(self) -> tuple[Mapping[str, Any], ...]:
        """Return the records that the map writes out; each says what it is and has an id."""
        entries = self._items("create")
        for number, entry in enumerate(entries):
            where = ("create", number)
            if not isinstance(entry, dict) or not {"kind", "id"} <= set(entry):
                self._fail(where, "a record to create has `kind` and `id`", "write {kind: customer, id: ..., ...}")
            self._kind((*where, "kind"), str(entry["kind"]))
        return entries

    def _list(self, name: str) -> tuple[str, ...]:
        return tuple(str(item) for item in self._items(name))

    def _template(self, name: str, text: str) -> str:
        """Prove that a template holds columns in braces and nothing else: no formats, no attributes."""
        try:
            parts = [part for line in text.splitlines() for part in Formatter().parse(line)]
        except ValueError:
            parts = [("", "", "no", None)]
        if any(spec or conversion or column == "" for _, column, spec, conversion in parts if column is not None):
            self._fail((name,), f"`{name}` is no template", "write {column}, and {{ for a brace")
        return text

    def _encoding(self, name: str) -> str:
        try:
            codec = codecs.lookup(name)
            "".encode(codec.name)
        except (LookupError, ValueError):
            self._fail(("encoding",), f"`{name}` is no encoding", "utf-8-sig, gb18030, latin-1, ...")
        return name

    def _delimiter(self, sign: str) -> str:
        if len(sign) != 1 or sign in '"\r\n':
            self._fail(("delimiter",), "`delimiter` is one character", 'such as "," ";" "\\t"')
        return sign

    def _at(self, where: KeyPath) -> Any:
        value: Any = self.front.data
        for key in where:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def _known(self, where: KeyPath, table: Any, known: tuple[str, ...]) -> None:
        if not isinstance(table, dict):
            self._fail(where, f"`{where[-1] if where else 'map'}` is no map", f"known here: {', '.join(known)}")
        for key in table:
            if key not in known:
                self._one_of((*where, key), str(key), known)

    def _one_of(self, where: KeyPath, word: str, known: tuple[str, ...]) -> None:
        if word not in known:
            near = difflib.get_close_matches(word, known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known)}"
            self._fail(where, f"`{word}` is not known here", hint)

    def _fail(self, where: KeyPath, message: str, hint: str) -> None:
        span = self.front.key_spans.get(where) or locate(self.front, where)
        raise UsageError(f"{self.path}:{max(span.line - 1, 1)}:{span.column}: {message}", hint)
