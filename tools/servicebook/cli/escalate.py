"""`servicebook escalate`: bring a ticket to somebody's attention; the special kinds know whom they must reach."""

from __future__ import annotations

from servicebook.actions.event import Stamp
from servicebook.actions.verbs import escalate
from servicebook.cli.arguments import speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.escalations import next_to_tell, reaches


def run(argv: list[str]) -> int:
    """Write down who was told, how, and why; of a special kind, those who come next when nobody is named."""
    parser = verb_parser("escalate")
    option = parser.add_argument
    option("--to", metavar="NAME", default="", help=speak("who was told: a person, a team or a role"))
    option("--kind", metavar="KIND", default="", help=speak("what is short: staffing, skill, difficulty"))
    option("--step", metavar="TEXT", default="", help=speak("the clock and step that it answers"))
    option("--via", metavar="CHANNEL", default="", help=speak("how: phone, email, in_person, ..."))
    option("--reason", metavar="TEXT", default="", help=speak("why"))
    given = parser.parse_args(argv)
    if not given.to and not given.kind:
        raise UsageError("missing: {names}", "--to NAME, or --kind staffing|skill|difficulty", names="--to")

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        rules = desk.settings.escalation
        if given.kind and given.kind not in rules:
            raise UsageError(
                "`{kind}` is no kind of escalation", "one of: {known}", kind=given.kind, known=", ".join(rules)
            )
        to = given.to or ", ".join(next_to_tell(facts, desk, rules, given.kind, stamp.at))
        if not to:
            raise UsageError("the escalation has reached everybody it must", "--to NAME tells somebody else")
        return escalate(
            source, facts, stamp, to, kind=given.kind, step=given.step, via=given.via, reason=given.reason,
            note=given.note,
        )  # fmt: skip

    code = run_verb(given, f"escalated ({given.kind})" if not given.to else f"escalated to {given.to}", act)
    if given.kind:
        _tell_missing(given.id, given.kind)
    return code


def _tell_missing(word: str, kind: str) -> None:
    """Say who must still hear of it, and the command that says they did."""
    desk = open_here()
    facts = find_record(desk, word)
    for reach in reaches(facts, desk, desk.settings.escalation):
        if reach.kind == kind and reach.missing:
            now = read_now(desk.settings, writes=True)
            people = ", ".join(next_to_tell(facts, desk, desk.settings.escalation, kind, now))
            roles = ", ".join(role.replace("_", " ") for role in reach.missing)
            print(speak("still to be told: {roles} ({people})", roles=roles, people=people or "-"))
            print(f"{speak('next')}: servicebook escalate {facts.id} --kind {kind}")
