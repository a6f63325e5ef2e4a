"""What teams, and people whom the desk names, got done in a time: throughput, promises kept, reopened, satisfaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.reports.satisfaction import Figures, figures, voices_of
from servicebook.reports.work_figures import WORKED_ON, Span, Work, work_in
from servicebook.settings import Settings
from servicebook.typed import Any, NamedTuple

FIELDS = {"team": "assignment_group", "person": "assigned_to"}
"""What figures are told of, and the field of a ticket that names it."""


class TeamFigures(NamedTuple):
    """The figures of one team or person. voice: what customers said, None where nobody was asked."""

    name: str
    work: Work
    per_week: float
    voice: Figures | None


def team_figures(
    desk: Desk, by: str, span: Span, now: datetime, settings: Settings, only: Sequence[str] = ()
) -> list[TeamFigures]:
    """Return the figures by `team` or `person`, by name; of people only those that the settings name.

    only: the teams or people wanted, all of them where it is empty.
    """
    allowed = settings.personal_figures if by == "person" else None
    tickets: dict[str, list[Facts]] = {}
    for ticket in desk.of_kind(*WORKED_ON):
        name = str(ticket.get(FIELDS[by], default=""))
        if name and (allowed is None or name in allowed) and (not only or name in only):
            tickets.setdefault(name, []).append(ticket)
    voices = voices_of(desk, start=span.start.date(), end=(span.end - timedelta(days=1)).date())
    named = settings.personal_figures
    said = {
        row.name: row
        for row in figures(voices, by, below=settings.low_score, fewest=settings.fewest_answers, named=named)
    }
    weeks = (span.end - span.start) / timedelta(weeks=1)
    rows = [_row(desk, name, found, span, now, weeks, said) for name, found in sorted(tickets.items())]
    return [row for row in rows if any(row.work) or row.voice]


def _row(
    desk: Desk, name: str, tickets: Iterable[Facts], span: Span, now: datetime, weeks: float, said: dict[str, Figures]
) -> TeamFigures:
    work = work_in(desk, tickets, span, now)
    return TeamFigures(name, work, round(work.resolved / weeks, 2), said.get(name))


def team_data(row: TeamFigures) -> dict[str, Any]:
    """Return a row in JSON values; `satisfaction` hides what rests on few answers."""
    return {
        "name": row.name,
        **row.work._asdict(),
        "resolved_per_week": row.per_week,
        "attainment": row.work.attainment,
        "reopen_rate": row.work.reopen_rate,
        "answered": row.voice.answered if row.voice else 0,
        "mean": row.voice.mean if row.voice else None,
        "csat": row.voice.csat if row.voice else None,
    }
