"""What the scores of a survey say: the share of content answers, whether one is low, and who is rated by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from servicebook.records.facts import Facts
from servicebook.typed import Any

CONTENT = 4
"""From this score of five on, an answer counts as content (the usual reading of CSAT: the two best boxes)."""

QUESTIONS = (
    "Was the answer quick enough", "Was the fault explained and the work done well", "Are you content with it all"
)  # fmt: skip
"""What is asked where a desk has no `survey_questions`; keys of the catalogue's area `cli`."""

VOICES = ("complaint", "suggestion")
"""Surveys that carry what a customer says unasked; each wants a request that answers it."""


def points_of(scores: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return the scores themselves, from 1 to 5, in their order."""
    return [int(score["score"]) for score in scores if isinstance(score.get("score"), int)]


def csat_of(points: Iterable[int]) -> float | None:
    """Return the share of answers that are content, in percent to one decimal; None where nobody answered."""
    given = list(points)
    return round(100 * sum(point >= CONTENT for point in given) / len(given), 1) if given else None


def is_low(points: Iterable[int], below: int) -> bool:
    """Whether one answer lies below the limit: one bad mark among good ones is a call worth making."""
    return any(point < below for point in points)


def is_answered(survey: Facts) -> bool:
    """Whether somebody has answered the survey."""
    return bool(survey.get("scores") or survey.get("responded_on"))


def wants_follow_up(survey: Facts, below: int) -> bool:
    """Whether somebody at the customer waits for word: a low score, a complaint or a suggestion."""
    if survey.status == "retired":
        return False
    return survey.get("survey_type") in VOICES or is_low(points_of(survey.get("scores", default=())), below)


def rated_by(ticket: Facts) -> list[str]:
    """Return the people whose work a survey of the ticket rates, each once: who had it, who led, who went."""
    places = (
        [ticket.get("assigned_to")], ticket.get("engineers", default=()), [ticket.get("lead")],
        ticket.get("emergency_plan", "engineers", default=()), [ticket.get("emergency_plan", "lead")],
    )  # fmt: skip
    return list(dict.fromkeys(str(person) for people in places for person in people if person))
