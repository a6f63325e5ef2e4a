"""`servicebook messages`: what is due to be said to whom, by which channel and when; sending it is another matter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_when, speak_title, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.agenda import teams_of
from servicebook.reports.board import may_run
from servicebook.reports.messages import TOPICS, Message, is_due, message_order, messages_of, words_to_suppliers
from servicebook.store.snapshot import Snapshot


def run(argv: list[str]) -> int:
    """Print the messages that wait, the soonest first; of one ticket, for one person or team, or all of them."""
    parser = make_parser("messages")
    parser.add_argument("id", metavar="ID", nargs="?", help=speak("the ticket: its id or the last four characters"))
    parser.add_argument("--for", dest="whom", metavar="PERSON|TEAM", help=speak("to whom they go"))
    parser.add_argument("--all", action="store_true", help=speak("those that were said too"))
    parser.add_argument("--at", metavar="TIME", help=speak("judge the clocks at another time"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here()
    now = read_now(desk.settings, given.at)
    wanted = find_record(desk, given.id) if given.id else None
    tickets = [wanted] if wanted else desk.of_kind(*TICKET_KINDS) if given.all else desk.live(TICKET_KINDS)
    found = messages_of(desk, [one for one in tickets if given.all or may_run(one)], now)
    found += [one for one in words_to_suppliers(desk, now) if wanted is None or one.record.id == wanted.id]
    found = sorted((one for one in found if given.all or one.said_at is None), key=message_order)
    if given.whom:
        names = _names(desk, given.whom)
        found = [one for one in found if names.intersection(one.to)]
    if given.json:
        print(json.dumps([_data(one, now) for one in found], ensure_ascii=False, indent=1))
        return 0
    print(_table(found, now) if found else speak("nothing is due to be said"))
    print_as_of(desk.settings, given.at)
    return 0


def _names(desk: Snapshot, word: str) -> set[str]:
    """Return the person or team, and the teams of a person: what is told to a team is told to its people."""
    who = find_record(desk, word, ("person", "team")).id
    return {who} if desk.get("team", who) else {who, *teams_of(desk, who)}


def _table(found: Sequence[Message], now: datetime) -> str:
    columns = [
        Column(speak("due")), Column(speak("what"), least=16, keep=True), Column(speak("to"), least=12, keep=True),
        Column(speak("via")), Column(speak("record")), Column(speak("title"), least=8),
    ]  # fmt: skip
    rows: list[list[str | Cell]] = []
    for one in found:
        what = speak(TOPICS[one.topic]) + (f" ({one.detail})" if one.detail else "")
        said = f"✓ {what}" if one.said_at else what
        via = ", ".join(speak_value(channel, "via") for channel in one.via)
        when = Cell(render_when(one.due_at, now), "red" if is_due(one, now) else "")
        rows.append([when, said, ", ".join(one.to), via, one.record.id, speak_title(one.record)])
    return render_table(columns, rows)


def _data(one: Message, now: datetime) -> dict[str, object]:
    return {
        "topic": one.topic,
        "id": one.record.id,
        "to": list(one.to),
        "via": list(one.via),
        "due_at": one.due_at.isoformat(timespec="seconds"),
        "said_at": one.said_at.isoformat(timespec="seconds") if one.said_at else None,
        "due": is_due(one, now),
        "detail": one.detail,
    }
