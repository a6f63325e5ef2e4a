"""`servicebook sla`: the running clocks, the soonest first; or one ticket's clocks, explained."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_clocks, render_span, render_when, say_clock, speak_title, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.list import parse_words
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Cell, Column, colour, render_table
from servicebook.errors import UsageError
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.reports.board import BoardRow, clock_data, clock_rows, count_states
from servicebook.reports.listing import matcher, render_value
from servicebook.sla.segments import Segment, split_by_hours
from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.versions import hours_for
from servicebook.store.snapshot import Snapshot

TSV = ("id", "clock", "state", "promise", "due_at", "stopped_at", "remaining_seconds", "agreement", "hours", "title")


def run(argv: list[str]) -> int:
    """Print the board, or the clocks of one ticket."""
    parser = make_parser("sla")
    parser.add_argument("words", metavar="ID|KIND|FILTER", nargs="*", help=speak("one ticket; or kinds and filters"))
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
    passes = matcher(filters)
    rows = clock_rows(desk, now, lambda facts: (not kinds or facts.kind in kinds) and passes(facts), given.all)
    if given.format == "table":
        print(render_board(rows, now) if rows else speak("no clock is running"))
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
        Column(speak("state"), least=24),
        Column(speak("clock")),
        Column(speak("ticket")),
        Column(speak("with"), least=8),
        Column(speak("title"), least=16),
    ]
    table: list[list[str | Cell]] = [
        [
            render_when(row.clock.due_at, now),
            say_clock(row.clock, now),
            row.clock.name + ("" if row.clock.promise == "contract" else "°"),
            row.ticket.id,
            str(row.ticket.get("assigned_to") or row.ticket.get("assignment_group") or ""),
            speak_title(row.ticket),
        ]
        for row in rows
    ]
    counts = count_states(rows)
    summary = ", ".join(f"{count} {speak_value(state)}" for state, count in sorted(counts.items()))
    internal = any(row.clock.promise != "contract" for row in rows)
    note = "  " + speak("° the desk's own promise") if internal else ""
    return render_table(columns, table) + f"\n\n{summary}{note}"


def _print_data(rows: Sequence[BoardRow], form: str) -> None:
    data = [clock_data(row) for row in rows]
    if form == "json":
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    print("\t".join(TSV))
    for item in data:
        print("\t".join(render_value(item[name]).replace("\t", " ") for name in TSV))


def _show_ticket(desk: Snapshot, ticket: Facts, now: datetime, given: Namespace) -> int:
    clocks = clocks_of(ticket, desk, now)
    rows = [BoardRow(ticket, clock) for clock in clocks]
    if given.format != "table":
        if given.format == "json" and given.explain:
            data = [{**clock_data(row), "segments": _segment_data(desk, row.clock)} for row in rows]
            print(json.dumps(data, ensure_ascii=False, indent=1))
        else:
            _print_data(rows, given.format)
        return 0
    print(colour(f"{ticket.id}  {plain(speak_title(ticket))}", "bold"))
    if not clocks:
        print(speak("no agreement promises anything for it"))
        return 0
    print(render_clocks(clocks, now))
    if given.explain:
        for clock in clocks:
            print("\n" + "\n".join(_explained(desk, clock, now)))
    return 0


def _segments(desk: Snapshot, clock: ClockStatus) -> list[Segment]:
    """Return the stretches of a clock, each running one split where its hours open and close."""
    slug = clock.hours.partition("@")[0]
    record = desk.get("support_hours", slug)
    if record is None or clock.started_at is None:
        return list(clock.segments)
    return split_by_hours(tuple(clock.segments), hours_for(record.data, clock.started_at, slug, clock.hours))


def _segment_data(desk: Snapshot, clock: ClockStatus) -> list[dict[str, object]]:
    return [
        {
            "kind": segment.kind,
            "reason": segment.reason or None,
            "start": segment.start.isoformat(),
            "end": segment.end.isoformat(),
            "elapsed_seconds": int(segment.elapsed.total_seconds()),
            "worked_seconds": int(segment.worked.total_seconds()),
        }
        for segment in _segments(desk, clock)
    ]


def _explained(desk: Snapshot, clock: ClockStatus, now: datetime) -> Iterator[str]:
    """Yield the lines that say where a clock's time went; the last line is the sum of the others."""
    promise = " ".join(part for part in (speak_value(clock.promise, "promise"), clock.clause) if part)
    yield colour(f"{clock.name}  {promise}  {clock.agreement}  {clock.hours}".rstrip(), "bold")
    segments = _segments(desk, clock)
    if not segments:
        yield speak_value(clock.trouble or clock.state)
        return
    columns = [
        Column(speak("from")), Column(speak("until")), Column(speak("what"), least=10),
        Column(speak("elapsed"), right=True), Column(speak("counts"), right=True),
    ]  # fmt: skip
    rows: list[list[str | Cell]] = [
        [
            _instant(segment.start, now),
            _instant(segment.end, now),
            " ".join(part for part in (speak_value(segment.kind), speak_value(segment.reason, "reason")) if part),
            _length(segment.elapsed),
            _length(segment.worked),
        ]
        for segment in segments
    ]
    elapsed = sum((segment.elapsed for segment in segments), timedelta())
    worked = sum((segment.worked for segment in segments), timedelta())
    rows.append(["", "", Cell(speak("together"), "bold"), _length(elapsed), _length(worked)])
    yield render_table(columns, rows)
    if clock.due_at is not None and clock.remaining is not None:
        left = render_span(clock.remaining)
        yield speak("{left} over" if clock.remaining < timedelta() else "{left} left", left=left)


def _instant(at: datetime, now: datetime) -> str:
    return at.strftime("%m-%d %H:%M:%S" if at.year == now.year else "%Y-%m-%d %H:%M:%S")


def _length(span: timedelta) -> str:
    """Return a length to the second, so that a column of them adds up."""
    seconds = int(span.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
