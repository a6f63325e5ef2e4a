"""The verbs of records without a timeline: `activate`, `retire`, `repair`, ...: each sets the status."""

from __future__ import annotations

from servicebook.actions.event import said_verbs
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.filling import add_set_option, said_values, with_fields
from servicebook.cli.verb import edited
from servicebook.cli.writing import (
    add_commit_option,
    held_back,
    landing_of,
    push_record,
    require_agreement,
    require_sound,
    show_unfinished,
    write_record,
)
from servicebook.errors import FindingsError
from servicebook.language.display import plain
from servicebook.text.source_file import SourceFile
from servicebook.workflow.verbs import STATUS_VERBS, verbs_from


def run(argv: list[str]) -> int:
    """Set the status that the first word stands for, with the fields that it asks for."""
    verb, status = argv[0], STATUS_VERBS[argv[0]]
    parser = make_parser(verb)
    parser.add_argument("id", metavar="ID", help=speak("a record: its id, its last four characters, or kind/slug"))
    add_set_option(parser)
    add_commit_option(parser)
    given = parser.parse_args(argv[1:])
    desk = open_here()
    landing = landing_of(desk, given)
    facts = find_record(desk, given.id)
    if verb not in verbs_from(facts.kind, facts.status):
        raise FindingsError(
            "`{id}` is `{state}`: `servicebook {verb}` is nothing for it",
            "possible now: {verbs}",
            id=facts.id, state=facts.status, verb=verb, verbs=said_verbs(facts),
        )  # fmt: skip
    values = said_values(desk, facts, status, given.set)
    before = SourceFile(facts.path, desk.read_in_work_tree(facts.path))
    after = edited(facts.path, lambda: with_fields(before, {**values, ("status",): status}))
    require_agreement(desk, require_sound(desk, after, before), facts, after)
    landing = held_back(desk, landing, after)
    write_record(desk, after, before, landing.commit, f"{facts.id} {status}: {facts.title}")
    states = (speak_value(state, facts.kind) for state in (facts.status, status))
    print(f"{facts.id}  {' → '.join(states)}  {plain(facts.title)}")
    print(facts.path)
    show_unfinished(desk, after)
    push_record(desk, landing, after)
    return 0
