"""`servicebook report`: submit the handling report of an incident, or print it; periodic reports by a first word."""

from __future__ import annotations

from servicebook.actions.event import Stamp
from servicebook.actions.reporting import submit_report
from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.fields import field_at, fields_of
from servicebook.cli.kinds_of_verbs import require_kind
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.records.facts import Facts
from servicebook.reports.handling import render_report
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.handling_report import SECTIONS, lacking_sections

WORDS = ("new", "review", "submit", "due")
"""First words that are about weekly and monthly reports (cli/periodic_reports.py)."""
EXAMPLES = """\
servicebook report new|review|submit|due                       weekly and monthly reports: report due --help
servicebook report 7F3K --method "changed the power module"    the handling report of an incident
"""
CHANNELS = ("email", "fax", "in_person", "form", "post")


def run(argv: list[str]) -> int:
    """Stop the report clock: the report is with the customer. What the record knows need not be typed again."""
    if argv[:1] and argv[0] in WORDS:
        from servicebook.cli.periodic_reports import run as run_periodic

        return run_periodic(argv)
    parser = verb_parser("report")
    parser.epilog = EXAMPLES
    option = parser.add_argument
    option("--print", action="store_true", dest="prints", help=speak("print the report, and submit nothing"))
    option("--to", metavar="NAME", default="", help=speak("to whom it was submitted (default: the caller)"))
    option("--via", choices=CHANNELS, default="email", help=speak("how it was submitted (default: email)"))
    fields = field_at(fields_of("incident"), "handling_report").inner
    for field in fields:
        if field.name in SECTIONS:
            option("--" + field.name.replace("_", "-"), metavar="TEXT", default="", help=field.label)
    given = parser.parse_args(argv)
    if given.prints:
        desk = open_here()
        facts = find_record(desk, given.id)
        require_kind("report", facts, "incident")
        print(render_report(facts, desk.settings.languages[0]))
        return 0
    said = {name: text for name in SECTIONS if (text := getattr(given, name))}

    def prepare(_: Snapshot, facts: Facts) -> None:
        require_kind("report", facts, "incident")
        for name in lacking_sections(facts) if may_ask() else ():
            if name not in said and (answer := ask_line(field_at(fields, name).label)):
                said[name] = answer

    def act(source: SourceFile, facts: Facts, stamp: Stamp, _: Snapshot) -> SourceFile:
        to = given.to or str(facts.get("caller", "name", default=""))
        return submit_report(source, facts, stamp, said, to=to, via=given.via, note=given.note)

    return run_verb(given, "handling report submitted", act, prepare)
