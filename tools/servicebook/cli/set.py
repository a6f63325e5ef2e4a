"""`servicebook set`: fields of a record, byte for byte; what a life or a history owns is left to its command."""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.filling import read_pairs, with_fields
from servicebook.cli.now import read_now
from servicebook.cli.verb import edited, tell
from servicebook.cli.writing import (
    add_commit_option,
    held_back,
    is_uncommitted,
    landing_of,
    push_record,
    require_lawful_step,
    require_sound,
    show_unfinished,
    write_record,
)
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.text.source_file import SourceFile
from servicebook.workflow.verbs import command_for

_NAMED = 3  # fields that a commit's subject names


def run(argv: list[str]) -> int:
    """Write fields into one file, judged like any other edit."""
    parser = make_parser("set")
    parser.add_argument("id", metavar="ID", help=speak("a record: its id, its last four characters, or kind/slug"))
    parser.add_argument(
        "pairs",
        metavar="FIELD=VALUE",
        nargs="+",
        help=speak("a field, also a.b=value, or a.0=value in a list; FIELD= takes it out"),
    )
    add_commit_option(parser)
    given = parser.parse_args(argv)
    desk = open_here()
    now = read_now(desk.settings, writes=True)
    landing = landing_of(desk, given)
    facts = find_record(desk, given.id)
    fields = [pair.partition("=")[0] for pair in given.pairs]
    _require_free(facts, fields)
    values = read_pairs(desk, facts.kind, given.pairs, now)
    before = SourceFile(facts.path, desk.read_in_work_tree(facts.path))
    after = edited(facts.path, lambda: with_fields(before, values))
    judged = require_sound(desk, after, before)
    require_lawful_step(desk, facts, judged, after)
    landing = held_back(desk, landing, after)
    if after.data != before.data or is_uncommitted(desk.root, after.path):
        names = ", ".join(fields[:_NAMED]) + (", ..." if fields[_NAMED:] else "")
        write_record(desk, after, before, landing.commit, f"{facts.id} {names} set: {facts.title}")
    if after.data == before.data:
        print(speak("nothing to change: {path} says so already", path=after.path))
    else:
        tell(judged, facts.status, desk, now)
    show_unfinished(desk, after)
    push_record(desk, landing, after)
    return 0


def _require_free(facts: Facts, fields: Iterable[str]) -> None:
    """Raise UsageError for a field that only another command writes, and name it."""
    for field in fields:
        if command := command_for(facts, field.partition(".")[0]):
            raise UsageError("`{field}` is written by another command", "{command}", field=field, command=command)
