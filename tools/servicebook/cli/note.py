"""`servicebook note`: write down what happened, as a note or as any event of the kind."""

from __future__ import annotations

from servicebook.actions.verbs import take_note
from servicebook.cli.arguments import speak
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.workflow.escalations import names_told


def run(argv: list[str]) -> int:
    """Append one line to the timeline; text is needed only where the event does not speak for itself."""
    parser = verb_parser("note", note=False)
    parser.add_argument("text", metavar="TEXT", nargs="*", help=speak("what happened, in one line"))
    parser.add_argument("--event", default="note", help=speak("an event such as remote_session, arrived, submitted"))
    parser.add_argument("--via", metavar="CHANNEL", default="", help=speak("how: phone, email, in_person, ..."))
    parser.add_argument("--to", metavar="NAME", default="", help=speak("to whom"))
    parser.add_argument("--reason", metavar="TEXT", default="", help=speak("why"))
    parser.add_argument(
        "--with", metavar="NAMES", dest="present", default="", help=speak("who else was there, set off by commas")
    )
    given = parser.parse_args(argv)
    text = " ".join(" ".join(given.text).split())
    if not text and given.event == "note":
        raise UsageError("the note is empty", 'servicebook note {id} "restarted the encoder"', id=given.id)
    event = given.event.replace("-", "_")
    return run_verb(
        given,
        event,
        lambda source, facts, stamp, _: take_note(
            source,
            facts,
            stamp,
            text,
            event=event,
            via=given.via,
            to=given.to,
            reason=given.reason,
            present=names_told(given.present),
        ),
    )
