"""How times and clocks are said on a terminal: due in 23 min, missed since 2 h 10 min."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.cli.words import speak
from servicebook.language.catalogue import terminal_language
from servicebook.language.labels import value_label
from servicebook.records.facts import Facts
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.sla.status import ClockStatus

SOON = timedelta(minutes=30)
STATE_COLOURS = {"met": "green", "missed": "red", "paused": "yellow", "cancelled": "grey", "not-started": "grey"}


def speak_value(value: str, field: str = "status") -> str:
    """Return a value of a field, such as `in_progress`, in the reader's language."""
    return value_label(field, value, terminal_language())


def speak_title(facts: Facts) -> str:
    """Return a record's title in the reader's language, where it has one in Chinese beside."""
    chinese = facts.get("title_zh") if terminal_language() == "zh" else None
    return chinese if isinstance(chinese, str) else facts.title


def render_span(span: timedelta) -> str:
    """Return a duration in its two largest units: 3 d 4 h, 2 h 10 min, 25 min, 40 s."""
    seconds = int(abs(span).total_seconds())
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, "{n} d"), (hours, "{n} h"), (minutes, "{n} min"), (seconds, "{n} s")]
    first = next((i for i, (count, _) in enumerate(parts) if count), 3)
    # Seconds matter only below a minute: nobody reads `25 min 13 s` at 3 a.m.
    shown = parts[first : first + 2] if first < 2 else parts[first : first + 1]
    return " ".join(speak(template, n=count) for count, template in shown if count or first == 3)


def render_due(due_at: datetime | None, now: datetime) -> str:
    """Return how far away a due time is: `in 25 min`, `2 h 10 min ago`."""
    if due_at is None:
        return ""
    if due_at >= now:
        return speak("in {span}", span=render_span(due_at - now))
    return speak("{span} ago", span=render_span(now - due_at))


def render_when(at: datetime | None, now: datetime) -> str:
    """Return an instant as a person at the desk reads it: the time alone today, else with its date."""
    if at is None:
        return ""
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M" if local.year == now.year else "%Y-%m-%d %H:%M")


def speak_clock(name: str) -> str:
    """Return what a clock is called in the reader's language; English keeps the agreement's own word."""
    language = terminal_language()
    return name if language == "en" else value_label("clock", name, language)


def say_clock(clock: ClockStatus, now: datetime) -> Cell:
    """Return the state of a clock in words, coloured by how pressing it is."""
    if clock.state == "running" and clock.due_at:
        text = speak("due {span}", span=render_due(clock.due_at, now))
        return Cell(text, "yellow" if clock.due_at - now <= SOON else "")
    if clock.state == "missed" and clock.stopped_at is None and clock.due_at:
        return Cell(speak("missed, due {span}", span=render_due(clock.due_at, now)), "red")
    if clock.state == "missed" and clock.stopped_at and clock.due_at:
        return Cell(speak("missed by {span}", span=render_span(clock.stopped_at - clock.due_at)), "red")
    if clock.state == "paused" and clock.remaining is not None:
        return Cell(speak("paused, {span} left", span=render_span(clock.remaining)), "yellow")
    return Cell(speak_value(clock.state), STATE_COLOURS.get(clock.state, ""))


def render_clocks(clocks: Iterable[ClockStatus], now: datetime) -> str:
    """Return the clocks of one ticket as a table."""
    columns = [
        Column(speak("clock")),
        Column(speak("state"), least=10),
        Column(speak("due")),
        Column(speak("stopped")),
        Column(speak("promise")),
        Column(speak("agreement"), least=8),
    ]
    rows: list[list[str | Cell]] = [
        [
            speak_clock(clock.name),
            say_clock(clock, now),
            render_when(clock.due_at, now),
            render_when(clock.stopped_at, now),
            " ".join(part for part in (speak_value(clock.promise), clock.clause or "") if part),
            clock.agreement or "",
        ]
        for clock in clocks
    ]
    return render_table(columns, rows) if rows else ""
