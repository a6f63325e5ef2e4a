"""`servicebook new`: open a ticket or add another record; ask what is needed, derive the rest."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from servicebook.actions.deriving import derived_fields, recorded_late
from servicebook.actions.event import Stamp, render_at
from servicebook.actions.opening import open_record
from servicebook.cli.arguments import Parser, make_parser, speak
from servicebook.cli.asking import may_ask
from servicebook.cli.clocks import render_clocks
from servicebook.cli.desk import open_here
from servicebook.cli.fields import Field, fields_of, with_own
from servicebook.cli.filling import placed
from servicebook.cli.form import fill_form, fill_section, is_simple, missing_fields
from servicebook.cli.intake import ask_call, offer_duplicates, tell_known
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.who import person_with, read_email, who_acts
from servicebook.cli.writing import (
    add_commit_option,
    held_back,
    landing_of,
    push_record,
    require_sound,
    show_unfinished,
    write_record,
)
from servicebook.errors import UsageError
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.records.ids import slug_of
from servicebook.records.kinds import BY_NAME, KINDS, Kind, is_id_of
from servicebook.records.templates import body_template, field_order
from servicebook.reports.listing import kind_named
from servicebook.sla.status import clocks_of
from servicebook.store.snapshot import Snapshot
from servicebook.text.set_field import set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.verbs import next_step

OURS = ("schema", "id", "status", "timeline", "sla", "custom", "external", "waivers", "links", "costs")
"""Fields that `new` sets itself or leaves to an editor; they get no flag of their own."""


def run(argv: list[str]) -> int:
    """Write one new record after judging it, and say what follows."""
    kind = _kind(argv)
    fields = tuple(field for field in fields_of(kind.name) if field.name not in OURS)
    given = _parser(kind, fields).parse_args(argv[1:])
    desk = open_here()
    own = [field for field in fields_of(kind.name) if field.name == "custom"] if desk.settings.custom else []
    fields = with_own((*fields, *own), desk.settings)
    landing = landing_of(desk, given)
    now = read_now(desk.settings, writes=True)
    values = _given(fields, given)
    # The first person of a desk adds their own record; only a ticket tells on its timeline who wrote it.
    by = who_acts(desk, given.by) if kind.ticket or given.by else person_with(desk, read_email(desk.root))
    stamp = Stamp(by, parse_at(given.at, now) if given.at else now, now)
    asks = may_ask() and not given.incomplete
    call = asks and kind.name == "incident"
    symptom = ask_call(desk, fields, values) if call else ""
    if asks and not call:
        fill_form(desk, fields, values)
    _set_times(fields, values, stamp)
    _place_instants(fields, values, now)
    values.update(recorded_late(kind.name, values, now, timedelta(seconds=desk.settings.recorded_within)))
    names = {field.name for field in fields}
    settings = desk.settings
    values.update(derived_fields(values, names, desk, settings.priority_matrix, settings.routing, kind.name))
    # Who was asked and pressed Enter does not know yet: nothing typed so far is thrown away for that.
    _require_complete(kind, fields, values, given.incomplete or asks)
    id = _id(desk, kind, given.id, str(values.get("title", "")), stamp)
    body = _body(desk, kind, given.body)
    if asks and not given.body:
        body = fill_section(kind.name, body, desk.settings.languages[0], symptom if call else None)
    source = open_record(kind, id, values, body, stamp, field_order(kind.name))
    facts = require_sound(desk, source)
    if call and (other := offer_duplicates(desk, facts)):
        source = SourceFile(source.path, set_field(source.data, ("links", "duplicate_of"), other))
        facts = require_sound(desk, source)
    landing = held_back(desk, landing, source)
    subject = f"{id} opened: {facts.title}" if kind.ticket else f"Add {kind.name} {id}"
    write_record(desk, source, None, landing.commit, subject)
    _tell(desk, facts, stamp)
    show_unfinished(desk, source)
    push_record(desk, landing, source)
    return 0


def _kind(argv: list[str]) -> Kind:
    """Return the kind that the first word names; --help without one lists the kinds."""
    if not argv or argv[0] in ("-h", "--help"):
        parser = make_parser("new", speak("Kinds: {kinds}", kinds=", ".join(kind.name for kind in KINDS)))
        parser.add_argument(
            "kind", metavar="KIND", help=speak("what to add; `servicebook new KIND --help` lists its fields")
        )
        parser.parse_args(argv)
    name = kind_named(argv[0])
    if name is None:
        import difflib

        near = difflib.get_close_matches(argv[0], BY_NAME, 1)
        hint = "did you mean `servicebook new {near}`?" if near else "servicebook new --help"
        raise UsageError("`{word}` is no kind of record", hint, word=argv[0], near="".join(near))
    return BY_NAME[name]


def _parser(kind: Kind, fields: tuple[Field, ...]) -> Parser:
    parser = make_parser("new")
    parser.prog = f"servicebook new {kind.name}"
    parser.usage = f"servicebook new {kind.name} [--FIELD VALUE] [--set FIELD=VALUE] ..."
    if not kind.prefix:
        parser.add_argument("--id", metavar="SLUG", help=speak("its lasting name, such as live-streaming"))
    else:
        parser.set_defaults(id=None)
    parser.add_argument("--by", metavar="PERSON", help=speak("who did it (default: whom your Git e-mail belongs to)"))
    parser.add_argument("--at", metavar="TIME", help=speak("when the customer gave notice (default: now)"))
    parser.add_argument("--body", metavar="FILE", help=speak("the text below the fields; - reads it from a pipe"))
    parser.add_argument(
        "--set", metavar="FIELD=VALUE", action="append", default=[], help=speak("any field, also a.b=value")
    )
    parser.add_argument("--incomplete", action="store_true", help=speak("write it though something is still missing"))
    add_commit_option(parser)
    group = parser.add_argument_group(speak("fields (* is asked for)"))
    for field in fields:
        if is_simple(field):
            mark = "* " if field.asked else ""
            what = ", ".join(field.choices) or field.form
            text = f"{mark}{field.label} ({what})".replace("%", "%%")
            group.add_argument("--" + field.name.replace("_", "-"), dest="f_" + field.name, metavar="…", help=text)
    return parser


def _given(fields: tuple[Field, ...], given: Any) -> dict[str, Any]:
    """Return what flags and --set say, read by each field's form."""
    values: dict[str, Any] = {}
    known = {field.name: field for field in fields}
    for field in fields:
        text = getattr(given, "f_" + field.name, None)
        if text is not None:
            values[field.name] = field.read(text)
    for pair in given.set:
        path, equals, text = pair.partition("=")
        head, _, rest = path.partition(".")
        if not equals or head not in known:
            raise UsageError("`{pair}` sets no field of this kind", "known: {known}", pair=pair, known=", ".join(known))
        if rest:
            inner = {field.name: field for field in known[head].inner}
            if rest not in inner:
                raise UsageError(
                    "`{pair}` sets no field of this kind", "known: {known}", pair=pair, known=", ".join(inner)
                )
            values.setdefault(head, {})[rest] = inner[rest].read(text)
        else:
            values[head] = known[head].read(text)
    return values


