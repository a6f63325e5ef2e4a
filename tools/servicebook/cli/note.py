"""`servicebook note`: write down what happened, as a note or as any event of the kind."""

from __future__ import annotations

from servicebook.actions.verbs import take_note
from servicebook.cli.arguments import speak
from servicebook.cli.fields import field_at, fields_of
from servicebook.cli.filling import add_set_option, placed
from servicebook.cli.now import read_now
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any
from servicebook.workflow.escalations import names_told

SAID = ("at", "recorded_at", "id", "event", "by", "via", "to", "reason", "note", "present")
"""What every line of a timeline says, and other options or the clock give."""


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
    add_set_option(parser)
    given = parser.parse_args(argv)
    text = " ".join(" ".join(given.text).split())
    if not text and given.event == "note":
        raise UsageError("the note is empty", 'servicebook note {id} "restarted the encoder"', id=given.id)
    event = given.event.replace("-", "_")
    more: dict[str, Any] = {}

    def prepare(desk: Snapshot, _: Facts) -> None:
        more.update(_more(desk, given.set))

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
            more=more,
        ),
        prepare,
    )


def _more(desk: Snapshot, pairs: list[str]) -> dict[str, Any]:
    """Return the other fields of the line, such as `until` of an extension; an hour of the day lies ahead.

    Raises UsageError for a field that a line of a timeline does not have, or that has an option of its own.
    """
    now = read_now(desk.settings, writes=True)
    fields = tuple(one for one in field_at(fields_of("incident"), "timeline").inner if one.name not in SAID)
    more = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not text:
            raise UsageError("`{pair}` sets no field of this kind", "FIELD=VALUE", pair=pair)
        field = field_at(fields, name)
        more[name] = placed(field, field.read(text), now, ahead=True)
    return more
