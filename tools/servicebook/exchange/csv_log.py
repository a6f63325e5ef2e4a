"""Read a table of tickets, one row a record or one row an audit event, as its map file says."""

from __future__ import annotations

import csv
import gzip
import string
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from servicebook.errors import UsageError
from servicebook.exchange.csv_map import Column, CsvMap
from servicebook.exchange.draft import Draft, Intake, slug_for
from servicebook.exchange.state_events import events_between
from servicebook.records.ids import seeded_event_id
from servicebook.records.kinds import BY_NAME
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile
from servicebook.workflow.lifecycles import LIFECYCLES

Row = Mapping[str, str]
Happening = tuple[str, Any, Any, dict[str, Any]]
"""An event, when, by whom, and its further fields."""


_LONGEST_CELL = 64 * 1024 * 1024
"""Characters that one cell may have; Python's own limit of 131072 would refuse the whole table."""


def read_csv(path: Path, plan: CsvMap, beside: Path = Path()) -> Intake:
    """Return what the table says: the map's own records, then one draft per record, then those they name.

    beside: the folder of the map file, where the record files that it names lie.
    Raises UsageError where a file cannot be read as the map says, or lacks a column that it names.
    """
    csv.field_size_limit(_LONGEST_CELL)
    intake = Intake()
    reader = _TableReader(plan, intake)
    try:
        with _opened(path, plan.encoding) as lines:
            table = csv.DictReader(lines, delimiter=plan.delimiter, strict=True)
            reader.check_columns(path, table.fieldnames or [])
            groups = _grouped(table, plan, intake)
    except csv.Error as error:
        raise UsageError(
            "{path} cannot be read as CSV: {error}; a quote may stand open",
            "mend the quotes of the table",
            path=path,
            error=error,
        ) from error
    except OSError as error:
        raise UsageError("{path} cannot be read: {why}", "name the CSV file", path=path, why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            "{path} cannot be read as {encoding} CSV: {error}",
            "set `encoding:` in the map",
            path=path,
            encoding=plan.encoding,
            error=error,
        ) from error
    for source_id, rows in groups.items():
        reader.read_record(source_id, rows)
    if reader.silent_rows:
        intake.notes.append(f"rows that changed nothing the map reads: {reader.silent_rows}")
    intake.drafts[:0] = [*reader.created(), *read_record_files(plan, beside), *reader.named.values()]
    return intake


def _opened(path: Path, encoding: str) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _grouped(table: Iterable[dict[str, Any]], plan: CsvMap, intake: Intake) -> dict[str, list[Row]]:
    """Return the rows by record, in the map's order; rows without an id or of another width are faults."""
    groups: dict[str, list[Row]] = {}
    for number, row in enumerate(table, 2):
        if None in row or None in row.values():
            intake.faults.append((f"row {number}", "has another number of columns than the head"))
        elif row[plan.id] in plan.missing:
            intake.faults.append((f"row {number}", f"`{plan.id}` is empty"))
        elif plan.rows == "records" and row[plan.id] in groups:
            intake.faults.append((f"row {number}", f"`{row[plan.id]}` stands in an earlier row already"))
        else:
            groups.setdefault(row[plan.id], []).append(row)
    for rows in groups.values():
        rows.sort(key=lambda row: [_sortable(row[column]) for column in plan.order])
    return groups


def _sortable(text: str) -> tuple[float, str]:
    try:
        return (float(text), "")
    except ValueError:
        return (float("inf"), text)


def read_record_files(plan: CsvMap, beside: Path) -> Iterator[Draft]:
    """Draft the records that a map brings along as files. Raises UsageError for one that is no sound record."""
    for name in plan.records:
        try:
            source = SourceFile(name, (beside / name).read_bytes())
        except OSError as error:
            raise UsageError(f"{name}, which the map names, cannot be read: {error.strerror}") from error
        front, found = parse_front_matter(source)
        kind = next((kind for kind in BY_NAME.values() if front and kind.schema == front.data.get("schema")), None)
        if front is None or found or kind is None:
            raise UsageError(f"{name}, which the map names, is no sound record", f"servicebook check {name}")
        fields = {key: value for key, value in front.data.items() if key not in ("schema", "id", "external")}
        id = str(front.data["id"])
        yield Draft(kind, plan.system, f"map:{id}", fields, front.body, slug=id)


