"""`servicebook consent`: the customer said yes, by which channel, and where the proof is."""

from __future__ import annotations

import sys

from servicebook.actions.dispatching import CONSENT_FIELDS, consent
from servicebook.cli.arguments import speak
from servicebook.cli.kinds_of_verbs import require_kind
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.workflow.consenting import may_not_consent, who_may_consent

CHANNELS = ("phone", "email", "fax", "in_person", "form")


def run(argv: list[str]) -> int:
    """Write the consent on the plan, request or visit, and on the timeline."""
    parser = verb_parser("consent")
    parser.add_argument("--to", metavar="NAME", required=True, help=speak("who said yes, at the customer's"))
    parser.add_argument("--via", choices=CHANNELS, default="phone", help=speak("how it was said (default: phone)"))
    parser.add_argument("--evidence", metavar="TEXT", default="", help=speak("where the proof is, such as a mail"))
    given = parser.parse_args(argv)

    def prepare(desk: Snapshot, facts: Facts) -> None:
        require_kind("consent", facts, *CONSENT_FIELDS)
        customer = desk.get("customer", str(facts.get("customer", default="")))
        if may_not_consent(customer, given.to):
            note = speak(
                "{name} may not agree to paid work; who may: {names}",
                name=given.to,
                names=", ".join(who_may_consent(customer)),
            )
            print(note, file=sys.stderr)

    return run_verb(
        given,
        f"consented by {given.to}",
        lambda source, facts, stamp, _: consent(
            source, facts, stamp, given.to, via=given.via, evidence=given.evidence, note=given.note
        ),
        prepare,
    )
