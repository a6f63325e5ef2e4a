"""How what a customer says gets onto a survey, and the request that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from servicebook.actions.event import Stamp, render_at
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.text.set_field import set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.lifecycles import LIFECYCLES, RESTING
from servicebook.workflow.satisfaction import VOICES, csat_of, is_answered, rated_by

FOLLOW_UP_WITHIN = timedelta(days=3)
"""A customer who said that something is wrong hears from somebody within this time."""


def require_ratable(ticket: Facts, surveys: Sequence[Facts]) -> Facts | None:
    """Return the survey of the ticket that waits for its answer, None where it has none yet.

    Raises FindingsError for a ticket that is still worked on, and for one whose survey was answered.
    """
    life = LIFECYCLES[ticket.kind]
    there = [one for one in surveys if one.get("ticket") == ticket.id and one.status != "retired"]
    if there and is_answered(there[0]):
        raise FindingsError(
            "`{ticket}` has the survey `{id}` already: one a ticket, also where it was reopened",
            "servicebook show {id}", ticket=ticket.id, id=there[0].id,
        )  # fmt: skip
    if not there and ticket.status not in (*life.final, *RESTING):
        raise FindingsError(
            "`{id}` is `{state}`: there is nothing to rate yet", "ask when it is resolved",
            id=ticket.id, state=ticket.status,
        )  # fmt: skip
    return there[0] if there else None


def fields_about(subject: Facts, today: date) -> dict[str, Any]:
    """Return what a survey about a ticket, a contract (its project) or a customer (a year) takes from it.

    Not the audience: what was said of engineers is not for every reader of the ticket.
    """
    if subject.kind == "customer":
        return {"survey_type": "annual", "customer": subject.id, "period": str(today.year)}
    if subject.kind == "contract":
        taken = {"survey_type": "project", "customer": subject.get("customer"), "contract": subject.id}
        return {name: value for name, value in taken.items() if value}
    taken = {name: subject.get(name) for name in ("customer", "contract") if subject.get(name)}
    return {"survey_type": "ticket", **taken, "ticket": subject.id, "engineers": rated_by(subject)}


def answered(questions: Sequence[str], points: Sequence[int]) -> dict[str, Any]:
    """Return the scores and what follows from them."""
    scores = [{"question": question, "score": point} for question, point in zip(questions, points, strict=False)]
    return {"scores": scores, "csat": csat_of(points)} if scores else {}


def with_values(source: SourceFile, values: dict[str, Any]) -> SourceFile:
    """Return a survey's file with fields set, the empty ones left as they are."""
    data = source.data
    for name, value in values.items():
        if value not in (None, "", []):
            data = set_field(data, (name,), value)
    return SourceFile(source.path, data)


def require_other(surveyor: str, rated: Sequence[str]) -> None:
    """Raise FindingsError where somebody would ask about their own work (service plan, 1.3.1)."""
    if surveyor in rated:
        raise FindingsError(
            "`{person}` is rated by the answers and cannot be who asks", "somebody else asks: --by PERSON",
            person=surveyor,
        )  # fmt: skip


def fields_of_follow_up(survey: Facts, ticket: Facts | None, stamp: Stamp, title: str) -> dict[str, Any]:
    """Return the fields of the request that answers a survey: a suggestion stays one, all else is a complaint."""
    caller = ticket.get("caller", "name") or ticket.get("requested_by") if ticket else None
    sort = survey.get("survey_type") if survey.get("survey_type") in VOICES else "complaint"
    taken = {
        "title": title,
        "audience": ticket.get("audience") if ticket else None,
        "customer": survey.get("customer"),
        "contract": survey.get("contract"),
        "service": ticket.get("service") if ticket else None,
        "requested_by": survey.get("respondent") or caller,
        "contact_type": survey.get("contact_type"),
        "reported_at": render_at(stamp.at),
        "request_type": sort,
        "due_on": (stamp.at.date() + FOLLOW_UP_WITHIN).isoformat(),
    }
    return {name: value for name, value in taken.items() if value}
