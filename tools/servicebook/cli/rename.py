"""`servicebook rename`: a service, an asset, a person gets another lasting name; the old one leads there."""

from __future__ import annotations

import sys

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.moving import add_options, carry_out, plan_of
from servicebook.errors import UsageError
from servicebook.records.kinds import BY_NAME, is_id_of


def run(argv: list[str]) -> int:
    """Move a record and its attachments, keep the old name as an alias, and let links to its file follow."""
    parser = make_parser("rename")
    parser.add_argument("id", metavar="KIND/OLD", help=speak("the record: its name, with its kind in front"))
    parser.add_argument("new", metavar="NEW", help=speak("its new name"))
    add_options(parser)
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    facts = find_record(desk, given.id)
    kind = BY_NAME[facts.kind]
    if kind.prefix:
        raise UsageError("a {kind} has a number, not a name", "servicebook renumber {id}", kind=kind.name, id=facts.id)
    if given.new == facts.id or not is_id_of(kind, given.new):
        raise UsageError("`{slug}` cannot be a name", "letters a-z, digits, hyphens", slug=given.new)
    plan = plan_of(desk, facts, given.new)
    code = carry_out(desk, plan, given)
    count = sum(1 for _ in desk.referrers(facts.kind, facts.id))
    if count and not given.diff:
        said = speak("{count} references name it by the alias `{old}`, which leads here", count=count, old=facts.id)
        print(said, file=sys.stderr)
    return code
