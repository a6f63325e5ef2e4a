"""`servicebook resume`: a paused ticket goes on."""

from __future__ import annotations

from servicebook.actions.verbs import resume
from servicebook.cli.verb import run_verb, verb_parser


def run(argv: list[str]) -> int:
    """Take a paused ticket up again; its clocks run from here."""
    given = verb_parser("resume").parse_args(argv)
    return run_verb(given, "resumed", lambda source, facts, stamp, _: resume(source, facts, stamp, note=given.note))
