"""How content customers are: answers summed up by customer, project, team, year or month, few answers not shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from servicebook.records.facts import Facts
from servicebook.records.kinds import kind_of_id
from servicebook.reports.board import Desk
from servicebook.reports.listing import is_open
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.satisfaction import VOICES, csat_of, is_answered, is_low, points_of, wants_follow_up


class Voice(NamedTuple):
    """One survey that was asked, with what it counts under. day: answered, else sent, ISO; empty where unsaid."""

    survey: Facts
    day: str
    customer: str
    project: str
    team: str
    engineers: tuple[str, ...]
    points: tuple[int, ...]


class Figures(NamedTuple):
    """What one group said. mean: of all scores, 1 to 5; csat: share of 4 and 5, in percent.

    hidden: fewer answered than may be shown; mean, csat and low are None then.
    """

    name: str
    asked: int
    answered: int
    mean: float | None
    csat: float | None
    low: int | None
    hidden: bool


GROUPINGS: dict[str, Callable[[Voice], Sequence[str]]] = {
    "customer": lambda voice: (voice.customer,),
    "project": lambda voice: (voice.project,),
    "team": lambda voice: (voice.team,),
    "year": lambda voice: (voice.day[:4],),
    "month": lambda voice: (voice.day[:7],),
    "person": lambda voice: voice.engineers,
}
"""What surveys can be summed up by."""


def voices_of(
    desk: Desk, customer: str = "", team: str = "", start: date | None = None, end: date | None = None
) -> list[Voice]:
    """Return the surveys that were asked, by day: of a customer or a team, from the first to the last day said.

    Complaints and suggestions are no answers to a question and are left out.
    """
    found = (_voice(desk, survey) for survey in desk.of_kind("survey") if survey.status != "retired")
    passing = [
        voice
        for voice in found
        if voice.survey.get("survey_type") not in VOICES
        and customer in ("", voice.customer)
        and team in ("", voice.team)
        and (start is None or start.isoformat() <= voice.day)
        and (end is None or voice.day <= end.isoformat())
    ]
    return sorted(passing, key=lambda voice: (voice.day, voice.survey.id))


def _voice(desk: Desk, survey: Facts) -> Voice:
    ticket = ticket_of(desk, survey.get("ticket"))
    contract = desk.get("contract", survey.get("contract", default=""))
    return Voice(
        survey,
        str(survey.get("responded_on") or survey.get("sent_on") or ""),
        str(survey.get("customer", default="")),
        str(contract.get("project", default=contract.id)) if contract else "",
        str(ticket.get("assignment_group", default="")) if ticket else "",
        tuple(map(str, survey.get("engineers", default=()))),
        tuple(points_of(survey.get("scores", default=()))),
    )


def ticket_of(desk: Desk, id: Any) -> Facts | None:
    """Return the ticket of an id, of whichever kind."""
    kind = kind_of_id(str(id or ""))
    return desk.get(kind.name, str(id)) if kind else None


def figures(voices: Iterable[Voice], by: str, *, below: int, fewest: int, named: Sequence[str] = ()) -> list[Figures]:
    """Return the figures by one of GROUPINGS, by name; of people only those in `named`."""
    groups: dict[str, list[Voice]] = {}
    for voice in voices:
        for name in GROUPINGS[by](voice):
            if by != "person" or name in named:
                groups.setdefault(name or "-", []).append(voice)
    return [summed(name, group, below, fewest) for name, group in sorted(groups.items())]


def summed(name: str, voices: Sequence[Voice], below: int, fewest: int) -> Figures:
    """Return the figures of one group, without those that would tell what a few people said."""
    answers = [voice for voice in voices if is_answered(voice.survey)]
    hidden = 0 < len(answers) < fewest
    points = [point for voice in answers for point in voice.points]
    if hidden or not points:
        return Figures(name, len(voices), len(answers), None, None, None, hidden)
    low = sum(is_low(voice.points, below) for voice in answers)
    return Figures(
        name, len(voices), len(answers), round(sum(points) / len(points), 2), csat_of(points), low, hidden=False
    )


def may_total(rows: Sequence[Figures], fewest: int) -> bool:
    """Whether a sum over all may stand below the groups: not where it would tell what was hidden in one of them."""
    hidden = [row for row in rows if row.hidden]
    return not hidden or (len(hidden) > 1 and sum(row.answered for row in hidden) >= fewest)


def waiting(desk: Desk, below: int) -> list[Facts]:
    """Return the surveys whose customer waits for word: no follow-up yet, or one that is still open."""
    found = []
    for survey in desk.of_kind("survey"):
        if wants_follow_up(survey, below):
            ticket = ticket_of(desk, survey.get("follow_up"))
            if ticket is None or is_open(ticket):
                found.append(survey)
    return sorted(found, key=lambda survey: survey.id)


def figures_data(row: Figures) -> dict[str, Any]:
    """Return a row in JSON values."""
    return row._asdict()
