"""`servicebook part`: what is in the stores, the ledger of one part, and every movement of goods."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime

from servicebook.actions.stock import move_part, tell_ticket
from servicebook.cli.arguments import Parser, make_parser, speak
from servicebook.cli.clocks import render_due, render_when, speak_title, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.cli.verb import TRIES, edited, make_stamp
from servicebook.cli.writing import add_commit_option, landing_of, push_record, require_sound, write_records
from servicebook.errors import FindingsError, UsageError
from servicebook.records.facts import Facts
from servicebook.reports.parts import Line, PartRow, ledger_lines, part_row, part_rows, row_data
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.stock import VERBS

EXAMPLES = """\
servicebook part                                          what is in the stores, what is below its minimum
servicebook part fan-module-fm-44                         its movements, each with the balance after it
servicebook part receive fan-module-fm-44 --serial F44-0017
servicebook part reserve fan-module-fm-44 --serial F44-0017 --ticket BFK2
servicebook part issue fan-module-fm-44 --serial F44-0017 --ticket BFK2 --replaces F44-0002
servicebook part ship psu-800 --ticket C7JY --to yunshan-hq         the ticket hears of it as well
servicebook part return psu-800 --serial PSU-60418 --broken --ticket C7JY
servicebook part ship psu-800 --serial PSU-60418 --broken --rma R-7731 --to lantern-tape
"""

FIELDS = ("quantity", "serial", "ticket", "from", "to", "rma", "note")
"""What a movement says beside when, which sort and by whom, as the model names it."""


def run(argv: list[str]) -> int:
    """Show the stores or one ledger, or write a movement down."""
    parser = _parser()
    given = parser.parse_args(argv)
    words: list[str] = given.words
    if words and words[0] in VERBS:
        if len(words) != 2:
            raise UsageError("`servicebook part {verb}` takes one part", "servicebook part", verb=words[0])
        return _move(given, words[0], words[1])
    desk = open_here()
    now = read_now(desk.settings, given.at)
    if not words:
        return _show_all(part_rows(desk, now), now, given.json)
    if len(words) > 1:
        raise UsageError("`{word}` is no movement of goods", "one of: {known}", word=words[0], known=", ".join(VERBS))
    return _show_one(part_row(find_record(desk, words[0], ("part",)), desk, now), now, given.json)


def _parser() -> Parser:
    parser = make_parser("part", EXAMPLES)
    option = parser.add_argument
    option("words", nargs="*", metavar="[VERB] PART", help=speak("receive, reserve, issue, ship, ... and the part"))
    option("--quantity", "-n", type=int, default=1, metavar="N", help=speak("how many (default: 1)"))
    option("--serial", metavar="NUMBER", default="", help=speak("which piece, where they have numbers"))
    option("--ticket", metavar="ID", default="", help=speak("the ticket it is for"))
    option("--from", dest="source", metavar="STORE", default="", help=speak("where it was (default: the part's store)"))
    option("--to", metavar="STORE", default="", help=speak("where it goes (default: the part's store)"))
    option("--replaces", metavar="NUMBER", default="", help=speak("issue: the serial number of what came out for it"))
    option("--broken", action="store_true", help=speak("the piece is broken"))
    option("--rma", metavar="NUMBER", default="", help=speak("the supplier's number for what is sent back"))
    option("--note", metavar="TEXT", default="", help=speak("what else there is to say, in one line"))
    option("--by", metavar="PERSON", help=speak("who did it (default: whom your Git e-mail belongs to)"))
    option("--at", metavar="TIME", help=speak("when it happened: 08:41, -10m, 2026-03-12T08:41 (default: now)"))
    option("--json", action="store_true", help=speak("as JSON"))
    add_commit_option(parser)
    return parser


def _move(given: Namespace, verb: str, word: str) -> int:
    """Write a movement down, on the part and where it means something on its ticket, in one commit."""
    from servicebook.store.write import WriteError

    _require_words(given, verb)
    for _ in range(TRIES):
        desk = open_here()
        landing = landing_of(desk, given)
        part = find_record(desk, word, ("part",))
        ticket = find_record(desk, given.ticket) if given.ticket else None
        files = _edits(desk, given, verb, part, ticket)
        try:
            said = speak("{verb} {part}", verb=verb, part=part.id) + (f" {given.serial}" if given.serial else "")
            write_records(desk, files, landing.commit, f"{said}: {ticket.id if ticket else part.title}")
        except WriteError:
            if all(desk.read_in_work_tree(before.path) == before.data for _, before in files):
                raise
            continue
        _tell(desk, files[0][0], read_now(desk.settings, writes=True))
        push_record(desk, landing, files[0][0])
        return 0
    raise FindingsError("{path} changes all the time", "wait a moment, then run it again", path=part.path)


def _require_words(given: Namespace, verb: str) -> None:
    if given.quantity < 1:
        raise UsageError("`{number}` is no number of pieces", "--quantity 1", number=given.quantity)
    if given.replaces and not (verb == "issue" and given.serial and given.ticket):
        raise UsageError(
            "--replaces goes with a piece that is issued for a ticket",
            "servicebook part issue PART --serial NEW --replaces OLD --ticket ID",
        )


def _edits(
    desk: Snapshot, given: Namespace, verb: str, part: Facts, ticket: Facts | None
) -> list[tuple[SourceFile, SourceFile]]:
    """Return the part's file, and the ticket's where the movement is told there: (after, before) each."""
    stamp = make_stamp(desk, given, read_now(desk.settings, writes=True))
    said = {name: getattr(given, "source" if name == "from" else name) for name in FIELDS}
    said["ticket"] = ticket.id if ticket else ""
    said["condition"] = "broken" if given.broken else ""
    before = SourceFile(part.path, desk.read_in_work_tree(part.path))
    files = [(edited(part.path, lambda: move_part(before, part, stamp, verb, said)), before)]
    if ticket is not None and not given.broken:
        there = SourceFile(ticket.path, desk.read_in_work_tree(ticket.path))
        told = edited(
            ticket.path,
            lambda: tell_ticket(there, ticket, stamp, verb, part, serial=given.serial, replaces=given.replaces),
        )
        if told.data != there.data:
            files.append((told, there))
    for after, old in files:
        require_sound(desk, after, old)
    return files


def _tell(desk: Snapshot, written: SourceFile, now: datetime) -> None:
    facts = desk.judged(written)[0]
    assert facts is not None  # it was found sound before it was written
    row = part_row(facts, desk, now)
    print(f"{facts.id}  {speak_title(facts)}")
    print(facts.path)
    print(_numbers(row))
    if row.is_low:
        print(speak("below its minimum of {n}: servicebook part receive {id}", n=row.minimum, id=facts.id))


def _numbers(row: PartRow) -> str:
    ledger = row.ledger
    said = {
        "on hand": ledger.on_hand, "reserved": ledger.count("reserved"), "on the way": ledger.count("transit"),
        "broken": ledger.count("broken"), "at the supplier": len(row.sent_back),
    }  # fmt: skip
    return ", ".join(f"{speak(word)} {number}" for word, number in said.items() if number or word == "on hand")


def _show_all(rows: Sequence[PartRow], now: datetime, as_json: bool) -> int:
    if as_json:
        print(json.dumps([row_data(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    names = ("part", "store", "on hand", "reserved", "on the way", "minimum", "at the supplier")
    columns = [*(Column(speak(name), least=8) for name in names), Column(speak("title"), least=12)]
    table: list[list[str | Cell]] = []
    for row in rows:
        due = [render_due(one.due_at, now) or "?" for one in row.sent_back]
        free = Cell(str(row.ledger.on_hand), "red" if row.is_low else "")
        table.append([
            row.part.id, str(row.part.get("store", default="")), free, str(row.ledger.count("reserved") or ""),
            str(row.ledger.count("transit") or ""), str(row.minimum), ", ".join(due), speak_title(row.part),
        ])  # fmt: skip
    print(render_table(columns, table))
    low = [row.part.id for row in rows if row.is_low]
    if low:
        print()
        print(speak("below their minimum: {parts}", parts=", ".join(low)))
    return 0


def _show_one(row: PartRow, now: datetime, as_json: bool) -> int:
    lines = ledger_lines(row.part)
    if as_json:
        moves = [{**line.movement, "on_hand_after": line.on_hand, "fault": line.fault or None} for line in lines]
        print(json.dumps({**row_data(row), "movements": moves}, ensure_ascii=False, indent=1))
        return 0
    print(f"{row.part.id}  {speak_title(row.part)}")
    print(_numbers(row) + "  " + speak("minimum {n}", n=row.minimum))
    for one in row.sent_back:
        due = render_due(one.due_at, now) or speak("no date promised")
        print(
            speak(
                "at {supplier}: {rma} {serial}, due back {due}",
                supplier=one.supplier,
                rma=one.rma,
                serial=one.serial,
                due=due,
            )
        )
    print()
    names = ("when", "what", "n", "serial", "ticket", "from", "to", "by", "on hand")
    print(render_table([Column(speak(name), least=4) for name in names], [_row(line, now) for line in lines]))
    return 0


def _row(line: Line, now: datetime) -> list[str | Cell]:
    move = line.movement
    what = speak_value(str(move.get("type", "")), "movement")
    if move.get("condition") == "broken":
        what += f" ({speak('broken')})"
    texts = (str(move.get(name) or "") for name in ("serial", "ticket", "from", "to", "by"))
    at = datetime.fromisoformat(move["at"]) if move.get("at") else None
    balance = Cell(speak("does not count"), "red") if line.fault else Cell(str(line.on_hand))
    return [render_when(at, now), what, str(move.get("quantity", 1)), *texts, balance]
