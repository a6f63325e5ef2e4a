"""`servicebook show`: one record, with its facts, clocks, timeline, links both ways and text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_clocks, render_when, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Column, colour, cut, pad, render_table, terminal_width, text_width
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.language.labels import field_label
from servicebook.records.facts import Facts
from servicebook.reports.board import BoardRow, clock_data
from servicebook.reports.cover import PAID_FOR, verdict_data, verdict_on
from servicebook.reports.listing import render_value
from servicebook.reports.returns import clocks_with_returns
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any
from servicebook.workflow.verbs import next_step

APART = ("schema", "id", "title", "status", "timeline", "links", "sla", "$body", "$broken", "versions")
"""Fields that have a place of their own, or are too long for a line."""


def run(argv: list[str]) -> int:
    """Print one record."""
    parser = make_parser("show")
    parser.add_argument("id", metavar="ID", help=speak("a record: its id, its last four characters, or kind/slug"))
    parser.add_argument("--at", metavar="TIME", help=speak("judge the clocks at another time"))
    parser.add_argument("--rev", metavar="REV", default="worktree", help=speak("as a revision has it"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    parser.add_argument("--body", action=parser_flag(), default=True, help=speak("with the text below the fields"))
    given = parser.parse_args(argv)
    desk = open_here(given.rev)
    now = read_now(desk.settings, given.at)
    facts = find_record(desk, given.id)
    if given.json:
        print(json.dumps(_data(desk, facts, now), ensure_ascii=False, indent=2))
        return 0
    print("\n\n".join(part for part in _parts(desk, facts, now, given.body) if part))
    if clocks_with_returns(facts, desk, now):
        print_as_of(desk.settings, given.at)
    return 0


def parser_flag() -> Any:
    """Return argparse's action for --body and --no-body."""
    import argparse

    return argparse.BooleanOptionalAction


def _parts(desk: Snapshot, facts: Facts, now: datetime, with_body: bool) -> Iterator[str]:
    yield "\n".join(_head(facts))
    yield _fields(facts, now)
    yield _versions(facts)
    yield _cover(desk, facts)
    clocks = clocks_with_returns(facts, desk, now)
    if clocks:
        yield _section("Clocks", render_clocks(clocks, now))
    if facts.timeline:
        yield _section("Timeline", _timeline(facts, now))
    links = list(_links(desk, facts))
    if links:
        yield _section(
            "Links",
            render_table([Column(""), Column("", least=12), Column(""), Column("", least=20)], links, head=False),
        )
    if step := next_step(facts):
        yield f"{speak('next')}: {step}"
    if with_body:
        body = _body(desk, facts)
        if body:
            yield _section("Text", body)


def _cover(desk: Snapshot, facts: Facts) -> str:
    """Return who pays for the work on a ticket, in a line; nothing where no customer is named."""
    if facts.kind not in PAID_FOR or not facts.get("customer"):
        return ""
    from servicebook.cli.cover import cover_line

    return f"{colour(speak('Cover'), 'bold')}  {cover_line(verdict_on(desk, facts))}"


def _section(title: str, text: str) -> str:
    return colour(speak(title), "bold") + "\n" + text


def _head(facts: Facts) -> Iterator[str]:
    yield colour(f"{facts.id}  {plain(facts.title)}", "bold")
    second = facts.get("title_zh")
    if second:
        yield plain(second)
    kind = field_label(facts.kind, terminal_language())
    major = [speak_value("major_incident", "event")] if "major_incident" in facts.events else []
    yield "  ".join([kind, speak_value(facts.status, facts.kind), *major, plain(facts.path)])


def _fields(facts: Facts, now: datetime) -> str:
    language = terminal_language()
    rows = [
        (field_label(name, language), _shown(name, value, now))
        for name, value in facts.data.items()
        if name not in APART and value not in ([], {}, "")
    ]
    width = max((text_width(label) for label, _ in rows), default=0)
    limit = max(20, terminal_width() - width - 2)
    return "\n".join(f"{pad(label, width)}  {cut(plain(text), limit)}" for label, text in rows)


def _shown(name: str, value: Any, now: datetime) -> str:
    if name == "signing_keys" and isinstance(value, list):
        from servicebook.evidence.public_keys import describe_key

        return render_value([{**entry, "public_key": describe_key(entry["public_key"])} for entry in value])
    if name.endswith("_at") and isinstance(value, str):
        try:
            return f"{render_when(datetime.fromisoformat(value), now)}  ({value})"
        except ValueError:
            return value
    if isinstance(value, str):
        return speak_value(value, name) if "_" in value or (value.isascii() and value.isalpha()) else value
    return render_value(value)


