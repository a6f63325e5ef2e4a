"""Whom somebody must call on or call back: customers due a first or a return visit, surveys without a follow-up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.sla.cover import day_written
from servicebook.typed import NamedTuple
from servicebook.workflow.satisfaction import wants_follow_up

FIRST_WITHIN = timedelta(days=30)
"""A new customer is called on within this time of the contract's start."""


class Calling(NamedTuple):
    """One customer due a visit. sort: `first` or `return`; last_on: when somebody last came."""

    customer: Facts
    sort: str
    last_on: date | None
    due_on: date


def visits_due(desk: Desk, until: date, return_after: timedelta) -> list[Calling]:
    """Return the customers whose first or return visit falls due up to a day, the longest due first (clause 1.3.1).

    A customer with a visit ahead is left out, and so is one without a contract that has begun.
    """
    rows = (_calling(desk, customer, return_after) for customer in desk.of_kind("customer"))
    due = [row for row in rows if row is not None and row.due_on <= until]
    return sorted(due, key=lambda row: (row.due_on, row.customer.id))


def _calling(desk: Desk, customer: Facts, return_after: timedelta) -> Calling | None:
    if customer.status == "retired":
        return None
    visits = [visit for visit in desk.of_kind("visit") if visit.get("customer") == customer.id]
    if any(visit.status in ("planned", "departed", "on_site") for visit in visits):
        return None
    days = [day_written(visit.get("planned_start_at")) for visit in visits if visit.status == "closed"]
    came = [day for day in (*days, day_written(customer.get("first_visit_on"))) if day]
    if came:
        return Calling(customer, "return", max(came), max(came) + return_after)
    contracts = [one for one in desk.of_kind("contract") if one.get("customer") == customer.id]
    starts = [day_written(one.get("accepted_on") or one.get("signed_on")) for one in contracts]
    begun = [day for day in starts if day]
    return Calling(customer, "first", None, min(begun) + FIRST_WITHIN) if begun else None


def unanswered_voices(desk: Desk, below: int) -> Iterator[tuple[Facts, date | None]]:
    """Yield the surveys that want a follow-up and have none, with the day on which the customer spoke."""
    for survey in desk.of_kind("survey"):
        if wants_follow_up(survey, below) and not survey.get("follow_up"):
            yield survey, day_written(survey.get("responded_on"))
