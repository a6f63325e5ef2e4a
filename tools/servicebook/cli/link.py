"""`servicebook link`: two records belong together."""

from __future__ import annotations

from servicebook.actions.verbs import LINK_FIELDS, SINGLE_LINKS, link
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.verb import edited
from servicebook.cli.writing import (
    add_commit_option,
    held_back,
    landing_of,
    push_record,
    require_sound,
    write_record,
)
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Write the other record's id under the first one's `links:`; both pages show it."""
    parser = make_parser("link")
    parser.add_argument("id", metavar="ID", help=speak("the record that is written"))
    parser.add_argument("other", metavar="OTHER", help=speak("the record it belongs with"))
    fields = [*LINK_FIELDS.values(), *SINGLE_LINKS]
    parser.add_argument("--as", dest="field", choices=fields, default="", help=speak("the field below `links:`"))
    add_commit_option(parser)
    given = parser.parse_args(argv)
    desk = open_here()
    landing = landing_of(desk, given)
    facts, other = find_record(desk, given.id), find_record(desk, given.other)
    before = SourceFile(facts.path, desk.read_in_work_tree(facts.path))
    after = edited(facts.path, lambda: link(before, facts, other, given.field))
    require_sound(desk, after, before)
    landing = held_back(desk, landing, after)
    write_record(desk, after, before, landing.commit, f"{facts.id} linked to {other.id}")
    print(f"{facts.id} → {other.id}")
    print(facts.path)
    push_record(desk, landing, after)
    return 0
