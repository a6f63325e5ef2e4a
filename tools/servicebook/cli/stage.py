"""`servicebook stage`: in which stage of its state a ticket is, by the words of the desk's settings."""

from __future__ import annotations

from servicebook.actions.event import Stamp
from servicebook.actions.staging import enter_stage
from servicebook.cli.arguments import speak
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Write the stage, and on the timeline when it was entered; without a word, take it out."""
    parser = verb_parser("stage")
    parser.add_argument("stage", metavar="STAGE", nargs="?", default="", help=speak("a stage of the settings"))
    given = parser.parse_args(argv)

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        return enter_stage(source, facts, stamp, given.stage, desk.settings.stages, note=given.note)

    return run_verb(given, f"stage {given.stage or '-'}", act)
