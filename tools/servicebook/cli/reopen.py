"""`servicebook reopen`: it was not solved after all."""

from __future__ import annotations

from servicebook.actions.verbs import reopen
from servicebook.cli.arguments import speak
from servicebook.cli.verb import run_verb, verb_parser


def run(argv: list[str]) -> int:
    """Take a resolved ticket up again, with the reason."""
    parser = verb_parser("reopen")
    parser.add_argument("--reason", metavar="TEXT", default="", help=speak("why, in words the customer could be told"))
    given = parser.parse_args(argv)
    return run_verb(
        given,
        "reopened",
        lambda source, facts, stamp, _: reopen(source, facts, stamp, reason=given.reason, note=given.note),
    )
