"""`servicebook list`: records by kind and field, as a table, JSON or tab-separated lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title, speak_value
from servicebook.cli.desk import open_here, tell_if_empty
from servicebook.cli.terminal import Column, render_table, terminal_width
from servicebook.errors import UsageError
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.language.labels import field_label
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.reports.listing import (
    OWN,
    Filter,
    columns_of,
    kind_named,
    list_records,
    parse_filter,
    render_value,
    value_of,
)
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any

FILTERS = """\
field=value  field!=value  field~regex  field!~regex  field>value  field<value
field=       the field is absent; a.b goes down into a block; a list has = when one of its values does.
open=true    work is still due. Example: list incident open=true customer=harbour-tv reported_at>2026-03
"""
WORDY = ("status", "fault_grade", "priority", "category", "change_type", "request_type", "asset_type")
"""Columns whose values are words of the program, said in the reader's language."""

KEPT = ("id", "status", "title")
"""Columns that a narrow terminal keeps."""
WHOLE = 14
"""What a column that is never cut takes, as a guess."""


def run(argv: list[str]) -> int:
    """Print the records that meet the filters; exit code 1 when there are none."""
    parser = make_parser("list", FILTERS)
    parser.add_argument("words", metavar="KIND|FILTER", nargs="*", help=speak("kinds and filters, in any order"))
    parser.add_argument("--sort", default="", metavar="FIELD", help=speak("-FIELD turns the order around"))
    parser.add_argument("--columns", default="", metavar="A,B", help=speak("fields to show"))
    parser.add_argument("--format", choices=("table", "tsv", "json"), default="table", help=speak("how to print"))
    parser.add_argument("--json", action="store_const", dest="format", const="json", help=speak("as JSON"))
    parser.add_argument("--rev", default="worktree", help=speak("as a revision has it"))
    given = parser.parse_args(argv)
    kinds, filters = parse_words(given.words)
    desk = open_here(given.rev)
    found = list_records(records_of(desk, kinds, filters), filters, given.sort)
    columns = [name for name in given.columns.split(",") if name] or columns_of(facts.kind for facts in found)
    shown = print_records(found, list(columns), given.format)
    if given.columns and (dropped := [name for name in columns if name not in shown]):
        said = "left out, since the terminal is narrow: {columns}; --format tsv shows all"
        print(speak(said, columns=", ".join(dropped)), file=sys.stderr)
    if not found:
        tell_if_empty(desk)
    absent = [name for name in columns if given.columns and all(value_of(facts, name) is None for facts in found)]
    if absent or not found:
        _tell_doubts(kinds, absent, filters if not found else (), desk.settings.categories)
    return 0 if found else 1


def parse_words(words: Sequence[str]) -> tuple[list[str], list[Filter]]:
    """Part the words of a call into kinds and filters."""
    kinds: list[str] = []
    filters: list[Filter] = []
    for word in words:
        kind = kind_named(word)
        if kind:
            kinds.append(kind)
        elif any(sign in word for sign in "=~<>"):
            filters.append(parse_filter(word))
        else:
            from difflib import get_close_matches

            near = "".join(get_close_matches(word.lower(), BY_NAME, 1))
            hint = "did you mean `{near}`?" if near else "servicebook list incident status=resolved"
            raise UsageError("`{word}` is neither a kind nor a filter", hint, word=word, near=near)
    return kinds, filters


def _tell_doubts(
    kinds: Sequence[str], columns: Sequence[str], filters: Sequence[Filter], categories: Iterable[str]
) -> None:
    """Say on stderr which fields and values no record of these kinds can have: mistyped, they find nothing."""
    for doubt in _doubts(kinds, columns, filters, categories):
        print(f"{speak('hint')}: {doubt}", file=sys.stderr)


def _doubts(
    kinds: Sequence[str], columns: Sequence[str], filters: Sequence[Filter], categories: Iterable[str]
) -> Iterator[str]:
    from difflib import get_close_matches

    from servicebook.loader.kept_forms import words_of

    known: dict[str, set[str]] = {name: {""} for name in (*OWN, "open")}  # "" stands for any value
    known["status"] = set()
    for kind in kinds or BY_NAME:
        for name, choices in words_of(kind).items():
            known.setdefault(name, set()).update(choices or {""})
    if "category" in known:
        known["category"].update(categories)
    for name in dict.fromkeys([*columns, *(item.field for item in filters)]):
        if (head := name.partition(".")[0]) not in known:
            near = "".join(get_close_matches(head, known, 1))
            said = "no field `{name}`: did you mean `{near}`?" if near else "no field `{name}`"
            yield speak(said, name=head, near=near)
    for name, operator, value in filters:
        words = known.get(name, {""})
        if operator == "=" and value and not words & {value, ""}:
            yield speak("`{field}` takes {words}", field=name, words=", ".join(sorted(words)))


def records_of(desk: Snapshot, kinds: Sequence[str], filters: Sequence[Filter] = ()) -> Any:
    """Return the records of some kinds, or all, among which are those that meet the filters."""
    wanted = {field: value for field, operator, value in filters if operator == "="}
    if wanted.get("status"):
        return desk.with_status(wanted["status"], kinds)
    if wanted.get("open") == "true":
        return desk.live(kinds)
    return desk.of_kind(*kinds) if kinds else desk.all()


def print_records(found: Sequence[Facts], columns: list[str], form: str) -> list[str]:
    """Print records in one of the forms, and return the columns for which there was room.

    tsv and json keep field names and values as files have them.
    """
    if form == "json":
        rows = [{"path": f.path, **{name: value_of(f, name) for name in _with_id(columns)}} for f in found]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif form == "tsv":
        print("\t".join(columns))
        for facts in found:
            print("\t".join(_tsv(value_of(facts, name)) for name in columns))
    elif found:
        cells = {name: [_shown(facts, name) for facts in found] for name in columns}
        fitting = _that_fit([name for name in columns if name in KEPT or any(cells[name])])
        print(_table({name: cells[name] for name in fitting}))
        return [name for name in columns if name in fitting or not any(cells[name])]
    else:
        print(speak("no record meets that"), file=sys.stderr)
    return columns


def _with_id(columns: list[str]) -> list[str]:
    return columns if "id" in columns else ["id", *columns]


def _tsv(value: Any) -> str:
    return plain(render_value(value))


def _table(cells: Mapping[str, Sequence[str]]) -> str:
    language = terminal_language()
    heads = [Column(field_label(name, language), least=_least(name)) for name in cells]
    return render_table(heads, [list(row) for row in zip(*cells.values(), strict=True)])


def _that_fit(columns: list[str]) -> list[str]:
    """Leave out columns, the last but the title first, until the terminal can show the rest readably."""
    while len(columns) > len(KEPT) and sum(_least(name) or WHOLE for name in columns) > terminal_width():
        columns.remove([name for name in columns if name not in KEPT][-1])
    return columns


def _least(name: str) -> int:
    """Return how narrow a column may get; words of the program and ids stay whole."""
    return 0 if name == "id" or name in WORDY else 20 if name == "title" else 8


def _shown(facts: Facts, name: str) -> str:
    if name == "title":
        return speak_title(facts)
    text = render_value(value_of(facts, name))
    if name in WORDY:
        # The same state is another word for another kind: an agreement is in force, a person at work.
        return speak_value(text, facts.kind if name == "status" else name)
    return text[:16].replace("T", " ") if name.endswith("_at") else text
