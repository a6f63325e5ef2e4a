"""`servicebook pause`: the ticket waits, and for what."""

from __future__ import annotations

from servicebook.actions.event import render_at
from servicebook.actions.verbs import pause
from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_choice, may_ask
from servicebook.cli.desk import open_here
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.workflow.lifecycles import PAUSE_REASONS


def run(argv: list[str]) -> int:
    """Pause a ticket. Without a reason there is no pause: it is asked for, or named as missing."""
    parser = verb_parser("pause")
    parser.add_argument("--reason", help=", ".join(PAUSE_REASONS))
    parser.add_argument("--until", metavar="TIME", help=speak("until when, where that is agreed"))
    given = parser.parse_args(argv)
    if not given.reason:
        if not may_ask():
            raise UsageError("a pause needs a reason", "--reason " + "|".join(PAUSE_REASONS))
        given.reason = ask_choice(speak("Why does it wait?"), PAUSE_REASONS)
    until = ""
    if given.until:
        now = read_now(open_here().settings, writes=True)
        until = render_at(parse_at(given.until, now, ahead=True))
    return run_verb(
        given,
        "paused",
        lambda source, facts, stamp, _: pause(
            source, facts, stamp, given.reason.replace("-", "_"), until=until, note=given.note
        ),
    )