def _set_times(fields: tuple[Field, ...], values: dict[str, Any], stamp: Stamp) -> None:
    """Notice was given now, or when --at says; who asks for a change is who opens it."""
    names = {field.name: field for field in fields}
    for name in ("reported_at", "detected_at"):
        if name in names:
            values.setdefault(name, render_at(stamp.at))
    if stamp.by and "requested_by" in names and "person" in names["requested_by"].kinds:
        values.setdefault("requested_by", stamp.by)


def _place_instants(fields: tuple[Field, ...], values: dict[str, Any], now: datetime) -> None:
    """Give a time without offset that of the desk's zone; what is planned lies ahead, what was told behind."""
    for field in fields:
        if field.form == "instant" and isinstance(values.get(field.name), str):
            values[field.name] = placed(field, values[field.name], now)
        elif field.name == "custom" and field.name in values:
            _place_instants(field.inner, values[field.name], now)


def _require_complete(kind: Kind, fields: tuple[Field, ...], values: dict[str, Any], incomplete: bool) -> None:
    missing = missing_fields(fields, values, only_required=incomplete)
    if missing:
        flags = " ".join(f"--{field.name.replace('_', '-')}" for field in missing)
        raise UsageError(
            "a new {kind} also needs: {names}",
            "add {flags}, or --incomplete to write it as it is",
            kind=kind.name, names=", ".join(field.name for field in missing), flags=flags,
        )  # fmt: skip


def _id(desk: Snapshot, kind: Kind, wish: str | None, title: str, stamp: Stamp) -> str:
    from servicebook.store.write import new_id

    if kind.prefix:
        return new_id(kind, stamp.recorded_at, desk)
    # A title in Chinese needs its slug said: its few Latin letters would name something else.
    slug = wish or (slug_of(title) if title.isascii() else "")
    if not slug or not is_id_of(kind, slug):
        raise UsageError("`{slug}` cannot be a name", "--id with letters a-z, digits, hyphens", slug=slug or title)
    if desk.get(kind.name, slug):
        raise UsageError("there is a {kind} `{slug}` already", "--id with another name", kind=kind.name, slug=slug)
    return slug


def _body(desk: Snapshot, kind: Kind, source: str | None) -> str:
    """Return the text below the fields: from a pipe, from a file, or the kind's headings.

    Raises UsageError for a file that cannot be read or is not UTF-8.
    """
    from pathlib import Path

    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig").replace("\r\n", "\n")
        if source:
            return Path(source).read_text("utf-8-sig")
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError("{path} cannot be read: {why}", "--body FILE", path=source, why=why) from error
    except UnicodeDecodeError as error:
        hint = "iconv -f GB18030 -t UTF-8 {path}, where it is GB18030"
        raise UsageError("`{path}` is not UTF-8", hint, path=source) from error
    return body_template(kind.name, desk.settings.languages[0])


def _tell(desk: Snapshot, facts: Facts, stamp: Stamp) -> None:
    """Say where it lies, what is promised, what looks alike, and what is next."""
    print(f"{facts.id}  {plain(facts.title)}")
    print(facts.path)
    clocks = [clock for clock in clocks_of(facts, desk, stamp.recorded_at) if clock.state != "not-started"]
    if clocks:
        print("\n" + render_clocks(clocks, stamp.recorded_at))
    for paragraph in tell_known(desk, facts, stamp.recorded_at) if facts.kind == "incident" else ():
        print("\n" + paragraph)
    step = next_step(facts)
    print(f"\n{speak('next')}: {step or speak('edit {path}', path=facts.path)}")
