"""`servicebook escalate`: bring a ticket to somebody's attention."""

from __future__ import annotations

from servicebook.actions.verbs import escalate
from servicebook.cli.arguments import speak
from servicebook.cli.verb import run_verb, verb_parser


def run(argv: list[str]) -> int:
    """Write down who was told, how, and why."""
    parser = verb_parser("escalate")
    parser.add_argument("--to", metavar="NAME", required=True, help=speak("who was told: a person, a team or a role"))
    parser.add_argument("--via", metavar="CHANNEL", default="", help=speak("how: phone, email, in_person, ..."))
    parser.add_argument("--reason", metavar="TEXT", default="", help=speak("why"))
    given = parser.parse_args(argv)
    return run_verb(
        given,
        f"escalated to {given.to}",
        lambda source, facts, stamp, _: escalate(
            source, facts, stamp, given.to, via=given.via, reason=given.reason, note=given.note
        ),
    )