def _versions(facts: Facts) -> str:
    versions = facts.get("versions", default=[])
    lines = []
    for version in versions:
        until = version.get("effective_to") or ""
        lines.append(f"{version.get('effective_from')} – {until}".rstrip())
        lines += [f"  {_clock_line(clock)}" for clock in version.get("clocks", [])]
        lines += [f"  {day} {_hours_line(ranges)}" for day, ranges in version.get("week", {}).items()]
    return _section("Versions", "\n".join(lines)) if lines else ""


def _clock_line(clock: dict[str, Any]) -> str:
    parts = [clock.get("name"), clock.get("within"), render_value(clock.get("applies_when")), clock.get("clause")]
    return plain("  ".join(str(part) for part in parts if part))


def _hours_line(ranges: list[list[str]]) -> str:
    return ", ".join("–".join(pair) for pair in ranges)


def _timeline(facts: Facts, now: datetime) -> str:
    columns = [Column(speak("when")), Column(speak("event")), Column(speak("by")), Column(speak("what"), least=16)]
    known = ("at", "id", "event", "by")
    rows = []
    for entry in facts.timeline:
        at = datetime.fromisoformat(entry["at"]) if "at" in entry else None
        rest = [f"{_key(key)}{_said(key, value)}" for key, value in entry.items() if key not in known]
        rows.append([
            render_when(at, now), speak_value(entry.get("event", ""), "event"), entry.get("by", ""), ", ".join(rest)
        ])  # fmt: skip
    return render_table(columns, rows)


def _said(key: str, value: Any) -> str:
    return speak_value(value, key) if key in ("via", "reason") else render_value(value)


def _key(key: str) -> str:
    """Notes and reasons speak for themselves; the other words of an event are named."""
    return "" if key in ("note", "reason") else f"{field_label(key, terminal_language()).lower()} "


def _links(desk: Snapshot, facts: Facts) -> Iterator[list[str]]:
    """Yield the records it names, then those that name it, each once by field."""
    named = set()
    for ref in facts.refs:
        if ref.field[0] in ("timeline", "audience", "sla"):
            continue
        other = next((found for kind in ref.kinds if (found := desk.get(kind, ref.target))), None)
        if other is not None and (other.id, ref.field[0]) not in named:
            named.add((other.id, ref.field[0]))
            yield ["→", other.id, _field_name(ref.field), other.title]
    seen = set()
    for other, ref in desk.referrers(facts.kind, facts.id):
        if ref.field[0] in ("timeline", "audience", "sla") or (other.id, ref.field[0]) in seen:
            continue
        seen.add((other.id, ref.field[0]))
        yield ["←", other.id, _field_name(ref.field), other.title]


def _field_name(path: tuple[str | int, ...]) -> str:
    words = [key for key in path if isinstance(key, str)]
    name = words[1] if words[0] == "links" and len(words) > 1 else words[0]
    return field_label(name, terminal_language()).lower()


def _body(desk: Snapshot, facts: Facts) -> str:
    from servicebook.text.fences import split_fences  # without YAML, which the fields do not need here either

    text = desk.read(facts.path).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    try:
        _, body = split_fences(text)
    except ValueError:
        return ""
    return "\n".join(plain(line) for line in body.strip().splitlines())


def _cover_data(desk: Snapshot, facts: Facts) -> dict[str, Any]:
    return verdict_data(verdict_on(desk, facts))


def _data(desk: Snapshot, facts: Facts, now: datetime) -> dict[str, Any]:
    """Return the record in JSON values: its fields as they stand, what follows from them beside."""
    fields = {key: value for key, value in facts.data.items() if not key.startswith("$")}
    return {
        "kind": facts.kind,
        "path": facts.path,
        "status": facts.status,
        "fields": fields,
        **({"cover": _cover_data(desk, facts)} if facts.get("customer") and facts.kind in PAID_FOR else {}),
        "clocks": [clock_data(BoardRow(facts, clock)) for clock in clocks_with_returns(facts, desk, now)],
        "named_by": [
            {"id": other.id, "kind": other.kind, "field": ".".join(str(key) for key in ref.field)}
            for other, ref in desk.referrers(facts.kind, facts.id)
        ],
    }
