"""`servicebook coordinate`: a sideways or diagonal contact on a ticket, with the leave for it, and its report."""

from __future__ import annotations

from servicebook.actions.coordinating import coordinate, report_contact
from servicebook.actions.event import Stamp
from servicebook.cli.arguments import speak
from servicebook.cli.desk import find_record
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.coordination import DIRECTIONS


def run(argv: list[str]) -> int:
    """Write the contact down, or with `--reported` that it was reported."""
    parser = verb_parser("coordinate", note=False)
    option = parser.add_argument
    option("note", metavar="TEXT", nargs="*", help=speak("what was said, in one line"))
    option("--to", metavar="NAME", default="", help=speak("whom it reached"))
    option("--via", metavar="CHANNEL", default="phone", help=speak("how: phone, email, in_person, ..."))
    option("--direction", choices=DIRECTIONS, default="sideways", help=speak("which way it goes (default: sideways)"))
    option("--leave", metavar="PERSON", default="", help=speak("who allowed it beforehand"))
    option("--reported", action="store_true", help=speak("it was reported to whom --to names"))
    given = parser.parse_args(argv)
    note = " ".join(" ".join(given.note).split())
    if not given.to:
        raise UsageError("missing: {names}", "--to NAME", names="--to")

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        if given.reported:
            return report_contact(source, facts, stamp, to=given.to, via=given.via, note=note)
        leave = find_record(desk, given.leave, ("person",)).id if given.leave else ""
        return coordinate(
            source, facts, stamp, to=given.to, direction=given.direction, leave=leave, via=given.via, note=note
        )

    return run_verb(given, "contact reported" if given.reported else "coordinated", act)