class _TableReader:
    """Turns rows into drafts, and remembers the records that they name."""

    def __init__(self, plan: CsvMap, intake: Intake) -> None:
        self.plan = plan
        self.intake = intake
        self.named: dict[tuple[str, str], Draft] = {}
        self.life = LIFECYCLES[plan.kind.name]
        self.silent_rows = 0

    def check_columns(self, path: Path, there: Iterable[str]) -> None:
        """Refuse a map that names columns which the table lacks; note the columns that nothing reads."""
        used = set(self._columns())
        missing = sorted(used - set(there))
        if missing:
            raise UsageError(f"{path} has no column `{missing[0]}`", f"it has: {', '.join(there)}")
        unread = [name for name in there if name not in used and name not in self.plan.ignore]
        if unread:
            self.intake.notes.append(f"columns that the map does not read: {', '.join(unread)}")

    def _columns(self) -> Iterator[str]:
        plan = self.plan
        yield plan.id
        yield from plan.order
        for template in (plan.title, plan.body):
            yield from (name for _, name, _, _ in string.Formatter().parse(template) if name)
        events = [column for _, *pair in plan.events for column in pair]
        states = [plan.states.at, plan.states.by] if plan.states else []
        yield from (c.name for c in (*plan.fields.values(), *plan.opened, *states, *events) if c.name)
        if plan.states:
            yield plan.states.column

    def read_record(self, source_id: str, rows: list[Row]) -> None:
        """Draft the record that these rows tell of: opened as the first says, its values those of the last."""
        plan, last = self.plan, rows[-1]
        opened_at = self._value(plan.opened[0], rows[0])
        if opened_at is None:
            self.intake.faults.append(
                (source_id, f"`{plan.opened[0].name}` is no time: `{rows[0].get(plan.opened[0].name)}`")
            )
            return
        fields: dict[str, Any] = {"title": " ".join(self._filled(plan.title, last).split()) or source_id}
        for name, column in plan.fields.items():
            # A log with one column of times: its first row's is the opening's, the last row's is the end's.
            first = column.name and column.name == plan.opened[0].name
            value = self._value(column, rows[0] if first else last)
            if value is not None:
                _put(fields, name.split("."), value)
        timeline: list[Happening] = [("opened", opened_at, self._value(plan.opened[1], rows[0]), {})]
        timeline += self._log_events(rows) if plan.states else self._row_events(last)
        fields["timeline"] = [self._entry(source_id, position, *event) for position, event in enumerate(timeline)]
        moment = datetime.fromisoformat(str(opened_at))
        body = self._filled(plan.body, last) if plan.body else ""
        self.intake.drafts.append(Draft(plan.kind, plan.system, source_id, fields, body, moment))

    def _entry(
        self, source_id: str, position: int, event: str, at: Any, by: Any, rest: dict[str, Any]
    ) -> dict[str, Any]:
        id = seeded_event_id(f"{self.plan.system}\0{source_id}\0{position}")
        return {"at": at, "id": id, "event": event, "by": by or "import", **rest}

    def _log_events(self, rows: list[Row]) -> list[Happening]:
        """Return what an audit log tells: who it was given to, how it was graded, the states it went through."""
        states = self.plan.states
        assert states is not None
        made: list[Happening] = []
        state = (self.life.initial, "")
        before: dict[str, Any] = {}
        for row in rows:
            told = self._changes(before, row, first=row is rows[0])
            word = row[states.column]
            if word in states.values:
                events = events_between(self.life, state, states.values[word])
                first = {"note": f"first state on record: {word}"} if row is rows[0] else {}
                told += [(event, {**first, **rest}) for event, rest in events]
                state = states.values[word]
            else:
                self.intake.unknown[states.column, word] += 1
            if told:
                at, by = self._value(states.at, row), self._value(states.by, row)
                made += [(event, at, by, rest) for event, rest in told]
            else:
                self.silent_rows += 1
        return made

    def _changes(self, before: dict[str, Any], row: Row, *, first: bool) -> list[tuple[str, dict[str, Any]]]:
        """Return the events for fields that differ from the row before, and remember this row's values."""
        assigned: dict[str, Any] = {}
        told: list[tuple[str, dict[str, Any]]] = []
        for field, event in self.plan.changes.items():
            value = self._value(self.plan.fields[field], row)
            old = before.get(field)
            if value is None or value == old:
                continue
            before[field] = value
            if event == "assigned":
                assigned[field] = value
            elif not first:
                told.append((event, {"field": field, "old": str(old), "new": str(value)}))
        return ([("assigned", assigned)] if assigned else []) + told

    def _row_events(self, row: Row) -> list[Happening]:
        """Return the events whose times stand in columns of their own, in order of time."""
        made: list[Happening] = []
        for event, at, by in self.plan.events:
            moment = self._value(at, row)
            if moment is not None:
                made.append((event, moment, self._value(by, row), {}))
        return sorted(made, key=lambda event: datetime.fromisoformat(event[1]))

    def _filled(self, template: str, row: Row) -> str:
        """Fill a template's `{column}`s; a line whose columns are all empty is left out."""
        values = {name: "" if value in self.plan.missing else value for name, value in row.items()}
        lines = []
        for line in template.splitlines(keepends=True):
            named = [name for _, name, _, _ in string.Formatter().parse(line) if name]
            if not named or any(values[name] for name in named):
                lines.append(line.format_map(values))
        return "".join(lines)

    def _value(self, column: Column, row: Row) -> Any:
        """Return the value a column gives for a row, or None where the source has none."""
        if not column.name:
            return column.constant
        text = row[column.name]
        if text in self.plan.missing:
            return None
        if column.values is not None:
            if text not in column.values:
                self.intake.unknown[column.name, text] += 1
                return None
            return column.values[text]
        if column.record:
            return self._named(column, text)
        return self._read(column, text)

    def _read(self, column: Column, text: str) -> Any:
        try:
            match column.reads:
                case "instant":
                    return self._instant(text)
                case "date":
                    return (
                        datetime.strptime(text, self.plan.time_format)
                        if self.plan.time_format
                        else date.fromisoformat(text)
                    ).strftime("%Y-%m-%d")
                case "number":
                    return int(text) if text.lstrip("-").isdigit() else float(text)
                case "boolean":
                    return {"true": True, "false": False, "1": True, "0": False}[text.lower()]
        except (ValueError, KeyError):
            self.intake.unknown[column.name, text] += 1
            return None
        return " ".join(text.split())

    def _instant(self, text: str) -> str:
        if self.plan.time_format:
            moment = datetime.strptime(text, self.plan.time_format)
        else:
            moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.plan.zone)).isoformat()

    def _named(self, column: Column, text: str) -> str:
        """Return the slug of the record that a value stands for, drafting it when first met."""
        assert column.record is not None
        slug = slug_for(text)
        key = (column.record.name, slug)
        if key not in self.named:
            title = " ".join(text.split())
            fields = {"title": title, "status": "active", **{k: _expanded(v, title) for k, v in column.extra.items()}}
            if column.record.name == "person":
                fields.pop("status")
            self.named[key] = Draft(column.record, self.plan.system, f"{column.record.name}:{title}", fields, slug=slug)
        return slug

    def created(self) -> Iterator[Draft]:
        """Draft the records that the map itself writes out, such as the customer and the agreement."""
        for entry in self.plan.create:
            rest = {key: value for key, value in entry.items() if key not in ("kind", "id", "body")}
            kind = BY_NAME[str(entry["kind"])]
            yield Draft(
                kind, self.plan.system, f"map:{entry['id']}", rest, str(entry.get("body", "")), slug=str(entry["id"])
            )


def _expanded(value: Any, title: str) -> Any:
    return value.replace("{value}", title) if isinstance(value, str) else value


def _put(fields: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        fields = fields.setdefault(key, {})
    fields[keys[-1]] = value
