"""Where one clock's time went: its stretches to the second, and what else moved it, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from servicebook.cli.arguments import speak
from servicebook.cli.clocks import render_span, speak_clock, speak_value
from servicebook.cli.terminal import Cell, Column, colour, render_table
from servicebook.reports.board import BoardRow, clock_data
from servicebook.sla.segments import Segment, split_by_hours
from servicebook.sla.status import ClockStatus
from servicebook.sla.versions import hours_for
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any

TSV = ("id", "clock", "clause", "kind", "reason", "start", "end", "elapsed_seconds", "worked_seconds", "hours")


def segments_in_full(desk: Snapshot, clock: ClockStatus) -> list[Segment]:
    """Return the stretches of a clock, each running one split where its hours open and close."""
    slug = clock.hours.partition("@")[0]
    record = desk.get("support_hours", slug)
    if record is None or clock.started_at is None:
        return list(clock.segments)
    return split_by_hours(tuple(clock.segments), hours_for(record.data, clock.started_at, slug, clock.hours))


def explained_data(desk: Snapshot, rows: Sequence[BoardRow], form: str) -> Iterator[str]:
    """Yield the lines of `--explain` for programs: JSON a clock, or one stretch a line with tabs."""
    if form == "json":
        data = [{**clock_data(row), **_more_data(row.clock), "segments": _segment_data(desk, row)} for row in rows]
        yield json.dumps(data, ensure_ascii=False, indent=1)
        return
    yield "\t".join(TSV)
    for row in rows:
        own = {"id": row.ticket.id, "clock": row.clock.name, "clause": row.clock.clause, "hours": row.clock.hours}
        for segment in _segment_data(desk, row):
            values = {**own, **segment}
            yield "\t".join("" if values[name] is None else str(values[name]) for name in TSV)


def _more_data(clock: ClockStatus) -> dict[str, Any]:
    return {
        "trouble": clock.trouble or None,
        "reason": clock.reason or None,
        "first_stopped_at": _text(clock.first_stopped_at),
        "original_due_at": _text(clock.original_due_at),
        "next_boundary_at": _text(clock.next_boundary_at),
        "unlisted_years": list(clock.unlisted_years),
        "steps": [
            {
                "at": _text(step.at),
                "step": step.step,
                "tell": list(step.tell),
                "retroactive": step.retroactive,
                "calls": [{"at": _text(at), "person": who, "round": number} for at, who, number in step.calls],
            }
            for step in clock.steps
        ],
        "earlier": [{"state": old.state, "due_at": _text(old.due_at)} for old in clock.earlier],
        "cycles": [{"state": old.state, "due_at": _text(old.due_at)} for old in clock.cycles],
    }


def _segment_data(desk: Snapshot, row: BoardRow) -> list[dict[str, Any]]:
    return [
        {
            "kind": segment.kind,
            "reason": segment.reason or None,
            "start": segment.start.isoformat(),
            "end": segment.end.isoformat(),
            "elapsed_seconds": int(segment.elapsed.total_seconds()),
            "worked_seconds": int(segment.worked.total_seconds()),
        }
        for segment in segments_in_full(desk, row.clock)
    ]


def render_explained(desk: Snapshot, clock: ClockStatus, now: datetime) -> Iterator[str]:
    """Yield the lines that say where a clock's time went; the table's last line is the sum of the others."""
    promise = " ".join(part for part in (speak_value(clock.promise, "promise"), clock.clause) if part)
    yield colour(f"{speak_clock(clock.name)}  {promise}  {clock.agreement}  {clock.hours}".rstrip(), "bold")
    segments = segments_in_full(desk, clock)
    if segments:
        yield _render_segments(segments, now)
    else:
        yield speak_value(clock.trouble or clock.state)
        if clock.started_at is not None and clock.due_at is not None:
            opens, closes = _instant(clock.started_at, now), _instant(clock.due_at, now)
            yield speak("the window is open from {opens} to {closes}", opens=opens, closes=closes)
    if clock.due_at is not None and clock.remaining is not None:
        left = render_span(clock.remaining)
        yield speak("{left} over" if clock.remaining < timedelta() else "{left} left", left=left)
    if clock.target.supplier:
        yield speak("it counts the time of {supplier}, each wait on its own", supplier=clock.target.supplier)
    yield from _remarks(clock, now, bool(segments))


def _render_segments(segments: Sequence[Segment], now: datetime) -> str:
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
    return render_table(columns, rows)


def _remarks(clock: ClockStatus, now: datetime, started: bool) -> Iterator[str]:
    """Yield what else there is to say: extensions, estimates, replaced targets, calls of a ladder."""
    if clock.original_due_at is not None and clock.due_at is not None:
        was, due = _instant(clock.original_due_at, now), _instant(clock.due_at, now)
        yield speak("first due at {was}, extended to {due}", was=was, due=due)
    if clock.trouble and started:
        yield speak("an estimate: {why}", why=speak_value(clock.trouble))
    for year in clock.unlisted_years:
        yield speak("no holiday list for {year}: the answer may move", year=year)
    for old in clock.earlier:
        if old.due_at is not None:
            yield speak("before the grade changed it was due at {due}", due=_instant(old.due_at, now))
    for old in clock.cycles:
        if old.due_at is not None:
            due, state = _instant(old.due_at, now), speak_value(old.state)
            before = "before it was reopened: {state}, due at {due}"
            yield speak(
                "the wait before: {state}, due at {due}" if clock.target.supplier else before, state=state, due=due
            )
    for step in clock.steps:
        for at, person, number in step.calls:
            told = {"step": step.step, "at": _instant(at, now), "person": person, "number": number}
            yield speak("step {step}: called {person} at {at}, round {number}", **told)


def _instant(at: datetime, now: datetime) -> str:
    return at.strftime("%m-%d %H:%M:%S" if at.year == now.year else "%Y-%m-%d %H:%M:%S")


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _length(span: timedelta) -> str:
    """Return a length to the second, so that a column of them adds up."""
    seconds = int(span.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
