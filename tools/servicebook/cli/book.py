"""`servicebook book`: what the work on a ticket cost, priced by its contract, billed as its cover says."""

from __future__ import annotations

from argparse import Namespace

from servicebook.actions.booking import book
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.costs import read_day
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.verb import edited
from servicebook.cli.writing import add_commit_option, landing_of, push_record, require_sound, write_record
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.costs import contract_of, cost_lines_of
from servicebook.reports.cover import verdict_on
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.money import CURRENCY, exact, plain_number

EXAMPLES = """\
servicebook book F90H --role operations_engineer=0.5 --person he.jun
servicebook book F90H --part mainboard-r640 --travel 120 --consent "mail of Huang, 8 October"
servicebook book 1BHK --role senior_development=1 --free --note "training is free by contract"
"""


def run(argv: list[str]) -> int:
    """Add lines of cost to a ticket; a closed one takes them as well."""
    parser = make_parser("book", EXAMPLES)
    option = parser.add_argument
    option("id", metavar="ID", help=speak("the ticket: its id or the last four characters"))
    option("--role", metavar="ROLE=DAYS", action="append", default=[], help=speak("person-days of a role on the card"))
    option("--person", metavar="PERSON", default="", help=speak("who worked"))
    option("--part", metavar="PART=N", action="append", default=[], help=speak("a part that was used, and how many"))
    option("--item", metavar="ITEM=N", action="append", default=[], help=speak("something the bid has a price for"))
    option("--travel", metavar="AMOUNT", help=speak("cost of travel"))
    option("--amount", metavar="AMOUNT", help=speak("a sum of its own, where no card has it"))
    option("--on", metavar="DAY", default="", help=speak("the day it was for (default: today)"))
    payer = parser.add_mutually_exclusive_group()
    payer.add_argument("--billable", action="store_true", default=None, help=speak("the customer pays"))
    payer.add_argument("--free", dest="billable", action="store_false", help=speak("the customer does not pay"))
    option("--consent", metavar="TEXT", default="", help=speak("where the customer's yes is proven, such as a mail"))
    option("--note", metavar="TEXT", default="", help=speak("what else there is to say, in one line"))
    add_commit_option(parser)
    given = parser.parse_args(argv)
    desk = open_here()
    landing = landing_of(desk, given)
    ticket = find_record(desk, given.id, TICKET_KINDS)
    before = SourceFile(ticket.path, desk.read_in_work_tree(ticket.path))
    after = edited(ticket.path, lambda: _booked(desk, ticket, before, given))
    require_sound(desk, after, before)
    write_record(desk, after, before, landing.commit, f"{ticket.id} costs booked: {ticket.title}")
    _tell(desk, after)
    push_record(desk, landing, after)
    return 0


def _booked(desk: Snapshot, ticket: Facts, source: SourceFile, given: Namespace) -> SourceFile:
    lines = _lines(desk, given)
    if not lines:
        raise UsageError(
            "nothing is booked", "--role ROLE=DAYS, --part PART, --travel AMOUNT | servicebook book --help"
        )
    named = (desk.get("part", str(line.get("part") or "")) for line in lines)
    return book(
        source, ticket, lines,
        on=read_day("--on", given.on) or read_now(desk.settings, writes=True).date(),
        contract=desk.get("contract", contract_of(ticket, desk)),
        parts={part.id: part.data for part in named if part},
        verdict=verdict_on(desk, ticket),
        billable=given.billable,
        agreed=given.consent or _consent(ticket),
    )  # fmt: skip


def _consent(ticket: Facts) -> str:
    """Return the evidence of the consent that the ticket has already."""
    for way in (("emergency_plan", "consent"), ("consent",)):
        if evidence := ticket.get(*way, "evidence"):
            return str(evidence)
    return ""


def _lines(desk: Snapshot, given: Namespace) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for pair in given.role:
        role, _, days = pair.partition("=")
        person = find_record(desk, given.person, ("person",)).id if given.person else ""
        lines.append({"role": role.replace("-", "_"), "person": person, "person_days": number_of(pair, days or "1")})
    for pair in given.part:
        part, _, count = pair.partition("=")
        found = find_record(desk, part, ("part",)).id
        lines.append({"part": found, "quantity": int(number_of(pair, count or "1"))})
    for pair in given.item:
        item, _, count = pair.partition("=")
        lines.append({"item": item, "quantity": int(number_of(pair, count or "1"))})
    if given.travel:
        lines.append({"travel": {"amount": number_of(given.travel, given.travel), "currency": CURRENCY}})
    if given.amount:
        amount = {"amount": number_of(given.amount, given.amount), "currency": CURRENCY}
        if len(lines) > 1:
            raise UsageError("--amount is the sum of one line", "book the lines one by one")
        lines = [{**(lines[0] if lines else {}), "amount": amount}]
    return [{**line, "note": given.note} if given.note else line for line in lines]


def number_of(said: str, text: str) -> int | float:
    """Return a number from 0 up that somebody typed; UsageError for anything else."""
    amount = exact(text)
    if amount < 0 or not text.replace(".", "", 1).isascii() or not text.replace(".", "", 1).isdigit():
        raise UsageError("`{said}` is no amount", "--role operations_engineer=1.5, --travel 120", said=said)
    return plain_number(amount)


def _tell(desk: Snapshot, written: SourceFile) -> None:
    facts = desk.judged(written)[0]
    assert facts is not None  # it was found sound before it was written
    print(f"{facts.id}  {facts.title}")
    print(facts.path)
    for line in cost_lines_of(facts, desk):
        payer = speak("customer") if line.billable else speak("free")
        print(f"  {line.on}  {line.what}  {line.person_days}  {line.price or speak('no price')}  {payer}")
