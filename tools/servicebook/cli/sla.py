"""`servicebook sla`: the running clocks, the soonest first; or one ticket's clocks, explained."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_clocks, render_when, say_clock, speak_clock, speak_title, speak_value
from servicebook.cli.desk import find_record, open_here, tell_if_empty
from servicebook.cli.list import parse_words
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.sla_explained import explained_data, render_explained
from servicebook.cli.terminal import Cell, Column, colour, render_table
from servicebook.errors import UsageError
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.reports.board import BoardRow, clock_data, clock_rows, count_states
from servicebook.reports.listing import Filter, matcher, render_value
from servicebook.reports.returns import clocks_with_returns, returns_of_ticket
from servicebook.reports.waiting import waiting_of
from servicebook.sla.status import ClockStatus, absence_of
from servicebook.store.snapshot import Snapshot

TSV = (
    "id", "clock", "state", "promise", "due_at", "stopped_at", "remaining_seconds", "elapsed_seconds", "worked_seconds",
    "agreement", "hours", "title",
)  # fmt: skip

SHORT = (("team", "assignment_group"), ("service", "service"), ("customer", "customer"))
"""Options that stand for a filter, and the field each compares."""


def run(argv: list[str]) -> int:
    """Print the board, or the clocks of one ticket."""
    parser = make_parser("sla")
    parser.add_argument("words", metavar="ID|KIND|FILTER", nargs="*", help=speak("one ticket; or kinds and filters"))
    for name, _ in SHORT:
        parser.add_argument(f"--{name}", metavar="SLUG", help=speak(f"clocks of this {name} only"))
    parser.add_argument("--explain", action="store_true", help=speak("show how each clock adds up"))
    parser.add_argument("--all", action="store_true", help=speak("ended clocks too"))
    parser.add_argument("--at", metavar="TIME", help=speak("judge the clocks at another time"))
    parser.add_argument("--rev", default="worktree", help=speak("as a revision has it"))
    parser.add_argument("--format", choices=("table", "tsv", "json"), default="table", help=speak("how to print"))
    parser.add_argument("--json", action="store_const", dest="format", const="json", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(given.rev)
    now = read_now(desk.settings, given.at or _time_of(desk, given.rev))
    ticket = _one_ticket(desk, given.words)
    if ticket is not None:
        return _show_ticket(desk, ticket, now, given)
    if given.explain:
        raise UsageError("--explain takes one ticket", "servicebook sla ID --explain")
    kinds, filters = parse_words(given.words)
    filters += [Filter(field, "=", value) for name, field in SHORT if (value := getattr(given, name))]
    passes = matcher(filters)
    rows = clock_rows(desk, now, lambda facts: (not kinds or facts.kind in kinds) and passes(facts), given.all)
    if given.format == "table":
        print(render_board(rows, now) if rows else speak("no clock is running"))
        print_as_of(desk.settings, given.at or given.rev != "worktree")
        if not rows:
            tell_if_empty(desk)
    else:
        _print_data(rows, given.format)
    return 0


def _time_of(desk: Snapshot, rev: str) -> str | None:
    """A revision alone is judged at its commit's time; the work tree at now."""
    if rev in ("worktree", "staged"):
        return None
    return desk.repository.git("show", "-s", "--format=%cI", rev).decode().strip()


def _one_ticket(desk: Snapshot, words: Sequence[str]) -> Facts | None:
    if len(words) != 1 or any(sign in words[0] for sign in "=~<>"):
        return None
    try:
        parse_words(words)
    except UsageError:
        return find_record(desk, words[0])
    return None


def render_board(rows: Sequence[BoardRow], now: datetime) -> str:
    """Return the board: one clock a line, the soonest first, and a line of counts."""
    columns = [
        Column(speak("due")),
        Column(speak("state"), least=12, keep=True),
        Column(speak("clock")),
        Column(speak("ticket")),
        Column(speak("with"), least=8),
        Column(speak("title"), least=8),
    ]
    table: list[list[str | Cell]] = [
        [
            render_when(row.clock.due_at, now),
            say_clock(row.clock, now),
            speak_clock(row.clock.name) + _mark(row.clock),
            row.ticket.id,
            row.clock.target.supplier or str(row.ticket.get("assigned_to") or row.ticket.get("assignment_group") or ""),
            speak_title(row.ticket),
        ]
        for row in rows
    ]
    counts = count_states(rows)
    summary = ", ".join(f"{count} {speak_value(state)}" for state, count in sorted(counts.items()))
    marks = {_mark(row.clock) for row in rows}
    note = "".join("  " + speak(said) for mark, said in MARKS.items() if mark in marks)
    return render_table(columns, table) + f"\n\n{summary}{note}"


MARKS = {"°": "° the desk's own promise", "†": "† a supplier's promise to the desk"}
"""The sign behind a clock that the contract does not promise, and what it means."""


def _mark(clock: ClockStatus) -> str:
    return "†" if clock.target.supplier else "" if clock.promise == "contract" else "°"


def _print_data(rows: Sequence[BoardRow], form: str) -> None:
    data = [clock_data(row) for row in rows]
    if form == "json":
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    print("\t".join(TSV))
    for item in data:
        print("\t".join(plain(render_value(item[name])) for name in TSV))


def _show_ticket(desk: Snapshot, ticket: Facts, now: datetime, given: Namespace) -> int:
    clocks = clocks_with_returns(ticket, desk, now)
    rows = [BoardRow(ticket, clock) for clock in clocks]
    if given.format != "table":
        if given.explain:
            print("\n".join(explained_data(desk, rows, given.format)))
        else:
            _print_data(rows, given.format)
        return 0
    print(colour(f"{ticket.id}  {plain(speak_title(ticket))}", "bold"))
    if not clocks:
        print(speak("no clock: {why}", why=speak_value(absence_of(ticket, desk))))
        return 0
    print(render_clocks(clocks, now))
    print("".join(f"\n{line}" for line in _at_suppliers(desk, ticket, now)), end="")
    if given.explain:
        for clock in clocks:
            print("\n" + "\n".join(render_explained(desk, clock, now)))
    return 0


def _at_suppliers(desk: Snapshot, ticket: Facts, now: datetime) -> Iterator[str]:
    """Yield what a ticket has at suppliers: whom it waits for, and the broken pieces that are out."""
    waiting = waiting_of(ticket, desk, now)
    if waiting is not None:
        supplier = waiting.supplier or speak("a supplier that is not named")
        yield (
            speak("waits for {supplier} since {since}", supplier=supplier, since=render_when(waiting.since, now)) + "\n"
        )
    for back in returns_of_ticket(ticket, desk, now):
        if back.back_at is not None:
            continue
        told = {"rma": back.rma, "part": back.part.id, "supplier": back.supplier}
        sent, due = render_when(back.sent_at, now), render_when(back.due_at, now) or speak("not promised")
        yield speak("{part} {rma} at {supplier} since {sent}, due back: {due}", **told, sent=sent, due=due) + "\n"
