"""`servicebook depart`, `arrive`, `leave`: a team on its way to a site and back, for an incident or a visit."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, timedelta

from servicebook.actions.dispatching import arrive, depart, leave
from servicebook.actions.event import Stamp, render_at
from servicebook.cli.arguments import Parser, speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.filling import add_set_option
from servicebook.cli.kinds_of_verbs import require_kind
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.sla.entitlement import travel_minutes
from servicebook.sla.instants import to_micros
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.dispatching import gaps_before


def run(argv: list[str]) -> int:
    """Record a step on the way; visits have it in their life, incidents in their dispatch."""
    verb = argv[0]
    given = _parser(verb).parse_args(argv[1:])
    if verb != "leave" and find_record(open_here(), given.id).kind != "incident":
        from servicebook.cli import step

        return step.run(argv)
    told: dict[str, str] = {}

    def prepare(desk: Snapshot, facts: Facts) -> None:
        require_kind(verb, facts, "incident")
        if verb == "depart":
            told.update(_asked(desk, facts, given))

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        if verb == "arrive":
            return arrive(source, facts, stamp, note=given.note)
        if verb == "leave":
            return leave(source, facts, stamp, note=given.note)
        return depart(source, facts, stamp, {"eta_at": _eta(desk, facts, stamp.at, given.eta), **told}, given.note)

    done = {"depart": "departed", "arrive": "arrived", "leave": "left"}[verb]
    code = run_verb(given, done, act, prepare)
    if verb == "depart":
        print(speak("tell the customer: servicebook tell {id} --via phone,sms", id=given.id))
    return code


def _parser(verb: str) -> Parser:
    parser = verb_parser(verb)
    option = parser.add_argument
    if verb == "depart":
        option("--transport", metavar="TEXT", default="", help=speak("how the team travels"))
        option("--pass", metavar="TEXT", dest="pass_", default="", help=speak("the pass that the site asks for"))
        option("--eta", metavar="TIME", default="", help=speak("when it arrives (default: by the site's travel time)"))
    if verb != "leave":
        option("--reason", metavar="TEXT", default="", help=speak("why, in words the customer could be told"))
        add_set_option(parser)
    return parser


def _asked(desk: Snapshot, facts: Facts, given: Namespace) -> dict[str, str]:
    """Return transport and pass: as said, as they stand on the ticket, or as somebody answers.

    Raises UsageError where one is missing that the site asks for (service plan, 1.5.7-C/D).
    """
    site = desk.get("site", str(facts.get("site", default="")))
    needed = ["transport", *(["pass"] if site and site.get("access", "pass_needed") else [])]
    said = {"transport": given.transport, "pass": given.pass_}
    questions = {"transport": speak("How does the team travel?"), "pass": speak("Which pass does the site ask for?")}
    # Who may not leave yet is told why first; what to take along is asked afterwards.
    for name in needed if not gaps_before(facts, read_now(desk.settings, writes=True)) else ():
        if not said[name] and not facts.get("dispatch", name) and may_ask():
            said[name] = ask_line(questions[name], needed=True)
        if not said[name] and not facts.get("dispatch", name):
            flag = f"--{name}"
            raise UsageError("`servicebook {verb}` needs {flag}", "{flag} TEXT", verb="depart", flag=flag)
    return {name: text for name, text in said.items() if text}


def _eta(desk: Snapshot, facts: Facts, at: datetime, said: str) -> str:
    if said:
        return render_at(parse_at(said, at, ahead=True, source="--eta"))
    site = desk.get("site", str(facts.get("site", default="")))
    minutes = travel_minutes(site, to_micros(at)) if site else None
    return render_at(at + timedelta(minutes=minutes)) if minutes else ""
