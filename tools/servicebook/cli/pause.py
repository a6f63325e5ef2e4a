"""`servicebook pause`: the ticket waits, and for what."""

from __future__ import annotations

from servicebook.actions.event import Stamp, render_at
from servicebook.actions.verbs import pause
from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_choice, may_ask
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.sla.waiting import WAITS_FOR_SUPPLIER
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.lifecycles import PAUSE_REASONS


def run(argv: list[str]) -> int:
    """Pause a ticket. Without a reason there is no pause: it is asked for, or named as missing."""
    parser = verb_parser("pause")
    parser.add_argument("--reason", help=", ".join(PAUSE_REASONS))
    parser.add_argument("--until", metavar="TIME", help=speak("until when, where that is agreed"))
    parser.add_argument(
        "--supplier", metavar="SLUG", help=speak("the supplier it waits for (default: who supplied its assets)")
    )
    given = parser.parse_args(argv)
    if given.supplier and not given.reason:
        given.reason = WAITS_FOR_SUPPLIER
    if not given.reason:
        if not may_ask():
            raise UsageError("a pause needs a reason", "--reason " + "|".join(PAUSE_REASONS))
        given.reason = ask_choice(speak("Why does it wait?"), PAUSE_REASONS)
    until = ""
    if given.until:
        now = read_now(open_here().settings, writes=True)
        until = render_at(parse_at(given.until, now, ahead=True))
    reason = given.reason.replace("-", "_")

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        supplier = find_record(desk, given.supplier, ("supplier",)).id if given.supplier else ""
        return pause(source, facts, stamp, reason, supplier=supplier, until=until, note=given.note)

    return run_verb(given, "paused", act)
