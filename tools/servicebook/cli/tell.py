"""`servicebook tell`: the customer has heard how it stands, and when they hear next."""

from __future__ import annotations

from servicebook.actions.dispatching import tell_customer
from servicebook.actions.event import Stamp, render_at
from servicebook.cli.arguments import speak
from servicebook.cli.now import parse_at
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Write `customer_told` once for each channel; `--next` promises when they hear again."""
    parser = verb_parser("tell", note=False)
    option = parser.add_argument
    option("note", metavar="TEXT", nargs="*", help=speak("what was said, in one line"))
    option("--to", metavar="NAME", default="", help=speak("whom at the customer's (default: the caller)"))
    option("--via", metavar="CHANNEL", default="phone", help=speak("how, several with commas: phone,sms"))
    option("--next", metavar="TIME", default="", help=speak("when they hear next: 2h, 30m, 14:00"))
    given = parser.parse_args(argv)
    channels = [word.strip().replace("-", "_") for word in given.via.split(",") if word.strip()]

    def act(source: SourceFile, facts: Facts, stamp: Stamp, _: Snapshot) -> SourceFile:
        to = given.to or str(facts.get("caller", "name", default=""))
        if not to:
            raise UsageError("`{id}` names no caller", "--to NAME", id=facts.id)
        until = render_at(parse_at(given.next, stamp.at, ahead=True, source="--next")) if given.next else ""
        note = " ".join(" ".join(given.note).split())
        return tell_customer(source, facts, stamp, channels, to=to, until=until, note=note)

    return run_verb(given, "customer told", act)
