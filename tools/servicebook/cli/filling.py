"""What a state asks for: said with `--set`, asked for on a terminal, and written with the step in one edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from servicebook.actions.event import render_at
from servicebook.cli.arguments import Parser, speak
from servicebook.cli.asking import may_ask
from servicebook.cli.fields import Field, field_at, fields_of, key_path, with_own
from servicebook.cli.form import ask_field, is_simple
from servicebook.cli.now import parse_at, read_now
from servicebook.diagnostics.diagnostic import KeyPath
from servicebook.errors import UsageError
from servicebook.records.demands import demanded
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.set_field import remove_field, set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any

Values = dict[KeyPath, Any]
"""Fields to be written: key path to value; None takes the field out."""

AHEAD = ("planned_", "expected_", "next_", "eta_", "due_")
"""How names of instants begin that lie ahead: a clock time typed for one is the next, for another the last."""


def add_set_option(parser: Parser) -> None:
    """Add `--set FIELD=VALUE`, which may be given several times."""
    parser.add_argument(
        "--set", metavar="FIELD=VALUE", action="append", default=[], help=speak("any field, also a.b=value")
    )


def said_values(desk: Snapshot, facts: Facts, status: str, pairs: Iterable[str]) -> Values:
    """Return what `--set` says, and on a terminal what the state `status` lacks and somebody answers."""
    now = read_now(desk.settings, writes=True)
    values = read_pairs(desk, facts.kind, pairs, now)
    if may_ask():
        ask_due(desk, facts, status, values, now)
    return values


def read_pairs(desk: Snapshot, kind: str, pairs: Iterable[str], now: datetime) -> Values:
    """Return what pairs FIELD=VALUE say, read by the form of each field; without a value the field goes.

    Raises UsageError for a field that the kind does not have, or a value that it does not take.
    """
    fields = with_own(fields_of(kind), desk.settings)
    values: Values = {}
    for pair in pairs:
        path, equals, text = pair.partition("=")
        if not equals:
            raise UsageError("`{pair}` sets no field of this kind", "FIELD=VALUE", pair=pair)
        field = field_at(fields, path)
        values[key_path(path)] = placed(field, field.read(text), now) if text else None
    return values


def placed(field: Field, value: Any, now: datetime, ahead: bool = False) -> Any:
    """Return a value with the desk's zone where an instant was typed without; what is planned lies ahead."""
    if field.form != "instant" or not isinstance(value, str):
        return value
    return render_at(parse_at(value, now, ahead or field.name.startswith(AHEAD), source_of(field)))


def source_of(field: Field) -> str:
    """Return the option that a field is typed with."""
    return "--" + field.name.replace("_", "-")


def ask_due(desk: Snapshot, facts: Facts, status: str, values: Values, now: datetime) -> None:
    """Ask for what the state `status` asks of the record and nobody has said; Enter leaves a question open."""
    known = dict(facts.data)
    for name in lacking(facts, status):
        path = key_path(name)
        field = field_at(fields_of(facts.kind), name)
        if path in values or not _is_one_line(field):
            continue
        answer = ask_field(desk, field, known)
        if answer not in (None, "", []):
            values[path] = placed(field, answer, now)


def lacking(facts: Facts, status: str) -> list[str]:
    """Return the fields that a state asks for and the record does not have, neither as a field nor in its text."""
    told = facts.get("$body", "sections", default=())
    return [
        name
        for name in demanded(facts.kind, status)
        if facts.get(*name.split("."), default="") in ("", [], {}) and name.rpartition(".")[2] not in told
    ]


def _is_one_line(field: Field) -> bool:
    """Whether an answer of one line is all that the field needs."""
    return is_simple(field) and sum(inner.required for inner in field.inner) < 2


def with_fields(source: SourceFile, values: Mapping[KeyPath, Any]) -> SourceFile:
    """Return the file with the fields set, or taken out where the value is None."""
    data = source.data
    for path, value in values.items():
        data = remove_field(data, path) if value is None else set_field(data, path, value)
    return SourceFile(source.path, data)
