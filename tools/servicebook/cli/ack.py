"""`servicebook ack`: somebody has spoken with the customer."""

from __future__ import annotations

from servicebook.actions.verbs import acknowledge
from servicebook.cli.arguments import speak
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.records.facts import Facts


def run(argv: list[str]) -> int:
    """Acknowledge a ticket, which stops its response clock."""
    parser = verb_parser("ack")
    parser.add_argument("--via", metavar="CHANNEL", default="", help=speak("how: phone, email, in_person, ..."))
    parser.add_argument("--to", metavar="NAME", default="", help=speak("to whom at the customer's you spoke"))
    parser.add_argument("--take", action="store_true", help=speak("and make the ticket yours"))
    given = parser.parse_args(argv)
    return run_verb(
        given,
        "acknowledged",
        lambda source, facts, stamp, _: acknowledge(
            source, facts, stamp, via=given.via or _usual_channel(facts), to=given.to, note=given.note, take=given.take
        ),
    )


def _usual_channel(facts: Facts) -> str:
    """Return how a customer is told where nobody says it; of a problem no customer hears."""
    return "" if facts.kind == "problem" else "phone"
