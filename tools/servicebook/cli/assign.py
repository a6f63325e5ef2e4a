"""`servicebook assign`: the ticket goes to a person or a team."""

from __future__ import annotations

from servicebook.actions.verbs import assign
from servicebook.cli.arguments import speak
from servicebook.cli.desk import find_record
from servicebook.cli.verb import run_verb, verb_parser


def run(argv: list[str]) -> int:
    """Set assigned_to or assignment_group, and write it on the timeline."""
    parser = verb_parser("assign")
    parser.add_argument("to", metavar="PERSON|TEAM", nargs="+", help=speak("the slug of a person or a team"))
    given = parser.parse_args(argv)
    return run_verb(
        given,
        f"assigned to {', '.join(given.to)}",
        lambda source, facts, stamp, desk: assign(
            source, facts, stamp, *(find_record(desk, word, ("person", "team")) for word in given.to), note=given.note
        ),
    )
